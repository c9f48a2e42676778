"""`doctor --online` and `--send-test`: what only Telegram can tell of keys, sessions, rights, previews and clock.

In: a configuration. Out: findings. Nothing is sent unless a test message is asked for; a name is resolved for every
destination, and nothing is stored. Invariant: what is asked is bounded, however many channels there are.
"""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path

from bot.config import Config, PublisherSettings, ReaderSettings
from bot.delivery.telegram import Poster
from bot.errors import DeliveryError, SourceError
from bot.http import Http
from bot.model import WORKING, Destination, DestinationKind, Message, Source, SourceKind, SourceMemory, Via
from bot.service.clock import SystemClock
from bot.service.findings import Finding, Verdict
from bot.service.house import open_http
from bot.service.polling import memories_of
from bot.service.telegram import in_use, keys_of, poster_of
from bot.sources import Reader, Web
from bot.telegram import NETWORK, check_session, owned, user_of

TEST = "placewire: a test message, sent twice under one key. If you read it once, all is well."
PREVIEWS = 40
"""So many previews are asked for, those of channels in trouble first: one a second, it is a matter of a minute."""
UNREACHED = frozenset({"dns", "connect", "tls", "timeout", "proxy"})
"""States after which asking for further previews is of no use."""
CLOSE = timedelta(seconds=10)
WRONG = timedelta(minutes=5)
"""A clock so far off is told as broken: Telegram itself refuses what comes from such a time."""


async def ask_telegram(config: Config, *, send_test: bool = False) -> list[Finding]:
    """Readers, then the bot and its destinations, then the clock and the previews of channels."""
    findings = [found for reader in config.telegram.readers if (found := await _reader(config, reader))]
    async with open_http(config, SystemClock()) as http:
        if config.telegram.publisher is not None:
            findings += await _publisher(config, config.telegram.publisher, http, send_test=send_test)
        if findings or any(source.kind is SourceKind.CHANNEL for source in config.sources):
            findings.append(await ask_clock(config.telegram.web.base_url, http))
        findings += [finding async for finding in ask_previews(config, http)]
    return findings


# ---------------------------------------------------------------- accounts


async def _reader(config: Config, settings: ReaderSettings) -> Finding | None:
    """None for a session file that cannot be used: that is found without asking anybody."""
    from bot.sources.account import fault  # noqa: PLC0415 - 26 MB that only accounts need
    from bot.telegram import Account, TelegramError  # noqa: PLC0415 - as above

    subject, path = f"reader {settings.name}", Path(settings.session_file)
    if check_session(path) or settings.session is None:
        return None
    with owned(path) as alone:
        if not alone:
            return Finding(Verdict.OK, subject, f"not asked: {in_use(settings.name, user_of(path)).detail}")
        keys = keys_of(config, settings.api_id, settings.api_hash.reveal())
        account = Account(keys, settings.session.reveal(), patience=15)
        try:
            await account.me()
        except TelegramError as error:
            told = fault(subject, settings.name, error)
            return Finding(Verdict.BAD, subject, told.what.removeprefix(f"{subject}: "), told.remedy)
        finally:
            await account.close()
    return Finding(Verdict.OK, subject, "Telegram accepts the session")


async def _publisher(
    config: Config, settings: PublisherSettings, http: Http, *, send_test: bool = False
) -> list[Finding]:
    """The token first; a session of its own, not kept: that of the service stays where it is."""
    destinations = {str(r.to): r.to for r in config.delivered if r.to.kind is DestinationKind.TELEGRAM}
    async with poster_of(config, settings, None, http, SystemClock()) as poster:
        findings = [await ask_token(poster)]
        if findings[0].verdict is Verdict.OK:
            for _, to in sorted(destinations.items()):
                findings += await ask_destination(poster, to, send_test=send_test)
    return findings


async def ask_token(poster: Poster) -> Finding:
    """Whose token it is."""
    try:
        name = await poster.name("publisher")
    except DeliveryError as error:
        return Finding(Verdict.BAD, "publisher", error.what, error.remedy)
    return Finding(Verdict.OK, "publisher", f"the token is that of @{name}; {poster.promise}")


