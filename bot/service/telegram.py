"""Accounts of Telegram, opened for the house: who sends, with which session, and how it looks for what it sent.

In: a configuration and open parts of the house. Out: the sender of `telegram:` routes, or None where no publisher is
set up. Invariant: the bot's session lives in the database alone, which is 0600.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import structlog

from bot.config import Config, ProxySettings, PublisherSettings, ReaderSettings, ServerSettings
from bot.config.proxies import MTPROXY
from bot.delivery.telegram import ENOUGH, Poster, Seen, Telegram
from bot.delivery.telegram_bot_api import BotApi
from bot.errors import PlacewireError
from bot.http import Http
from bot.model import WORKING, Condition, DestinationKind, Post, Source, SourceKind, SourceMemory, Via
from bot.slots import Clock
from bot.sources import AccountReader, Reader
from bot.store import Store
from bot.telegram import Proxy, SessionFault, check_session, owned, user_of

if TYPE_CHECKING:
    from bot.telegram import Account, History, Keys, Server

log = structlog.get_logger()


@asynccontextmanager
async def open_sender(
    config: Config, store: Store, http: Http, reader: Reader, clock: Clock
) -> AsyncIterator[Telegram | None]:
    """Who sends to Telegram; no connection is made before the first message."""
    settings = config.telegram.publisher
    if settings is None or not any(route.to.kind is DestinationKind.TELEGRAM for route in config.delivered):
        yield None
        return
    async with poster_of(config, settings, store, http, clock) as poster:
        yield Telegram(poster, store, clock=clock, routes=config.delivered, seen=_preview(reader, clock))


@asynccontextmanager
async def poster_of(
    config: Config, settings: PublisherSettings, store: Store | None, http: Http, clock: Clock
) -> AsyncIterator[Poster]:
    """The way to post; with a store the bot's session is kept there, else it ends with the block."""
    token = settings.bot_token.reveal()
    if settings.api_id is None or settings.api_hash is None:
        yield BotApi(http, token, base=settings.bot_api)
        return
    from bot.telegram import Account, Publisher  # noqa: PLC0415 - 26 MB that only MTProto needs

    name = f"telegram.session.{token.partition(':')[0]}"

    async def keep(session: str) -> None:
        if store is not None:
            await store.remember(name, session)

    account = Account(
        keys_of(config, settings.api_id, settings.api_hash.reveal()),
        (await store.remembered(name) if store else None) or "",
        bot_token=token,
        keep=keep,
    )
    try:
        yield Publisher(account, clock)
    finally:
        await account.close()


def telegram_promise(settings: PublisherSettings) -> str:
    """What readers of a channel may rely on, with these keys."""
    if settings.api_id is None or settings.api_hash is None:
        return BotApi.promise
    from bot.telegram import Publisher  # noqa: PLC0415 - as above

    return str(Publisher.promise)


@asynccontextmanager
async def open_accounts(
    config: Config, clock: Clock, on_push: Callable[[int], None] | None = None
) -> AsyncIterator[AccountReader | None]:
    """Who reads with accounts; None where no reader is set up, or no channel.

    With `on_push` they listen, too, and tell the ids of channels that changed. An account whose session is not there
    or in use elsewhere is tried again whenever one of its channels is read.
    """
    if not (config.telegram.readers and any(source.kind is SourceKind.CHANNEL for source in config.sources)):
        yield None
        return
    from bot.sources import AccountChannels  # noqa: PLC0415 - it brings Telethon with it

    async with AsyncExitStack() as stack:
        accounts = {each.name: _Opening(config, each, clock, on_push, stack) for each in config.telegram.readers}
        for account in accounts.values():
            account()
        yield AccountChannels(accounts)


