"""Whatever stories come: every part within the limits, every entity in its place, and put together they are the model.

Of each story the quote, the count of its sources and the address stand in every form once, in the order of the model.

`pytest -m slow tests/digests/test_any_digest.py` tries 100,000 digests, the ordinary suite 1,000.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from random import Random
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings, strategies as st

from bot.digests import Flavour, Health, compose, render
from bot.digests.corroboration import carriers, kind_of
from bot.digests.page import Page
from bot.digests.split import ENTITIES, UNITS, units
from bot.digests.telling import shown_of, tell
from bot.digests.words import words_of
from bot.model import (
    Arrival,
    Destination,
    DestinationKind,
    Digest,
    EntityKind,
    Hit,
    Message,
    Origin,
    Place,
    Post,
    Priority,
    Reason,
    Relation,
    Report,
    Route,
    Schedule,
    Section,
    SideKind,
    Source,
    SourceKind,
    StoredHit,
    StoredPost,
    Story,
)

NOW = datetime(2026, 1, 6, 10, 0, tzinfo=UTC)
NASTY = (
    *("\u202e", "\ud800", "\x00", "\n", "@all", "tg://x", "javascript:x", "https://t.me/a/1", "://", "]]>", "<b>&"),
    *(
        "😀",
        "👨‍👩‍👧",
        "e" + "\u0301" * 9,
        "\U0010ffff",
        "\u2028",
        "Суджа. ",
        "Бои ",
        "слово " * 40,
        "х" * 700,
        "a",
        "г. ",
    ),
)
MATCHES = ("Суджа", "Судже", "Sudzha", "𝕊udzha")


@dataclass(frozen=True)
class Chance:
    """Draws a digest's parts; a seed that failed is tried again and named by Hypothesis."""

    random: Random
    rows: Iterator[int] = field(default_factory=lambda: count(1))

    def words(self) -> str:
        anything = chr(self.random.choice([self.random.randrange(0x110000), self.random.randrange(0x600)]))
        return "".join(self.random.choice([*NASTY, anything]) for _ in range(self.random.randrange(6)))

    def watches(self) -> list[Place]:
        return [
            Place(
                id=f"w{number}",
                name="Место" + self.words(),
                names=self.random.choice([{}, {"en": (self.words() + "x",)}]),
                within=self.words(),
                priority=self.random.choice(list(Priority)),
            )
            for number in range(self.random.randrange(3, 6))
        ]

    def route(self) -> Route:
        schedule = Schedule(
            cron="0 9 * * *",
            timezone="Europe/Kyiv",
            max_stories=self.random.randrange(1, 40),
            empty=self.random.random() < 0.5,
        )
        return Route(
            name="route",
            title="Курск" + self.words(),
            to=Destination(DestinationKind.CONSOLE),
            language=self.random.choice(["en", "ru", "uk", "xx"]),
            digest=schedule,
        )

    def stories(self) -> list[Story]:
        size = self.random.choice([0, 1, 1, 1, 2, 2, 2, 3, 3, 16])
        return [
            Story(row=row, reports=tuple(self.report() for _ in range(self.random.randrange(1, 4))))
            for row in range(1, size + 1)
        ]

    def report(self) -> Report:
        row = next(self.rows)
        hits: tuple[StoredHit, ...] = ()
        text = self.words()
        for _ in range(self.random.randrange(3)):
            hit, text = self.hit(text)
            hits = (*hits, hit)
        return Report(
            stored=StoredPost(
                row=row,
                post=self.post(row, text),
                revision=self.random.randrange(1, 3),
                arrival=self.random.choice([*Arrival, Arrival.LIVE]),
                seen=NOW,
                deleted=self.random.choice([None, None, None, NOW]),
            ),
            source=self.source(),
            relation=self.random.choice(list(Relation)),
            hits=hits,
        )

    def post(self, row: int, text: str) -> Post:
        own = f"https://t.me/x/{row:05}"
        url = self.random.choice([own, own, own, None, "javascript:x", "https://same.example/"])
        published = NOW - timedelta(minutes=self.random.randrange(-9, 99))
        return Post(source="c", id=f"{row}{self.words()}", url=url, text=text + self.words(), published=published)

    def hit(self, before: str) -> tuple[StoredHit, str]:
        match = self.random.choice(MATCHES)
        hit = Hit(
            watch=f"w{self.random.randrange(4)}",
            start=len(before),
            end=len(before) + len(match),
            text=match,
            form=match,
            origin=Origin.RULE,
            confidence=self.random.choice([0.4, 0.5, 0.9]),
            candidates=self.random.choice([(), ("w3",)]),
        )
        stored = StoredHit(row=next(self.rows), hit=hit, late=self.random.random() < 0.3, found=NOW)
        return stored, before + match + self.words()

    def source(self) -> Source:
        return Source(
            name=f"c{self.random.randrange(10)}",
            kind=self.random.choice(list(SourceKind)),
            address="https://t.me/x",
            title=self.words(),
            side=self.random.choice([None, "ru", "ua", "\u202eобсерватор" * 9]),
            side_kind=self.random.choice([None, *SideKind]),
        )

    def health(self) -> Health:
        return Health(1, 2, tuple(self.words() for _ in range(self.random.randrange(4))))


