"""A page that yields less than before is doubted: nothing that is stored is emptied, and a sample is kept."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

from bot.http import Http
from bot.model import Gap
from bot.service.samples import LONGEST, MOST, Samples
from bot.sources import Reader, Web
from tests.fakes.clock import StepClock
from tests.fakes.preview import Block, Channel, Preview
from tests.fakes.web import Site
from tests.sources.test_channel import Poller, ids

OTHER_MARKUP = '<div class="some_new_name">слова, где мы их не ищем</div>'


@dataclass
class Kept:
    """What would be written down."""

    samples: list[tuple[str, bytes]] = field(default_factory=list)

    async def keep(self, name: str, body: bytes) -> None:
        self.samples.append((name, body))


@pytest.fixture
def kept() -> Kept:
    return Kept()


@pytest.fixture
def poller(http: Http, web: Site, clock: StepClock, kept: Kept) -> Poller:
    return Poller(Reader(http, web=Web(base_url=web.url), keep=kept.keep), clock)


@pytest.fixture
def rybar(preview: Preview) -> Channel:
    channel = preview.add(Channel("rybar"))
    channel.write(*range(101, 141))
    return channel


def wordless(channel: Channel, *numbers: int) -> None:
    for number in numbers:
        channel.posts[number] = Block(number, body=OTHER_MARKUP)


async def test_words_that_are_gone_from_a_whole_page_empty_nothing(poller: Poller, rybar: Channel, kept: Kept) -> None:
    before = (await poller.poll()).cursor
    assert before.worded == 1.0
    wordless(rybar, *range(101, 145))
    reading = await poller.poll()
    assert (reading.condition.state, reading.posts, reading.cursor) == ("page_changed", (), before)
    assert "0% of its blocks have words, before it were 100%" in reading.condition.detail
    [(name, body)] = kept.samples
    assert (name, b"some_new_name" in body) == ("rybar", True)


async def test_what_still_has_words_is_read_and_the_rest_waits_as_gaps(poller: Poller, rybar: Channel) -> None:
    await poller.poll()
    rybar.write(*range(141, 160))
    wordless(rybar, *range(142, 159), *range(131, 141))
    reading = await poller.poll()
    assert (reading.condition.state, ids(reading)[-2:]) == ("page_changed", [141, 159])
    assert reading.cursor.gaps == (Gap(142, 158),)
    assert all(post.text for post in reading.posts)
    assert poller.memory.due
    assert poller.memory.due - poller.clock.now() < timedelta(minutes=5), "it is read on as often as before"
    rybar.write(*range(131, 159))
    reading = await poller.poll()
    assert (reading.condition.state, reading.cursor.gaps, set(range(141, 160)) <= set(ids(reading))) == ("ok", (), True)


async def test_a_channel_that_turned_to_pictures_is_believed_after_a_day(poller: Poller, rybar: Channel) -> None:
    await poller.poll()
    wordless(rybar, *range(141, 161))
    assert (await poller.poll()).condition.state == "page_changed"
    poller.clock.moment += timedelta(days=1)
    reading = await poller.poll()
    assert (reading.condition.state, ids(reading)[-1], reading.cursor.worded) == ("ok", 160, 0.0)
    assert (await poller.poll()).condition.state == "ok"


async def test_a_channel_that_never_had_words_is_no_fall(poller: Poller, rybar: Channel) -> None:
    wordless(rybar, *range(101, 141))
    assert (await poller.poll()).condition.state == "ok"
    assert (await poller.poll()).condition.state == "ok"


async def test_a_page_of_which_half_cannot_be_read_says_so(poller: Poller, rybar: Channel, kept: Kept) -> None:
    for number in range(125, 140):
        rybar.posts[number].raw = f'<div class="tgme_widget_message_wrap"><div data-post="rybar/{number}">?</div></div>'
    reading = await poller.poll()
    assert (reading.condition.state, reading.dropped) == ("page_changed", 15)
    assert ids(reading) == [121, 122, 123, 124, 140]
    assert len(kept.samples) == 1


async def test_samples_are_few_small_and_private(tmp_path: Path) -> None:
    samples = Samples(tmp_path / "samples")
    for number in range(MOST + 3):
        await samples.keep(f"source{number}", b"x" * (LONGEST + 1))
    await samples.keep("../../else", b"a")
    await samples.keep("../../else", b"b")
    files = sorted((tmp_path / "samples").iterdir())
    assert (len(files), {path.stat().st_mode & 0o777 for path in files}) == (MOST, {0o600})
    assert max(path.stat().st_size for path in files) == LONGEST
    assert (tmp_path / "samples" / "______else.html").read_bytes() == b"b"


async def test_a_folder_that_cannot_be_written_to_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    await Samples(tmp_path / "file" / "samples").keep("rybar", b"x")
