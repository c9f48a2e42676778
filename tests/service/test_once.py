"""`once`: what a second round finds already done, and what it does when things fail."""

import re
from dataclasses import asdict
from datetime import timedelta

import pytest

from bot.model import Preference, Reason
from bot.service import previewing
from bot.service.memory import writing
from tests.fakes.installation import FRONT, Installation


async def test_a_second_round_stores_and_sends_nothing(installed: Installation) -> None:
    installed.write("Бои под Суджей.")
    await installed.once()
    installed.write("У Бердина тихо.")
    first = await installed.once()
    told, hits = installed.told, await installed.hits()
    second = await installed.once()
    assert (first.new, first.digests, first.delivered.sent) == (1, 1, 1)
    assert (second.new, second.digests, second.delivered.sent) == (0, 0, 0)
    assert installed.told == told
    assert await installed.hits() == hits


async def test_a_first_reading_is_listed_late_and_not_announced(installed: Installation) -> None:
    installed.write("Бои под Суджей.")
    await installed.once()
    installed.write("Суджа: тихо.")
    await installed.once()
    old, new = await installed.hits()
    assert (old.late, new.late) == (True, False)
    assert f"https://t.me/{FRONT}/2" in installed.told
    assert f"https://t.me/{FRONT}/1" not in installed.told
    preview = await previewing.show(installed.config, "all", "24h", installed.clock)
    assert f"https://t.me/{FRONT}/1" in preview.text


async def test_a_digest_that_is_sent_by_hand_is_not_sent_again(installed: Installation) -> None:
    installed.configure(cron="0 0 1 1 *")
    await installed.once()
    installed.write("Бои под Суджей.")
    await installed.once()
    assert installed.told == ""
    sent = await previewing.send(installed.config, "all", None, installed.clock)
    installed.clock.moment += timedelta(minutes=1)
    again = await previewing.send(installed.config, "all", None, installed.clock)
    assert f"https://t.me/{FRONT}/1" in sent.text
    assert f"https://t.me/{FRONT}/1" not in again.text
    assert installed.told.count(f"https://t.me/{FRONT}/1") == 1


async def test_an_edit_keeps_its_mention_and_brings_new_ones(installed: Installation) -> None:
    installed.write("Бои под Суджей.")
    await installed.once()
    installed.channel.posts[1].html = "Бои под Суджей и у Бердина."
    await installed.once()
    assert [(hit.watch, hit.late, hit.state) for hit in await installed.hits()] == [
        ("sudzha", True, "live"),
        ("berdin", False, "live"),
    ]


async def test_a_deleted_post_stays_listed_with_its_state(installed: Installation) -> None:
    for text in ("Раз.", "Бои под Суджей.", "Три."):
        installed.write(text)
    await installed.once()
    del installed.channel.posts[2]
    await installed.once()
    assert [hit.state for hit in await installed.hits()] == ["deleted"]


async def test_a_source_that_fails_is_no_failure_of_the_round(installed: Installation) -> None:
    installed.titles["1"] = "Fighting near Sudzha"
    installed.channel.preview = False
    assert not (await installed.once()).failed
    async with installed.store() as store:
        assert {row.id: row.state for row in await store.sources()} == {"wire": "ok", FRONT: "no_preview"}


async def test_a_due_delivery_that_fails_is_one_and_comes_again(installed: Installation) -> None:
    await installed.once()
    (installed.folder / "out.txt").mkdir()
    installed.write("Бои под Суджей.")
    done = await installed.once()
    async with installed.store() as store:
        (row,) = [row async for row in store.outbox()]
    assert row.reason
    assert done.failed
    (installed.folder / "out.txt").rmdir()
    await installed.once()
    assert installed.told.count(f"https://t.me/{FRONT}/1") == 1


async def test_a_telegram_route_without_a_publisher_is_parked_and_no_failure(installed: Installation) -> None:
    installed.configure(to="telegram:@somewhere")
    told = installed.folder / "ops.txt"
    bot = installed.folder / "config" / "bot.yaml"
    bot.write_text(f"{bot.read_text()}\nops: {{to: 'file:{told}', daily: null, interval: 1s}}\n")
    await installed.once()
    installed.write("Бои под Суджей.")
    done = await installed.once()
    async with installed.store() as store:
        row, _ = [row async for row in store.outbox()]
    assert (row.outcome, done.failed) == ("parked", False)
    assert "needs publisher" in row.reason
    assert "parked, see `outbox`" in told.read_text(), "the round that parked it says so"


