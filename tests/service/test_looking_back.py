"""A place that is new on the watchlist: found in everything that is stored, late, and told to nobody."""

from datetime import timedelta

import pytest

from bot.service import looking_back
from bot.service.house import open_house
from tests.fakes.installation import FRONT, Installation

WITH_RYLSK = "places: [{name: Суджа, id: sudzha}, {name: Бердин, id: berdin}, {name: Рыльск, id: rylsk}]\n"
RYLSK_ALONE = "places: [{name: Рыльск, id: rylsk}]\n"


def watch(installed: Installation, text: str) -> None:
    (installed.folder / "config/watchlists/kursk.yaml").write_text(text, encoding="utf-8")


async def found(installed: Installation) -> list[tuple[str, str, bool]]:
    return [(hit.watch, hit.post, hit.late) for hit in await installed.hits()]


async def test_it_is_found_in_what_is_stored_late_and_never_told(installed: Installation) -> None:
    await installed.once()
    installed.write("Под Рыльском тихо, у Бердина бои.")
    installed.write("В Рыльск вошли колонны.")
    await installed.once()
    told = installed.told
    watch(installed, WITH_RYLSK)
    await installed.once()
    expected = [("berdin", f"{FRONT}/1", False), ("rylsk", f"{FRONT}/1", True), ("rylsk", f"{FRONT}/2", True)]
    assert await found(installed) == expected
    installed.write("Из Рыльска сообщают новое.")
    await installed.once()
    assert await found(installed) == [*expected, ("rylsk", f"{FRONT}/3", False)]
    assert f"https://t.me/{FRONT}/2\n" not in installed.told
    assert installed.told.startswith(told)
    assert installed.told.count(f"https://t.me/{FRONT}/1\n") == 1
    async with installed.store() as store:
        assert len({row.story async for row in store.hits()}) == 3


async def test_a_place_that_goes_takes_nothing_with_it(installed: Installation) -> None:
    installed.write("У Бердина и под Суджей бои.")
    await installed.once()
    before = await found(installed)
    watch(installed, RYLSK_ALONE)
    await installed.once()
    assert await found(installed) == before


async def test_a_search_that_was_broken_off_goes_on(installed: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(looking_back, "PAGE", 1)
    for number in range(4):
        installed.write(f"В Рыльск вошла колонна номер {number}.")
    await installed.once()
    watch(installed, WITH_RYLSK)
    seen = []
    for _ in range(3):
        installed.clock.moment += timedelta(minutes=1)
        async with open_house(installed.config, installed.clock) as house:
            await looking_back.look_back(house, pages=1)
            seen.append((await house.store.upkeep.sought())[0].searched)
    assert len(await found(installed)) == 3
    assert seen == sorted(set(seen))
    await installed.once()
    assert await found(installed) == [("rylsk", f"{FRONT}/{number}", True) for number in range(1, 5)]
