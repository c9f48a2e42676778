"""`run`: stops when told, is alone with its database, and loses and repeats nothing when it is killed."""

import asyncio
import random
import signal
import socket
import sys
from collections.abc import Callable

import pytest

from tests.fakes.installation import FRONT, ROOT, Installation, stop
from tests.fakes.postgresql import Relay, Server, relay


async def until(check: object, seconds: float = 90) -> None:
    """Wait for something that another process does."""
    assert callable(check)
    for _ in range(int(seconds / 0.05)):
        if check():
            return
        await asyncio.sleep(0.05)
    pytest.fail("did not happen in time")


ENDED_WHILE_IT_IMPORTS = """
import os, signal, sys
def heard(event, arguments):
    if event == "import" and arguments[0] == {module!r}:
        os.kill(os.getpid(), signal.{name})
sys.addaudithook(heard)
from bot.start import main
main()
"""


@pytest.mark.parametrize(
    ("module", "name"),
    [("typer", "SIGTERM"), ("typer", "SIGINT"), ("bot.service.running", "SIGTERM"), ("bot.config.load", "SIGTERM")],
)
async def test_it_ends_with_0_when_told_while_it_still_starts(installed: Installation, module: str, name: str) -> None:
    code = ENDED_WHILE_IT_IMPORTS.format(module=module, name=name)
    command = [sys.executable, "-c", code, "--config", str(installed.folder / "config"), "run"]
    process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stderr=asyncio.subprocess.PIPE)
    _, err = await asyncio.wait_for(process.communicate(), 30)
    assert (process.returncode, err) == (0, b"")


async def test_it_tells_what_comes_and_stops_when_told(installed: Installation) -> None:
    process = await installed.start("run")
    await until(lambda: installed.feed_asked >= 2)
    installed.write("Бои под Суджей.")
    await until(lambda: f"https://t.me/{FRONT}/1" in installed.told)
    second = await installed.run("once")
    assert await stop(process) == 0
    assert second.status == 1
    assert str(process.pid) in second.err


async def test_sighup_reads_the_configuration_anew_unless_it_is_broken(installed: Installation) -> None:
    watchlist = installed.folder / "config/watchlists/kursk.yaml"
    process = await installed.start("run", "--quiet")
    await until(lambda: installed.feed_asked >= 2)
    watchlist.write_text("places: [{nmae: Рыльск}]\n", encoding="utf-8")
    process.send_signal(signal.SIGHUP)
    installed.write("Бои под Суджей.")
    await until(lambda: f"https://t.me/{FRONT}/1\n" in installed.told)
    watchlist.write_text("places: [{name: Рыльск, id: rylsk}]\n", encoding="utf-8")
    process.send_signal(signal.SIGHUP)
    asked = installed.feed_asked
    await until(lambda: installed.feed_asked > asked)
    installed.write("В Рыльске тихо.")
    await until(lambda: f"https://t.me/{FRONT}/2\n" in installed.told)
    assert await stop(process) == 0


async def test_where_the_port_is_taken_the_service_goes_on_without_its_page(installed: Installation) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        file = installed.folder / "config/bot.yaml"
        port = taken.getsockname()[1]
        file.write_text(file.read_text(encoding="utf-8").replace("port: 1}", f"port: {port}}}"), encoding="utf-8")
        review = await installed.start("review")
        _, refused = await asyncio.wait_for(review.communicate(), 60)
        process = await installed.start("run", "--quiet")
        await until(lambda: installed.feed_asked >= 2)
        process.terminate()
        _, err = await asyncio.wait_for(process.communicate(), 10)
    said = f"127.0.0.1:{port}: is taken by another program; free it, or set review.port or review.host"
    assert (review.returncode, refused.decode().count(said), refused.count(b"Traceback")) == (1, 1, 0)
    assert (process.returncode, err.decode().count(said), err.decode().count("Errno")) == (0, 1, 0)


@pytest.mark.parametrize(
    "trouble", [Relay.cut, pytest.param(Relay.silence, marks=pytest.mark.slow)], ids=["cut", "silent"]
)
async def test_it_ends_in_time_although_its_server_is_lost(
    installed: Installation, server: Server, trouble: Callable[[Relay], None]
) -> None:
    async with relay() as between:
        installed.database = between.before(server.make("placewire_test_lost"))
        installed.configure()
        process = await installed.start("run")
        await until(lambda: installed.feed_asked >= 2)
        trouble(between)
        await asyncio.sleep(1.5)
        process.terminate()
        _, err = await asyncio.wait_for(process.communicate(), 10)
    server.drop("placewire_test_lost")
    assert (process.returncode, err.count(b"Traceback")) == (0, 0), err.decode()
    told = [line for line in err.splitlines() if b"step failed" in line and b'"poll"' in line]
    assert len(told) <= 1, "said once as long as it lasts"


async def test_a_digest_is_sent_by_hand_while_the_service_runs(installed: Installation) -> None:
    installed.configure(cron="0 0 1 1 *")
    process = await installed.start("run", "--quiet")
    await until(lambda: installed.feed_asked >= 2)
    installed.write("Бои под Суджей.")
    asked = installed.feed_asked
    await until(lambda: installed.feed_asked > asked + 1)
    sent = await installed.run("digest", "all", "--send")
    assert sent.status == 0
    assert f"process {process.pid}" in sent.err
    await until(lambda: f"https://t.me/{FRONT}/1\n" in installed.told)
    assert await stop(process) == 0


async def kill_and_finish(installed: Installation, times: int, seed: int) -> None:
    rnd = random.Random(seed)
    written = []
    await installed.run("once", "--all")
    for _ in range(times):
        process = await installed.start("run", "--quiet")
        for _ in range(rnd.randint(1, 3)):
            written.append(installed.write(f"Сообщение {rnd.random()}: бои под Суджей и у Бердина."))
            await asyncio.sleep(rnd.uniform(0, 1.2))
        await stop(process, signal.SIGKILL)
    last = await installed.start("run", "--quiet")
    installed.write("Последнее: бои под Суджей.")
    await until(lambda: f"https://t.me/{FRONT}/{written[-1] + 1}\n" in installed.told)
    assert await stop(last) == 0
    stored = {hit.post for hit in await installed.hits()}
    assert stored == {f"{FRONT}/{number}" for number in [*written, written[-1] + 1]}
    for number in written:
        assert installed.told.count(f"https://t.me/{FRONT}/{number}\n") == 1, number


async def test_killed_three_times_it_loses_and_repeats_nothing(installed: Installation) -> None:
    await kill_and_finish(installed, times=3, seed=1)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [2, 3])
async def test_killed_ten_times_it_loses_and_repeats_nothing(installed: Installation, seed: int) -> None:
    await kill_and_finish(installed, times=10, seed=seed)
