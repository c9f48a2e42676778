"""Channels through the real preview protocol on loopback: window, paging, gaps, revisions, and who may be read."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.http.serving import Answer
from bot.model import Arrival, Gap, Reading, Source, SourceKind, SourceMemory, Via
from bot.sources import Reader, after
from tests.fakes.clock import StepClock
from tests.fakes.preview import Block, Channel, Preview

RYBAR = Source(name="rybar", kind=SourceKind.CHANNEL, address="https://t.me/rybar", poll=timedelta(seconds=90))


class Poller:
    """Polls one source again and again, as the service does."""

    def __init__(self, reader: Reader, clock: StepClock, source: Source = RYBAR) -> None:
        self.reader, self.clock, self.source = reader, clock, source
        self.memory = SourceMemory(name=source.name)

    async def poll(self, **change: object) -> Reading:
        self.source = replace(self.source, **change)  # type: ignore[arg-type]
        reading = await self.reader.read(self.source, self.memory, self.clock.now())
        self.memory = after(self.source, self.memory, reading, self.clock.now())
        self.clock.moment += timedelta(seconds=90)
        return reading


@pytest.fixture
def poller(reader: Reader, clock: StepClock) -> Poller:
    return Poller(reader, clock)


@pytest.fixture
def rybar(preview: Preview) -> Channel:
    channel = preview.add(Channel("rybar"))
    channel.write(*range(101, 141))
    return channel


def ids(reading: Reading) -> list[int]:
    return [int(post.id) for post in reading.posts]


async def test_the_first_reading_is_the_newest_page_and_a_baseline(poller: Poller, rybar: Channel) -> None:
    reading = await poller.poll()
    assert ids(reading) == list(range(121, 141))
    assert (reading.condition.state, reading.arrival, reading.backfilled) == ("ok", Arrival.BASELINE, frozenset())
    assert (reading.cursor.newest, reading.cursor.gaps, reading.cursor.channel_id) == (140, (), 1769674427)
    assert reading.window == Gap(121, 140)
    assert reading.posts[-1].url == "https://t.me/rybar/140"
    assert reading.posts[-1].text == "Пост 140"


async def test_backfill_pages_back_until_it_has_enough(poller: Poller, rybar: Channel) -> None:
    reading = await poller.poll(backfill=30)
    assert ids(reading) == list(range(101, 141))
    assert reading.backfilled == {str(number) for number in range(111, 141)}
    assert reading.cursor.gaps == ()


async def test_backfill_ends_at_the_true_start(poller: Poller, preview: Preview, rybar: Channel) -> None:
    reading = await poller.poll(backfill=500)
    assert ids(reading) == list(range(101, 141))
    assert preview.asked == ["/s/rybar", "/s/rybar?before=121", "/s/rybar?before=101"]


async def test_later_readings_page_back_to_the_cursor(poller: Poller, preview: Preview, rybar: Channel) -> None:
    await poller.poll()
    rybar.write(*range(141, 191))
    reading = await poller.poll()
    assert ids(reading) == list(range(131, 191))
    assert (reading.arrival, reading.cursor.newest, reading.cursor.gaps) == (Arrival.LIVE, 190, ())
    assert reading.window == Gap(131, 190)


async def test_a_quiet_poll_asks_for_one_page(poller: Poller, preview: Preview, rybar: Channel) -> None:
    await poller.poll()
    preview.asked.clear()
    await poller.poll()
    assert preview.asked == ["/s/rybar"]


async def test_what_the_pages_do_not_reach_is_a_gap_and_is_filled(poller: Poller, rybar: Channel) -> None:
    await poller.poll()
    rybar.write(*range(141, 401))
    reading = await poller.poll()
    assert reading.cursor.newest == 400
    assert reading.cursor.gaps == (Gap(141, 280),)
    seen = set(ids(reading))
    while poller.memory.cursor.gaps:
        seen |= set(ids(reading := await poller.poll()))
    assert seen >= set(range(141, 401))
    assert reading.window
    assert reading.window.low > 280  # Deletions are only told of where no hole was left.


async def test_an_error_in_the_middle_leaves_a_gap_and_is_told(
    poller: Poller, preview: Preview, rybar: Channel
) -> None:
    await poller.poll()
    rybar.write(*range(141, 221))
    preview.failing["/s/rybar?before=181"] = Answer(429, {"Retry-After": "120"})
    asked_at = poller.clock.now()
    reading = await poller.poll()
    assert reading.condition.state == "rate_limited"
    # The third page was asked for two seconds later, and the delay counts from its answer.
    assert reading.condition.until == asked_at + timedelta(seconds=122)
    assert (ids(reading), reading.cursor.gaps) == (list(range(181, 221)), (Gap(141, 180),))
    preview.failing.clear()
    poller.clock.moment = reading.condition.until
    assert (await poller.poll()).cursor.gaps == ()


async def test_patience_counts_from_the_answer_however_long_the_turn_was_waited_for(
    reader: Reader, clock: StepClock, preview: Preview
) -> None:
    preview.failing["/s/rybar"] = Answer(429, {"Retry-After": "60"})
    before = clock.now()
    clock.moment += timedelta(seconds=45)
    reading = await reader.read(RYBAR, SourceMemory(name="rybar"), before)
    assert reading.condition.until == clock.now() + timedelta(seconds=60)


async def test_a_first_reading_that_breaks_is_done_again_whole(
    poller: Poller, preview: Preview, rybar: Channel
) -> None:
    preview.failing["/s/rybar?before=121"] = Answer(500)
    reading = await poller.poll(backfill=30)
    assert (reading.condition.state, reading.posts, poller.memory.first_read) == ("http_500", (), None)
    preview.failing.clear()
    reading = await poller.poll()
    assert (reading.arrival, len(reading.backfilled)) == (Arrival.BASELINE, 30)


async def test_edits_and_deletions_show_in_the_window(poller: Poller, rybar: Channel) -> None:
    await poller.poll()
    rybar.posts[135].html = "Пост 135, исправлен"
    del rybar.posts[130]
    reading = await poller.poll()
    assert reading.window == Gap(120, 140)
    assert 130 not in ids(reading)
    assert next(post.text for post in reading.posts if post.id == "135") == "Пост 135, исправлен"


async def test_a_deletion_at_the_end_is_believed_when_two_pages_say_so(
    poller: Poller, preview: Preview, rybar: Channel
) -> None:
    await poller.poll()
    del rybar.posts[140]
    reading = await poller.poll()
    assert reading.window
    assert reading.window.high == 140
    assert reading.cursor.newest == 140
    assert "/s/rybar?before=141" in preview.asked


async def test_now_and_then_older_pages_are_swept(poller: Poller, preview: Preview, rybar: Channel) -> None:
    rybar.write(*range(41, 101))
    await poller.poll()
    poller.clock.moment += timedelta(minutes=30)
    preview.asked.clear()
    reading = await poller.poll()
    assert preview.asked == ["/s/rybar", "/s/rybar?before=121", "/s/rybar?before=101"]
    assert reading.window == Gap(81, 140)
    assert poller.memory.cursor.gaps == ()


async def test_requests_to_the_preview_stand_apart(poller: Poller, clock: StepClock, rybar: Channel) -> None:
    await poller.poll(backfill=60)
    assert clock.slept == [1.0, 1.0]


async def test_an_unreadable_block_is_a_hole_that_stays_until_it_can_be_read(poller: Poller, rybar: Channel) -> None:
    await poller.poll()
    rybar.write(141, 142, 143)
    rybar.posts[142].raw = '<div class="tgme_widget_message_wrap"><div data-post="rybar/142">?</div></div>'
    reading = await poller.poll()
    assert (reading.dropped, reading.cursor.newest, reading.cursor.gaps) == (1, 143, (Gap(142, 142),))
    assert reading.window == Gap(143, 143)
    assert "could not be read" in reading.condition.detail
    rybar.write(142)
    reading = await poller.poll()
    assert (reading.cursor.gaps, 142 in ids(reading)) == ((), True)


async def test_an_unreadable_newest_block_stops_the_cursor(poller: Poller, rybar: Channel) -> None:
    await poller.poll()
    rybar.write(141, 142)
    rybar.posts[142].raw = '<div class="tgme_widget_message_wrap"><div>?</div></div>'
    reading = await poller.poll()
    assert (reading.dropped, reading.cursor.newest, reading.cursor.gaps) == (1, 141, ())
    rybar.write(142)
    assert (await poller.poll()).cursor.newest == 142


async def test_a_known_newest_block_that_became_unreadable_is_neither_a_gap_nor_deleted(
    poller: Poller, rybar: Channel
) -> None:
    await poller.poll()
    rybar.posts[140].raw = '<div class="tgme_widget_message_wrap"><div>?</div></div>'
    reading = await poller.poll()
    assert (reading.cursor.newest, reading.cursor.gaps, reading.window) == (140, (), Gap(121, 139))


async def test_an_unreadable_block_without_an_id_lies_between_its_neighbours(poller: Poller, rybar: Channel) -> None:
    await poller.poll()
    rybar.write(141, 144)
    rybar.posts[142] = Block(142, raw='<div class="tgme_widget_message_wrap"><div>?</div></div>')
    assert (await poller.poll()).cursor.gaps == (Gap(142, 143),)


async def test_service_messages_are_read_and_are_no_posts(poller: Poller, rybar: Channel) -> None:
    rybar.posts[141] = Block(141, body='<div class="service_message">pinned a message</div>')
    reading = await poller.poll()
    assert (ids(reading)[-1], reading.cursor.newest) == (140, 141)


async def test_an_album_is_one_post_and_the_cursor_stands_behind_its_parts(poller: Poller, rybar: Channel) -> None:
    links = "".join(f'<a class="grouped_media_wrap" href="https://t.me/rybar/{n}?single"></a>' for n in (141, 142, 143))
    rybar.posts[141] = Block(
        141, "Подпись", body=f'<div class="tgme_widget_message_grouped_wrap js-message_grouped_wrap">{links}</div>'
    )
    reading = await poller.poll()
    album = reading.posts[-1]
    assert (album.id, album.parts, album.album, album.text) == ("141", ("142", "143"), "141", "Подпись")
    assert album.url == "https://t.me/rybar/141"
    assert reading.cursor.newest == 143


async def test_a_post_of_megabytes_is_cut_and_said_to_be(poller: Poller, rybar: Channel) -> None:
    rybar.write(141, words="слово " * 300_000)
    *others, long = (await poller.poll()).posts
    assert (len(long.text), long.complete) == (100_000, False)
    assert all(post.complete for post in others)


@pytest.mark.parametrize("seed", range(6))
async def test_whatever_happens_the_cursor_never_covers_what_was_not_read(
    seed: int, poller: Poller, preview: Preview, rybar: Channel
) -> None:
    """Bursts, deletions, broken blocks and failing pages at random: what is neither read nor in a gap is above."""
    chance = random.Random(seed)
    seen = set(ids(await poller.poll()))
    baseline = min(seen)
    for _ in range(25):
        newest = max(rybar.posts, default=200)
        rybar.write(*(newest + 1 + n for n in range(chance.choice([0, 1, 5, 30, 200]))))
        for number in chance.sample(sorted(rybar.posts), 2):
            del rybar.posts[number]
        for number, block in rybar.posts.items():
            block.raw = chance.choice(BROKEN).format(number) if chance.random() < 0.01 else None
        before = chance.randrange(newest - 100, newest + 100)
        preview.failing = {f"/s/rybar?before={n}": Answer(503) for n in range(before, before + 60)}
        reading = await poller.poll()
        seen |= set(ids(reading))
        cursor = poller.memory.cursor
        assert cursor.newest
        covered = {number for number in rybar.posts if baseline <= number <= cursor.newest}
        in_gaps = {number for gap in cursor.gaps for number in range(gap.low, gap.high + 1)}
        assert covered - seen - in_gaps == set()
        if reading.window:
            shown = {n for n in rybar.posts if reading.window.low <= n <= reading.window.high}
            assert shown <= set(ids(reading))


BROKEN = (
    '<div class="tgme_widget_message_wrap"><div data-post="rybar/{}">?</div></div>',
    '<div class="tgme_widget_message_wrap"><div>?</div></div>',
)


# ---------------------------------------------------------------- who may be read


async def test_a_channel_without_posts_is_empty(poller: Poller, preview: Preview) -> None:
    channel = preview.add(Channel("rybar"))
    reading = await poller.poll()
    assert (reading.condition.state, reading.posts) == ("empty", ())
    channel.write(2)
    reading = await poller.poll()
    assert (ids(reading), reading.arrival) == ([2], Arrival.LIVE)


async def test_a_page_without_marks_is_an_error_and_no_end(poller: Poller, preview: Preview, rybar: Channel) -> None:
    await poller.poll()
    preview.failing["/s/rybar"] = Answer(200, {}, b"<html><body>Just a moment...</body></html>")
    reading = await poller.poll()
    assert (reading.condition.state, reading.cursor) == ("page_changed", poller.memory.cursor)
    assert reading.condition.remedy


async def test_a_preview_that_is_off_is_a_redirect(poller: Poller, rybar: Channel) -> None:
    rybar.preview = False
    reading = await poller.poll(via=Via.WEB)
    assert reading.condition.state == "no_preview"
    reading = await poller.poll(via=Via.AUTO)
    assert reading.condition.state == "needs_reader"
    assert "readers" in reading.condition.remedy


async def test_a_page_that_asks_for_patience_says_nothing_about_the_preview(
    poller: Poller, preview: Preview, rybar: Channel
) -> None:
    rybar.preview = False
    preview.failing["/rybar"] = Answer(429, {"Retry-After": "60"})
    reading = await poller.poll()
    assert reading.condition.state == "rate_limited"
    assert reading.condition.until


@pytest.mark.parametrize(("status", "state"), [(500, "http_500"), (404, "not_found")])
async def test_a_name_whose_page_cannot_be_read_is_not_said_to_have_no_preview(
    poller: Poller, preview: Preview, rybar: Channel, status: int, state: str
) -> None:
    rybar.preview = False
    preview.failing["/rybar"] = Answer(status)
    assert (await poller.poll()).condition.state == state


async def test_groups_and_unknown_names_are_told_apart(poller: Poller, preview: Preview) -> None:
    preview.add(Channel("rybar", preview=False, landing='<div class="tgme_page_extra">80 members, 3 online</div>'))
    reading = await poller.poll()
    assert (reading.condition.state, "group" in reading.condition.detail) == ("refused", True)
    preview.channels.clear()
    assert (await poller.poll()).condition.state == "not_found"


async def test_mtproto_without_a_reader_needs_one(poller: Poller, preview: Preview, rybar: Channel) -> None:
    assert (await poller.poll(via=Via.MTPROTO)).condition.state == "needs_reader"
    assert preview.asked == []


async def test_an_account_reads_in_the_same_poll_where_the_preview_is_off(
    reader: Reader, clock: StepClock, rybar: Channel
) -> None:
    class Account:
        def closed(self, _source: Source, _memory: SourceMemory) -> None:
            """It can be used."""

        async def reread(self, _source: Source, _memory: SourceMemory, _known: object) -> None:
            """Nothing older."""

        async def read(self, source: Source, memory: SourceMemory, _now: object) -> Reading:
            return Reading(source=source.name, condition=memory.condition, cursor=memory.cursor, dropped=7)

    rybar.preview = False
    reader._account = Account()
    reading = await reader.read(RYBAR, SourceMemory(name="rybar"), clock.now())
    assert reading.dropped == 7


async def test_another_channel_under_the_name_is_parked_until_accepted(poller: Poller, rybar: Channel) -> None:
    await poller.poll()
    rybar.number = 42
    rybar.write(141)
    reading = await poller.poll()
    assert (reading.condition.state, reading.posts) == ("replaced", ())
    assert reading.cursor.channel_id == 1769674427
    assert "id: 42" in reading.condition.remedy
    reading = await poller.poll(id=-1000000000042)
    assert (reading.condition.state, reading.arrival, reading.cursor.channel_id) == ("ok", Arrival.BASELINE, 42)


async def test_a_pinned_id_is_held_from_the_first_reading(poller: Poller, rybar: Channel) -> None:
    assert (await poller.poll(id=7)).condition.state == "replaced"
    assert (await poller.poll(id=1769674427)).condition.state == "ok"


async def test_a_renamed_channel_is_read_if_its_id_is_known(poller: Poller, rybar: Channel) -> None:
    rybar.shown_name = "rybar_new"
    reading = await poller.poll()
    assert (reading.condition.state, reading.posts) == ("renamed", ())
    assert "name: rybar_new" in reading.condition.remedy
    reading = await poller.poll(id=1769674427)
    assert (reading.condition.state, len(reading.posts)) == ("renamed", 20)
    assert reading.posts[-1].url == "https://t.me/rybar_new/140"


async def test_capitals_in_a_name_are_no_renaming(poller: Poller, rybar: Channel) -> None:
    rybar.shown_name = "Rybar"
    reading = await poller.poll()
    assert (reading.condition.state, reading.posts[-1].url) == ("ok", "https://t.me/rybar/140")
