"""A digest as JSON, for programs.

In: a digest. Out: one JSON document in ASCII, whose keys docs/digests.md names. Moments are ISO 8601 in UTC; matches
count code points of the quote.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from bot.digests.corroboration import Sides, carriers
from bot.digests.own_words import began
from bot.digests.quote import LONGEST, Piece
from bot.digests.quoting import further_of, language_of, quote_of
from bot.digests.telling import SIDE, TROUBLE, addresses, name_of
from bot.digests.text import name, safe_address
from bot.model import Digest, Report, Section, Story, Watch

LISTED = 99
"""Missed slots that are listed, the newest; `missed_count` says how many there were."""


def document(digest: Digest, *, title: str) -> str:
    """The digest as one JSON object."""
    desk = _Desk(digest, addresses(digest))
    return json.dumps(
        {
            "route": name(digest.route.name),
            "title": title,
            "slot": _moment(digest.slot),
            "since": _moment(digest.since),
            "language": digest.route.language,
            "sections": [_section(section, desk) for section in digest.sections],
            "earlier": [_section(section, desk) for section in digest.earlier],
            "again": [_once_more(story, desk) for story in digest.again],
            "districts": [
                {"watch": each.watch.id, "stories": each.stories, "places": each.places} for each in digest.districts
            ],
            "quiet": [watch.id for watch in digest.quiet],
            "working": digest.working,
            "sources": digest.sources,
            "troubles": [name(trouble, TROUBLE) for trouble in digest.troubles],
            "waiting": digest.waiting,
            "settled": [{"watch": watch.id, "stories": number} for watch, number in digest.settled],
            "remarks": list(digest.remarks),
            "missed": [_moment(slot) for slot in digest.missed[-LISTED:]],
            "missed_count": len(digest.missed),
            "review": safe_address(digest.review),
        }
    )


class _Desk:
    """What every story is told with: the digest's language and translations, and the addresses that are told."""

    def __init__(self, digest: Digest, links: Mapping[int, str]) -> None:
        self.language, self.translations = digest.route.language, digest.translations
        self.together = digest.together
        self.links, self.told = links, frozenset(links.values())


def _once_more(story: Story, desk: _Desk) -> dict[str, Any]:
    """A round-up of what was told: who, when and on which places."""
    return {
        "id": story.key,
        "url": desk.links.get(story.row),
        "source": story.first.source.name,
        "when": _moment(began(story.first)),
        "watches": sorted({hit.hit.watch for report in story.reports for hit in report.hits}),
    }


def _section(section: Section, desk: _Desk) -> dict[str, Any]:
    watch = section.watch
    return {
        "watch": watch.id,
        "name": name_of(watch, desk.language),
        "original": name(watch.name),
        "stories": [_story(story, watch, desk) for story in section.stories],
        "items": [_item(part, watch) for part in section.items],
    }


def _item(part: Story, watch: Watch) -> dict[str, Any]:
    """What a list that is told under another watch says of this one."""
    report, pieces = quote_of(part, watch.id)
    return {"id": part.key, **_quoted(part, watch, pieces), "quoted": _key(report), "language": language_of(report)}


def _quoted(story: Story, watch: Watch, pieces: Iterable[Piece]) -> dict[str, Any]:
    return {
        "quote": "".join(text for text, _ in pieces),
        "matches": list(_matches(pieces)),
        "further": [
            {"watch": named, "quote": "".join(text for text, _ in more), "matches": list(_matches(more))}
            for named, more in further_of(story, watch.id)
        ],
    }


def _story(story: Story, watch: Watch, desk: _Desk) -> dict[str, Any]:
    report, pieces = quote_of(story, watch.id)
    carried = carriers(story)
    hits = [hit.hit for each in story.reports for hit in each.hits]
    return {
        "id": story.key,
        "url": desk.links.get(story.row),
        **_quoted(story, watch, pieces),
        "quoted": _key(report),
        "language": language_of(report),
        "machine_translation": _translation(desk.translations.get(story.row)),
        "confidence": max(hit.confidence for hit in hits),
        "also": sorted({hit.watch for hit in hits} - {watch.id}),
        "candidates": sorted({other for hit in hits for other in hit.candidates}),
        "sources": len(carried.sources),
        "own_words": carried.own,
        "adding_words": carried.added,
        "with": _with(desk.together.get(story.row)),
        "both_sides": carried.sides is Sides.BOTH,
        "reports": [_report(each, desk.told) for each in story.reports],
    }


def _with(row: int | None) -> str | None:
    """The story with which it is told, as its id."""
    return None if row is None else f"s{row}"


def _translation(made: str | None) -> str | None:
    return name(made, LONGEST) if made else None


def _report(report: Report, told: frozenset[str]) -> dict[str, Any]:
    address = safe_address(report.stored.post.url)
    return {
        "post": _key(report),
        "url": None if address in told else address,
        "source": report.source.name,
        "title": name(report.source.shown),
        "side": name(report.source.side, SIDE) if report.source.side else None,
        "relation": report.relation.value,
        "when": _moment(began(report)),
        "edited": report.stored.revision > 1,
        "deleted": report.stored.deleted is not None,
        "late": bool(report.hits) and all(hit.late for hit in report.hits),
    }


def _key(report: Report) -> str:
    return report.stored.post.key.encode(errors="replace").decode()


def _matches(pieces: Iterable[Piece]) -> Iterable[tuple[int, int]]:
    position = 0
    for text, match in pieces:
        if match:
            yield position, position + len(text)
        position += len(text)


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
