"""Accounts of Telegram, opened for the house: who sends, with which session, and how it looks for what it sent.

In: a configuration and open parts of the house. Out: the sender of `telegram:` routes, or None where no publisher is
set up. Invariant: the bot's session lives in the database alone, which is 0600.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import structlog

from bot.config import Config, PublisherSettings, ReaderSettings, ServerSettings
from bot.delivery.telegram import ENOUGH, Poster, Seen, Telegram
from bot.delivery.telegram_bot_api import BotApi
from bot.errors import PlacewireError
from bot.http import Http
from bot.model import WORKING, DestinationKind, Post, Source, SourceKind, SourceMemory, Via
from bot.slots import Clock
from bot.sources import AccountReader, Reader
from bot.store import Store
from bot.telegram import Proxy, owned, proxy_of

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
        yield BotApi(http, token)
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
    """Who reads with accounts: those whose session is there and not in use elsewhere; None where there is none.

    With `on_push` they listen, too, and tell the ids of channels that changed.
    """
    async with AsyncExitStack() as stack:
        histories = {}
        for settings in config.telegram.readers:
            if settings.session is None or not any(source.kind is SourceKind.CHANNEL for source in config.sources):
                continue
            if stack.enter_context(owned(Path(settings.session_file))):
                histories[settings.name] = await stack.enter_async_context(_history(config, settings, clock, on_push))
            else:
                log.warning("another process reads with this account", reader=settings.name)
        yield _channels(histories) if histories else None


def _channels(histories: Mapping[str, History]) -> AccountReader:
    from bot.sources import AccountChannels  # noqa: PLC0415 - it brings Telethon with it

    return AccountChannels(histories)


@asynccontextmanager
async def _history(
    config: Config, settings: ReaderSettings, clock: Clock, on_push: Callable[[int], None] | None
) -> AsyncIterator[History]:
    from bot.telegram import Account, History  # noqa: PLC0415 - as above

    session = settings.session.reveal() if settings.session else ""
    account = Account(keys_of(config, settings.api_id, settings.api_hash.reveal()), session, on_push=on_push)
    listening = asyncio.create_task(_listening(account, settings.name)) if on_push else None
    try:
        yield History(account, clock.now)
    finally:
        if listening:
            listening.cancel()
            await asyncio.wait({listening})
        await account.close()


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
    written = config.telegram.proxy or config.http.proxy
    if written is None:
        return None
    proxy = proxy_of(written.reveal())
    if proxy is None:
        raise PlacewireError("PLACEWIRE_TELEGRAM_PROXY", "is no proxy to Telegram", "write socks5://HOST:PORT")
    if not proxy.is_mtproxy and find_spec("python_socks") is None:
        # Telethon would warn and connect without the proxy.
        remedy = "install placewire[socks]"
        raise PlacewireError("telegram", "a proxy is set, and the package for it is missing", remedy)
    return proxy


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
