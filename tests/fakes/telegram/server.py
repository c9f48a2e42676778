"""One Telegram with three doors: MTProto over TCP, the public preview and the Bot API over HTTP."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bot.http.serving import Answer, Request, serve
from tests.fakes.telegram import site
from tests.fakes.telegram.api import Api
from tests.fakes.telegram.bot_api import BotApi
from tests.fakes.telegram.keys import DC, public_pem, session_of, shared_key
from tests.fakes.telegram.mtproto import Mtproto
from tests.fakes.telegram.script import Script
from tests.fakes.telegram.world import Account, World

HOST = "127.0.0.1"


@dataclass
class Telegram:
    """The running fake. `port` speaks MTProto; `web` and `bot_api` are addresses."""

    world: World = field(default_factory=World)
    script: Script = field(default_factory=Script)
    port: int = 0
    web: str = ""
    bot_api: str = ""
    mtproto: Mtproto = field(init=False)

    def __post_init__(self) -> None:
        self.mtproto = Mtproto(self.world, self.script, Api(self.world))

    def session(self, account: Account) -> str:
        """A StringSession that is logged in already, without a handshake."""
        key = shared_key(account.name)
        self.mtproto.know(key, account)
        return session_of(key, self.port)

    def settings(self, folder: Path) -> str:
        """The `server:` of bot.yaml, its key written into `folder`."""
        path = folder / "test-server.pem"
        path.write_text(public_pem(), encoding="ascii")
        return f"{{dc_id: {DC}, host: {HOST}, port: {self.port}, public_key_file: {path}}}"

    async def show(self, request: Request) -> Answer:
        fault = self.script.fault_of("preview")
        return Answer(fault.code) if fault else await site.answer(self.world, request)


@asynccontextmanager
async def telegram(world: World | None = None, *, port: int = 0) -> AsyncIterator[Telegram]:
    """Serve a world until the block is left; `port` is where MTProto is spoken, 0 for any."""
    here = Telegram(world or World())
    bot_api = BotApi(here.world, here.script)
    tcp = await asyncio.start_server(here.mtproto.talk, HOST, port)
    http = await asyncio.start_server(bot_api.talk, HOST, 0)
    async with serve(here.show) as web:
        here.port = here.mtproto.api.port = tcp.sockets[0].getsockname()[1]
        here.bot_api = f"http://{HOST}:{http.sockets[0].getsockname()[1]}"
        here.web = web.url
        try:
            yield here
        finally:
            tcp.close()
            http.close()
            here.mtproto.restart()
            await asyncio.sleep(0)
