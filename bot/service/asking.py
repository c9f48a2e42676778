"""`doctor --online` and `--send-test`: what only Telegram itself can tell of keys, sessions, rights and its memory.

In: a configuration. Out: findings. Nothing is sent unless a test message is asked for; a name is resolved for every
destination, and nothing is stored.
"""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from bot.config import Config, ReaderSettings
from bot.delivery.telegram import Poster
from bot.errors import DeliveryError
from bot.http import Http
from bot.model import Destination, DestinationKind, Message
from bot.service.clock import SystemClock
from bot.service.findings import Finding, Verdict
from bot.service.house import open_http
from bot.service.telegram import keys_of, poster_of
from bot.telegram import check_session, owned

TEST = "placewire: a test message, sent twice under one key. If you read it once, all is well."


async def ask_telegram(config: Config, *, send_test: bool = False) -> list[Finding]:
    """One finding for each reader and each destination."""
    findings = [await _reader(config, reader) for reader in config.telegram.readers]
    destinations = sorted({str(r.to): r.to for r in config.delivered if r.to.kind is DestinationKind.TELEGRAM}.items())
    if config.telegram.publisher is not None and destinations:
        async with open_http(config, SystemClock()) as http, _poster(config, http) as poster:
            for _, to in destinations:
                findings += await ask_destination(poster, to, send_test=send_test)
    return findings


async def _reader(config: Config, settings: ReaderSettings) -> Finding:
    from bot.telegram import Account, TelegramError  # noqa: PLC0415 - 26 MB that only accounts need

    subject, path = f"reader {settings.name}", Path(settings.session_file)
    fault = check_session(path)
    if fault or settings.session is None:
        return Finding(Verdict.BAD, subject, fault or "has no session yet", f"placewire login {settings.name}")
    with owned(path) as alone:
        if not alone:
            return Finding(Verdict.OK, subject, "is in use by the running service: not asked")
        account = Account(
            keys_of(config, settings.api_id, settings.api_hash.reveal()), settings.session.reveal(), patience=15
        )
        try:
            await account.me()
        except TelegramError as error:
            return Finding(Verdict.BAD, subject, str(error), f"placewire login {settings.name}")
        finally:
            await account.close()
    return Finding(Verdict.OK, subject, "Telegram accepts the session")


@asynccontextmanager
async def _poster(config: Config, http: Http) -> AsyncIterator[Poster]:
    """A session of its own, not kept: that of the service stays where it is."""
    assert config.telegram.publisher is not None
    async with poster_of(config, config.telegram.publisher, None, http, SystemClock()) as poster:
        yield poster


async def ask_destination(poster: Poster, to: Destination, *, send_test: bool = False) -> Sequence[Finding]:
    """Whether the bot knows it and may post there; with `send_test`, how often a repeated message arrives."""
    subject = str(to)
    try:
        chat = await poster.chat(subject, to.address)
        if not await poster.may_post(subject, chat):
            what, remedy = "the bot may not post here", "make it an administrator, with the right to post"
            return [Finding(Verdict.BAD, subject, what, remedy)]
        found = [Finding(Verdict.OK, subject, f"the bot knows it (id {chat.id}); {poster.promise}")]
        if send_test:
            key, message = secrets.token_hex(16), Message(text=TEST)
            times = 2 if poster.remembers else 1
            ids = {await poster.post(subject, chat, message, key=key, thread=None, silent=True) for _ in range(times)}
            verdict = Verdict.OK if len(ids) == 1 else Verdict.BAD
            found.append(Finding(verdict, subject, f"a test sent {times} times made {len(ids)} message"))
    except DeliveryError as error:
        return [Finding(Verdict.BAD, subject, error.what, error.remedy)]
    return found
