from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from bot.model import Arrival, Gap, Hit, Origin, Post, StoredPost
from bot.store import Act, ActKind, HitRow, How, Store
from tests.store.world import MINUTE, NOW, commit, match, mention, post, reading, walk


async def listed(store: Store) -> list[HitRow]:
    return [row async for row in store.hits()]


async def edit(store: Store, text: str, hits: list[tuple[str, str]], now: datetime = NOW + MINUTE) -> None:
    """Edit post 1, and match it with these (text, watch)."""
    await commit(store, reading(post(1, text)), now)
    (stored,) = await store.unmatched(9)
    await store.save_matches([(stored, [mention(stored, *hit) for hit in hits])], now)


async def test_a_hit_comes_back_as_it_was_found(store: Store) -> None:
    await commit(store, reading(post(1)))
    (stored,) = await store.unmatched(9)
    found = Hit(
        watch="sudzha",
        start=7,
        end=12,
        text="Суджу",
        form="Суджу",
        origin=Origin.DICTIONARY,
        confidence=0.85,
        evidence=("preposition", "capital"),
        candidates=("sudzha-2",),
    )
    await store.save_matches([(stored, [found])], NOW)
    assert await listed(store) == [
        HitRow(
            id="h1",
            post="rybar/1",
            source="rybar",
            url="https://t.me/rybar/1",
            watch="sudzha",
            start=7,
            end=12,
            text="Суджу",
            confidence=0.85,
            why=("dictionary", "preposition", "capital"),
            state="live",
            story=None,
            late=False,
        )
    ]
    (grouped,) = await store.ungrouped(9)
    assert grouped == stored


async def test_matching_twice_makes_no_second_hit(store: Store) -> None:
    await commit(store, reading(post(1)))
    (stored,) = await store.unmatched(9)
    for _ in range(2):
        await store.save_matches([(stored, [mention(stored)])], NOW)
    assert [row.id for row in await listed(store)] == ["h1"]
    assert await store.unmatched(9) == []


async def test_an_edit_that_keeps_a_mention_keeps_its_hit(store: Store) -> None:
    await commit(store, reading(post(1, "Бои за Суджу")))
    await match(store)
    await edit(store, "Срочно: бои у Суджи", [("Суджи", "sudzha")])
    (row,) = await listed(store)
    assert (row.id, row.text, row.start, row.state, row.late) == ("h1", "Суджи", 14, "live", False)


async def test_an_edit_brings_and_takes_mentions(store: Store) -> None:
    await commit(store, reading(post(1, "Бои за Суджу"), arrival=Arrival.BASELINE))
    await match(store)
    await edit(store, "Бои за Бердин и Мартыновку", [("Бердин", "berdin"), ("Мартыновку", "martynovka")])
    assert [(row.id, row.watch, row.state, row.late) for row in await listed(store)] == [
        ("h1", "sudzha", "edited_out", True),
        ("h2", "berdin", "live", False),
        ("h3", "martynovka", "live", False),
    ]
    await edit(store, "Бои за Суджу", [("Суджу", "sudzha")], NOW + 2 * MINUTE)
    assert [(row.id, row.state) for row in await listed(store)] == [
        ("h1", "edited_out"),
        ("h2", "edited_out"),
        ("h3", "edited_out"),
        ("h4", "live"),
    ]


@pytest.mark.parametrize(
    ("arrival", "late"), [(Arrival.LIVE, False), (Arrival.BASELINE, True), (Arrival.BACKFILL, True)]
)
async def test_hits_of_a_first_reading_are_late(store: Store, arrival: Arrival, late: bool) -> None:
    await commit(store, reading(post(1), arrival=arrival))
    await match(store)
    assert [row.late for row in await listed(store)] == [late]


async def test_new_watches_find_late_and_changed_watches_lose_nothing(store: Store) -> None:
    await commit(store, reading(post(1, "Бои за Суджу и Бердин")))
    (stored,) = await match(store)
    await store.save_matches([(stored, [mention(stored, "Бердин", "berdin")])], NOW + MINUTE)
    assert [(row.watch, row.state, row.late) for row in await listed(store)] == [
        ("sudzha", "live", False),
        ("berdin", "live", True),
    ]


async def test_a_wording_that_was_overtaken_is_not_marked(store: Store) -> None:
    await commit(store, reading(post(1, "Бои за Суджу")))
    (old,) = await store.unmatched(9)
    await commit(store, reading(post(1, "Бои за Бердин")))
    await store.save_matches([(old, [mention(old)])], NOW)
    (new,) = await store.unmatched(9)
    assert new.revision == 2
    await store.save_matches([(new, [mention(new, "Бердин", "berdin")])], NOW)
    await store.save_matches([(old, [mention(old)])], NOW)
    assert await store.unmatched(9) == []
    assert [(row.watch, row.state) for row in await listed(store)] == [("sudzha", "edited_out"), ("berdin", "live")]


async def test_a_post_deleted_before_it_was_matched_has_deleted_hits(store: Store) -> None:
    await commit(store, reading(post(1)))
    (stored,) = await store.unmatched(9)
    await commit(store, reading(window=Gap(1, 1)))
    await store.save_matches([(stored, [mention(stored)])], NOW)
    assert [row.state for row in await listed(store)] == ["deleted"]


async def test_a_post_without_a_hit_waits_for_no_story(store: Store) -> None:
    await commit(store, reading(post(1, "Погода")))
    await match(store)
    assert (await store.unmatched(9), await store.ungrouped(9)) == ([], [])


async def test_a_hit_that_an_edit_brings_calls_for_a_story(store: Store) -> None:
    await commit(store, reading(post(1, "Погода")))
    await match(store)
    await edit(store, "Бои за Суджу", [("Суджу", "sudzha")])
    assert [stored.post.key for stored in await store.ungrouped(9)] == ["rybar/1"]


async def test_a_hit_names_its_story(store: Store) -> None:
    await walk(store, post(1))
    assert [row.story for row in await listed(store)] == ["s1"]


async def test_every_hit_is_listed_however_many(store: Store) -> None:
    text = " ".join(["Суджа"] * 501)
    await commit(store, reading(post(1, text)))
    (stored,) = await store.unmatched(9)
    one = mention(stored, "Суджа")
    await store.save_matches([(stored, [replace(one, start=6 * n, end=6 * n + 5) for n in range(501)])], NOW)
    rows = await listed(store)
    assert [row.id for row in rows] == [f"h{n}" for n in range(1, 502)]


async def test_more_posts_than_one_statement_takes(store: Store) -> None:
    many = [Post(source="isw", id=f"guid-{n}", text="Суджу", published=NOW) for n in range(501)]
    assert len((await commit(store, reading(*many, source="isw"))).new) == 501
    found: list[StoredPost] = await store.unmatched(600)
    await store.save_matches([(item, [mention(item)]) for item in found], NOW)
    assert len(await listed(store)) == 501


async def test_hits_of_posts_are_as_people_judged_them(store: Store) -> None:
    await walk(store, post(1, "Бои за Суджу"))
    await store.reviews.perform(Act(kind=ActKind.CONFIRM, targets=("h1",), who="anna", how=How.CLI), NOW)
    ((row, (found,)),) = (await store.hits_of([1, 99])).items()
    assert (row, found.hit.watch, found.hit.confidence) == (1, "sudzha", 1.0)