@dataclass(slots=True)
class _Opening:
    """One reader's account: opened when its session is free, and then open until `stack` is closed."""

    config: Config
    settings: ReaderSettings
    clock: Clock
    on_push: Callable[[int], None] | None
    stack: AsyncExitStack
    history: History | None = None

    def __call__(self) -> History | Condition:
        if self.history is None and (reason := self._open()):
            return reason
        assert self.history is not None
        return self.history

    def _open(self) -> Condition | None:
        """None if the account is open now."""
        name, path = self.settings.name, Path(self.settings.session_file)
        if self.settings.session is None or (fault := check_session(path)) is SessionFault.MISSING:
            return not_logged_in(name)
        if fault:
            return unusable(name, fault)
        with ExitStack() as held:
            try:
                alone = held.enter_context(owned(path))
            except OSError:
                return not_logged_in(name)
            if not alone:
                return in_use(name, user_of(path))
            self.stack.enter_context(held.pop_all())
        self.history = self._listened(self.settings.session.reveal())
        return None

    def _listened(self, session: str) -> History:
        from bot.telegram import Account, History  # noqa: PLC0415 - as above

        keys = keys_of(self.config, self.settings.api_id, self.settings.api_hash.reveal())
        account = Account(keys, session, on_push=self.on_push)
        self.stack.push_async_callback(account.close)
        if self.on_push:
            task = asyncio.create_task(_listening(account, self.settings.name))
            self.stack.push_async_callback(_cancelled, task)
        return History(account, self.clock.now)


def not_logged_in(reader: str) -> Condition:
    return Condition(
        state="needs_reader",
        detail=f"this channel is read by reader {reader}, which is not logged in",
        remedy=f"run `placewire login {reader}`; a running service takes it up on SIGHUP",
    )


def unusable(reader: str, fault: SessionFault) -> Condition:
    """A session file that is there, and none that may be used."""
    detail, _, remedy = fault.partition("; ")
    return Condition(state="needs_reader", detail=f"reader {reader}: {detail}", remedy=remedy)


def in_use(reader: str, pid: int | None) -> Condition:
    """A session in use elsewhere is left alone: two at once may cost the account its session."""
    whose = f"process {pid}" if pid else "another process"
    return Condition(
        state="reader_in_use",
        detail=f"{whose} reads with the session of reader {reader}",
        remedy="if it is the running service, `sources` says how its channels are; else end that process",
    )


async def _cancelled(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.wait({task})


async def _listening(account: Account, name: str) -> None:
    try:
        await account.listen()
    except Exception:
        # Invariant 9: pushes are only hints, and a fault of ours in hearing them must not end the reading.
        log.exception("pushes are heard no more; channels are polled as before", reader=name)


def keys_of(config: Config, api_id: int, api_hash: str) -> Keys:
    """Keys with the server and the proxy that are configured."""
    from bot.telegram import Keys  # noqa: PLC0415 - as above

    server = config.telegram.server
    return Keys(
        api_id=api_id,
        api_hash=api_hash,
        server=_server(server) if server else None,
        proxy=_proxy(config),
    )


def _proxy(config: Config) -> Proxy | None:
    """The proxy to Telegram. Raises rather than going round it."""
    way = config.telegram.proxy
    if way is None:
        return None
    if fault := proxy_fault(way):
        raise fault
    user, password = (each.reveal() if each else None for each in (way.user, way.password))
    return Proxy(kind=way.kind, host=way.host, port=way.port, user=user, password=password)


def proxy_fault(way: ProxySettings) -> PlacewireError | None:
    """Why MTProto cannot go this way from here: Telethon would warn, and connect without the proxy."""
    if way.kind == MTPROXY or find_spec("python_socks") is not None:
        return None
    return PlacewireError("telegram", "a proxy is set, and the package for it is missing", "install placewire[socks]")


def _server(settings: ServerSettings) -> Server:
    from bot.telegram import Server  # noqa: PLC0415 - as above

    path = settings.public_key_file
    try:
        key = Path(path).read_text(encoding="ascii") if path else None
    except (OSError, UnicodeDecodeError) as error:
        raise PlacewireError(str(path), f"cannot be read ({error})", "write the server's public key into it") from error
    return Server(dc_id=settings.dc_id, host=settings.host, port=settings.port, public_key=key)


def _preview(reader: Reader, clock: Clock) -> Seen:
    """Looks at a destination as everybody can see it."""

    async def seen(name: str) -> Sequence[Post] | None:
        source = Source(
            name=name,
            kind=SourceKind.CHANNEL,
            address=f"https://t.me/{name}",
            via=Via.WEB,
            backfill=ENOUGH,
            poll=timedelta(minutes=1),
        )
        reading = await reader.read(source, SourceMemory(name=name), clock.now())
        return reading.posts if reading.condition.state in WORKING and not reading.dropped else None

    return seen
