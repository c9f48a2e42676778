"""Stories, routes and digests from the short form of tests/cases/digests; and messages in a form people can read."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from bot.digests import Composition, Health, compose
from bot.model import (
    Arrival,
    Destination,
    DestinationKind,
    EntityKind,
    Filter,
    HitState,
    Message,
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

DAY = "2026-01-06 "


def moment(text: str) -> datetime:
    """A moment in UTC, from a whole date or from a time of the day of all cases."""
    return datetime.fromisoformat(text if "-" in text else DAY + text).replace(tzinfo=UTC)


def spelt(text: str) -> str:
    """Text with `{202e}` and the like as the characters they number: tables hold no hidden ones."""
    return re.sub(r"\{([0-9a-f]{4})\}", lambda match: chr(int(match[1], 16)), text)


def watch_of(data: Mapping[str, Any]) -> Watch:
    common = {
        "id": data["id"],
        "name": data["name"],
        "tags": tuple(data.get("tags", ())),
        "priority": Priority(data.get("priority", "normal")),
    }
    if "any" in data:
        return Term(any=tuple(data["any"]), **common)
    names = {language: (name,) for language, name in data.get("names", {}).items()}
    at = tuple(data["at"]) if "at" in data else None
    return Place(names=names, within=data.get("in"), at=at, **common)


def source_of(data: Mapping[str, Any]) -> Source:
    kind = SourceKind(data.get("kind", "channel"))
    side_kind = SideKind(data["side_kind"]) if "side_kind" in data else None
    address = f"https://t.me/{data['name']}"
    return Source(
        name=data["name"],
        kind=kind,
        address=address,
        title=spelt(data.get("title", "")),
        side=data.get("side"),
        side_kind=side_kind,
    )


def route_of(data: Mapping[str, Any]) -> Route:
    digest = data.get("digest", {})
    wanted: dict[str, Any] = {key: tuple(values) for key, values in data.get("watch", {}).items()}
    return Route(
        name=data.get("name", "kursk"),
        title=data.get("title", ""),
        to=Destination(DestinationKind.CONSOLE),
        watch=Filter(**wanted),
        language=data.get("language", "en"),
        confidence=data.get("confidence", 0.5),
        delay=timedelta(minutes=data.get("delay_minutes", 0)),
        card=data.get("card", False),
        digest=Schedule(
            cron="0 9,12 * * *",
            timezone=digest.get("timezone", "Europe/Kyiv"),
            max_stories=digest.get("max_stories", 20),
            empty=digest.get("empty", False),
        ),
    )


class Newsdesk:
    """Builds stories; rows are numbered as they come."""

    def __init__(self, sources: Sequence[Mapping[str, Any]]) -> None:
        self._sources = {data["name"]: source_of(data) for data in sources}
        self._rows = count(1)

    def stories(self, data: Sequence[Sequence[Mapping[str, Any]]]) -> list[Story]:
        return [
            Story(row=row, reports=tuple(self._report(report, first=n == 0) for n, report in enumerate(reports)))
            for row, reports in enumerate(data, 1)
        ]

    def _report(self, data: Mapping[str, Any], *, first: bool) -> Report:
        row = next(self._rows)
        source = self._sources[data["source"]]
        at = moment(data["at"])
        url = data.get("url", f"https://t.me/{source.name}/{row}")
        url = url and spelt(url)
        post = Post(
            source=source.name,
            id=str(row),
            url=url,
            title=data.get("title", ""),
            text=spelt(data["text"]),
            published=at,
            language=data.get("language"),
        )
        stored = StoredPost(
            row=row,
            post=post,
            revision=data.get("revision", 1),
            arrival=Arrival(data.get("arrival", "live")),
            seen=moment(data["seen"]) if "seen" in data else at,
            deleted=moment(data["deleted"]) if "deleted" in data else None,
        )
        relation = Relation(data.get("relation", "first" if first else "copy"))
        late = data.get("arrival", "live") != "live"
        hits = tuple(self._hit(hit, post.body, at, late=late) for hit in data.get("hits", ()))
        return Report(stored=stored, source=source, relation=relation, hits=hits)

    def _hit(self, data: Mapping[str, Any], body: str, found: datetime, *, late: bool) -> StoredHit:
        text = data["text"]
        return mention(
            text,
            data["watch"],
            max(body.find(text), 0),
            found,
            row=next(self._rows),
            confidence=data.get("confidence", 0.9),
            candidates=tuple(data.get("candidates", ())),
            state=HitState(data.get("state", "live")),
            late=data.get("late", late),
            verdict=Verdict(data["verdict"]) if "verdict" in data else None,
        )


def composed(case: Mapping[str, Any]) -> Composition:
    """What the case's route makes of its stories."""
    health = case.get("health", {"working": 0, "sources": 0})
    return compose(
        route_of(case.get("route", {})),
        Newsdesk(case["sources"]).stories(case.get("stories", [])),
        slot=moment(case.get("slot", "10:00")),
        since=moment(case.get("since", "07:00")),
        now=moment(case.get("now", case.get("slot", "10:00"))),
        missed=tuple(moment(slot) for slot in case.get("missed", ())),
        watches=[watch_of(watch) for watch in case["watches"]],
        health=Health(health["working"], health["sources"], tuple(health.get("troubles", ()))),
        review=case.get("review"),
        settles=case.get("settles", False),
    )


MARKS = {EntityKind.BOLD: ("**", "**"), EntityKind.ITALIC: ("_", "_"), EntityKind.QUOTE: ("<q>", "</q>")}


def shown(message: Message) -> str:
    """A message with its entities as marks in the text."""
    marks: list[tuple[int, int, str]] = []
    for order, entity in enumerate(message.entities):
        opening, closing = ("[", f"]({entity.url})") if entity.url else MARKS[entity.kind]
        marks += [(entity.start, order, opening), (entity.end, -order - 1, closing)]
    text, done = "", 0
    for position, _, mark in sorted(marks):
        text += message.text[done:position] + mark
        done = position
    return text + message.text[done:]
