"""The fake as a process: ``python -m tests.fakes.telegram --channel kursk --bot TOKEN --user NAME FILE``.

It prints its ports as one JSON line, then obeys JSON lines: {"write": [channel, text]}, {"edit": [channel, id, text]},
{"delete": [channel, id]}, {"sent": channel}, {"shown": channel} (as edited since), {"pinned": channel}, {"log": true},
{"flood": [request, seconds]}, {"fault": [request, kind]}, this one with what else a `Fault` has (code, text, seconds,
times, after); each is answered by one line.
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
from tests.fakes.telegram.world import Channel


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
            return here.world.write(_channel(here, name), text).id
        case {"sent": name} | {"shown": name} | {"pinned": name}:
            return _texts(here, next(iter(order)), _channel(here, name))
        case {"edit": [name, number, text]}:
            here.world.edit(_channel(here, name), number, text)
        case {"delete": [name, *numbers]}:
            here.world.delete(_channel(here, name), *numbers)
        case {"flood": [request, seconds]}:
            here.script.flood(request, seconds)
        case {"fault": [request, kind], **more}:
            here.script.on(request, Kind(kind), **more)
        case {"log": _}:
            return here.script.names()
        case _:
            return None
    return True


def _texts(here: Telegram, which: str, channel: Channel) -> list[str]:
    if which == "sent":
        return here.world.texts(channel)
    numbers = channel.pinned if which == "pinned" else channel.posts
    return [channel.posts[number].text for number in numbers if not channel.posts[number].service]


def _channel(here: Telegram, name: str) -> Channel:
    channel = here.world.named(name)
    assert channel is not None, name
    return channel


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
