"""What operators watch: places and terms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Priority(StrEnum):
    NORMAL = "normal"
    URGENT = "urgent"


@dataclass(frozen=True, slots=True)
class Near:
    """At least one of `any` must stand within so many words of the name."""

    any: tuple[str, ...]
    within: int = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A settlement to watch: the name as a person writes it, and what the operator knows of it."""

    id: str
    name: str
    language: str | None = None
    names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    within: str | None = None
    """The region, `in:` in the file."""
    at: tuple[float, float] | None = None
    """Latitude and longitude in degrees."""
    also: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    """`not:` in the file."""
    near: Near | None = None
    adjectives: bool = False
    added: tuple[str, ...] = ()
    """Forms as they stand, `forms: {add: ...}` in the file."""
    dropped: tuple[str, ...] = ()
    """Forms that are not this place's, `forms: {drop: ...}` in the file."""
    tags: tuple[str, ...] = ()
    priority: Priority = Priority.NORMAL


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """Plain words to watch, with their inflections."""

    id: str
    name: str
    any: tuple[str, ...]
    query: str | None = None
    """Beside `any` or instead of it: words joined by AND, OR, NOT and NEAR/n; see `bot.language.query`."""
    tags: tuple[str, ...] = ()
    priority: Priority = Priority.NORMAL


Watch = Place | Term
