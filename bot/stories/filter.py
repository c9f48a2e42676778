"""The `group` filter: records in order of time -> a record each, with the story it belongs to.

In: mappings with "id" and "text", and if known "source", "published" (ISO 8601) and "forwarded_from". Out: mappings
{"id", "story", "relation", "in"?, "related"?} that speak in the given ids. Nothing is read or written here.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from bot.model import Placement, Post, Relation
from bot.stories.grouper import Grouper

_BEGINNING = datetime(1970, 1, 3, tzinfo=UTC)


class Lines:
    """The state of one run of the filter: what was grouped so far, and the time."""

    def __init__(self) -> None:
        self._grouper = Grouper()
        self._given: dict[str, str] = {}
        self._when = _BEGINNING
        self._count = 0

    def line(self, record: Mapping[str, Any]) -> dict[str, Any]:
        """Group one record; without a time it has that of the one before it.

        Raises KeyError for a record without "id" or "text", ValueError for a "published" that is no time; the next
        record may follow all the same.
        """
        when = _time(record.get("published")) or self._when
        self._count += 1
        post = _post(record, self._count)
        self._when = when
        self._grouper.forget(when)
        self._given.setdefault(post.key, str(record["id"]))
        return {"id": record["id"], **_answer(self._grouper.place(post, when=when), self._given)}


def _time(published: object) -> datetime | None:
    if not published:
        return None
    made = datetime.fromisoformat(str(published))
    return made if made.tzinfo else made.replace(tzinfo=UTC)


def _post(record: Mapping[str, Any], number: int) -> Post:
    """The record as a post. Where it names a channel's post, "channel/7" or the source and "7", forwards find it."""
    source, identity = str(record.get("source") or ""), str(record["id"])
    if source and identity.startswith(f"{source}/"):
        identity = identity.removeprefix(f"{source}/")
    elif not source and "/" in identity:
        source, _, identity = identity.rpartition("/")
    return Post(
        source=source or f"line-{number}",
        id=identity,
        text=str(record["text"]),
        forwarded_from=record.get("forwarded_from") or None,
    )


def _answer(placement: Placement, given: Mapping[str, str]) -> dict[str, Any]:
    answer: dict[str, Any] = {"story": given[placement.story], "relation": placement.relation.value}
    if placement.relation is Relation.INCLUDED and placement.within is not None:
        answer["in"] = given[placement.within]
    if placement.related:
        answer["related"] = [given[key] for key in placement.related]
    return answer
