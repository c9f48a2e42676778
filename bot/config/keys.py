"""Every secret of the files: where it may come from, and whether it can be had.

Enters: documents, whatever else is wrong with them, and the vault. Leaves: faults in the documents, none of which shows
a value, and warnings.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from bot.config import entries
from bot.config.entries import Entry
from bot.config.folder import Files
from bot.config.nodes import Document, Loc
from bot.config.secret import Refusal, Secret
from bot.config.vault import Vault
from bot.errors import Fault

_SECRET_HEADERS: Final = re.compile(r"authorization|cookie|token|secret|key|password", re.IGNORECASE)
_BREAKS: Final = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")


_MADE_BY_US = frozenset(("session_file", "users_file"))
"""Files that a command of ours writes later: they need not be there yet."""


def check_keys(files: Files, vault: Vault) -> tuple[Fault, ...]:
    """Check every secret; give the warnings."""
    for document, loc, path in _named_files(files):
        found = vault.ask(path)
        if isinstance(found, Refusal):
            document.refuse(loc, found.what, found.remedy)
    for loc, reader in entries.readers(files.bot):
        _check_reader(files.bot, loc, reader, vault)
    _check_publisher(files.bot, vault)
    for document, (loc, entry) in _destinations(files):
        _check_webhook(document, loc, entry, vault)
    _check_headers(files.sources, vault)
    return tuple(_new_sessions(files.bot))


def _named_files(files: Files) -> Iterator[tuple[Document, Loc, str]]:
    """Every file of secrets that a key names, with the key; a session that is not there yet is none."""
    for document, (loc, entry), key in _places(files):
        path = entry.get(key)
        if isinstance(path, str) and path.strip() and not (key in _MADE_BY_US and not Path(path).exists()):
            yield document, (*loc, key), path.strip()


def _places(files: Files) -> Iterator[tuple[Document, Entry, str]]:
    for reader in entries.readers(files.bot):
        yield files.bot, reader, "api_hash_file"
        yield files.bot, reader, "session_file"
    yield files.bot, _publisher(files.bot), "bot_token_file"
    yield files.bot, _publisher(files.bot), "api_hash_file"
    yield files.bot, (("review",), entries.mapping(files.bot, "review")), "users_file"
    for document, entry in _destinations(files):
        yield document, entry, "url_file"


def _destinations(files: Files) -> Iterator[tuple[Document, Entry]]:
    """What names where it delivers: each route, and the operator's own destination."""
    for route in entries.routes(files.routes):
        yield files.routes, route
    yield files.bot, (("ops",), entries.mapping(files.bot, "ops"))


def _publisher(bot: Document) -> Entry:
    publisher = entries.mapping(bot, "telegram").get("publisher")
    return ("telegram", "publisher"), publisher if isinstance(publisher, dict) else {}


def _check_reader(bot: Document, loc: Loc, reader: dict[str, object], vault: Vault) -> None:
    if not _has_id(reader, vault) or not _has_hash(reader, vault):
        bot.refuse(loc, "has no api_id and api_hash", "set PLACEWIRE_API_ID and PLACEWIRE_API_HASH")


def _check_publisher(bot: Document, vault: Vault) -> None:
    loc, publisher = _publisher(bot)
    token = vault.environment.bot_token
    if entries.mapping(bot, "telegram").get("publisher") is None and token is None:
        return
    if token is None and not {"bot_token_file", "bot_token"} & publisher.keys():
        remedy = "write bot_token_file: PATH, or set PLACEWIRE_BOT_TOKEN"
        bot.refuse((*loc, "bot_token_file"), "is missing", remedy)
    if _has_id(publisher, vault) != _has_hash(publisher, vault):
        bot.refuse(loc, "has only one of api_id and api_hash", "give both, or neither")


def _has_id(account: dict[str, object], vault: Vault) -> bool:
    return account.get("api_id") is not None or vault.environment.api_id is not None


def _has_hash(account: dict[str, object], vault: Vault) -> bool:
    written = account.get("api_hash") or account.get("api_hash_file")
    return bool(written) or vault.environment.api_hash is not None


def _check_webhook(document: Document, loc: Loc, entry: dict[str, object], vault: Vault) -> None:
    way, path = (*loc, "url_file"), entry.get("url_file")
    if entry.get("to") == "webhook" and not path and "url" not in entry:
        document.refuse(way, "is missing", "write url_file: PATH, a file of mode 0600 with the address")
    found = vault.ask(path.strip()) if isinstance(path, str) and path.strip() else None
    if isinstance(found, Secret) and not found.reveal().startswith(("https://", "http://")):
        document.refuse(way, f"{path} holds no http or https address", "write one into its first line")


def _check_headers(sources: Document, vault: Vault) -> None:
    for loc, feed in sources.items("feeds"):
        headers = feed.get("headers")
        for name, text in headers.items() if isinstance(headers, dict) else ():
            if isinstance(text, str):
                _check_header(sources, (*loc, "headers", name), text, vault)


def _check_header(sources: Document, loc: Loc, text: str, vault: Vault) -> None:
    name = loc[-1]
    if _SECRET_HEADERS.search(str(name)) and "${" not in text:
        remedy = f"write {name}: ${{VARIABLE}} and set VARIABLE in the environment"
        sources.refuse(loc, "a secret does not stand in the configuration", remedy)
    for variable in vault.unset(text):
        sources.refuse(
            loc, f"the environment has no {variable or '${}'}", f"set {variable or 'a name'} before the start"
        )
    if _BREAKS.search(vault.filled(text)):
        sources.refuse(loc, "has a line break or a control character", "write it, or set the variable, without")


def _new_sessions(bot: Document) -> Iterator[Fault]:
    for loc, reader in entries.readers(bot):
        path = reader.get("session_file")
        if isinstance(path, str) and path.strip() and not Path(path).exists():
            remedy = f"run placewire login {reader.get('name', '')}; until then this reader reads nothing"
            yield bot.fault((*loc, "session_file"), f"there is no session in {path}", remedy)
