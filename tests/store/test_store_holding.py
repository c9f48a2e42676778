from __future__ import annotations

from bot.matching import forms
from bot.store import Store
from tests.store.world import MINUTE, NOW, commit, match, post, reading

SUDZHA = [form.form for form in forms("Суджа")]
NOVOSELKA = [form.form for form in forms("Великая Новосёлка")]


async def keys(store: Store, names: list[str], *, after: int = 0, limit: int = 100) -> list[str]:
    return [item.post.key for item in (await store.holding(names, after, limit)).posts]


async def test_posts_that_may_hold_a_name_are_found_in_every_form_and_disguise(store: Store) -> None:
    said = [
        "у Суджи",
        "к СУДЖЕ",
        "Cуджу",
        "Су\u00adджей",
        "в Судже24",
        "#СуджаНовости",
        "near Sudzha's gate",
        "Суджа-юг",
    ]
    await commit(store, reading(*(post(number, text) for number, text in enumerate([*said, "Сумы", "суд"], 1))))
    assert await keys(store, SUDZHA) == [f"rybar/{number}" for number in range(1, len(said) + 1)]
    assert await keys(store, []) == await keys(store, ["?"]) == await keys(store, ["Харьков"]) == []


async def test_all_words_of_a_name_must_stand_there(store: Store) -> None:
    said = ["в Великой Новоселке", "Новосёлка, говорят, велика", "великая река", "Великую Новосёлку"]
    await commit(store, reading(*(post(number, text) for number, text in enumerate(said, 1))))
    assert await keys(store, NOVOSELKA) == ["rybar/1", "rybar/4"]
    assert await keys(store, [*NOVOSELKA, "река"]) == ["rybar/1", "rybar/3", "rybar/4"]


async def test_a_name_in_latin_letters_that_look_the_same_and_a_very_short_one(store: Store) -> None:
    await commit(store, reading(post(1, "под Opex уже"), post(2, "за Яр"), post(3, "яркий день в ореховом саду")))
    assert await keys(store, ["Орех"]) == ["rybar/1", "rybar/3"]
    assert await keys(store, ["Яр"]) == ["rybar/2"]


async def test_only_the_current_wording_counts_and_in_its_place(store: Store) -> None:
    await commit(store, reading(*(post(number, f"Бои за Суджу {number}") for number in range(1, 6))))
    await commit(store, reading(post(1, "Бои за Суджу, правка"), post(3, "Тишина")), NOW + MINUTE)
    await store.forget("rybar/5", reason="asked", now=NOW + MINUTE)
    found = (await store.holding(SUDZHA, 0, 100)).posts
    assert [item.post.key for item in found] == ["rybar/2", "rybar/4", "rybar/1"]
    assert (found[-1].post.text, found[-1].revision) == ("Бои за Суджу, правка", 2)
    assert [item.post.key for item in (await store.holding(None, 0, 100)).posts] == [
        *("rybar/2", "rybar/4", "rybar/1", "rybar/3")
    ]


async def test_pages_follow_each_other_to_the_end_whatever_is_edited_between_them(store: Store) -> None:
    await commit(store, reading(*(post(number, f"Бои за Суджу {number}") for number in range(1, 12))))
    seen: list[str] = []
    after: int | None = 0
    while after is not None:
        page = await store.holding(SUDZHA, after, 3)
        assert len(page.posts) <= 3
        after = page.after
        seen += [item.post.key for item in page.posts]
        if len(seen) < 11:
            await commit(store, reading(post(len(seen), "Суджа, правка")), NOW + len(seen) * MINUTE)
            await match(store, "Суджа")
    assert seen == [f"rybar/{number}" for number in (*range(1, 12), 3, 6, 9)]
