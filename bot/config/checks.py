"""What one entry must be to another: names that are unique, sides and places that exist, ids that do not clash.

Enters: documents, whatever else is wrong with them, so that one fault hides no other. Leaves: faults in the documents.
What a document that cannot be read might have held is never called missing.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Final

from bot.config import entries
from bot.config.entries import Entry, watch_id
from bot.config.folder import Files
from bot.config.nearest import did_you_mean
from bot.config.nodes import Document, Loc
from bot.config.secret import masked
from bot.errors import Fault

_EVERY_ADDRESS: Final = frozenset(("0.0.0.0", "::"))  # noqa: S104 (named, not listened at)
_THIS_MACHINE: Final = frozenset(("127.0.0.1", "::1", "localhost"))


def check_files(files: Files) -> None:
    """Check all that needs more than one entry."""
    _unique_names(files.sources, entries.sources(files.sources))
    _unique_names(files.routes, entries.routes(files.routes))
    _unique_names(files.bot, entries.readers(files.bot))
    check_ids(files.watchlists)
    _check_sides(files)
    _check_places(files)
    _check_password(files.bot)
    _check_page(files.bot)
    _check_sessions(files.bot)
    _check_server(files.bot)


def check_ids(watchlists: Iterable[Document]) -> None:
    """Every watch has an id of its own, over all watchlists."""
    first: dict[str, Fault] = {}
    for document in watchlists:
        for loc, entry in entries.watches(document):
            _claim(document, loc, entry, first)


def _claim(document: Document, loc: Loc, entry: dict[str, object], first: dict[str, Fault]) -> None:
    identity = watch_id(entry)
    if identity is None:
        return
    way = (*loc, "id" if entry.get("id") else "name")
    where = document.fault(way, "", "")
    if (earlier := first.setdefault(identity, where)) is not where:
        what = f"has the id {identity}, as {earlier.path} at {earlier.file}:{earlier.line}:{earlier.column} has"
        document.refuse(way, what, f"write an id of its own, such as id: {identity}-2")


def _unique_names(document: Document, found: Iterable[Entry]) -> None:
    first: dict[str, Loc] = {}
    for loc, entry in found:
        name = entry.get("name")
        if isinstance(name, str) and first.setdefault(name.casefold(), loc) != loc:
            earlier = document.fault((*first[name.casefold()], "name"), "", "")
            what = f"{name} is taken: {earlier.path} on line {earlier.line} has it"
            document.refuse((*loc, "name"), what, "write another name, or delete one of the two")


def _check_sides(files: Files) -> None:
    if not files.sources.readable:
        return
    declared = entries.mapping(files.sources, "sides")
    for loc, source in entries.sources(files.sources):
        _declared(files.sources, (*loc, "side"), source.get("side"), declared)
    for loc, side in entries.wanted(files.routes, "sides"):
        _declared(files.routes, loc, side, declared)


def _declared(document: Document, loc: Loc, side: object, declared: Iterable[str]) -> None:
    if isinstance(side, str) and side not in declared:
        remedy = did_you_mean(side, declared) or f"declare it in sources.yaml: sides: {{{side}: party}}"
        document.refuse(loc, f"the side {side} is not declared", remedy)


def _check_places(files: Files) -> None:
    if not all(document.readable for document in files.watchlists):
        return
    found = {watch_id(entry) for document in files.watchlists for _, entry in entries.watches(document)}
    known = {identity for identity in found if identity is not None}
    for loc, place in entries.wanted(files.routes, "places"):
        if place not in known:
            remedy = did_you_mean(place, known) or "write the id of a place of the watchlists"
            files.routes.refuse(loc, f"no watch has the id {place}", remedy)


def _check_password(bot: Document) -> None:
    database = bot.meant("database")
    if isinstance(database, str) and masked(database) != database:
        remedy = "set PLACEWIRE_DATABASE in the environment instead, and delete this key"
        bot.refuse(("database",), "has a password that stands in a file", remedy)


def _check_page(bot: Document) -> None:
    review = entries.mapping(bot, "review")
    host = review.get("host")
    if isinstance(host, str) and host not in _THIS_MACHINE and not review.get("users_file"):
        what = "others could open the page, and nobody would be asked for a password"
        bot.refuse(("review", "host"), what, "set users_file (`placewire user NAME`), or write host: 127.0.0.1")
    elif host in _EVERY_ADDRESS and not review.get("public_url"):
        what = "is every address of this machine, and the page answers only to names that it knows"
        bot.refuse(("review", "host"), what, "set public_url (https://desk.example.org), or write one address")


def _check_sessions(bot: Document) -> None:
    first: dict[str, Loc] = {}
    for loc, reader in entries.readers(bot):
        path = reader.get("session_file")
        if isinstance(path, str) and first.setdefault(path, loc) != loc:
            what = "is the session of another reader, and two that use one session lose it"
            bot.refuse((*loc, "session_file"), what, "give each reader a session of its own: placewire login")


def _check_server(bot: Document) -> None:
    server = entries.mapping(bot, "telegram").get("server")
    path = server.get("public_key_file") if isinstance(server, dict) else None
    if not isinstance(path, str) or not path.strip():
        return
    loc = ("telegram", "server", "public_key_file")
    try:
        text = Path(path.strip()).read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError):
        bot.refuse(loc, f"{path} is no file that can be read as text", "name a PEM file")
        return
    if "-----BEGIN RSA PUBLIC KEY-----" not in text:
        bot.refuse(loc, f"{path} holds no PKCS#1 public key", "name a file with BEGIN RSA PUBLIC KEY")
