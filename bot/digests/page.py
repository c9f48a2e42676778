"""A digest laid out, before it takes the form of a destination.

In: nothing. Out: the pieces every rendering reads: spans in lines, lines in items, items in blocks, blocks in a page.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Span:
    """Text of one kind. `url` is where it leads; `quoted` text is a stranger's, in `language`."""

    text: str
    bold: bool = False
    quoted: bool = False
    url: str | None = None
    language: str | None = None


Line = tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Item:
    """One story. `address` is its first post's, if this digest has not led there already."""

    lines: tuple[Line, ...]
    address: str | None = None
    beside: bool = False
    """Whether it stands below the item before it, as another story of perhaps the same event."""


@dataclass(frozen=True, slots=True)
class Block:
    """Items under a heading; without a heading, lines that stand alone."""

    heading: Line
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """A whole digest: `title`, notes on how it came about, its blocks, and the last lines."""

    title: str
    notes: tuple[Line, ...]
    blocks: tuple[Block, ...]
    footer: tuple[Line, ...]
    continued: str
    """The word that follows a heading repeated in a further part."""
