"""Files: exactly once, through crashes and other people's hands."""
# ruff: noqa: ASYNC221, ASYNC240 - a test may block its own loop

from __future__ import annotations

import resource
import signal
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from bot.delivery import Delivered, Destinations
from bot.model import Destination, DestinationKind
from tests.delivery.desk import NOW, Clock, Queue

ATOM = "{http://www.w3.org/2005/Atom}"
ENTRY = "<entry>\n<id>urn:x:{0}</id>\n<title>{0}</title>\n<updated>2026-01-06T10:00:00Z</updated>\n</entry>"


def to(path: Path) -> Destination:
    return Destination(DestinationKind.FILE, str(path))


def text_for(path: Path, word: str) -> str:
    return ENTRY.format(word) if path.suffix == ".xml" else f"Сводка {word}"


def told(path: Path) -> list[str]:
    """The words told in a file, whatever its form; fails if the file is not well-formed."""
    if path.suffix == ".xml":
        return [title.text or "" for title in ET.parse(path).getroot().iterfind(f"{ATOM}entry/{ATOM}title")]
    parts = path.read_text(encoding="utf-8").split("\n\n")
    assert parts[-1] == ""
    return [part.removeprefix("Сводка ") for part in parts[:-1]]


@pytest.fixture(params=["digests.txt", "digests.xml"])
def path(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    return tmp_path / "out" / str(request.param)


@pytest.fixture
def destinations(clock: Clock) -> Destinations:
    return Destinations([], clock=clock)


async def put(queue: Queue, path: Path, *words: str) -> None:
    await queue.put(to(path), *(text_for(path, word) for word in words))


async def test_messages_are_appended_in_order(queue: Queue, path: Path, destinations: Destinations) -> None:
    await put(queue, path, "one", "two")
    assert await destinations.deliver(queue.store, NOW) == Delivered(sent=2)
    await put(queue, path, "three")
    assert await destinations.deliver(queue.store, NOW) == Delivered(sent=1)
    assert told(path) == ["one", "two", "three"]


async def test_the_feed_is_valid_atom(queue: Queue, tmp_path: Path, destinations: Destinations) -> None:
    path = tmp_path / "feed.xml"
    await put(queue, path, "one", "two")
    await destinations.deliver(queue.store, NOW)
    feed = ET.parse(path).getroot()
    assert feed.tag == f"{ATOM}feed"
    assert [len(feed.findall(f"{ATOM}{tag}")) for tag in ("id", "title", "updated", "author")] == [1, 1, 1, 1]
    assert feed.findtext(f"{ATOM}updated") == "2025-12-07T10:02:00Z"


async def interrupt(queue: Queue, path: Path, destinations: Destinations, written: float) -> None:
    """One message told, and a second of which only a share was written before the power went."""
    await put(queue, path, "one")
    await destinations.deliver(queue.store, NOW)
    before = path.read_bytes()
    await put(queue, path, "two")
    await destinations.deliver(queue.store, NOW)
    whole = path.read_bytes()
    path.write_bytes(before)
    await put(queue, path, "three")
    (waiting,) = await queue.store.ready(NOW)
    start = before.rfind(b"<updated>") if path.suffix == ".xml" else len(before)
    await queue.store.begin(waiting, NOW, start)
    chunk = whole.replace(b"two", b"three")[start:]
    path.write_bytes(before[:start] + chunk[: int(len(chunk) * written)])


@pytest.mark.parametrize("written", [0, 0.01, 0.3, 0.6, 0.9, 0.97, 1])
async def test_a_broken_try_is_cut_back_and_repeated(
    queue: Queue, path: Path, destinations: Destinations, written: float
) -> None:
    await interrupt(queue, path, destinations, written)
    assert await destinations.deliver(queue.store, NOW) == Delivered(sent=1)
    assert told(path) == ["one", "three"]


async def test_what_others_appended_after_the_crash_stays(
    queue: Queue, tmp_path: Path, destinations: Destinations
) -> None:
    path = tmp_path / "digests.txt"
    await interrupt(queue, path, destinations, written=1)
    with path.open("a") as file:
        file.write("a note of the operator\n\n")
    await destinations.deliver(queue.store, NOW)
    assert told(path) == ["one", "three", "a note of the operator"]


async def test_a_file_that_others_shortened_goes_on_at_its_end(
    queue: Queue, tmp_path: Path, destinations: Destinations
) -> None:
    path = tmp_path / "digests.txt"
    await interrupt(queue, path, destinations, written=0.5)
    path.write_bytes(b"")
    await destinations.deliver(queue.store, NOW)
    assert told(path) == ["three"]


async def test_a_feed_that_lost_its_end_is_mended(queue: Queue, tmp_path: Path, destinations: Destinations) -> None:
    path = tmp_path / "feed.xml"
    await put(queue, path, "one", "two")
    await destinations.deliver(queue.store, NOW)
    path.write_bytes(path.read_bytes()[:-90])
    await put(queue, path, "three")
    await destinations.deliver(queue.store, NOW)
    assert told(path) == ["one", "three"]


async def test_two_spellings_of_a_path_are_one_queue(queue: Queue, path: Path, destinations: Destinations) -> None:
    other = path.parent / ".." / "out" / path.name
    for number in range(4):
        await queue.put(to(other if number % 2 else path), text_for(path, str(number)))
    await destinations.deliver(queue.store, NOW)
    assert told(path) == ["0", "1", "2", "3"]


@pytest.mark.parametrize("address", [".", "taken/digests.txt", "/dev/null", "foreign.xml"])
async def test_a_path_that_cannot_be_written_is_parked_in_words(
    queue: Queue, tmp_path: Path, destinations: Destinations, address: str
) -> None:
    (tmp_path / "taken").write_text("a file")
    (tmp_path / "foreign.xml").write_text("<html>not ours</html>")
    await queue.put(to(tmp_path / address), "text")
    assert await destinations.deliver(queue.store, NOW) == Delivered(parked=1)
    (row,) = await queue.rows()
    assert row.reason.startswith("file:")
    assert "; " in row.reason
    assert (tmp_path / "foreign.xml").read_text() == "<html>not ours</html>"


async def test_a_full_disk_loses_and_doubles_nothing(queue: Queue, tmp_path: Path, destinations: Destinations) -> None:
    """A limit on the size of files stands for the end of the disk: the write breaks off after three bytes."""
    path, room = tmp_path / "digests.txt", 64 * 1024 * 1024
    with path.open("wb") as file:
        file.truncate(room - 3)
    await put(queue, path, "one", "two")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, hard))
    try:
        assert await destinations.deliver(queue.store, NOW) == Delivered(failed=1)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    first, second = await queue.rows()
    assert (first.outcome, second.outcome) == ("waiting", "waiting")
    assert "make room on the disk" in first.reason
    assert first.not_before is not None
    assert await destinations.deliver(queue.store, first.not_before) == Delivered(sent=2)
    with path.open("rb") as file:
        file.seek(room - 3)
        assert file.read().decode() == "Сводка one\n\nСводка two\n\n"


