"""Drafts: a watch as it would be written, made a watch without a file, and what it changes of the one there is.

In: the keys of a watchlist's entry. Out: the watch, and a patch that `watch apply` takes. Invariant: a draft passes the
very checks that a file passes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from bot.config.adding import Value, add_entries, flow
from bot.config.build import build_watches
from bot.config.files import WatchlistFile
from bot.config.folder import watchlist_files
from bot.config.load import load_watchlists
from bot.config.nodes import Document, parse
from bot.config.refusals import validate
from bot.config.rules import Rule, apply_rule, read_rule
from bot.errors import ConfigError, WrongUsage
from bot.model import Place, Term, Watch

ADDED = "added.yaml"
"""The watchlist of watches that came as a patch."""
PLACES, TERMS = "places", "terms"
Entry = Mapping[str, Value]


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An entry of the list `kind`; `old` is the watch that it changes."""

    kind: str
    entry: Entry
    old: Watch | None = None

    def watch(self) -> Watch:
        """The watch it makes; what the entry does not name stays as `old` has it. Raises `ConfigError`."""
        (made,) = _watches(_fragment(self.kind, self.entry))
        old = self.old
        if isinstance(made, Place) and isinstance(old, Place):
            return replace(old, name=made.name, within=made.within, also=made.also, never=made.never, near=made.near)
        if isinstance(made, Term) and isinstance(old, Term):
            return replace(old, name=made.name, any=made.any, query=made.query)
        return made

    @property
    def patch(self) -> str:
        """What `watch apply` takes: keys that are set anew, or a watch that is new, as a watchlist has it."""
        if self.old is None:
            return _fragment(self.kind, self.entry)
        before = entry_of(self.old)
        return Rule(
            watch=self.old.id, put={key: value for key, value in self.entry.items() if value != before[key]}
        ).patch


def entry_of(watch: Watch) -> dict[str, Value]:
    """The keys that a draft of this watch begins with."""
    if isinstance(watch, Term):
        return {"name": watch.name, "any": list(watch.any), "query": watch.query}
    near: Value = {"any": list(watch.near.any), "within": watch.near.within} if watch.near else None
    return {
        "name": watch.name, "in": watch.within, "also": list(watch.also), "not": list(watch.never), "near": near,
    }  # fmt: skip


def apply_patch(text: str, folder: Path) -> Path:
    """Put a patch into the watchlists of a configuration; gives the file.

    Raises `WrongUsage` for what is no patch, or a watch that is there; `ConfigError` for what would not load.
    """
    files = watchlist_files(folder)
    if not text.lstrip().startswith((f"{PLACES}:", f"{TERMS}:")):
        return apply_rule(read_rule(text), files)
    fresh = _watches(text)
    known = {watch.id for watch in load_watchlists(files)}
    if there := next((watch for watch in fresh if watch.id in known), None):
        raise WrongUsage(there.id, "is watched already", "change that watch, or give the new one another id")
    target = folder / "watchlists" / ADDED
    lists = {kind: [(entry, "") for entry in entries] for kind, entries in dict(_read(text).data).items()}  # type: ignore[call-overload]
    add_entries(target, "watchlist", lists)
    return target


def _fragment(kind: str, entry: Entry) -> str:
    return f"{kind}:\n  - {flow({key: value for key, value in entry.items() if value})}\n"


def _watches(text: str) -> tuple[Watch, ...]:
    document = _read(text)
    watches = build_watches(validate(document, WatchlistFile))
    if document.faults:
        raise ConfigError(document.faults)
    return watches


def _read(text: str) -> Document:
    return parse(Path("draft"), text)
