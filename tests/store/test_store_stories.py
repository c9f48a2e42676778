from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.errors import StoreError
from bot.model import Arrival, Gap, Placement, Relation, StoredPost
from bot.store import Store
from tests.store.world import (
    DEEPSTATE,
    MINUTE,
    NOW,
    RYBAR,
    commit,
    copy_of,
    digest,
    first,
    group,
    match,
    mention,
    post,
    reading,
    walk,
)


async def two_posts(store: Store) -> tuple[StoredPost, StoredPost]:
    await commit(store, reading(post(1), post(2)))
    await match(store)
    one, two = await store.ungrouped(9)
    return one, two


async def test_posts_wait_for_their_story_in_the_order_they_happened(store: Store) -> None:
    await commit(store, reading(post(5)))
    await commit(store, reading(post(3, source="isw"), source="isw"))
    await match(store)
    assert [stored.post.key for stored in await store.ungrouped(9)] == ["isw/3", "rybar/5"]
    assert [stored.post.key for stored in await store.ungrouped(1)] == ["isw/3"]


async def test_placements_come_back_as_they_were_made(store: Store) -> None:
    one, two = await two_posts(store)
    await commit(store, reading(post(3), source="deepstate"))
    await match(store)
    (three,) = (await store.ungrouped(9))[2:]
    included = Placement(
        post=three.post.key,
        story=three.post.key,
        relation=Relation.INCLUDED,
        reason="2 of its paragraphs",
        within="rybar/1",
        related=("rybar/1",),
    )
    placements = [(one, first(one)), (two, copy_of(two, "rybar/1")), (three, included)]
    for _ in range(2):
        await store.save_placements(placements, NOW + 3 * MINUTE)
        assert await store.placed_since(NOW) == placements
    assert await store.ungrouped(9) == []
    assert await store.placed_since(NOW + 3 * MINUTE) == placements
    assert await store.placed_since(NOW + 4 * MINUTE) == []


async def test_a_post_keeps_its_first_story(store: Store) -> None:
    one, two = await two_posts(store)
    await store.save_placements([(one, first(one)), (two, first(two))], NOW)
    await store.save_placements([(two, copy_of(two, "rybar/1"))], NOW)
    assert [placement.story for _, placement in await store.placed_since(NOW)] == ["rybar/1", "rybar/2"]


async def test_a_story_that_nobody_began_is_refused_and_nothing_is_placed(store: Store) -> None:
    one, two = await two_posts(store)
    with pytest.raises(StoreError, match="rybar/9: begins no story"):
        await store.save_placements([(one, first(one)), (two, copy_of(two, "rybar/9"))], NOW)
    assert await store.ungrouped(9) == [one, two]


async def test_a_story_is_told_whole_and_its_first_report_comes_first(store: Store) -> None:
    await commit(store, reading(post(1, source="deepstate"), source="deepstate"))
    await match(store)
    await group(store)
    await commit(store, reading(post(9)))
    await commit(store, reading(post(4)))
    await match(store)
    await store.save_placements(
        [(item, copy_of(item, "deepstate/1")) for item in await store.ungrouped(9)], NOW + MINUTE
    )
    (story,) = await store.untold("kursk")
    assert story.key == "s1"
    assert [report.stored.post.key for report in story.reports] == ["deepstate/1", "rybar/4", "rybar/9"]
    assert [report.relation for report in story.reports] == [Relation.FIRST, Relation.COPY, Relation.COPY]
    assert (story.first.source, story.reports[1].source) == (DEEPSTATE, RYBAR)
    assert [hit.key for hit in story.first.hits] == ["h1"]
    assert story.first.hits[0].hit == mention(story.first.stored)


async def test_a_story_shows_the_wording_that_was_matched(store: Store) -> None:
    await walk(store, post(1, "Бои за Суджу"))
    await commit(store, reading(post(1, "Срочно: бои за Суджу")), NOW + MINUTE)
    (story,) = await store.untold("kursk")
    report = story.first
    hit = report.hits[0].hit
    assert (report.stored.revision, report.stored.post.body[hit.start : hit.end]) == (1, "Суджу")
    await match(store)
    (story,) = await store.untold("kursk")
    assert (story.first.stored.revision, story.first.hits[0].hit.start) == (2, 15)