def check(chance: Chance) -> None:
    route, stories, watches, health = chance.route(), chance.stories(), chance.watches(), chance.health()
    composition = compose(
        route, stories, slot=NOW, since=NOW - timedelta(hours=3), now=NOW, watches=watches, health=health
    )
    assert [decision.story for decision in composition.decisions] == [story.row for story in stories]
    told = [
        story for story, decision in zip(stories, composition.decisions, strict=True) if decision.reason is Reason.TOLD
    ]
    digest = composition.digest
    if digest is None:
        assert not told
        return
    again = [decision.story for decision in composition.decisions if decision.reason is Reason.AGAIN]
    assert sorted(story.row for story in digest.again) == again[: len(digest.again)]
    sections = (*digest.sections, *digest.earlier)
    assert sorted(story.row for section in sections for story in section.stories) == [story.row for story in told]
    in_order = [*(story for section in sections for story in section.stories), *digest.again]
    first = dict.fromkeys(story.first.stored.post.url for story in in_order)
    expected = [url for url in first if url and url.startswith("https:")]
    facts = [fact for section in sections for story in section.stories for fact in facts_of(story, section, route)]
    for flavour in Flavour:
        messages = render(digest, flavour=flavour)
        check_messages(messages)
        assert [url for message in messages for url in message.links] == expected
        assert FINDERS[flavour](messages, expected) == expected
        text = TEXTS[flavour](messages, digest)
        quotes = Counter(facts[::2])
        assert all(text.count(quote) == times for quote, times in quotes.items())
        place = 0
        for fact in facts:
            place = text.index(fact, place) + len(fact)


def facts_of(story: Story, section: Section, route: Route) -> tuple[str, str]:
    """What every form says of a story: its quote, and how many sources carry it."""
    sources = carriers(story).sources
    count = words_of(route.language).count(kind_of(sources), len(sources))
    return f"«{shown_of(story, section.watch.id)}»", count


def together(messages: tuple[Message, ...], digest: Digest) -> str:
    """The parts as one text, without what each repeats: the title, and the heading of a section that goes on."""
    page = tell(digest)
    lines: list[str] = []
    for message in messages:
        title, *rest = (line for line in message.text.split("\n") if line)
        assert title == page.title + (f" · {message.part}/{message.parts}" if message.parts > 1 else "")
        goes_on = message.part > 1 and rest[0].endswith(f" · {page.continued}")
        lines += rest[1:] if goes_on else rest
    assert lines == list(filter(None, lines_of(page)))
    return "\n".join(lines)


