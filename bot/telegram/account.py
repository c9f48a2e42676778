"""One account and its connection: every request of Telegram goes through `ask`.

In: keys, and a session as a StringSession. Out: results, or a `TelegramError`; with `on_push` also the ids of channels
that changed, unasked. Invariant: no request waits longer than `patience` seconds; a client that hangs or was hung up on
is given up and made anew for the next request, or by `listen`, whichever comes first.
"""

from __future__ import annotations

import asyncio
import logging
import socket
import struct
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

from telethon import TelegramClient, connection, errors
from telethon.crypto import rsa
from telethon.sessions import StringSession
from telethon.tl import functions, types

from bot.telegram.proxy import Proxy
from bot.telegram.pushes import channels_of
from bot.telegram.trouble import FAULTS, TelegramError, Trouble, translated

PATIENCE = 30.0
CONNECT_WITHIN = 10
HEARTBEAT = 60.0
"""Seconds between two signs of life that are asked for while nothing else is."""
AFTER_A_BREAK = 2.0
"""Seconds before a lost connection is made anew for the sake of pushes."""

# What it says of reconnecting, we say in our own words; and it may print packets.
_quiet = logging.getLogger("placewire.telethon")
_quiet.setLevel(logging.CRITICAL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """Another data centre than Telegram's own to begin with. `public_key` is PEM, PKCS#1; None for Telegram's."""

    dc_id: int
    host: str
    port: int
    public_key: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """What my.telegram.org gave, and where Telegram is."""

    api_id: int
    api_hash: str = field(repr=False)
    server: Server | None = None
    proxy: Proxy | None = None


class Account:
    """A session and its one connection. With `bot_token` it logs in by itself and gives the new session to `keep`."""

    def __init__(
        self,
        keys: Keys,
        session: str = "",
        *,
        bot_token: str | None = None,
        keep: Callable[[str], Awaitable[None]] | None = None,
        on_push: Callable[[int], None] | None = None,
        patience: float = PATIENCE,
    ) -> None:
        self._keys = keys
        self._session = session
        self._bot_token = bot_token
        self._keep = keep
        self._on_push = on_push
        self._patience = patience
        self._client: TelegramClient | None = None
        self._turn = asyncio.Lock()

    async def ask(self, request: Any) -> Any:
        """Telegram's answer. Raises `TelegramError`."""
        client = await self._connected()
        try:
            return await self._within(client(request))
        except FAULTS as error:
            # Telethon would refuse this kind of request for all channels, by its own clock; who waits is our decision.
            client._flood_waited_requests.clear()  # noqa: SLF001
            raise await self._given_up(translated(error, connected=True)) from error

    async def me(self) -> None:
        """Whether the session is accepted. Raises `TelegramError`."""
        await self.ask(functions.users.GetUsersRequest([types.InputUserSelf()]))

    async def listen(self, heartbeat: float = HEARTBEAT) -> None:
        """Keep the connection up, so that pushes come; ends only when it is cancelled, or the session is lost.

        A client that is silent is asked for a sign of life, under the same deadline as every request.
        """
        while True:
            try:
                await self.ask(functions.PingRequest(0))
                broken = await _breaks(await self._connected(), heartbeat)
                pause = AFTER_A_BREAK if broken else 0.0
            except TelegramError as error:
                if error.trouble is Trouble.SESSION:
                    return  # whoever reads says so, as the state of every channel
                pause = min(heartbeat, AFTER_A_BREAK) if error.trouble is Trouble.LOST else heartbeat
            await asyncio.sleep(pause)

    async def step(self, step: Callable[[TelegramClient], Coroutine[Any, Any, Any]]) -> Any:
        """What the client itself is to do, as logging in has several steps; raises as Telethon does.

        Between two steps a person may have thought for minutes, while nobody saw the connection break: how far it has
        come is kept, and goes on over a new one.
        """
        client = await self._alive()
        try:
            return await self._within(step(client))
        finally:
            self._session = client.session.save()

    async def close(self) -> None:
        async with self._turn:
            await self._drop()

    # -------------------------------------------------------- connecting

    async def _connected(self) -> TelegramClient:
        async with self._turn:
            if self._client is None or not self._client.is_connected():
                await self._drop()
                self._client = await self._connect()
            return self._client

    async def _alive(self) -> TelegramClient:
        """A client that has just given a sign of life."""
        client = await self._connected()
        try:
            await self._within(client(functions.PingRequest(0)))
        except FAULTS:
            async with self._turn:
                await self._drop()
        return await self._connected()

    async def _connect(self) -> TelegramClient:
        client = await self._made()
        try:
            await self._within(client.connect())
            if self._bot_token is not None:
                await self._log_in(client, self._bot_token)
        except FAULTS as error:
            await _ended(client)
            raise self._forgetting(translated(error, connected=False)) from error
        except BaseException:
            await _ended(client)
            raise
        return client

    async def _made(self) -> TelegramClient:
        """A client that sleeps, retries and reconnects only when we say so."""
        proxy = self._keys.proxy
        client = _Client(
            await self._opened(),
            self._keys.api_id,
            self._keys.api_hash,
            connection=connection.ConnectionTcpMTProxyRandomizedIntermediate
            if proxy and proxy.is_mtproxy
            else connection.ConnectionTcpFull,
            proxy=proxy.parts if proxy else None,
            timeout=CONNECT_WITHIN,
            request_retries=0,
            # One key in 256 begins with a zero byte, and Telethon counts it wrong; the next one is another.
            connection_retries=1,
            retry_delay=0,
            auto_reconnect=False,
            flood_sleep_threshold=0,
            raise_last_call_error=True,
            receive_updates=self._on_push is not None,
            device_model="placewire",
            base_logger=_quiet,
        )
        client.on_push = self._on_push
        client._sender.send = _heard(client._sender.send)  # noqa: SLF001
        return client

    async def _opened(self) -> StringSession:
        session, server = self._restored(), self._keys.server
        if server is not None:
            if server.public_key:
                rsa.add_key(server.public_key, old=False)
            session.set_dc(server.dc_id, await _address(server), server.port)
        return session

    def _restored(self) -> StringSession:
        try:
            return _Session(self._session)
        except (ValueError, struct.error) as error:  # what Telethon raises on anything malformed
            raise self._forgetting(TelegramError(Trouble.SESSION, "SESSION_MALFORMED")) from error

    async def _log_in(self, client: TelegramClient, token: str) -> None:
        if await self._within(client.get_me()) is not None:
            return
        try:
            await self._within(client.sign_in(bot_token=token))
        except errors.UserMigrateError:  # the client has moved to the bot's data centre meanwhile
            await self._within(client.sign_in(bot_token=token))
        self._session = client.session.save()
        if self._keep is not None:
            await self._keep(self._session)

    # -------------------------------------------------------- giving up

    async def _within(self, call: Coroutine[Any, Any, Any]) -> Any:
        """The result of a call, or TimeoutError; ConnectionError if the client was disconnected under it."""
        task = asyncio.ensure_future(call)
        try:
            await asyncio.wait({task}, timeout=self._patience)
        finally:
            if not task.done():
                task.cancel()
        if not task.done():
            raise TimeoutError
        if task.cancelled():
            raise ConnectionError
        return task.result()

    async def _given_up(self, error: TelegramError) -> TelegramError:
        """The error, after the client that may hang was dropped."""
        if error.trouble in {Trouble.LOST, Trouble.SESSION} or not (self._client and self._client.is_connected()):
            async with self._turn:
                await self._drop()
        return self._forgetting(error)

    def _forgetting(self, error: TelegramError) -> TelegramError:
        """A bot whose session is gone logs in anew, by its token; a person has to."""
        if error.trouble is Trouble.SESSION and self._bot_token is not None and self._session:
            self._session = ""
            return TelegramError(Trouble.LOST, error.name)
        return error

    async def _drop(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            await _ended(client)


class _Client(TelegramClient):  # type: ignore[misc]
    """Says which channels a push speaks of, and asks for nothing because of it.

    Telethon's own loop would fetch what it takes for missing, past our pace, and drop what it cannot have.
    """

    on_push: Callable[[int], None] | None = None

    async def _update_loop(self) -> None:
        while True:
            for channel in channels_of(await self._updates_queue.get()):
                if self.on_push is not None:
                    self.on_push(channel)


class _Session(StringSession):  # type: ignore[misc]
    """Keeps no entities: names and hashes are our store's matter, and what it cannot do cannot fail after a send."""

    def process_entities(self, tlo: Any) -> None:
        """Nothing."""


async def _address(server: Server) -> str:
    """The server's IPv4 address: a StringSession holds nothing else."""
    try:
        found = await asyncio.get_running_loop().getaddrinfo(server.host, server.port, family=socket.AF_INET)
    except OSError as error:
        raise TelegramError(Trouble.DOWN, f"{server.host} is not found") from error
    return str(found[0][4][0])


async def _breaks(client: TelegramClient, seconds: float) -> bool:
    """Whether the client loses its connection within so many seconds."""
    end = client.disconnected
    end.add_done_callback(_seen)  # what broke it is not our matter here, nor when we wait no more
    try:
        await asyncio.wait({end}, timeout=seconds)
        return bool(end.done())
    finally:
        end.cancel()  # a shield each minute would else hang on the client for ever


def _heard(send: Callable[..., Any]) -> Callable[..., Any]:
    """Of its own pings Telethon drops the futures; what breaks one is told to whoever asks next, and to no log."""

    def sending(request: Any, ordered: bool = False) -> Any:
        sent = send(request, ordered=ordered)
        for each in sent if isinstance(sent, list) else [sent]:
            each.add_done_callback(_seen)
        return sent

    return sending


def _seen(future: asyncio.Future[Any]) -> None:
    if not future.cancelled():
        future.exception()


async def _ended(client: TelegramClient) -> None:
    """Disconnect, whatever state the client is in."""
    wire = client._sender._connection  # noqa: SLF001
    client._sender._disconnected.add_done_callback(_seen)  # noqa: SLF001
    try:
        await asyncio.wait_for(client.disconnect(), CONNECT_WITHIN)
    except FAULTS:
        _quiet.debug("a client did not end in order")
    # A connection that failed half-way counts as none with Telethon, and its socket would stay open.
    if wire is not None and wire._writer is not None:  # noqa: SLF001
        wire._writer.close()  # noqa: SLF001
