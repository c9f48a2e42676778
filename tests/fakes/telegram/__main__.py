"""The fake as a process: ``python -m tests.fakes.telegram --channel kursk --bot TOKEN --user NAME FILE``.

It prints its ports as one JSON line, then obeys JSON lines: {"write": [channel, text]}, {"sent": channel},
{"log": true}, {"fault": [request, kind]}; each is answered by one line.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from pathlib import Path
from typing import Any

from tests.fakes.telegram.keys import public_pem
from tests.fakes.telegram.script import Kind
from tests.fakes.telegram.server import Telegram, telegram


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.fakes.telegram")
    parser.add_argument("--port", type=int, default=0, help="where MTProto is spoken")
    parser.add_argument("--channel", action="append", default=[], help="a channel's name; the bot may post there")
    parser.add_argument("--bot", default="7000:fake-token", help="the bot's token")
    parser.add_argument("--user", nargs=2, metavar=("PHONE", "FILE"), help="an account; FILE gets its session")
    parser.add_argument("--key", type=Path, help="where the public key is written")
    return parser.parse_args()


def _obey(here: Telegram, order: dict[str, Any]) -> Any:
    match order:
        case {"write": [name, text]}:
            channel = here.world.named(name)
            assert channel is not None
            return here.world.write(channel, text).id
        case {"sent": name}:
            channel = here.world.named(name)
            return here.world.texts(channel) if channel else None
        case {"fault": [request, kind]}:
            here.script.on(request, Kind(kind))
            return True
        case {"log": _}:
            return here.script.names()
    return None


def _write_keys(here: Telegram, asked: argparse.Namespace) -> None:
    if asked.user:
        phone, path = asked.user
        Path(path).write_text(here.session(here.world.account("reader", phone=phone)), encoding="ascii")
        Path(path).chmod(0o600)
    if asked.key:
        asked.key.write_text(public_pem(), encoding="ascii")


async def _main() -> None:
    asked = _arguments()
    async with telegram(port=asked.port) as here:
        bot = here.world.bot(asked.bot)
        for name in asked.channel:
            here.world.channel(name, posters={bot.id})
        _write_keys(here, asked)
        _say({"port": here.port, "web": here.web, "bot_api": here.bot_api})
        while line := await asyncio.to_thread(sys.stdin.readline):
            _say(_obey(here, json.loads(line)))


def _say(what: Any) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(_main())
