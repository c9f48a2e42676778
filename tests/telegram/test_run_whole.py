"""The service as a process against the fake as a process: posts in, digests out, stopped, started, killed."""

from __future__ import annotations

import asyncio
import json
import signal
import sys
from asyncio.subprocess import PIPE, Process, create_subprocess_exec
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.errors import StoreError
from bot.store import Store
from tests.fakes.installation import ROOT, _environment, stop

TOKEN = "7000:fake-token"
WITHIN = 90.0
"""Seconds after which something hangs; a busy machine takes 10 to start the service."""


@dataclass
class Fake:
    """The process, and a line of JSON each way."""

    process: Process
    ports: dict[str, Any]

    async def tell(self, order: dict[str, Any]) -> Any:
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(order).encode() + b"\n")
        await self.process.stdin.drain()
        return await said(self.process)

    async def shown(self, *wanted: str) -> list[str]:
        """What stands in the channel, as soon as all of this does."""
        texts: list[str] = []
        try:
            async with asyncio.timeout(WITHIN):
                while not all(any(each in text for text in texts) for each in wanted):
                    await asyncio.sleep(0.05)
                    texts = list(await self.tell({"shown": "kursk"}))
        except TimeoutError as late:
            raise AssertionError(f"{wanted} do not all stand in {texts}") from late
        return texts

    async def sent(self, count: int) -> list[str]:
        """What the bot has sent, as soon as so many messages are there."""
        async with asyncio.timeout(WITHIN):
            while len(texts := await self.tell({"sent": "kursk"})) < count:  # noqa: ASYNC110 - another process has no Event
                await asyncio.sleep(0.05)
        return list(texts)


async def said(process: Process) -> Any:
    assert process.stdout is not None
    return json.loads(await asyncio.wait_for(process.stdout.readline(), WITHIN))


@asynccontextmanager
async def fake(folder: Path) -> AsyncIterator[Fake]:
    arguments = [
        "--channel",
        "kursk",
        "--channel",
        "rybar",
        "--channel",
        "sumy",
        "--user",
        "+1",
        f"{folder}/r.session",
        "--key",
        f"{folder}/key.pem",
    ]
    process = await create_subprocess_exec(
        sys.executable, "-m", "tests.fakes.telegram", *arguments, cwd=ROOT, env=_environment(), stdin=PIPE, stdout=PIPE
    )
    try:
        yield Fake(process, await said(process))
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


EACH_SECOND = "digest: {cron: '* * * * * *'}"


def configure(
    folder: Path, ports: dict[str, Any], *sources: str, tells: str = EACH_SECOND, token_alone: bool = False
) -> None:
    """Channels are read by an account, and told by a bot; with its `token_alone` neither has the keys of an app."""
    config = folder / "config"
    (config / "watchlists").mkdir(parents=True)
    keys = "api_id: 1, api_hash_file: hash"
    for name, secret in (("token", TOKEN), ("hash", "0" * 32)):
        (folder / name).write_text(secret, encoding="ascii")
        (folder / name).chmod(0o600)
    server = f"{{dc_id: 2, host: 127.0.0.1, port: {ports['port']}, public_key_file: key.pem}}"
    reader = f"  readers: [{{name: main, {keys}, session_file: r.session}}]\n"
    way = f"bot_api: {ports['bot_api']}" if token_alone else keys
    (config / "bot.yaml").write_text(
        f"database: sqlite:///data/x.db\nhttp: {{allow_private_networks: true}}\ntelegram:\n"
        f"  web: {{base_url: {ports['web']}}}\n  server: {server}\n"
        f"{'' if token_alone else reader}  publisher: {{bot_token_file: token, {way}}}\n",
        encoding="utf-8",
    )
    via = "web" if token_alone else "mtproto"
    channels = "".join(f"  - {{name: {name}, via: {via}, poll: 1s}}\n" for name in sources)
    (config / "sources.yaml").write_text(f"channels:\n{channels}", encoding="utf-8")
    (config / "watchlists/a.yaml").write_text(
        "places: [{name: Суджа, id: sudzha}, {name: Бердин, id: berdin}]\n", encoding="utf-8"
    )
    (config / "routes.yaml").write_text(
        f"routes: [{{name: kursk, to: 'telegram:@kursk', {tells}}}]\n", encoding="utf-8"
    )


@asynccontextmanager
async def serving(folder: Path) -> AsyncIterator[Process]:
    """The service; killed at the end if it was not stopped."""
    service = await started(folder)
    try:
        yield service
    finally:
        if service.returncode is None:
            service.kill()
            await service.wait()


async def started(folder: Path) -> Process:
    command = [str(ROOT / "run_bot.py"), "--config", "config", "run"]
    return await create_subprocess_exec(
        sys.executable, *command, cwd=folder, env=_environment(), stdout=PIPE, stderr=PIPE
    )


async def reading(telegram: Fake, before: int = 0) -> int:
    """When the service has read its channel again; gives how often."""
    async with asyncio.timeout(WITHIN):
        while (asked := (await telegram.tell({"log": True})).count("GetHistoryRequest")) <= before:  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    return int(asked)


async def all_read(folder: Path) -> None:
    """When every source has been read once: what comes now is news, not a baseline."""
    async with asyncio.timeout(WITHIN):
        while await states(folder) != {"ok"}:  # noqa: ASYNC110 - another process has no Event
            await asyncio.sleep(0.2)