async def test_a_copy_joins_the_story_and_every_address_is_told_once(installed: Installation) -> None:
    await installed.once()
    text = "Тяжёлые бои идут у Бердина к северо-востоку от Суджи, сообщают местные жители и читатели канала."
    installed.titles["7"] = text
    installed.write(text)
    await installed.once()
    async with installed.store() as store:
        (story,) = [row async for row in store.stories()]
        for key in (story.id, *story.posts, "d1", "o1", "h1"):
            assert await store.trace(key), key
    assert len(story.posts) == 2
    assert installed.told.count(str(story.url)) == 1


async def test_a_channel_with_another_id_is_parked_until_its_id_is_written_down(installed: Installation) -> None:
    installed.write("Бои под Суджей.")
    await installed.once()
    installed.channel.number += 1
    installed.write("Суджа: реклама.")
    await installed.once()
    async with installed.store() as store:
        state = {row.id: row.state for row in await store.sources()}[FRONT]
    assert state == "replaced"
    assert len(await installed.hits()) == 1
    installed.configure(pinned=installed.channel.number)
    await installed.once()
    assert {asdict(hit)["post"] for hit in await installed.hits()} == {f"{FRONT}~1/1", f"{FRONT}/1", f"{FRONT}/2"}


async def test_a_place_that_is_watched_no_more_keeps_its_hits(installed: Installation) -> None:
    installed.write("Бои под Суджей и у Бердина.")
    await installed.once()
    before = await installed.hits()
    watchlist = installed.folder / "config/watchlists/kursk.yaml"
    watchlist.write_text("places: [{name: Бердин, id: berdin}]\n", encoding="utf-8")
    installed.write("Суджа: тихо.")
    await installed.once()
    assert await installed.hits() == before


async def test_a_new_route_does_not_tell_the_whole_past(installed: Installation) -> None:
    await installed.once()
    installed.write("Бои под Суджей.")
    await installed.once()
    routes = installed.folder / "config/routes.yaml"
    text = routes.read_text(encoding="utf-8")
    late = f"  - {{name: late, to: 'file:{installed.folder}/late.txt', digest: {{cron: '* * * * * *'}}}}\n"
    routes.write_text(text.replace("routes: [", "routes:\n  - ").replace("}}]\n", "}}\n") + late, encoding="utf-8")
    await installed.once()
    installed.write("У Бердина тихо.")
    await installed.once()
    told = (installed.folder / "late.txt").read_text(encoding="utf-8")
    assert f"https://t.me/{FRONT}/2\n" in told
    assert f"https://t.me/{FRONT}/1\n" not in told


async def test_a_backfilled_post_is_told_in_the_first_digest(installed: Installation) -> None:
    installed.write("Бои под Суджей.")
    sources = installed.folder / "config/sources.yaml"
    sources.write_text(
        sources.read_text(encoding="utf-8").replace("via: web", "via: web, backfill: 5"), encoding="utf-8"
    )
    await installed.once()
    await installed.once()
    assert installed.told.count(f"https://t.me/{FRONT}/1\n") == 1
    assert [hit.late for hit in await installed.hits()] == [True]


async def test_a_source_that_changes_is_told_once(installed: Installation, capsys: pytest.CaptureFixture[str]) -> None:
    installed.channel.preview = False
    await installed.once()
    assert capsys.readouterr().out.count("source changed") == 1
    await installed.once()
    assert "source changed" not in capsys.readouterr().out
    installed.channel.preview = True
    installed.write("Бои под Суджей.")
    await installed.once()
    assert "no_preview" in capsys.readouterr().out


async def test_how_the_watched_words_are_written_is_learnt_once_a_post(installed: Installation) -> None:
    installed.write("Тихо, и Суджа спит. А суджа с малой буквы одна.")
    await installed.once()
    await installed.once()
    installed.write("Снова у Суджи бои.")
    await installed.once()
    async with installed.store() as store:
        assert (await store.letters()).cases == {"суджа": (1, 1), "суджи": (0, 1)}


async def test_learning_can_be_switched_off(installed: Installation) -> None:
    with (installed.folder / "config/bot.yaml").open("a") as file:
        file.write("matching: {learn: false}\n")
    installed.write("Тихо, и Суджа спит.")
    await installed.once()
    async with installed.store() as store:
        assert (await store.letters()).cases == {}