def lines_of(page: Page) -> Iterator[str]:
    items = (
        line
        for block in page.blocks
        for line in (block.heading, *(each for item in block.items for each in item.lines))
    )
    for line in (*page.notes, *items, *page.footer):
        yield "".join(span.text for span in line)


def of_markup(messages: tuple[Message, ...], _: Digest) -> str:
    return "".join(ET.fromstring(messages[0].text).itertext())


def of_json(messages: tuple[Message, ...], digest: Digest) -> str:
    """The stories as text, as the other forms have them."""
    found = json.loads(messages[0].text)
    told = [story for section in (*found["sections"], *found["earlier"]) for story in section["stories"]]
    sections = (*digest.sections, *digest.earlier)
    assert [story["id"] for story in told] == [story.key for section in sections for story in section.stories]
    words = words_of(digest.route.language)
    kinds = [kind_of(carriers(story).sources) for section in sections for story in section.stories]
    return "\n".join(
        f"«{story['quote']}» {words.count(kind, story['sources'])}" for story, kind in zip(told, kinds, strict=True)
    )


def check_messages(messages: tuple[Message, ...]) -> None:
    assert [(message.part, message.parts) for message in messages] == [
        (n, len(messages)) for n in range(1, len(messages) + 1)
    ]
    for message in messages:
        message.text.encode()
        assert not re.search("[\x00-\x09\x0b-\x1f\x80-\x9f\u202a-\u202e\u2066-\u2069]", message.text)


def in_rich(messages: tuple[Message, ...], expected: list[str]) -> list[str]:
    for message in messages:
        assert units(message.text) <= UNITS
        assert len(message.entities) <= ENTITIES
        assert "@" not in message.text
        assert all(0 <= entity.start < entity.end <= len(message.text) for entity in message.entities)
        assert message.text == message.text.strip()
    links = [entity.url or "" for message in messages for entity in message.entities if entity.kind is EntityKind.LINK]
    assert all(re.match(r"https?://", link) for link in links)
    return [link for link in links if link in expected]


def in_plain(messages: tuple[Message, ...], expected: list[str]) -> list[str]:
    lines = [line.strip() for message in messages for line in message.text.split("\n")]
    assert not any("://" in line for line in lines if line not in expected)
    return [line for line in lines if line in expected]


def in_atom(messages: tuple[Message, ...], expected: list[str]) -> list[str]:
    tree = ET.fromstring(messages[0].text)
    return [href for link in tree.iter() if (href := link.get("href")) and href in expected]


def in_json(messages: tuple[Message, ...], expected: list[str]) -> list[str]:
    found = json.loads(messages[0].text)
    stories = [story for section in (*found["sections"], *found["earlier"]) for story in section["stories"]]
    assert all(story["quote"][low:high] for story in stories for low, high in story["matches"])
    return [url for url in re.findall(r'"url": "([^"]+)"', messages[0].text) if url in expected]


FINDERS = {
    Flavour.RICH: in_rich,
    Flavour.PLAIN: in_plain,
    Flavour.ATOM: in_atom,
    Flavour.HTML: in_atom,
    Flavour.JSON: in_json,
}
TEXTS: dict[Flavour, Callable[[tuple[Message, ...], Digest], str]] = {
    Flavour.RICH: together,
    Flavour.PLAIN: lambda messages, _: messages[0].text,
    Flavour.ATOM: of_markup,
    Flavour.HTML: of_markup,
    Flavour.JSON: of_json,
}
RANDOM = st.integers(0, 2**63).map(Random)


@pytest.mark.parametrize("quarter", range(4))  # side by side
@settings(max_examples=250, deadline=None)
@given(random=RANDOM)
def test_any_digest_keeps_the_limits(quarter: int, random: Random) -> None:
    check(Chance(random))


@pytest.mark.slow
@settings(max_examples=100_000, deadline=None)
@given(RANDOM)
def test_any_of_very_many_digests_keeps_the_limits(random: Random) -> None:
    check(Chance(random))
