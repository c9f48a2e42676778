"""Loading: the packages' data -> one table in the cache, made once for each version of the packages.

In: a cache folder. Out: a `Gazetteer`. Reading the packages takes half a minute, reading the table a second. Where
both registers have a settlement, and only one of the name in the region, they are one record.
"""

from __future__ import annotations

import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from hashlib import sha256
from importlib import metadata
from pathlib import Path

from bot.errors import PlacewireError
from bot.gazetteer import geonames, katottg
from bot.gazetteer.gazetteer import Gazetteer, Record, plain

CREDITS = f"Places: {geonames.CREDIT}; {katottg.CREDIT}."
_LAYOUT = "2"


def open_gazetteer(cache: Path, say: Callable[[str], None] = lambda _: None) -> Gazetteer:
    """The gazetteer; `say` is told when it takes a while. Raises `PlacewireError` where the extra is not installed."""
    path = table_path(cache)
    if not path.exists():
        say("reading the registers, once: half a minute")
        _write(path, "\n".join(record.line() for record in joined(geonames.records(), katottg.records(cache))))
    return Gazetteer(path.read_text(encoding="utf-8").split("\n"))


def known_gazetteer(cache: Path) -> Gazetteer | None:
    """The gazetteer if it was opened before; it is not read for those who never asked for it."""
    try:
        path = table_path(cache)
    except PlacewireError:
        return None
    return Gazetteer(path.read_text(encoding="utf-8").split("\n")) if path.exists() else None


def table_path(cache: Path) -> Path:
    """The file of the table made from the packages that are installed. Raises `PlacewireError` if none are."""
    return cache / f"gazetteer-{_digest(_versions())}.tsv"


def _versions() -> tuple[str, ...]:
    try:
        return tuple(metadata.version(package) for package in (geonames.PACKAGE, katottg.PACKAGE))
    except metadata.PackageNotFoundError as error:
        raise PlacewireError(
            "gazetteer", f"the package {error.name} is not installed", "run: pip install 'placewire[gazetteer]'"
        ) from None


def _digest(versions: Iterable[str]) -> str:
    return sha256("\n".join((_LAYOUT, *versions)).encode()).hexdigest()[:16]


def _write(path: Path, text: str) -> None:
    """Keep it whole or not at all, and no table of other versions beside it."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=path.parent, delete=False) as file:
            file.write(text)
        Path(file.name).replace(path)
    except OSError as error:
        raise PlacewireError(
            str(path.parent), f"cannot be written: {error.strerror}", "set XDG_CACHE_HOME to a folder of yours"
        ) from None
    for old in path.parent.glob("gazetteer-*.tsv"):
        if old != path:
            old.unlink(missing_ok=True)


Place = tuple[str, str]


def joined(first: Iterable[Record], official: Iterable[Record]) -> Iterator[Record]:
    """GeoNames' records, those of Ukraine joined with the official ones; then the official ones that are left."""
    by_place: defaultdict[Place, list[Record]] = defaultdict(list)
    for record in official:
        by_place[_place(record, record.names[0])].append(record)
    known = list(first)
    claims: defaultdict[Place, list[int]] = defaultdict(list)
    for at, record in enumerate(known):
        for place in {_place(record, name) for name in record.names} if record.country == "UA" else ():
            claims[place].append(at)
    taken = set()
    for place, records in by_place.items():
        if len(records) == len(claims[place]) == 1 and claims[place][0] not in taken:
            at = claims[place][0]
            taken.add(at)
            known[at] = _merged(known[at], records.pop())
    yield from known
    yield from (record for records in by_place.values() for record in records)


def _place(record: Record, name: str) -> Place:
    return (record.region.code if record.region else "", plain(name))


def _merged(record: Record, official: Record) -> Record:
    names = tuple(dict.fromkeys((*official.names, *record.names)))
    return replace(record, ids=(*record.ids, *official.ids), kind=official.kind, names=names)
