"""The commands by which people decide, as processes beside a database with hits."""

import re
from datetime import timedelta

from bot.model import Destination, DestinationKind, Outcome
from bot.service.memory import writing
from tests.fakes.installation import Installation
from tests.store.world import outgoing


async def test_decisions_are_made_listed_traced_and_undone(installed: Installation) -> None:
    await installed.once()
    installed.write("Бои под Суджей и у Бердина")
    await installed.once()
    done = await installed.run("reject", "h1", "--reason", "прізвище", "--note", "so what")
    assert (done.status, done.out) == (0, "a1: reject h1; `undo a1` takes it back\n")
    assert (await installed.run("confirm", "h9")).err.startswith("h9: nothing has this id; `hits`, `stories`")
    assert [row["verdict"] for row in (await installed.run("hits", "--json")).lines] == ["rejected", None]
    (row,) = (await installed.run("audit", "--json")).lines
    assert (row["kind"], row["reason"], row["note"], row["how"]) == ("reject", "other", "прізвище; so what", "cli")
    assert "a1: rejected by" in (await installed.run("trace", "h1")).out
    assert (await installed.run("undo")).out == "a2: undo h1; `undo a2` takes it back\n"
    assert [row.verdict for row in await installed.hits()] == [None, None]


async def test_quality_is_told_with_its_uncertainty(installed: Installation) -> None:
    await installed.once()
    installed.write("Сообщил Николай Бердин")
    await installed.once()
    assert "Nobody has decided" in (await installed.run("quality")).err
    await installed.run("reject", "h1", "--reason", "person")
    rows = {(row["by"], row["of"]): row for row in (await installed.run("quality", "--json")).lines}
    place = rows["watch", "berdin"]
    assert (place["share"], place["low"], round(place["high"], 2), place["counted"]) == (0.0, 0.0, 0.79, 1)
    assert {by for by, _ in rows} == {"watch", "source", "evidence", "confidence"}


async def test_what_was_told_is_corrected_by_command(installed: Installation) -> None:
    installed.clock.moment -= timedelta(hours=1)  # commands go by the real time
    await installed.once()
    installed.write("Бои под Суджей")
    await installed.once()
    assert (await installed.run("correct", "s1", "--route", "none", "--note", "x")).status == 1
    assert "a1: correct s1" in (await installed.run("correct", "s1", "--route", "all", "--note", "the dam")).out
    await installed.once()
    assert "the dam" in installed.told


async def test_a_place_that_nobody_watches_is_refused(installed: Installation) -> None:
    refused = await installed.run("move", "h1", "--to", "atlantis")
    assert (refused.status, refused.err) == (2, "atlantis: is no watch of the watchlists; name one by its id\n")


async def test_a_delivery_whose_answer_was_lost_is_settled_by_command(installed: Installation) -> None:
    await installed.once()
    installed.write("Бои под Суджей")
    await installed.once()
    assert "o1: was sent" in await refused(installed, 1, "settle", "o1", "--again")
    async with writing(installed.config) as store:
        ((row,), now) = [each async for each in store.outbox()], installed.clock.now()
        await store.queue("all", [outgoing("lost", Destination(DestinationKind.TELEGRAM, "@kursk"))], now)
        (lost,) = await store.ready(now)
        await store.settle(await store.begin(lost, now), Outcome.UNKNOWN, now=now)
    assert row.outcome == "sent"
    for wrong in ((), ("--arrived", "--again"), ("--again", "--link", "7")):
        said = await refused(installed, 2, "settle", "o2", *wrong)
        assert "give --arrived, perhaps with --link, or --again" in said
    assert "then `settle ID --arrived` or `--again`" in (await installed.run("doctor")).out
    done = (await installed.run("settle", "o2", "--arrived", "--link", "7", "--note", "seen")).out
    assert done == "a1: arrived o2; `undo a1` takes it back\n"
    assert '"outcome": "sent", "reason": "arrived, says ' in (await installed.run("outbox", "--json")).out
    assert "said to have arrived" in (await installed.run("trace", "o2")).out
    assert re.search(r"at \(UTC\) .*\na1 +\d{4}-\d\d-\d\d \d\d:\d\d  ", (await installed.run("audit")).out)


async def refused(installed: Installation, status: int, *arguments: str) -> str:
    ended = await installed.run(*arguments)
    assert (ended.status, ended.out) == (status, "")
    return ended.err
