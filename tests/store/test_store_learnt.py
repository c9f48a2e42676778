"""What is learnt stays: counts of how words are written, once a post; decisions on places of one name."""

from __future__ import annotations

from bot.model import Preference
from bot.store import Letters, Store
from tests.store.world import NOW, commit, post, reading


async def test_a_page_is_counted_once_whoever_repeats_it(store: Store) -> None:
    page = Letters("words", 7, {"мир": (3, 1)})
    await store.add_letters(page, 0)
    await store.add_letters(page, 0)
    assert await store.letters() == page


async def test_the_next_page_is_added(store: Store) -> None:
    await store.add_letters(Letters("words", 7, {"мир": (3, 1)}), 0)
    await store.add_letters(Letters("words", 9, {"мир": (1, 1), "суджа": (0, 2)}), 7)
    assert await store.letters() == Letters("words", 9, {"мир": (4, 2), "суджа": (0, 2)})


async def test_other_words_are_counted_anew(store: Store) -> None:
    await store.add_letters(Letters("words", 7, {"мир": (3, 1)}), 0)
    await store.add_letters(Letters("other words", 5, {"суджа": (0, 2)}), 0)
    assert await store.letters() == Letters("other words", 5, {"суджа": (0, 2)})


async def test_the_newest_post_is_known(store: Store) -> None:
    assert await store.newest_post() == 0
    await commit(store, reading(post(1), post(2)))
    assert await store.newest_post() == 2


async def test_a_decision_takes_the_place_of_the_one_before(store: Store) -> None:
    await store.prefer(Preference("kursk", "sumy"), NOW)
    await store.prefer(Preference("kursk", "sumy", "rybar"), NOW)
    await store.prefer(Preference("sumy", "kursk"), NOW)
    assert await store.preferences() == [Preference("kursk", "sumy", "rybar"), Preference("sumy", "kursk")]


async def test_a_decision_can_be_withdrawn(store: Store) -> None:
    await store.prefer(Preference("kursk", "sumy"), NOW)
    await store.withdraw(Preference("sumy", "kursk"))
    assert await store.preferences() == []
