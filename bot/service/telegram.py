"""Accounts of Telegram, opened for the house: who sends, with which session, and how it looks for what it sent.

In: a configuration and open parts of the house. Out: the sender of `telegram:` routes, or None where no publisher is
set up. Invariant: the bot's session lives in the database alone, which is 0600.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from bot.config import Config, PublisherSettings, ServerSettings
from bot.delivery.telegram import ENOUGH, Poster, Seen, Telegram
from bot.delivery.telegram_bot_api import BotApi
from bot.errors import PlacewireError
from bot.http import Http
from bot.model import WORKING, DestinationKind, Post, Source, SourceKind, SourceMemory, Via
from bot.slots import Clock
from bot.sources import Reader
from bot.store import Store
from bot.telegram import proxy_of

if TYPE_CHECKING:
    from bot.telegram import Keys, Server


@asynccontextmanager
async def open_sender(
    config: Config, store: Store, http: Http, reader: Reader, clock: Clock
) -> AsyncIterator[Telegram | None]:
    """Who sends to Telegram; no connection is made before the first message."""
    settings = config.telegram.publisher
    if settings is None or not any(route.to.kind is DestinationKind.TELEGRAM for route in config.routes):
        yield None
        return
    async with _poster(config, settings, store, http, clock) as poster:
        yield Telegram(poster, store, clock=clock, routes=config.routes, seen=_preview(reader, clock))


@asynccontextmanager
async def _poster(
    config: Config, settings: PublisherSettings, store: Store, http: Http, clock: Clock
) -> AsyncIterator[Poster]:
    token = settings.bot_token.reveal()
    if settings.api_id is None or settings.api_hash is None:
        yield BotApi(http, token)
        return
    from bot.telegram import Account, Publisher  # noqa: PLC0415 - 26 MB that only MTProto needs

    name = f"telegram.session.{token.partition(':')[0]}"

    async def keep(session: str) -> None:
        await store.remember(name, session)

    account = Account(
        keys_of(config, settings.api_id, settings.api_hash.reveal()),
        await store.remembered(name) or "",
        bot_token=token,
        keep=keep,
    )
    try:
        yield Publisher(account, clock)
    finally:
        await account.close()


def keys_of(config: Config, api_id: int, api_hash: str) -> Keys:
    """Keys with the server and the proxy that are configured."""
    from bot.telegram import Keys  # noqa: PLC0415 - as above

    server = config.telegram.server
    proxy = config.http.proxy.reveal() if config.http.proxy else None
    return Keys(
        api_id=api_id,
        api_hash=api_hash,
        server=_server(server) if server else None,
        proxy=proxy_of(proxy) if proxy else None,
    )


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