async def states(folder: Path) -> set[str]:
    """How the sources are; none while the service is still making its database."""
    try:
        async with await Store.open(folder / "data/x.db", now=datetime.now(UTC), read_only=True) as store:
            return {each.condition.state for each in (await store.memories()).values()}
    except StoreError:
        return set()


async def test_posts_in_digests_out_and_nothing_twice(tmp_path: Path) -> None:
    async with fake(tmp_path) as telegram:
        configure(tmp_path, telegram.ports, "rybar")
        await telegram.tell({"write": ["rybar", "Старое о Судже"]})
        service = await started(tmp_path)
        asked = await reading(telegram)
        await telegram.tell({"write": ["rybar", "Взрыв в Судже"]})
        await telegram.sent(1)
        assert await stop(service) == 0
        await telegram.tell({"fault": ["SendMessageRequest", "drop after"]})
        await telegram.tell({"write": ["rybar", "Пожар близ Суджи"]})
        service = await started(tmp_path)
        await telegram.sent(2)
        assert await stop(service, signal.SIGKILL) == -signal.SIGKILL
        asked = await reading(telegram, asked)
        service = await started(tmp_path)
        await reading(telegram, asked + 2)
        assert await stop(service) == 0
        texts = await telegram.sent(2)
        assert ["Взрыв" in text for text in texts] == [True, False]
        assert ["Пожар" in text for text in texts] == [False, True]


async def test_with_a_token_alone_posts_in_and_digests_out(tmp_path: Path) -> None:
    async with fake(tmp_path) as telegram:
        configure(tmp_path, telegram.ports, "rybar", token_alone=True)
        await telegram.tell({"write": ["rybar", "Старое о Судже"]})
        async with serving(tmp_path) as service:
            await all_read(tmp_path)
            await telegram.tell({"write": ["rybar", "Взрыв в Судже"]})
            await telegram.sent(1)
            assert await stop(service) == 0
        [text] = await telegram.sent(1)
        assert "Взрыв" in text
        assert [each for each in await telegram.tell({"log": True}) if each.startswith("send")] == ["sendMessage"]


async def ran(folder: Path, *arguments: str) -> str:
    """What a command says that runs beside the service."""
    command = [sys.executable, str(ROOT / "run_bot.py"), "--config", "config", *arguments]
    process = await create_subprocess_exec(*command, cwd=folder, env=_environment(), stdout=PIPE, stderr=PIPE)
    out, err = await asyncio.wait_for(process.communicate(), WITHIN)
    assert process.returncode == 0, err.decode()
    return (out + err).decode()


RYBAR = "Бои идут под Суджей, северная окраина города под обстрелом с раннего утра, дорога перекрыта."
SUMY = "Поблизу Суджі тривають сутички, місцеві мешканці чують вибухи, зв'язок із містом зникає."


async def test_a_card_its_corrections_and_the_pinned_message(tmp_path: Path) -> None:
    """One message for the card, changed in place when a post is deleted and another rejected; one that is pinned."""
    tells = "digest: {cron: '0 0 1 1 *'}, urgent: {sources: 2, group: place, interval: 1s}"
    async with fake(tmp_path) as telegram:
        configure(tmp_path, telegram.ports, "rybar", "sumy", tells=tells)
        for channel in ("rybar", "sumy"):
            await telegram.tell({"write": [channel, "Тихо."]})
        async with serving(tmp_path) as service:
            await reading(telegram)
            await all_read(tmp_path)
            await through_the_life_of_a_card(telegram, tmp_path)
            assert "queued" in await ran(tmp_path, "routes", "pin", "kursk")
            _, pinned = await telegram.shown("What this channel is")
            assert await stop(service) == 0
        assert await telegram.tell({"pinned": "kursk"}) == [pinned]
        routes = tmp_path / "config/routes.yaml"
        routes.write_text(routes.read_text(encoding="utf-8").replace("sources: 2", "sources: 3"), encoding="utf-8")
        await ran(tmp_path, "routes", "pin", "kursk")
        (changed,) = await telegram.tell({"pinned": "kursk"})
        assert "(sources: 3)" in changed
        log = await telegram.tell({"log": True})
        assert (log.count("SendMessageRequest"), log.count("UpdatePinnedMessageRequest")) == (2, 1)


async def through_the_life_of_a_card(telegram: Fake, folder: Path) -> None:
    for channel, text in (("rybar", RYBAR), ("sumy", SUMY)):
        await telegram.tell({"write": [channel, text]})
    (card,) = await telegram.shown("2 sources in their own words", RYBAR, SUMY)
    assert card.startswith("kursk · urgent · Sudzha\n")
    await telegram.tell({"write": ["rybar", "Тихо."]})
    await telegram.tell({"delete": ["rybar", 2]})
    await telegram.shown("rybar (deleted at its source)")
    async with await Store.open(folder / "data/x.db", now=datetime.now(UTC), read_only=True) as store:
        (hit,) = [each.id async for each in store.hits() if each.source == "sumy"]
    await ran(folder, "reject", hit)
    (card,) = await telegram.shown("sumy (withdrawn by the editors)")
    assert "rybar (deleted at its source)" in card, "the later edit keeps the earlier mark"
