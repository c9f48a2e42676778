"""Sources that a list offers, beside those that are read already; and the sources as OPML for other readers.

In: offers, sources.yaml. Out: YAML to look at, the same lines appended to the file when asked, OPML. Invariant: nothing
is written that was not shown, and no name is taken twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from xml.sax.saxutils import quoteattr

from pydantic_core import PydanticCustomError

from bot.config import entries
from bot.config.adding import Value, add_entries, flow
from bot.config.nodes import read
from bot.config.secret import masked
from bot.config.words import web_address
from bot.model import Source, SourceKind

LISTS: Mapping[SourceKind, str] = {SourceKind.FEED: "feeds", SourceKind.CHANNEL: "channels"}


def beside(file: Path, offered: Iterable[Source]) -> tuple[list[Source], list[Source]]:
    """Those that are new, under names of their own, and those that the file has already."""
    known = [entry for _, entry in entries.sources(read(file))] if file.exists() else []
    names = {str(entry.get("name", "")).casefold() for entry in known}
    addresses = {str(entry["url"]) for entry in known if "url" in entry}
    new: list[Source] = []
    old: list[Source] = []
    for source in offered:
        channel = source.kind is SourceKind.CHANNEL
        if source.name.casefold() in names if channel else source.address in addresses:
            old.append(source)
            continue
        free = source.name if channel else _free(source.name, names)
        names.add(free.casefold())
        new.append(replace(source, name=free))
    return new, old


def unfit(source: Source) -> str | None:
    """What sources.yaml would refuse in the address of a feed, and what to write; None for what it takes."""
    try:
        if source.kind is SourceKind.FEED:
            web_address(source.address)
    except PydanticCustomError as error:
        return error.message()
    return None


def _free(name: str, taken: set[str]) -> str:
    numbered = (f"{name}-{number}" for number in range(2, len(taken) + 3))
    return next(each for each in (name, *numbered) if each.casefold() not in taken)


def proposed(sources: Sequence[Source], groups: Mapping[str, str]) -> str:
    """The lines as `write` would append them; `groups` are comments by address."""
    lists = _lists(sources, groups)
    lines = (
        f"{key}:\n" + "".join(f"  - {flow(row)}{_said(said)}\n" for row, said in rows) for key, rows in lists.items()
    )
    return "".join(lines)


def _said(comment: str) -> str:
    return f"   # {comment}" if comment else ""


def write(file: Path, sources: Sequence[Source], groups: Mapping[str, str]) -> None:
    """Append them to sources.yaml; its comments stay. Raises as `add_entries`."""
    add_entries(file, "sources", _lists(sources, groups))


def _lists(sources: Sequence[Source], groups: Mapping[str, str]) -> dict[str, list[tuple[Mapping[str, Value], str]]]:
    found: dict[str, list[tuple[Mapping[str, Value], str]]] = {
        key: [(_entry(source), groups.get(source.address, "")) for source in sources if source.kind is kind]
        for kind, key in LISTS.items()
    }
    return {key: rows for key, rows in found.items() if rows}


def _entry(source: Source) -> dict[str, Value]:
    entry: dict[str, Value] = {"name": source.name}
    if source.kind is SourceKind.FEED:
        entry["url"] = source.address
    return entry | ({"title": source.title} if source.title else {})


def as_opml(sources: Sequence[Source]) -> str:
    """Every source as OPML 2.0, feeds and channels in groups of their own; passwords in addresses are masked."""
    groups = (
        f"<outline text={quoteattr(key.capitalize())}>\n{''.join(map(_outline, found))}</outline>\n"
        for kind, key in LISTS.items()
        if (found := [source for source in sources if source.kind is kind])
    )
    head = (
        '<?xml version="1.0" encoding="utf-8"?>\n<opml version="2.0">\n<head><title>placewire</title></head>\n<body>\n'
    )
    return head + "".join(groups) + "</body>\n</opml>\n"


def _outline(source: Source) -> str:
    title, address = quoteattr(source.shown), quoteattr(masked(source.address))
    feed = source.kind is SourceKind.FEED
    return f'<outline type="{"rss" if feed else "link"}" text={title} {"xmlUrl" if feed else "url"}={address}/>\n'
