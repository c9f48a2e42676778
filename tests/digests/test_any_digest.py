"""Whatever stories come: every part within the limits, every entity in its place, and put together they are the model.

Of each story the quote, the count of its sources and the address stand in every form once, in the order of the model;
of related ones that are told together the count is over all. `Chance` draws everything that a digest may hold.

`pytest -m slow tests/digests/test_any_digest.py` tries 100,000 digests, the ordinary suite 1,000.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields
from random import Random
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings, strategies as st

from bot.digests import Composition, Flavour, render
from bot.digests.corroboration import carriers, hits, kind_of, places_of
from bot.digests.page import Page
from bot.digests.quote import LONGEST
from bot.digests.quoting import inner, shown_of
from bot.digests.split import ENTITIES, UNITS, units
from bot.digests.telling import tell
from bot.digests.text import name
from bot.digests.together import event_of
from bot.digests.words import words_of
from bot.model import Digest, EntityKind, Message, Reason, Section, Story
from tests.digests.chance import REVIEW, Chance


def check(chance: Chance) -> None:
    stories, composition = chance.composition()
    assert [decision.story for decision in composition.decisions] == [story.row for story in stories]
    rows = rows_of(composition)
    digest = composition.digest
    if digest is None:
        assert not rows[Reason.TOLD]
        return
    check_model(digest, rows)
    if composition.card:
        ET.fromstring(composition.card)
    in_order = [*(story for section in told_in(digest) for story in section.stories), *digest.again]
    first = dict.fromkeys(story.first.stored.post.url for story in in_order if story.row not in digest.retold)
    expected = [url for url in first if url and url.startswith("https:")]
    facts = {False: [*facts_of(digest)], True: [*facts_of_data(digest)]}
    for flavour in Flavour:
        messages = render(digest, flavour=flavour)
        check_messages(messages)
        assert [url for message in messages for url in message.links] == expected
        assert FINDERS[flavour](messages, expected) == expected
        text = TEXTS[flavour](messages, digest)
        told = facts[flavour is Flavour.JSON]
        quotes = Counter(fact for fact in told if fact.startswith("«"))
        assert all(text.count(quote) == times for quote, times in quotes.items())
        place = 0
        for fact in told:
            place = text.index(fact, place) + len(fact)


def rows_of(composition: Composition) -> dict[Reason, list[int]]:
    """The stories by what was decided on them."""
    rows: dict[Reason, list[int]] = {reason: [] for reason in Reason}
    for decision in composition.decisions:
        rows[decision.reason].append(decision.story)
    return rows


def check_model(digest: Digest, rows: dict[Reason, list[int]]) -> None:
    """No story is lost: each is told, counted, or named as told before."""
    told = [story.row for section in told_in(digest) for story in section.stories]
    assert sorted(told) == sorted(rows[Reason.TOLD])
    assert [story.row for story in digest.again] == rows[Reason.AGAIN][: len(digest.again)]
    assert digest.waiting == len(rows[Reason.FULL] + rows[Reason.AMENDED])
    assert sum(number for _, number in digest.settled) == len(rows[Reason.SETTLED])
    assert digest.together.keys() <= {*told}
    check_lists(digest)


def check_lists(digest: Digest) -> None:
    """What a list says of further places stands under each of them, once; no mention is lost or told twice."""
    heads = {story.row: section.watch.id for section in told_in(digest) for story in section.stories}
    items = [(item.row, section.watch.id) for section in told_in(digest) for item in section.items]
    assert len({*items}) == len(items)
    assert all(heads[row] != watch for row, watch in items)
    told = [story for section in told_in(digest) for story in (*section.stories, *section.items)]
    mentions = Counter(hit.row for story in told for hit in hits(story))
    assert all(times == 1 for times in mentions.values())
    for section in told_in(digest):
        assert all(any(section.watch.id in places_of(hit) for hit in hits(item)) for item in section.items)


def told_in(digest: Digest) -> tuple[Section, ...]:
    return *digest.sections, *digest.earlier


def items_of(section: Section, digest: Digest) -> Iterator[list[Story]]:
    """Each story with those that stand below it."""
    items: list[list[Story]] = []
    for story in section.stories:
        first = digest.together.get(story.row)
        if first is None:
            items.append([story])
        else:
            assert items[-1][0].row == first
            items[-1].append(story)
    yield from items


def facts_of(digest: Digest) -> Iterator[str]:
    """What every page says: of each story its quote, of each item how many sources carry it; and the remarks."""
    words = words_of(digest.route.language)
    for section in told_in(digest):
        for first, *others in items_of(section, digest):
            yield from quotes_of(first, section, digest)
            sources = carriers(event_of(first, others)).sources
            yield words.count(kind_of(sources), len(sources))
            for other in others:
                yield from quotes_of(other, section, digest)
        for item in section.items:
            yield from (f"«{inner(quote)}»" for quote in shown_of(item, section.watch.id))
            yield words.count(kind_of(carriers(item).sources), len(carriers(item).sources))
    yield from digest.remarks


def quotes_of(story: Story, section: Section, digest: Digest) -> Iterator[str]:
    yield from (f"«{inner(quote)}»" for quote in shown_of(story, section.watch.id))
    made = digest.translations.get(story.row)
    if made:
        yield name(made, LONGEST)


def facts_of_data(digest: Digest) -> Iterator[str]:
    """What the form for programs says of each story by itself."""
    words = words_of(digest.route.language)
    for section in told_in(digest):
        for story in section.stories:
            sources = carriers(story).sources
            yield from (f"«{quote}»" for quote in shown_of(story, section.watch.id))
            yield words.count(kind_of(sources), len(sources))
            yield f"with {digest.together.get(story.row)}"
        for item in section.items:
            yield from (f"«{quote}»" for quote in shown_of(item, section.watch.id))
            yield f"in {item.key}"


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
    sections = (*digest.sections, *digest.earlier)
    listed = [*found["sections"], *found["earlier"]]
    told = [story for section in listed for story in section["stories"]]
    assert [story["id"] for story in told] == [story.key for section in sections for story in section.stories]
    words = words_of(digest.route.language)
    kinds = [kind_of(carriers(story).sources) for section in sections for story in section.stories]
    assert found["remarks"] == [*digest.remarks]
    nouns = iter(kinds)
    lines = []
    for section in listed:
        for story in section["stories"]:
            beside = story["with"] and int(story["with"][1:])
            lines.append(f"{quotes_in(story)} {words.count(next(nouns), story['sources'])} with {beside}")
        lines += [f"{quotes_in(item)} in {item['id']}" for item in section["items"]]
    return "\n".join(lines)


def quotes_in(told: Mapping[str, Any]) -> str:
    return " ".join(f"«{each['quote']}»" for each in (told, *told["further"]))


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
    assert not any("://" in line.removesuffix(REVIEW) for line in lines if line not in expected)
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


def test_the_digests_that_are_drawn_hold_everything_that_a_digest_may_hold() -> None:
    empty = {*(each.name for each in fields(Digest)), "items"}
    for seed in range(1000):
        _, made = Chance(Random(seed)).composition()
        if made.digest:
            listed = any(section.items for section in told_in(made.digest))
            empty -= {each for each in empty if (listed if each == "items" else getattr(made.digest, each))}
        if not empty:
            return
    assert not empty


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
