"""What parsing a document comes to, and its way through the pipe.

In and out: `Document` and `Item`, as values and as JSON. Times are aware, in UTC.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum

MAX_ITEMS = 20_000
"""A document's items beyond this are counted as dropped; so many take about 3.5 s."""


class Fault(StrEnum):
    """Why a document gave no items: the state word of its source."""

    NONE = ""
    PARSE = "parse"
    NOT_A_FEED = "not_a_feed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One item as its feed shows it: plain text, absolute http links or none."""

    guid: str = ""
    link: str | None = None
    title: str = ""
    text: str = ""
    author: str | None = None
    published: datetime | None = None
    updated: datetime | None = None
    language: str | None = None
    """What the item, or its document, says of itself: ru, uk or en."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """`complete` says that the document came to its own end; `older` is the address of its continuation."""

    items: tuple[Item, ...] = ()
    dropped: int = 0
    beyond: int = 0
    """Of the dropped ones those that were not looked at, because there are more than MAX_ITEMS."""
    complete: bool = True
    fault: Fault = Fault.NONE
    detail: str = ""
    charset: str = ""
    garbled: bool = False
    older: str | None = None

    @property
    def sound(self) -> bool:
        return self.complete and not self.garbled and not self.beyond


def dumps(document: Document) -> bytes:
    return json.dumps(asdict(document), ensure_ascii=False, default=datetime.isoformat).encode()


def loads(line: bytes) -> Document:
    fields = json.loads(line)
    fields["fault"] = Fault(fields["fault"])
    fields["items"] = tuple(_item(item) for item in fields["items"])
    return Document(**fields)


def _item(fields: dict[str, str]) -> Item:
    times = {key: datetime.fromisoformat(fields[key]) for key in ("published", "updated") if fields[key]}
    return Item(**{**fields, **times})  # type: ignore[arg-type]