async def test_a_maintainers_preference_is_taken_by_the_next_round(installed: Installation) -> None:
    places = "places: [{name: Михайловка, id: kursk}, {name: Михайловка, id: sumy}]"
    (installed.folder / "config/watchlists/kursk.yaml").write_text(places, encoding="utf-8")
    installed.write("Под Михайловкой бои.")
    await installed.once()
    async with writing(installed.config) as store:
        await store.prefer(Preference("sumy", "kursk"), installed.clock.now())
    installed.write("Снова под Михайловкой бои.")
    await installed.once()
    first, second = await installed.hits()
    assert (first.watch, second.watch) == ("kursk", "sumy")
    assert first.confidence < 0.5 <= second.confidence


async def test_what_two_sources_report_is_told_at_once_and_in_no_digest(installed: Installation) -> None:
    routes = installed.folder / "config/routes.yaml"
    urgent = ", urgent: {sources: 2, group: place}}]"
    routes.write_text(routes.read_text(encoding="utf-8").replace("}}]", f"}}{urgent}"), encoding="utf-8")
    await installed.once()
    installed.titles["7"] = f"Fighting near Sudzha goes on{', witnesses say, with no end in sight' * 4}"
    installed.write("Бои под Суджей продолжаются, сообщают местные жители. " * 4)
    done = await installed.once()
    await installed.once()
    assert (done.digests, done.delivered.sent) == (0, 1)
    assert "urgent · Sudzha\n2 sources in their own words on this place within 1 min" in installed.told
    for address in (f"https://t.me/{FRONT}/1\n", "https://wire.example/7\n"):
        assert installed.told.count(address) == 1
    assert "digest" not in installed.told


async def test_hostile_titles_are_told_harmlessly(installed: Installation) -> None:
    """Through reading, matching, grouping and composing: each is stored and told once, and none does harm."""
    await installed.once()
    hostile = "\u202e@all \u2066tg://resolve?domain=x javascript:alert(1) https://evil.example/ ]]> <b>&amp;"
    installed.titles |= {
        "1": f"Суджа {hostile}",
        "2": f"Бердин: {'я' * 1_000_000}",
        "3": f"{'слово ' * 160_000} Бердин",
    }
    done = await installed.once()
    assert (done.new, done.digests, done.delivered.sent) == (3, 1, 1)
    assert [installed.told.count(f"https://wire.example/{number}\n") for number in (1, 2)] == [1, 1]
    assert len(installed.told) < 3_000
    assert not any(
        bad in installed.told for bad in ("\u202e", "\u2066", "@all", "tg://", "javascript:", "evil.example")
    )


async def test_a_round_up_of_what_was_told_is_not_told_again(installed: Installation) -> None:
    """Through reading, grouping and the store, over several digests."""
    parts = [
        "В Судже ночью слышны взрывы, горит склад на северной окраине города, пожарные работают до утра.",
        "Под Бердиным перехвачены два разведывательных беспилотника, обломки упали на поле за рекой.",
    ]
    await installed.once()
    for part in parts:
        installed.write(part)
        await installed.once()
    installed.write("\n\n".join(["Главное к утру:", *parts]))
    await installed.once()
    assert [installed.told.count(part[:40]) for part in parts] == [1, 1]
    async with installed.store() as store:
        decided = await store.decisions("all")
        (third,) = [row for row, reason in decided.items() if reason is Reason.AGAIN]
        assert any("not told again: a round-up" in event.text for event in await store.trace(f"s{third}"))


@pytest.mark.parametrize("posts", [400, pytest.param(10_000, marks=pytest.mark.slow)])
async def test_a_feed_that_is_reset_costs_one_digest_and_loses_nothing(installed: Installation, posts: int) -> None:
    """So many new items in one answer: all are stored and matched, twenty told, one line says how many more came."""
    installed.titles["first"] = "Бердин: тихо."
    await installed.once()
    installed.titles |= {f"n{number}": f"Суджа: обстрел, сообщение {number}." for number in range(posts)}
    done = await installed.once()
    assert (done.new, done.digests, done.delivered.sent) == (posts, 1, 1)
    assert len(await installed.hits()) == posts + 1
    assert installed.told.count("https://wire.example/n") == 20
    assert installed.told.count(f"{posts - 20:,} more reports came at once") == 1
    again = await installed.once()
    assert again.new == 0
    assert len(set(re.findall(r"https://wire\.example/n\d+", installed.told))) == 20, "the rest is settled"
