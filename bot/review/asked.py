"""Numbers and dates out of addresses, forms and bodies, which anybody can write.

In: what was sent. Out: a number that every engine can hold, a date, or 400 in words. Pure.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime

from starlette.datastructures import QueryParams
from starlette.exceptions import HTTPException

from bot.store.said import Said

_LONGEST = 18
"""Digits of a number that fits the 64 bits of a row."""


def whole(text: str | None) -> int | None:
    """The number that is written here; None for what is none, or too large for any row."""
    return int(text) if text and text.isdecimal() and len(text) <= _LONGEST else None


def is_whole(value: object) -> bool:
    """Whether a value out of JSON is a number that counts something: `true` is none."""
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**_LONGEST


def day(text: str | None, name: str) -> datetime | None:
    """A date or a moment, in UTC where no zone is named. Raises 400 for what is none."""
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise HTTPException(400, Said("%(name)s is no date: write 2026-11-01", name=name)) from error
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def only(asked: QueryParams, known: Collection[str]) -> None:
    """Raises 400 for a parameter that is none: a filter that was misspelt would let all through."""
    if strange := sorted(set(asked) - set(known)):
        raise HTTPException(400, f"{strange[0][:40]} is no parameter: name one of {', '.join(known)}")
