"""Random digests with everything that a digest may hold; tests/digests/test_any_digest.py looks at them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from random import Random

from bot.digests import Composition, Health, compose, foreign
from bot.digests.notices import at_once_line, correction_line
from bot.digests.urgent import AtOnce
from bot.model import (
    Arrival,
    Destination,
    DestinationKind,
    Filter,
    HitState,
    Place,
    Post,
    Priority,
    Relation,
    Report,
    Route,
    Schedule,
    SideKind,
    Source,
    SourceKind,
    StoredHit,
    StoredPost,
    Story,
    Term,
    Verdict,
    Watch,
)
from tests.digests.reports import mention

NOW = datetime(2026, 1, 6, 10, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
REVIEW = "https://review.example/stories"
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
        "\n▪️ ",
        "\n2. ",
    ),
)
MATCHES = ("Суджа", "Судже", "Sudzha", "𝕊udzha")


@dataclass(frozen=True)
class Chance:
    """Draws a digest's parts; a seed that failed is tried again and named by Hypothesis."""

    random: Random
    rows: Iterator[int] = field(default_factory=lambda: count(1))
    said: list[Report] = field(default_factory=list)
    """What was reported with a mention, for others to repeat."""

    def composition(self) -> tuple[Sequence[Story], Composition]:
        """Stories, and what a route makes of them."""
        stories, watches, route = self.stories(), self.watches(), self.route()
        before = self.random.choice([0, 0, len(stories) // 2])
        made = compose(
            route,
            stories[before:],
            slot=NOW,
            since=NOW - self.random.choice([3 * HOUR, 30 * HOUR, 400 * 24 * HOUR, HOUR / 60]),
            now=NOW + self.random.choice([0, 0, 9]) * HOUR,
            missed=tuple(NOW - hours * HOUR for hours in range(self.random.choice([0, 0, 0, 1, 3, 200]), 0, -1)),
            watches=watches,
            health=Health(1, 2, tuple(self.words() for _ in range(self.random.randrange(4)))),
            corrections=self.corrections(route, watches, stories),
            at_once=AtOnce((at_once_line(route, [(watches[0], NOW)]),)) if self.may(0.2) else None,
            told_before=stories[:before],
            retold=[story.row for story in stories if self.may(0.2)] if self.may(0.2) else (),
            review=REVIEW if self.may(0.3) else None,
            related=self.related([story.row for story in stories]),
            settles=self.may(0.8),
        )
        if made.digest is not None and self.may(0.3):
            made = replace(made, digest=replace(made.digest, translations=self.translations(made)))
        return stories[before:], made

    def may(self, likely: float) -> bool:
        return self.random.random() < likely

    def words(self) -> str:
        anything = chr(self.random.choice([self.random.randrange(0x110000), self.random.randrange(0x600)]))
        return "".join(self.random.choice([*NASTY, anything]) for _ in range(self.random.randrange(6)))

    # ------------------------------------------------------------ what a route has

    def watches(self) -> list[Watch]:
        return [self.watch(f"w{number}") for number in range(self.random.randrange(3, 6))]

    def watch(self, key: str) -> Watch:
        name, priority = "Место" + self.words(), self.random.choice(list(Priority))
        if self.may(0.1):
            return Term(id=key, name=name, any=("x",), priority=priority)
        return Place(
            id=key,
            name=name,
            names=self.random.choice([{}, {"en": (self.words() + "x",)}]),
            within=self.random.choice([self.words(), "w0", "w1", "w4", None]),
            at=self.random.choice([None, (51.2, 35.3), (51.3, 35.2)]),
            priority=priority,
        )

    def route(self) -> Route:
        schedule = Schedule(
            cron="0 9 * * *",
            timezone="Europe/Kyiv",
            max_stories=self.random.choice([1, 1, 2, 9, 40]),
            empty=self.may(0.5),
        )
        return Route(
            name="route",
            title="Курск" + self.words(),
            to=Destination(DestinationKind.CONSOLE),
            watch=self.random.choice([*[Filter()] * 8, Filter(sides=("ru",)), Filter(places=("w0", "w1"))]),
            confidence=self.random.choice([0.5, 0.5, 0.5, 0.9]),
            delay=self.random.choice([0, 0, 0, 0, 0, 0.5]) * HOUR,
            language=self.random.choice(["en", "ru", "uk", "xx"]),
            card=self.may(0.2),
            digest=schedule,
        )

    def corrections(self, route: Route, watches: Sequence[Watch], stories: Sequence[Story]) -> tuple[str, ...]:
        whats = ("words", "stands", "deleted", "rejected")
        return tuple(
            correction_line(route, story, watches[0], NOW, self.random.choice(whats), self.words())
            for story in stories[: self.random.choice([0, 0, 0, 1, 3])]
        )

    def related(self, rows: Sequence[int]) -> dict[int, frozenset[int]]:
        """As posts say it: of earlier stories, and not of all."""
        if self.may(0.4):
            return {}
        return {row: frozenset(self.random.sample(rows, min(len(rows), 3))) - {row} for row in rows if self.may(0.8)}

    def translations(self, made: Composition) -> dict[int, str]:
        return {each.story: self.words() for each in foreign(made.digest) if self.may(0.7)} if made.digest else {}

    # ------------------------------------------------------------ stories

    def stories(self) -> list[Story]:
        size = self.random.choice([0, 1, 1, 2, 2, 3, 3, 4, 9, 16])
        return [
            Story(row=row, reports=tuple(self.report() for _ in range(self.random.randrange(1, 4))))
            for row in range(1, size + 1)
        ]

    def report(self) -> Report:
        if self.said and self.may(0.15):
            return self.again(self.random.choice(self.said))
        row = next(self.rows)
        hits: tuple[StoredHit, ...] = ()
        text = self.words()
        for _ in range(self.random.randrange(3)):
            hit, text = self.hit(text)
            hits = (*hits, hit)
        report = Report(
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
        if hits:
            self.said.append(report)
        return report

    def again(self, report: Report) -> Report:
        """What another said, in a round-up of reports."""
        post = replace(self.post(next(self.rows), ""), title=report.stored.post.title, text=report.stored.post.text)
        stored = replace(report.stored, row=next(self.rows), post=post, deleted=None)
        hits = tuple(replace(hit, row=next(self.rows)) for hit in report.hits)
        return replace(report, stored=stored, source=self.source(), relation=Relation.INCLUDED, hits=hits)

    def post(self, row: int, text: str) -> Post:
        own = f"https://t.me/x/{row:05}"
        return Post(
            source="c",
            id=f"{row}{self.words()}",
            url=self.random.choice([own, own, own, None, "javascript:x", "https://same.example/"]),
            text=text + self.words(),
            published=NOW - timedelta(minutes=self.random.randrange(-9, 99)),
            language=self.random.choice([None, None, None, "ru", self.words()]),
        )

    def hit(self, before: str) -> tuple[StoredHit, str]:
        match = self.random.choice(MATCHES)
        stored = mention(
            match,
            self.random.choice(["w0", "w0", "w1", "w2", "w3"]),
            len(before),
            NOW,
            confidence=self.random.choice([0.4, 0.5, 0.9]),
            candidates=self.random.choice([(), (), ("w3",)]),
            row=next(self.rows),
            state=HitState.LIVE if self.may(0.95) else self.random.choice(list(HitState)),
            late=self.may(0.2),
            verdict=None if self.may(0.9) else self.random.choice(list(Verdict)),
        )
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
