"""The configuration, read and checked: one frozen `Config`, or every fault at once.

    read the files -> check each against its model -> check them against each other -> fetch secrets -> build

Each step adds its faults to the documents, and no fault of one file hides those of another.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from bot.config import build
from bot.config.checks import check_files, check_ids
from bot.config.environment import read_environment
from bot.config.files import BotFile, RoutesFile, SourcesFile, WatchlistFile
from bot.config.folder import Files, read_folder
from bot.config.hints import hints
from bot.config.keys import check_keys
from bot.config.nodes import Document, read
from bot.config.refusals import validate
from bot.config.settings import Config
from bot.config.vault import Vault
from bot.errors import ConfigError, Fault
from bot.model import Watch


@dataclass(frozen=True, slots=True)
class Examination:
    """What a whole folder came to: `config` is None exactly if there are faults."""

    config: Config | None
    faults: tuple[Fault, ...]
    warnings: tuple[Fault, ...]


def load(folder: Path, environ: Mapping[str, str]) -> Config:
    """Read the configuration of a folder. Raises ConfigError with every fault of it."""
    examined = examine(folder, environ)
    if examined.config is None:
        raise ConfigError(examined.faults)
    return examined.config


def faults(folder: Path, environ: Mapping[str, str]) -> tuple[Fault, ...]:
    """Every fault of a folder, in order of file and line; none if it loads."""
    return examine(folder, environ).faults


def examine(folder: Path, environ: Mapping[str, str]) -> Examination:
    """Read and check a folder; what is wrong and what is odd comes back as values."""
    files = read_folder(folder)
    environment, wrong = read_environment(environ)
    vault = Vault(environment, environ)
    config = _build(folder, files, vault)
    check_files(files)
    warnings = (*hints(files), *check_keys(files, vault))
    found = tuple(sorted({*wrong, *(fault for document in files for fault in document.faults)}))
    warned = tuple(sorted(set(warnings)))
    return Examination(None if found else replace(config, warnings=warned), found, warned)


def _build(folder: Path, files: Files, vault: Vault) -> Config:
    """Build all that can be built: a file with faults is an empty one here, and the whole is then thrown away."""
    bot, sources = validate(files.bot, BotFile), validate(files.sources, SourcesFile)
    routes = validate(files.routes, RoutesFile)
    database = vault.environment.database.reveal() if vault.environment.database else bot.database
    if bot.engine == "procrastinate" and not database.startswith("postgresql://"):
        remedy = "write engine: local, or database: postgresql://..."
        files.bot.refuse(("engine",), "procrastinate needs PostgreSQL", remedy)
    return Config(
        folder=folder,
        database=database,
        engine=bot.engine,
        http=build.build_http(bot, vault),
        telegram=build.build_telegram(bot, vault),
        matching=build.build_matching(bot),
        review=build.build_review(bot),
        keep=build.build_keep(bot),
        backup=build.build_backup(bot),
        sides=sources.sides,
        sources=build.build_sources(sources, vault),
        watches=_watches(files.watchlists),
        routes=build.build_routes(routes),
        ops=build.build_ops(bot),
    )


def load_watchlists(paths: Iterable[Path]) -> tuple[Watch, ...]:
    """Read watchlists alone, in the order given. Raises ConfigError with every fault of them."""
    documents = tuple(map(read, paths))
    watches = _watches(documents)
    check_ids(documents)
    found = [fault for document in documents for fault in document.faults]
    if found:
        raise ConfigError(found)
    return watches


def _watches(documents: Iterable[Document]) -> tuple[Watch, ...]:
    return tuple(watch for document in documents for watch in build.build_watches(validate(document, WatchlistFile)))
