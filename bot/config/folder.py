"""The operator's folder -> its documents: which files there are, which are missing, which are not ours.

A missing file is an empty one, which `check` warns of; a missing folder is a fault.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.config.nearest import nearest
from bot.config.nodes import Document, read
from bot.errors import Fault

BOT, SOURCES, ROUTES, WATCHLISTS = "bot.yaml", "sources.yaml", "routes.yaml", "watchlists"


@dataclass(frozen=True, slots=True)
class Files:
    """Every document of a folder, and what was found amiss with the folder itself."""

    bot: Document
    sources: Document
    routes: Document
    watchlists: tuple[Document, ...]
    warnings: tuple[Fault, ...] = ()

    def __iter__(self) -> Iterator[Document]:
        yield from (self.bot, self.sources, *self.watchlists, self.routes)


def read_folder(folder: Path) -> Files:
    """Read every file of the configuration."""
    if not folder.is_dir():
        fault = Fault(folder, 0, 0, "", "is not a folder", f"name one with --config, or run: placewire init {folder}")
        nothing = Document(folder / BOT, readable=False, faults=[fault])
        return Files(nothing, _unknown(folder / SOURCES), _unknown(folder / ROUTES), ())
    return Files(
        bot=_optional(folder / BOT),
        sources=_optional(folder / SOURCES),
        routes=_optional(folder / ROUTES),
        watchlists=tuple(map(read, watchlist_files(folder))),
        warnings=tuple(_strangers(folder)),
    )


def watchlist_files(folder: Path) -> tuple[Path, ...]:
    """The watchlists of a folder, in order of their names."""
    return tuple(sorted((folder / WATCHLISTS).glob("*.yaml")))


def _unknown(file: Path) -> Document:
    return Document(file, readable=False)


def _optional(file: Path) -> Document:
    return read(file) if file.exists() else Document(file)


def _strangers(folder: Path) -> Iterator[Fault]:
    """Files that look like ours and are not read: a slip of the name would silently be a missing part."""
    known = (BOT, SOURCES, ROUTES)
    for file in _yaml_files(folder):
        if file.name not in known:
            meant = nearest(f"{file.stem}.yaml", known)
            yield Fault(
                file, 0, 0, "", "is not read", f"did you mean {meant}?" if meant else f"known: {', '.join(known)}"
            )
    for file in _yaml_files(folder / WATCHLISTS):
        if file.suffix != ".yaml":
            yield Fault(file, 0, 0, "", "is not read", f"call it {file.stem}.yaml")


def _yaml_files(folder: Path) -> Iterable[Path]:
    return sorted(file for file in folder.glob("*") if file.suffix in {".yaml", ".yml", ".json"} and file.is_file())
