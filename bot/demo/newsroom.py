"""The world at a moment: which posts of a source can be seen, in the words they have by then.

In: the posts as data and an hour. Out: items. Pure after `load`; the same hour always shows the same world.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from enum import StrEnum
from functools import cached_property
from importlib import resources
from typing import Any
from zoneinfo import ZoneInfo

from bot.model import SideKind

DATA = "posts.toml"
_QUOTED = re.compile(r"\{([\w-]+/[^}:]+?)(?::(\d+))?\}")


class Form(StrEnum):
    """What a source is published as."""

    RSS_1251 = "rss-1251"
    ATOM = "atom"
    JSON = "json"
    RDF = "rdf"
    CHANNEL = "channel"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlet:
    """One invented source. `number` is a channel's numeric id."""

    name: str
    title: str
    side: str
    language: str
    form: Form
    number: int = 0
    backfill: int | None = None

    @property
    def site(self) -> str:
        """Where its posts would be found: a domain that is reserved and leads nowhere, or Telegram."""
        return (
            f"https://t.me/{self.name}"
            if self.form is Form.CHANNEL
            else f"https://{self.name.replace('_', '-')}.example"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """From `at` on the post reads like this."""

    at: datetime
    title: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One post: as it was published, or, from `as_of`, as it reads at a moment."""

    source: str
    id: str
    at: datetime
    title: str = ""
    text: str = ""
    forwarded: str | None = None
    reply_to: str | None = None
    photos: int = 0
    poll: tuple[str, ...] = ()
    """The question, then the answers."""
    unsupported: bool = False
    """The web preview shows only that there is more."""
    edits: tuple[Edit, ...] = ()
    edited: datetime | None = None
    deleted: datetime | None = None

    @property
    def key(self) -> str:
        return f"{self.source}/{self.id}"

    @property
    def number(self) -> int:
        """A channel's message id."""
        return int(self.id)

    def as_of(self, when: datetime) -> Item | None:
        """How it reads at `when`; None before it is published and after it is deleted."""
        if when < self.at or (self.deleted and when >= self.deleted):
            return None
        done = [edit for edit in self.edits if edit.at <= when]
        return replace(self, title=done[-1].title, text=done[-1].text, edited=done[-1].at) if done else self


@dataclass(frozen=True, slots=True, kw_only=True)
class Outage:
    """A source answers with `status` from `since` until just before `until`; 302 is a preview that is switched off."""

    source: str
    since: datetime
    until: datetime
    status: int


@dataclass(frozen=True, kw_only=True)
class Newsroom:
    """Ten sources and all they will ever say. Items stand in the order of their hours."""

    sides: Mapping[str, SideKind]
    outlets: tuple[Outlet, ...]
    items: tuple[Item, ...]
    outages: tuple[Outage, ...]
    opens: datetime
    closes: datetime
    zone: str

    @cached_property
    def by_name(self) -> Mapping[str, Outlet]:
        return {outlet.name: outlet for outlet in self.outlets}

    @cached_property
    def by_key(self) -> Mapping[str, Item]:
        return {item.key: item for item in self.items}

    def visible(self, source: str, when: datetime) -> tuple[Item, ...]:
        """The posts of one source at `when`, oldest first."""
        seen = (item.as_of(when) for item in self.items if item.source == source)
        return tuple(item for item in seen if item)

    def status(self, source: str, when: datetime) -> int:
        """The HTTP status with which the source answers at `when`."""
        down = (outage for outage in self.outages if outage.source == source and outage.since <= when < outage.until)
        return next((outage.status for outage in down), 200)


def load() -> Newsroom:
    """Read the newsroom that is shipped with the package."""
    return parse(resources.files(__package__).joinpath(DATA).read_text("utf-8"))


def parse(document: str) -> Newsroom:
    """Build a newsroom from the text of a TOML file like `posts.toml`."""
    data = tomllib.loads(document)
    hour = _Hours(data["day"], data["zone"])
    return Newsroom(
        sides={name: SideKind(kind) for name, kind in data["sides"].items()},
        outlets=tuple(_outlets(data)),
        items=_items(data["post"], hour),
        outages=tuple(
            Outage(source=row["source"], since=hour(row["from"]), until=hour(row["until"]), status=row["status"])
            for row in data.get("outage", ())
        ),
        opens=hour(data["opens"]),
        closes=hour(data["closes"]),
        zone=data["zone"],
    )


class _Hours:
    """Local times of the newsroom's one day, as moments."""

    def __init__(self, day: date, zone: str) -> None:
        self._day = day
        self._zone = ZoneInfo(zone)

    def __call__(self, local: time) -> datetime:
        return datetime.combine(self._day, local, self._zone).astimezone(ZoneInfo("UTC"))


def _outlets(data: Mapping[str, Any]) -> Iterable[Outlet]:
    for row in data.get("feed", ()):
        yield _outlet(row, Form(row["format"]))
    for row in data.get("channel", ()):
        yield _outlet(row, Form.CHANNEL)


def _outlet(row: Mapping[str, Any], form: Form) -> Outlet:
    return Outlet(
        name=row["name"],
        title=row["title"],
        side=row["side"],
        language=row["language"],
        form=form,
        number=row.get("id", 0),
        backfill=row.get("backfill"),
    )


def _items(rows: Iterable[Mapping[str, Any]], hour: _Hours) -> tuple[Item, ...]:
    """Later posts may repeat the text of earlier ones."""
    said: dict[str, str] = {}
    items = []
    for row in rows:
        item = _item(row, hour, said)
        said[item.key] = item.text
        items.append(item)
    return tuple(sorted(items, key=lambda item: item.at))


def _item(row: Mapping[str, Any], hour: _Hours, said: Mapping[str, str]) -> Item:
    return Item(
        source=row["source"],
        id=str(row["id"]),
        at=hour(row["at"]),
        title=row.get("title", ""),
        text=_repeat(row["text"], said),
        forwarded=row.get("forwarded"),
        reply_to=row.get("reply_to"),
        photos=row.get("photos", 0),
        poll=tuple(row.get("poll", ())),
        unsupported=row.get("unsupported", False),
        edits=tuple(_edit(edit, hour, said) for edit in row.get("edit", ())),
        deleted=hour(row["deleted"]) if "deleted" in row else None,
    )


def _edit(row: Mapping[str, Any], hour: _Hours, said: Mapping[str, str]) -> Edit:
    return Edit(at=hour(row["at"]), title=row.get("title", ""), text=_repeat(row["text"], said))


def _repeat(text: str, said: Mapping[str, str]) -> str:
    def words(match: re.Match[str]) -> str:
        quoted = said[match[1]]
        return quoted[: int(match[2])] if match[2] else quoted

    return _QUOTED.sub(words, text)