async def ask_destination(poster: Poster, to: Destination, *, send_test: bool = False) -> Sequence[Finding]:
    """Whether the bot knows it and may post there; with `send_test`, how often a repeated message arrives."""
    subject = str(to)
    try:
        chat = await poster.chat(subject, to.address)
        if not await poster.may_post(subject, chat):
            what, remedy = "the bot may not post here", "make it an administrator, with the right to post"
            return [Finding(Verdict.BAD, subject, what, remedy)]
        found = [Finding(Verdict.OK, subject, f"the bot may post here (id {chat.id})")]
        if send_test:
            key, message = secrets.token_hex(16), Message(text=TEST)
            times = 2 if poster.remembers else 1
            ids = {await poster.post(subject, chat, message, key=key, thread=None, silent=True) for _ in range(times)}
            verdict = Verdict.OK if len(ids) == 1 else Verdict.BAD
            found.append(Finding(verdict, subject, f"a test sent {times} times made {len(ids)} message"))
    except DeliveryError as error:
        return [Finding(Verdict.BAD, subject, error.what, error.remedy)]
    return found


# ---------------------------------------------------------------- the public site


async def ask_clock(site: str, http: Http) -> Finding:
    """How far our clock is from Telegram's, as its site tells the time."""
    before = http.clock.now()
    try:
        answer = await http.get(site, follow=False)
        theirs = parsedate_to_datetime(answer.headers["Date"])
    except SourceError as error:
        return Finding(Verdict.LOOK, "clock", f"not compared with Telegram's: {error.what}", NETWORK)
    except (KeyError, ValueError):
        return Finding(Verdict.LOOK, "clock", "not compared: Telegram's site tells no time")
    ours = before + (http.clock.now() - before) / 2
    off = abs(ours - theirs)
    if off <= CLOSE:
        return Finding(Verdict.OK, "clock", "as Telegram's, within 10 s")
    side = "behind" if ours < theirs else "ahead of"
    what = f"it is {round(off.total_seconds())} s {side} Telegram's: slots and marks of time are wrong by so much"
    return Finding(Verdict.BAD if off > WRONG else Verdict.LOOK, "clock", what, "set it, and keep it by NTP")


async def ask_previews(config: Config, http: Http) -> AsyncIterator[Finding]:
    """Which channels have no preview that could be read; one line for all that have."""
    channels = await _in_trouble_first(config)
    web = Web(base_url=config.telegram.web.base_url, min_interval=config.telegram.web.min_interval)
    shown = empty = 0
    async with Reader(http, web=web) as reader:
        for source in channels[:PREVIEWS]:
            asked = replace(source, via=Via.WEB, backfill=None)
            found = (await reader.read(asked, SourceMemory(name=source.name), http.clock.now())).condition
            if found.state in UNREACHED:
                what = f"{web.base_url} is not reached ({found.state}: {found.detail})"
                yield Finding(Verdict.BAD, "previews", what, NETWORK)
                return
            shown += found.state in WORKING and found.state != "empty"
            empty += found.state == "empty"
            if found.state == "no_preview" and source.via is Via.AUTO and config.telegram.readers:
                yield Finding(Verdict.OK, f"channel {source.name}", "its preview is off: it is read with an account")
            elif found.state not in WORKING:
                yield Finding(Verdict.LOOK, f"channel {source.name}", f"{found.state}: {found.detail}", found.remedy)
    if channels:
        more = len(channels) - PREVIEWS
        rest = f", {empty} {'is' if empty == 1 else 'are'} empty" if empty else ""
        rest += f"; {more} more were not asked: `check` asks all" if more > 0 else ""
        yield Finding(Verdict.OK, "previews", f"{shown} of {min(PREVIEWS, len(channels))} channels show posts{rest}")


async def _in_trouble_first(config: Config) -> list[Source]:
    memories = await memories_of(config)
    channels = [each for each in config.sources if each.kind is SourceKind.CHANNEL and each.via is not Via.MTPROTO]
    return sorted(channels, key=lambda each: each.name in memories and memories[each.name].condition.state in WORKING)
