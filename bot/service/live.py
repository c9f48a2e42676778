"""Live configuration: what signals and changed files ask of a running service.

In: how to read the configuration, and its folder. Out: a house that works with what the files say now. Invariant: files
with faults leave the running configuration as it is, and that is said once for each change of the files.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import structlog

from bot.config import Config, watchlist_files
from bot.config.cache import cache_folder
from bot.errors import ConfigError, StoreError
from bot.matching import load_matcher
from bot.pipeline import House

log = structlog.get_logger()
_Looks = Mapping[Path, tuple[int, int, int]]


@dataclass(slots=True)
class Watched:
    """The files of a folder; a change counts when two looks have seen the same, so that nobody writes any more."""

    folder: Path
    taken: _Looks = field(init=False)
    last: _Looks = field(init=False)

    def __post_init__(self) -> None:
        self.taken = self.last = looks(self.folder)

    def changed(self) -> bool:
        """Whether the files are others than those that were taken; these are taken then."""
        before, self.last = self.last, looks(self.folder)
        if self.last in (self.taken, {}) or self.last != before:
            return False
        self.taken = self.last
        return True

    def files(self) -> list[Path]:
        """Those of the folder itself, not its watchlists: one of these may go."""
        return [file for file in self.taken if file.parent == self.folder]


def looks(folder: Path) -> _Looks:
    """What tells that a file was written: its time, size and number; nothing for a folder that is not there."""
    found = {}
    for file in (*folder.glob("*.yaml"), *watchlist_files(folder)):
        try:
            stat = file.stat()
        except OSError:
            continue
        found[file] = (stat.st_mtime_ns, stat.st_size, stat.st_ino)
    return found


@dataclass(slots=True)
class Files:
    """What the files come to: `config` is what they said when it was taken over last."""

    read: Callable[[], Config]
    watched: Watched
    config: Config = field(init=False)
    asked: bool = False
    refused: tuple[list[str], _Looks] | None = None
    """The faults that were told last, and of which files."""
    used: Sequence[Path] = ()
    """The files that are read by name: without one of them there would be no source, or no route."""

    def __post_init__(self) -> None:
        self.config = self.read()
        self.used = self.watched.files()

    def read_again(self) -> None:
        """At the next look, whether a file has changed or not."""
        self.asked = True

    async def fresh(self) -> Config | None:
        """What the files say, if they have changed or somebody asked for it, and have no faults."""
        if not (self.watched.changed() or self.asked):
            return None
        asked, self.asked = self.asked, False
        if gone := [file for file in self.used if not file.exists()]:
            self._refuse(
                [f"{file}: is gone; put it back, or start anew to go on without it" for file in gone], asked=asked
            )
            return None
        try:
            config = await asyncio.to_thread(self.read)
        except ConfigError as error:
            self._refuse([str(fault) for fault in error.faults], asked=asked)
            return None
        self.refused, self.used = None, self.watched.files()
        return config

    def _refuse(self, faults: list[str], *, asked: bool) -> None:
        """Tell the faults of these files once; whoever asks again hears that they are the same."""
        if self.refused != (faults, self.watched.last):
            self.refused = faults, self.watched.last
            log.error("configuration refused, the running one stays", faults=faults)
        elif asked:
            log.warning("the configuration has the same faults as before, the running one stays")


@dataclass(slots=True)
class Orders(Files):
    """What the signals have asked for, and what the files have come to."""

    stopping: asyncio.Event = field(default_factory=asyncio.Event)
    ended: bool = False
    elsewhere: str | None = None
    """The other database that the files name, as it was told last."""
    before: Config | None = None
    """What was in use until now, while it is not known yet whether the new one can be used."""

    def end(self) -> None:
        self.ended = True
        self.stopping.set()

    def opened(self) -> None:
        """The configuration is in use."""
        self.before = None

    def go_back(self) -> bool:
        """Use again what was in use before; False if there is nothing to go back to."""
        if self.before is None:
            return False
        self.config, self.before = self.before, None
        return True

    async def look(self, house: House) -> None:
        """Take over what the files say, if they have changed or somebody asked for it."""
        if not self.stopping.is_set() and (config := await self.fresh()):
            await self._take(house, config)

    async def _take(self, house: House, config: Config) -> None:
        config = self._at_home(config)
        if _apart_from_watches(config) != _apart_from_watches(self.config):
            self.before, self.config = self.config, config
            self.stopping.set()  # the house is opened anew
            return
        if config.watches != self.config.watches:
            await self._adopt(house, config)
        log.info("configuration read", watches=len(config.watches))

    def _at_home(self, config: Config) -> Config:
        """The same with the database that is in use: what is under way is never parted from its memory."""
        named, here = config.shown_database, self.config.shown_database
        if named not in {here, self.elsewhere}:
            log.warning("another database takes effect at the next start", named=named, in_use=here)
        self.elsewhere = named
        return config if named == here else replace(config, database=self.config.database)

    async def _adopt(self, house: House, config: Config) -> None:
        """Watch other places from now on: nothing is closed for it, no poll is broken off."""
        matcher = await load_matcher(config.watches, cache_folder())
        house.config, house.matcher = config, matcher
        try:
            # After the matcher is in use: all posts that it did not see are there now, and are searched.
            await house.store.upkeep.sync_watches(config.watches, house.clock.now())
        except StoreError:
            self.asked = True  # the store does not know of them yet: again at the next look
            raise
        self.config = config


def _apart_from_watches(config: Config) -> Config:
    return replace(config, watches=(), warnings=())
