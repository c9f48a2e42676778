from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.config import OPS, OpsSettings
from bot.model import Condition, Outcome, Route, Schedule
from tests.notices.newsdesk import CONSOLE, HOUR, MINUTE, Newsdesk
from tests.store.world import memory, outgoing, reading

TEN = timedelta(minutes=10)
ROUTE = Route(name=OPS, to=CONSOLE, digest=Schedule(cron="0 8 * * *", timezone="Europe/Kyiv"))
SECRET = "https://feed.example/?token=SEKRET"


def begin(news: Newsdesk, *, daily: bool = False) -> None:
    news.more = {"ops": OpsSettings(route=ROUTE if daily else replace(ROUTE, digest=None), interval=TEN)}


async def change(news: Newsdesk, source: str, state: str) -> None:
    read = reading(source=source, condition=Condition(state=state, detail=f"no answer from {SECRET}", since=news.now))
    await news.store.commit_reading(read, memory(read, news.now), news.now)


async def test_changes_are_told_together_and_not_too_often(news: Newsdesk) -> None:
    begin(news)
    for source in ("rybar", "deepstate"):
        await change(news, source, "ok")
    await news.tick()
    assert await news.texts() == [], "the first look tells nothing of the past"
    await change(news, "rybar", "http_503")
    await change(news, "deepstate", "gone")
    assert await news.tick(MINUTE) == 0
    assert await news.tick(TEN) == 1
    (text,) = await news.texts()
    assert text == "placewire\nРыбарь: http_503\nDeepState: gone"
    for state in ("ok", "http_503", "ok"):
        news.now += MINUTE
        await change(news, "rybar", state)
    assert await news.tick(MINUTE) == 0
    await news.restart()
    assert await news.tick(TEN) == 1
    assert (await news.texts())[-1] == "placewire\nРыбарь: ok, 3 changes"
    assert "SEKRET" not in "".join(await news.texts())
    assert await news.tick(TEN) == 0


async def test_stranded_deliveries_are_told_once_and_its_own_never(news: Newsdesk) -> None:
    begin(news)
    await news.tick()
    await news.store.queue("kursk", [outgoing("k1"), outgoing("k2")], news.now)
    await news.store.queue(OPS, [outgoing("k3")], news.now)
    for row in await news.store.ready(news.now):
        begun = await news.store.begin(row, news.now)
        await news.store.settle(begun, Outcome.PARKED, now=news.now, reason=f"wrong address {SECRET}")
    assert await news.tick(TEN) == 1
    (text,) = await news.texts()
    assert text == "placewire\n2 × kursk: parked, see `outbox`"
    assert await news.tick(TEN) == 0
    for outcome in (Outcome.WAITING, Outcome.PARKED):  # tried again by the next start, or the next `once`
        for each in await news.outbox():
            if each.route == "kursk":
                await news.store.settle(replace(begun, row=int(each.id[1:])), outcome, now=news.now, reason="again")
        await change(news, "rybar", "http_503" if outcome is Outcome.WAITING else "gone")
        assert await news.tick(TEN) == 1
    assert "2 × kursk" not in "".join((await news.texts())[1:]), "what strands again is no news"


async def test_a_source_that_never_worked_is_told_at_the_first_look(news: Newsdesk) -> None:
    begin(news)
    await change(news, "rybar", "http_500")
    await change(news, "isw", "ok")
    assert await news.tick() == 1
    assert await news.texts() == ["placewire\nРыбарь: http_500"]


async def test_a_line_a_day(news: Newsdesk) -> None:
    begin(news, daily=True)
    await news.tick()
    await news.report("rybar")
    news.now += 17 * HOUR
    assert await news.tick() == 0
    assert await news.tick(2 * HOUR) == 1
    (text,) = await news.texts()
    assert text == ("placewire\n23 Nov: 1 seen, 1 matched, 0 told, 0 delivered; gaps: 0; sources 1 of 3 working")
    await news.restart()
    assert await news.tick(MINUTE) == 0
    assert await news.tick(3 * 24 * HOUR) == 1, "after three days of downtime one line"
    line = (await news.texts())[-1]
    assert line.endswith("of 3 working; it did not run at the time of this line on 24 Nov, 25 Nov")
    await news.tick(9 * 24 * HOUR)
    assert (await news.texts())[-1].endswith("on …, 2 Dec, 3 Dec, 4 Dec")


async def test_without_ops_nothing_is_told(news: Newsdesk) -> None:
    await change(news, "rybar", "gone")
    assert await news.tick(TEN) == 0
