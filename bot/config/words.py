"""The small words of the files: durations, names, addresses, hours. Each refuses with what is wrong and what to write.

Enters: one plain value. Leaves: the value the house uses, or a `PydanticCustomError` of type "refused". Pure.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Annotated, Final
from urllib.parse import SplitResult, urlsplit

from pydantic import BeforeValidator, PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

REFUSED: Final = "refused"
NAME: Final = re.compile(r"[A-Za-z0-9_-]{1,64}\Z")
_DURATION: Final = re.compile(r"([0-9]{1,9})([smhd])\Z")
_UNITS: Final = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_SIZES: Final = (("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1))
_LONGEST: Final = timedelta(days=36_500)


def refused(what: str, remedy: str, *, at: int = 0) -> PydanticCustomError:
    """The error to raise for the value at hand; `at` is where in its text the fault stands, in code points."""
    return PydanticCustomError(REFUSED, "{what}; {remedy}", {"what": what, "remedy": remedy, "at": at})


def kind(value: object) -> str:
    """What sort of value a person wrote, without showing it."""
    kinds = {
        str: "text",
        bool: "true or false",
        int: "a number",
        float: "a fraction",
        list: "a list",
        dict: "a mapping",
    }
    return kinds.get(type(value), "nothing")


def need_text(value: object, example: str) -> str:
    """The value as text without the space around it; anything else, and nothing at all, is refused."""
    if not isinstance(value, str):
        remedy = "put quotes around it" if isinstance(value, bool | int | float) else f"write {example}"
        raise refused(f"must be text, not {kind(value)}", remedy)
    if not value.strip():
        raise refused("is empty", f"write {example}")
    return value.strip()


def duration(value: object) -> timedelta:
    """A whole number with s, m, h or d, from 1s."""
    if isinstance(value, int) and not isinstance(value, bool):
        raise refused(f"{value} has no unit", f"write {max(value, 1)}s")
    text = need_text(value, "90s")
    match = _DURATION.match(text)
    if match is None:
        raise refused(f"{text!r} is not a duration", "write a whole number with s, m, h or d, such as 90s")
    length = timedelta(**{_UNITS[match[2]]: min(int(match[1]), 10**7 if match[2] in "hd" else 10**9)})
    if not timedelta(seconds=1) <= length <= _LONGEST:
        raise refused(f"{text} is out of range", "write 1s or more, at most 36500d")
    return length


def spell(length: timedelta) -> str:
    """A duration as the files write it: 90s, 10m, 4h, 365d."""
    seconds = int(length.total_seconds())
    letter, size = next((unit, size) for unit, size in _SIZES if seconds % size == 0)
    return f"{seconds // size}{letter}"


def name(value: object) -> str:
    """Letters, digits, _ and -."""
    text = need_text(value, "a name of letters, digits, _ and -")
    if NAME.match(text) is None:
        plain = re.sub(r"[^A-Za-z0-9_-]+", "-", text).strip("-")[:64]
        remedy = f"write {plain}" if plain else "use only A-Z, a-z, 0-9, _ and -, at most 64 of them"
        raise refused(f"{text!r} is not a name", remedy)
    return text


def split_url(text: str) -> SplitResult:
    """The parts of a URL; what is not one is refused."""
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError as error:
        raise refused(f"is not a web address: {error}", "write https://host/path") from None
    return parts


def web_address(value: object) -> str:
    """An http or https URL with a host and without a password."""
    text = need_text(value, "https://example.org/feed.xml")
    parts = split_url(text)
    if parts.scheme not in {"http", "https"} or not parts.hostname or re.search(r"\s", text):
        raise refused("is not an http or https address", "write https://host/path")
    if "@" in parts.netloc:
        bare = parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
        raise refused("holds a password or a user name", f"write {bare}, and headers: {{Authorization: ${{VARIABLE}}}}")
    return text


def text(value: object) -> str:
    return need_text(value, "a text")


def one_or_many(value: object) -> object:
    return [value] if isinstance(value, str) else value


def _checked(check: Callable[[object], object], pattern: str | None = None) -> tuple[PlainValidator, WithJsonSchema]:
    schema = {"type": "string", "pattern": pattern} if pattern else {"type": "string"}
    return PlainValidator(check), WithJsonSchema(schema)


Duration = Annotated[timedelta, *_checked(duration, "^[0-9]*[1-9][0-9]*[smhd]$")]
Name = Annotated[str, *_checked(name, "^[A-Za-z0-9_-]+$")]
Text = Annotated[str, *_checked(text, r"\S")]
WebAddress = Annotated[str, *_checked(web_address, "^https?://")]
Texts = Annotated[
    list[Text],
    BeforeValidator(one_or_many),
    WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}),
]
"""One text, or a list of them."""
