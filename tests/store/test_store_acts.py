"""What people decide: done once, written down for ever, taken back whole, and never over somebody else's head."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from bot.errors import Overtaken, StoreError, WrongUsage
from bot.model import Decision, Place, Reason, Rejection, Relation, Verdict
from bot.store import Act, Acted, ActKind, How, Likeness, Store
from tests.store.world import MINUTE, NOW, commit, copy_of, digest, first, match, mention, post, reading, walk

LATER = NOW + 5 * MINUTE


def act(kind: str, *targets: str, who: str = "anna", **more: Any) -> Act:
    return Act(kind=ActKind(kind), targets=targets, who=who, how=How.PAGE, **more)


async def do(store: Store, kind: str, *targets: str, **more: Any) -> Acted:
    return await store.reviews.perform(act(kind, *targets, **more), LATER)


async def undo(store: Store, key: str | None = None, who: str = "anna") -> Acted:
    return await store.reviews.undo(act("undo", who=who), key, LATER)


async def verdicts(store: Store) -> dict[str, tuple[str | None, str | None]]:
    return {row.id: (row.verdict, row.meant) async for row in store.hits()}


async def stories(store: Store) -> dict[str, tuple[str, ...]]:
    return {row.id: row.posts async for row in store.stories()}


async def test_confirm_reject_and_move_are_kept_with_the_hit(store: Store) -> None:
    await walk(store, post(1), post(2), post(3))
    await do(store, "confirm", "h1")
    await do(store, "reject", "h2", reason=Rejection.PERSON, note="Суджа Иванов")
    await do(store, "move", "h3", to="sudzha-2")
    assert await verdicts(store) == {
        "h1": ("confirmed", None),
        "h2": ("rejected", None),
        "h3": ("confirmed", "sudzha-2"),
    }
    third, second, _ = await store.reviews.newest(9)
    assert (third.kind, third.after) == ("move", {"h3": {"verdict": "confirmed", "meant": "sudzha-2"}})
    assert (second.id, second.who, second.how, second.reason, second.note, second.at) == (
        "a2", "anna", "page", "person", "Суджа Иванов", LATER,
    )  # fmt: skip
    assert second.before == {"h2": {"verdict": None, "meant": None}}


async def test_a_story_shows_what_people_decided(store: Store) -> None:
    await walk(store, post(1), post(2))
    await do(store, "move", "h1", to="berdin")
    await do(store, "reject", "h2")
    one, two = await store.stories_since(NOW)
    (moved,), (rejected,) = one.first.hits, two.first.hits
    assert (moved.hit.watch, moved.hit.confidence, moved.verdict) == ("berdin", 1.0, Verdict.CONFIRMED)
    assert (rejected.hit.watch, rejected.hit.confidence, rejected.verdict) == ("sudzha", 0.9, Verdict.REJECTED)


async def test_a_decision_lets_routes_decide_anew(store: Store) -> None:
    await walk(store, post(1))
    await store.route("kursk", NOW)
    assert len(await store.untold("kursk", since=LATER)) == 0
    await do(store, "confirm", "h1")
    assert len(await store.untold("kursk", since=LATER)) == 1


async def test_a_story_or_a_post_stands_for_all_its_hits(store: Store) -> None:
    await commit(store, reading(post(1, "Суджа и Суджа")))
    (stored,) = await store.unmatched(9)
    one = mention(stored, "Суджа")
    await store.save_matches([(stored, [one, replace(one, start=8, end=13)])], NOW)
    await store.save_placements([(stored, first(stored))], NOW)
    assert (await do(store, "confirm", "s1")).targets == ("h1", "h2")
    assert (await do(store, "reject", "rybar/1")).targets == ("h1", "h2")


async def test_what_is_so_already_is_no_act(store: Store) -> None:
    await walk(store, post(1))
    assert (await do(store, "confirm", "h1")).id == "a1"
    assert await do(store, "confirm", "h1", who="boris", seen=0) == Acted()
    assert len(await store.reviews.newest(9)) == 1


async def test_two_people_at_once_the_second_is_told_what_the_first_did(store: Store) -> None:
    await walk(store, post(1), post(2))
    seen = await store.reviews.head()
    await do(store, "confirm", "h1", seen=seen)
    with pytest.raises(Overtaken, match=r"confirmed by anna at 12:05:00 UTC \(a1\), after you looked; look again"):
        await do(store, "reject", "h2", "h1", who="boris", seen=seen)
    assert await verdicts(store) == {"h1": ("confirmed", None), "h2": (None, None)}
    await do(store, "reject", "h2", who="boris", seen=seen)
    await do(store, "reject", "h1", who="boris", seen=await store.reviews.head())
    assert (await verdicts(store))["h1"] == ("rejected", None)


async def test_of_many_who_decide_in_one_moment_one_prevails_and_the_others_are_told(store: Store) -> None:
    await walk(store, post(1))
    seen = await store.reviews.head()
    people = {"anna": "confirm", "boris": "reject", "clara": "move", "dora": "reject"}
    done = await asyncio.gather(
        *(do(store, kind, "h1", who=who, seen=seen, to="berdin") for who, kind in people.items()),
        return_exceptions=True,
    )
    prevailed = [who for who, each in zip(people, done, strict=True) if isinstance(each, Acted) and each.id]
    refused = [str(each) for each in done if isinstance(each, Overtaken)]
    agreed = [each for each in done if each == Acted()]
    assert (len(prevailed), len(refused) + len(agreed)) == (1, 3)
    assert all(f"by {prevailed[0]} at" in message for message in refused)
    (act_,) = await store.reviews.newest(9)
    assert act_.after == {"h1": dict(zip(("verdict", "meant"), (await verdicts(store))["h1"], strict=True))}


async def test_only_a_move_names_another_place(store: Store) -> None:
    await walk(store, post(1))
    await do(store, "confirm", "h1", to="berdin")
    assert await verdicts(store) == {"h1": ("confirmed", None)}


async def test_undo_puts_back_what_was_and_can_be_undone(store: Store) -> None:
    await walk(store, post(1), post(2))
    await do(store, "confirm", "h1")
    await do(store, "reject", "h1", "h2")
    assert (await undo(store)).id == "a3"
    assert await verdicts(store) == {"h1": ("confirmed", None), "h2": (None, None)}
    await undo(store, "a3")
    assert await verdicts(store) == {"h1": ("rejected", None), "h2": ("rejected", None)}
    newest, undone, *_ = await store.reviews.newest(9)
    assert (newest.undoes, undone.undone) == ("a3", "a4")


async def test_undo_takes_ones_own_acts_in_turn_and_never_anothers(store: Store) -> None:
    await walk(store, post(1), post(2))
    await do(store, "confirm", "h1")
    await do(store, "confirm", "h2", who="boris")
    await undo(store)
    assert await verdicts(store) == {"h1": (None, None), "h2": ("confirmed", None)}
    with pytest.raises(StoreError, match="anna: has decided nothing that could be undone"):
        await undo(store)


async def test_undo_is_refused_when_it_would_overrule(store: Store) -> None:
    await walk(store, post(1))
    await do(store, "confirm", "h1")
    await do(store, "reject", "h1", who="boris")
    with pytest.raises(Overtaken, match="rejected by boris"):
        await undo(store, "a1")
    await undo(store, "a2", who="boris")
    with pytest.raises(Overtaken, match="a2: was undone by a3"):
        await undo(store, "a2")
    await undo(store, "a1")
    assert await verdicts(store) == {"h1": (None, None)}


async def test_merging_keeps_the_earliest_first_and_tells_nothing_twice(store: Store) -> None:
    await walk(store, post(1), post(2), post(3, "Суджу обстреляли"))
    await store.save_digest(digest(2), NOW)
    assert (await do(store, "merge", "s3", "s1", "s2")).targets == ("p2", "p3", "s2", "s3", "s1")
    (merged,) = await store.reviews.newest(1, None)
    assert [key.partition("/")[1] for key in merged.after] == ["/", "/", "", "", ""], "posts by their own names"
    assert await stories(store) == {"s1": ("rybar/1", "rybar/2", "rybar/3")}
    joined = await store.story_of("s1")
    assert joined is not None
    assert {report.relation for report in joined.reports} == {Relation.FIRST}, "no account becomes a repeat"
    assert await store.untold("kursk") == []
    await commit(store, reading(post(4)))
    (late,) = await match(store)
    await store.save_placements([(late, copy_of(late, "rybar/2"))], LATER)
    assert (await stories(store))["s1"][-1] == "rybar/4"
    assert [event.step for event in await store.trace("s2")] == ["judged"]


async def test_a_merger_is_undone_whole(store: Store) -> None:
    await walk(store, post(1), post(2))
    await store.save_digest(digest(2), NOW)
    await do(store, "merge", "s1", "s2")
    await undo(store)
    assert await stories(store) == {"s1": ("rybar/1",), "s2": ("rybar/2",)}
    assert [story.key for story in await store.untold("kursk")] == ["s1"]


async def test_what_was_put_right_in_a_story_stays_so_when_it_is_merged(store: Store) -> None:
    await walk(store, post(1), post(2), post(3, "Суджу обстреляли"))
    await store.save_digest(digest(1, 2, 3), NOW)
    await do(store, "correct", "s2", to="kursk", note="the dam")
    await do(store, "merge", "s2", "s3")
    await do(store, "merge", "s1", "s2")
    assert await store.notices.corrected([1]) == {1: {"kursk": "the dam"}}
    assert await store.notices.joined_into([1, 2]) == {2: 1, 3: 1}
    await undo(store)
    await do(store, "correct", "s1", to="kursk", note="in Rylsk")
    await do(store, "merge", "s1", "s2")
    assert await store.notices.corrected([1]) == {1: {"kursk": "in Rylsk; the dam"}}
    await undo(store)
    assert await store.notices.corrected([1, 2]) == {1: {"kursk": "in Rylsk"}, 2: {"kursk": "the dam"}}


async def test_splitting_begins_a_story_and_a_merged_id_leads_on(store: Store) -> None:
    await walk(store, post(1), post(2))
    await do(store, "merge", "s1", "s2")
    await do(store, "pin", "s2")
    assert (await store.reviews.newest(1))[0].after.keys() == {"s1"}
    await do(store, "split", "rybar/2")
    assert await stories(store) == {"s1": ("rybar/1",), "s2": ("rybar/2",)}
    await undo(store)
    assert await stories(store) == {"s1": ("rybar/1", "rybar/2")}


async def test_what_cannot_be_says_why(store: Store) -> None:
    await walk(store, post(1))
    for kind, key, words in (
        ("confirm", "h9", "nothing has this id"),
        ("confirm", "rybar/9", "nothing has this id"),
        ("merge", "s9", "is in no story"),
        ("split", "rybar/1", "is the first report of s1"),
        ("split", "rybar/9", "is no report of a story"),
    ):
        with pytest.raises(StoreError, match=words):
            await do(store, kind, key)
    with pytest.raises(WrongUsage, match="takes two stories"):
        await do(store, "merge", "s1", "s1")
    with pytest.raises(StoreError, match="no act has this id"):
        await undo(store, "a9")
    assert await store.reviews.head() == 0


async def test_notes_are_kept_beside_anything_and_traced(store: Store) -> None:
    await walk(store, post(1))
    for key in ("h1", "s1", "rybar/1", "sudzha"):
        await do(store, "note", key, note=f"on {key}")
    steps = [event.text for event in await store.trace("h1") if event.step == "judged"]
    assert steps == ["a1: noted by anna (page), h1; on h1", "a3: noted by anna (page), rybar/1; on rybar/1"]
    assert [event.text for event in await store.trace("a4")] == ["a4: noted by anna (page), sudzha; on sudzha"]


async def test_alike_agree_in_place_and_where_asked_in_form_and_source(store: Store) -> None:
    await walk(store, post(1), post(2))
    await walk(store, post(1, "Суджу", source="deepstate"))
    await commit(store, reading(post(3, "Из Суджи")))
    await match(store, "Суджи")
    await do(store, "confirm", "h2")

    async def alike(by: Likeness) -> list[str]:
        return [each.found.key for each in await store.reviews.alike("h1", by)]

    assert await alike(Likeness.PLACE) == ["h1", "h4", "h3"]
    assert await alike(Likeness.FORM) == ["h1", "h3"]
    assert await alike(Likeness.FORM | Likeness.SOURCE) == ["h1"]


async def test_a_verdict_stays_whatever_the_watches_and_the_text_become(store: Store) -> None:
    await walk(store, post(1))
    await do(store, "reject", "h1")
    await commit(store, reading(post(1, "Снова бои за Суджу")))
    await match(store)
    (stored,) = await store.stories_since(NOW)
    await store.save_matches([(stored.first.stored, [])], LATER)
    assert await verdicts(store) == {"h1": ("rejected", None)}


async def test_a_rejection_may_be_given_another_reason(store: Store) -> None:
    await walk(store, post(1), post(2))
    await do(store, "reject", "h1", "h2", reason=Rejection.PERSON)
    assert await do(store, "reject", "h1", reason=Rejection.PERSON) == Acted()
    assert (await do(store, "reject", "h1", "h2", reason=Rejection.WORD)).targets == ("h1", "h2")
    assert await do(store, "reject", "h1", reason=Rejection.WORD) == Acted()
    await undo(store, "a2")
    assert await verdicts(store) == {"h1": ("rejected", None), "h2": ("rejected", None)}
    assert await do(store, "reject", "h1", reason=Rejection.PERSON) == Acted()
    assert [row.reason for row in await store.reviews.newest(9)] == [None, "word", "person"]


async def test_a_note_is_of_something_that_there_is(store: Store) -> None:
    await walk(store, post(1))
    await store.upkeep.sync_watches([Place(id="rylsk", name="Рыльск")], NOW)
    for key in ("h1", "s1", "rybar/1", "rybar", "sudzha", "rylsk"):
        assert (await do(store, "note", key, note="hm")).id, key
    for key in ("zz", "h9", "s9", "rybar/9", "d1"):
        with pytest.raises(StoreError):
            await do(store, "note", key, note="hm")
    for note in ("", " ", "x" * 2_001):
        with pytest.raises(WrongUsage, match="note"):
            await do(store, "note", "h1", note=note)


async def test_a_digest_lists_the_stories_that_it_told(store: Store) -> None:
    await walk(store, post(1), post(2))
    held = (Decision(story=1, reason=Reason.TOLD), Decision(story=2, reason=Reason.DELAYED))
    await store.route("kursk", NOW)
    await store.save_digest(digest(decisions=held), NOW)
    assert await store.reviews.newest_stories(9, digest="d1") == [1]
