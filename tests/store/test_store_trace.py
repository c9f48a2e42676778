from __future__ import annotations

import pytest

from bot.errors import StoreError
from bot.model import Arrival, Condition, Decision, Gap, Outcome, Reason
from bot.store import Store
from tests.store.world import MINUTE, NOW, commit, copy_of, digest, group, match, outgoing, post, reading, walk


async def told(store: Store, key: str) -> list[str]:
    """The steps of `key`, each "step: words"."""
    return [f"{event.step}: {event.text}" for event in await store.trace(key)]


@pytest.fixture
async def sent(store: Store) -> Store:
    """A post that went the whole way, its copy, and what it was told in."""
    await walk(store, post(1, "Бои за Суджу"))
    await commit(store, reading(post(2, source="deepstate"), source="deepstate"), NOW + MINUTE)
    await match(store, now=NOW + MINUTE)
    (copy,) = await store.ungrouped(9)
    await store.save_placements([(copy, copy_of(copy, "rybar/1", related=("rybar/1",)))], NOW + MINUTE)
    await store.save_digest(digest(1, messages=[outgoing("k")]), NOW + 2 * MINUTE)
    (delivery,) = await store.ready(NOW + 3 * MINUTE)
    begun = await store.begin(delivery, NOW + 3 * MINUTE)
    await store.settle(begun, Outcome.SENT, receipt="message 42", now=NOW + 3 * MINUTE)
    return store


WAY = [
    "decided: route kursk: told in d1",
    "queued: o1: part 1 of 1 for console",
    "delivery: o1: sent: message 42",
]
MENTION = "matched: h1: sudzha at 7-12, “Суджу” as Суджу: rule, capital; confidence 0.90"


async def test_a_post_is_followed_to_the_last_message(sent: Store) -> None:
    assert await told(sent, "rybar/1") == [
        "seen: seen live; published 2026-11-22 12:01 UTC",
        MENTION,
        "grouped: the first report of s1: nothing like it in 48 h",
        *WAY,
    ]


async def test_a_hit_is_told_with_its_post(sent: Store) -> None:
    assert MENTION in await told(sent, "h1")
    assert MENTION not in await told(sent, "h2")
    assert WAY[0] in await told(sent, "h2")


async def test_a_story_names_its_reports(sent: Store) -> None:
    assert await told(sent, "s1") == [
        "grouped: rybar/1: the first report of s1: nothing like it in 48 h",
        "grouped: deepstate/2: a copy, in s1: same text; like s1 (rybar/1)",
        *WAY,
    ]


async def test_a_digest_names_its_stories_and_messages(sent: Store) -> None:
    assert await told(sent, "d1") == [
        "composed: route kursk, slot 2026-11-22 12:00 UTC: composed",
        "decided: s1: told",
        *WAY[1:],
    ]


async def test_a_delivery_names_its_digest(sent: Store) -> None:
    assert await told(sent, "o1") == ["composed: route kursk, slot 2026-11-22 12:00 UTC: composed", *WAY[1:]]


async def test_what_still_has_to_happen_comes_last_without_a_time(store: Store) -> None:
    await commit(store, reading(post(1)))
    assert (await told(store, "rybar/1"))[-1] == "waits: revision 1 is to be matched"
    await match(store)
    assert (await told(store, "rybar/1"))[-1] == "waits: its story is to be found"
    await group(store)
    events = await store.trace("rybar/1")
    assert (events[-1].text, events[-1].at) == ("no route has decided on it yet", None)


async def test_a_post_in_which_nothing_was_found_says_so(store: Store) -> None:
    await commit(store, reading(post(1, "Погода"), arrival=Arrival.BASELINE))
    await match(store)
    assert await told(store, "rybar/1") == [
        "seen: seen in the first reading of its source: stored, not announced; published 2026-11-22 12:01 UTC",
        "matched: no watched place or term in revision 1",
    ]


async def test_edits_and_deletions_are_told_in_order(store: Store) -> None:
    await walk(store, post(1))
    await commit(store, reading(post(1, "Тишина")), NOW + MINUTE)
    await match(store, now=NOW + 2 * MINUTE)
    await commit(store, reading(window=Gap(1, 1)), NOW + 3 * MINUTE)
    decisions = (Decision(story=1, reason=Reason.WITHDRAWN),)
    await store.save_digest(digest(decisions=decisions), NOW + 4 * MINUTE)
    words = await told(store, "rybar/1")
    assert words[1].endswith("; edited out since")
    assert words[3:] == [
        "edited: other words: revision 2",
        "deleted: no longer at its source",
        f"decided: route kursk: {Reason.WITHDRAWN.value} in d1",
    ]


async def test_a_source_is_traced_by_its_name(store: Store) -> None:
    await commit(store, reading())
    await commit(store, reading(condition=Condition(state="dns", detail="no such name")), NOW + MINUTE)
    assert await told(store, "rybar") == [
        "first reading: https://t.me/rybar",
        "state: ok to dns: no such name",
        "now: dns: no such name",
    ]


@pytest.mark.parametrize("key", ["rybar/9", "nobody/1", "h1", "s1", "d1", "o1", "x9", "", "h99999999999999999999"])
async def test_an_id_that_is_not_there_is_named(store: Store, key: str) -> None:
    with pytest.raises(StoreError, match="nothing has this id"):
        await store.trace(key)


async def test_counts_tell_what_is_there_and_what_waits(sent: Store) -> None:
    await commit(sent, reading(post(7), arrival=Arrival.BASELINE), NOW + 5 * MINUTE)
    await sent.save_digest(digest(slot=NOW + MINUTE, messages=[outgoing("k2")]), NOW + 6 * MINUTE)
    counts = await sent.counts()
    assert (counts.posts, counts.revisions, counts.hits, counts.stories, counts.digests) == (3, 3, 2, 1, 2)
    assert (counts.sources, counts.unmatched, counts.ungrouped) == (3, 1, 0)
    assert (counts.waiting, counts.parked, counts.unknown) == (1, 0, 0)
    assert (counts.oldest_waiting, counts.oldest_post) == (NOW + 6 * MINUTE, NOW)
    assert dict(counts.arrivals) == {Arrival.LIVE: 2, Arrival.BASELINE: 1}
    assert counts.size > 0
    assert counts.journal in {"wal", "delete"}


async def test_an_empty_store_counts_nothing(store: Store) -> None:
    counts = await store.counts()
    assert (counts.posts, counts.oldest_post, counts.gaps) == (0, None, 0)
