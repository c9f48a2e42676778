"""Numbers out of addresses, forms and bodies, which anybody can write.

In: what was sent. Out: a number that every engine can hold, or None. Pure.
"""

from __future__ import annotations

_LONGEST = 18
"""Digits of a number that fits the 64 bits of a row."""


def whole(text: str | None) -> int | None:
    """The number that is written here; None for what is none, or too large for any row."""
    return int(text) if text and text.isdecimal() and len(text) <= _LONGEST else None


def is_whole(value: object) -> bool:
    """Whether a value out of JSON is a number that counts something: `true` is none."""
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**_LONGEST