CHILD = """
import asyncio, os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from bot.delivery import Destinations
from bot.store import Store

NOW = datetime(2026, 1, 6, 10, 0, tzinfo=UTC)

class Stands:
    def now(self):
        return NOW

class Dies:
    def __init__(self, store):
        self.ready, self.stuck, self.begin, self.store = store.ready, store.stuck, store.begin, store
        self.sent = 0
    async def settle(self, *args, **kwargs):
        if self.sent == 2:
            os.kill(os.getpid(), signal.SIGKILL)
        self.sent += 1
        await self.store.settle(*args, **kwargs)

async def main():
    store = await Store.open(Path(sys.argv[1]), now=NOW)
    await Destinations([], clock=Stands()).deliver(Dies(store), NOW)

asyncio.run(main())
"""


async def test_kill_9_between_writing_and_settling(queue: Queue, tmp_path: Path, destinations: Destinations) -> None:
    paths = [tmp_path / "digests.txt", tmp_path / "digests.xml"]
    for path in paths:
        await put(queue, path, "one", "two", "three")
    child = subprocess.run([sys.executable, "-c", CHILD, str(queue.store.path)], check=False)
    assert child.returncode == -signal.SIGKILL
    assert "sending" in await queue.outcomes()
    assert any(told(path) == ["one", "two"] for path in paths)
    await destinations.deliver(queue.store, NOW)
    assert [told(path) for path in paths] == [["one", "two", "three"]] * 2
    assert set(await queue.outcomes()) == {"sent"}


CARD = '<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"><rect width="8" height="8"/></svg>'


async def test_a_card_stands_beside_the_text(queue: Queue, tmp_path: Path, destinations: Destinations) -> None:
    path = tmp_path / "kursk.txt"
    await queue.put(to(path), "Сводка one", card=CARD)
    assert await destinations.deliver(queue.store, NOW) == Delivered(sent=1)
    (picture,) = tmp_path.glob("*.png")
    assert picture.name == "kursk-2025-12-07T1001Z.png"
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert told(path) == ["one"]
    assert not list(tmp_path.glob(".*"))


async def test_without_resvg_the_text_goes_alone(
    queue: Queue, tmp_path: Path, destinations: Destinations, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "resvg_py", None)
    path = tmp_path / "kursk.txt"
    await queue.put(to(path), "Сводка one", card=CARD)
    assert await destinations.deliver(queue.store, NOW) == Delivered(sent=1)
    assert told(path) == ["one"]
    (row,) = await queue.rows()
    assert "without its card" in str(row.receipt)


async def test_a_feed_has_no_card_beside_it(queue: Queue, tmp_path: Path, destinations: Destinations) -> None:
    path = tmp_path / "kursk.xml"
    await queue.put(to(path), text_for(path, "one"), card=CARD)
    assert await destinations.deliver(queue.store, NOW) == Delivered(sent=1)
    assert not list(tmp_path.glob("*.png"))