async def test_stories_since_are_those_with_a_new_report(store: Store) -> None:
    await walk(store, post(1))
    await walk(store, post(2), now=NOW + timedelta(hours=2))
    assert [story.key for story in await store.stories_since(NOW)] == ["s1", "s2"]
    assert [story.key for story in await store.stories_since(NOW + timedelta(hours=1))] == ["s2"]
    await store.save_digest(digest(1, 2), NOW)
    assert len(await store.stories_since(NOW)) == 2


async def test_a_first_reading_has_stories_too(store: Store) -> None:
    await walk(store, post(1), arrival=Arrival.BASELINE)
    (story,) = await store.untold("kursk")
    assert story.first.stored.arrival is Arrival.BASELINE


async def test_stories_are_listed_flat(store: Store) -> None:
    await walk(store, post(1, "Бои за Суджу"))
    await commit(store, reading(post(2, source="deepstate"), source="deepstate"))
    await match(store)
    (copy,) = await store.ungrouped(9)
    await store.save_placements([(copy, copy_of(copy, "rybar/1"))], NOW)
    await store.save_digest(digest(1), NOW)
    (row,) = [row async for row in store.stories()]
    assert (row.id, row.post, row.text, row.watches) == ("s1", "rybar/1", "Бои за Суджу", ("sudzha",))
    assert (row.posts, row.sources) == (("rybar/1", "deepstate/2"), ("rybar", "deepstate"))
    assert (row.sides, row.told) == (("ru", "ua"), ("kursk",))


async def test_a_deleted_report_stays_in_its_story(store: Store) -> None:
    await walk(store, post(1))
    await commit(store, reading(window=Gap(1, 1)), NOW + MINUTE)
    (story,) = await store.untold("kursk")
    assert story.first.stored.deleted == NOW + MINUTE


async def test_of_one_second_a_story_begins_with_the_original(store: Store) -> None:
    await commit(store, reading(replace(post(5), forwarded_from="isw/3")))
    await match(store)
    (forward,) = await store.ungrouped(9)
    await store.save_placements([(forward, first(forward))], NOW)
    await commit(store, reading(replace(post(3, source="isw"), published=post(5).published), source="isw"))
    await match(store)
    (original,) = await store.ungrouped(9)
    await store.save_placements([(original, copy_of(original, "rybar/5"))], NOW + MINUTE)
    (story,) = await store.untold("all")
    assert [(report.stored.post.key, report.relation) for report in story.reports] == [
        ("isw/3", Relation.FIRST),
        ("rybar/5", Relation.FORWARD),
    ]


async def test_a_story_begins_with_its_earliest_report_until_it_is_told(store: Store) -> None:
    await commit(store, reading(post(5)))
    await match(store)
    (late,) = await store.ungrouped(9)
    await store.save_placements([(late, first(late))], NOW)
    await commit(store, reading(post(3, source="isw"), source="isw"))
    await match(store)
    (early,) = await store.ungrouped(9)
    await store.save_placements([(early, copy_of(early, "rybar/5"))], NOW + MINUTE)
    (story,) = await store.untold("all")
    assert [(report.stored.post.key, report.relation) for report in story.reports] == [
        ("isw/3", Relation.FIRST),
        ("rybar/5", Relation.COPY),
    ]

    await store.save_digest(digest(story.row), NOW + 2 * MINUTE)
    await commit(store, reading(post(1), source="deepstate"))
    await match(store)
    (earlier,) = await store.ungrouped(9)
    await store.save_placements([(earlier, copy_of(earlier, "rybar/5"))], NOW + 3 * MINUTE)
    (told,) = await store.stories_since(NOW)
    assert [report.stored.post.key for report in told.reports] == ["isw/3", "deepstate/1", "rybar/5"]
