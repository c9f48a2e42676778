"""`config diff` and `rematch`: what is gained and lost, said before and done after."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.errors import StoreError, WrongUsage
from bot.service.memory import writing
from bot.service.rematching import Outcome, config_diff, rematch
from bot.service.spans import date, moment
from bot.store import Act, ActKind, How
from tests.fakes.installation import FRONT, Installation

NEW = "places: [{name: Суджа, id: sudzha, not: [Суджанский район]}, {name: Рыльск, id: rylsk}]\n"


def write(installed: Installation, text: str, folder: str = "config") -> Path:
    file = installed.folder / folder / "watchlists/kursk.yaml"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return installed.folder / folder


def told(outcome: Outcome) -> tuple[list[str], list[str]]:
    watches = [f"{change} {watch.id}" for change, watch in outcome.watches]
    return watches, [f"{each.change} {each.watch} {each.post}" for each in outcome.mentions]


async def diff(installed: Installation, old: Path | None = None, since: datetime | None = None) -> Outcome:
    shares: list[float] = []
    outcome = await config_diff(installed.config, old, installed.clock.now(), shares.append, since=since)
    assert shares == sorted(shares)
    return outcome


@pytest.fixture
async def stored(installed: Installation) -> Installation:
    """Sudzha and Berdin are watched; a post names Rylsk, too, and one is of long ago."""
    installed.clock.moment -= timedelta(days=40)
    installed.write("Давно под Рыльском и у Бердина.")
    await installed.once()
    installed.clock.moment += timedelta(days=40)
    installed.write("Бои под Суджей, у Бердина и в Рыльске.")
    await installed.once()
    return installed


async def test_a_difference_names_places_and_the_hits_of_thirty_days(stored: Installation) -> None:
    assert told(await diff(stored)) == ([], [])
    write(stored, NEW)
    watches = ["added rylsk", "removed berdin", "changed sudzha"]
    mentions = [f"gained rylsk {FRONT}/2", f"lost berdin {FRONT}/2"]
    assert told(await diff(stored)) == (watches, mentions)
    before = await stored.hits()
    await stored.once()
    adopted = await diff(stored)
    assert (told(adopted), adopted.adopted) == ((watches, mentions), stored.clock.now()), "against what was before"
    assert len(await stored.hits()) == len(before) + 2
    old = write(stored, "places: [{name: Рыльск, id: rylsk}]\n", folder="old")
    assert told(await diff(stored, old))[0] == ["added sudzha"]


async def test_what_several_edits_changed_is_told_since_a_moment(stored: Installation) -> None:
    begun = stored.clock.now()
    for text in (NEW, "places: [{name: Рыльск, id: rylsk}]\n"):
        write(stored, text)
        await stored.once()
    assert told(await diff(stored))[0] == ["removed sudzha"]
    assert told(await diff(stored, since=begun))[0] == ["added rylsk", "removed berdin", "removed sudzha"]
    assert told(await diff(stored, since=stored.clock.now() + timedelta(seconds=1))) == ([], [])
    assert "against what was in use before:\n- Суджа (sudzha)" in await command(stored, "config", "diff")
    assert '"adopted": "2' in await command(stored, "config", "diff", "--json")
    both = ("config", "diff", str(stored.folder), "--since", "1d")
    assert "give one of the two" in await command(stored, *both, status=2)


async def test_where_nothing_ran_another_folder_must_be_named(installed: Installation) -> None:
    with pytest.raises(StoreError, match="does not exist"):
        await diff(installed)
    old = write(installed, NEW, folder="old")
    assert told(await diff(installed, old)) == (["added berdin", "removed rylsk", "changed sudzha"], [])
    with pytest.raises(WrongUsage, match="is not a folder"):
        await diff(installed, installed.folder / "nowhere")


async def again(installed: Installation, *, dry: bool, since: datetime | None = None) -> Outcome:
    return await rematch(installed.config, since, installed.clock.now(), lambda _share: None, dry=dry)


async def states(installed: Installation) -> list[tuple[str, str, str, bool]]:
    return [(hit.watch, hit.post.rpartition("/")[2], hit.state, hit.late) for hit in await installed.hits()]


async def test_rematch_says_first_and_does_then_and_deletes_nothing(stored: Installation) -> None:
    before = await states(stored)
    told_then = stored.told
    write(stored, "places: [{name: Бердин, id: berdin, not: [Бердин]}, {name: Рыльск, id: rylsk}]\n")
    expected = [
        f"gained rylsk {FRONT}/1",
        f"lost berdin {FRONT}/1",
        f"gained rylsk {FRONT}/2",
        f"lost berdin {FRONT}/2",
    ]
    assert told(await again(stored, dry=True))[1] == expected
    assert await states(stored) == before
    recent = stored.clock.now() - timedelta(days=30)
    assert told(await again(stored, dry=True, since=recent))[1] == expected[2:]
    assert told(await again(stored, dry=False))[1] == expected
    assert told(await again(stored, dry=False))[1] == []
    assert await states(stored) == [
        ("berdin", "1", "ruled_out", True),
        ("sudzha", "2", "live", False),
        ("berdin", "2", "ruled_out", False),
        ("rylsk", "1", "live", True),
        ("rylsk", "2", "live", True),
    ]
    await stored.once()
    assert stored.told == told_then


async def judge(installed: Installation, kind: ActKind, *hits: str) -> None:
    async with writing(installed.config) as store:
        await store.reviews.perform(Act(kind=kind, targets=hits, who="anna", how=How.CLI), installed.clock.now())


async def test_what_people_decided_is_a_test_of_every_change(stored: Installation) -> None:
    ids = {(hit.watch, hit.post.rpartition("/")[2]): hit.id for hit in await stored.hits()}
    await judge(stored, ActKind.CONFIRM, ids["sudzha", "2"])
    await judge(stored, ActKind.REJECT, ids["berdin", "2"])
    assert (await again(stored, dry=True)).regressions == []

    rule = "{name: Бердин, id: berdin, not: [у Бердина]}"
    write(stored, f"places: [{{name: Суджа, id: sudzha, not: [под Суджей]}}, {rule}]\n")
    assert [(each.change, each.hit) for each in (await again(stored, dry=True)).regressions] == [
        ("missed", ids["sudzha", "2"])
    ]
    await again(stored, dry=False)
    assert ("sudzha", "2", "live", False) in await states(stored), "what a person confirmed stays"

    write(stored, "places: [{name: Суджа, id: sudzha}, {name: Бердин, id: berdin}]\n")
    lines = (await command(stored, "rematch", "--dry-run", "--json", status=1)).splitlines()
    (back,) = [json.loads(line) for line in lines if '"returned"' in line]
    assert (back["hit"], back["verdict"]) == (ids["berdin", "2"], "rejected")
    assert "against what people decided: 0 confirmed hits" in await command(stored, "rematch", "--dry-run", status=1)
    await command(stored, "rematch")
    assert (await again(stored, dry=True)).regressions == []


async def command(installed: Installation, *arguments: str, status: int = 0) -> str:
    """What a command says."""
    ended = await installed.run(*arguments)
    assert ended.status == status
    return ended.out + (ended.err if status else "")


async def test_the_commands_speak_to_people_and_to_scripts(stored: Installation) -> None:
    write(stored, NEW)
    shown = await command(stored, "config", "diff")
    assert "+ Рыльск (rylsk)" in shown
    assert "hits gained: 1, lost: 1, over the last 30 days" in shown
    lines = [json.loads(line) for line in (await command(stored, "config", "diff", "--json")).splitlines()]
    assert [line["change"] for line in lines] == ["added", "removed", "changed", "gained", "lost"]
    assert {line["adopted"] for line in lines} == {None}, "not taken over yet"
    assert (lines[3]["text"], lines[3]["url"]) == ("Рыльске", f"https://t.me/{FRONT}/2")
    (lost,) = [hit.id for hit in await stored.hits() if (hit.watch, hit.post) == ("berdin", f"{FRONT}/2")]
    assert [line["hit"] for line in lines[3:]] == [None, lost]
    assert "is still to come" in await command(stored, "config", "diff", "--since", "2930-01-01", status=2)
    assert "hits gained: 1, lost: 0, would be so" in await command(stored, "rematch", "--dry-run", "--since", "30d")
    for given in (("rematch",), ("config", "diff"), ("export", "--format", "csv"), ("digest", "all")):
        said = await command(stored, *given, "--since", "gestern", status=2)
        assert re.search(r"--since: 'gestern' is no moment; .*\(24h, 7d\), or .*2026-11-01", said), said
    said = await command(stored, "silence", "add", "--comment", "x", "--route", "all", "--until", "morgen", status=2)
    assert "--until: 'morgen' is no date; write a date in UTC: 2026-11-01, 2026-11-01T18:00" in said


def test_how_far_back_is_a_duration_or_a_date() -> None:
    now = datetime(2026, 11, 22, 12, tzinfo=UTC)
    assert moment("2d", now) == now - timedelta(days=2)
    assert moment("2026-11-01", now) == datetime(2026, 11, 1, tzinfo=UTC)
    assert moment("999999d", now) == datetime.min.replace(tzinfo=UTC)
    assert date("2026-11-01T18:00+02:00", "--until") == datetime(2026, 11, 1, 16, tzinfo=UTC)
