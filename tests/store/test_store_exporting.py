"""Hits as they are exported, on both engines: filters, pages, what was forgotten, and all that proves one."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256

import pytest

from bot.errors import StoreError
from bot.model import HitState, Verdict
from bot.store import Act, ActKind, Chosen, How, Store, lists
from tests.store.world import MINUTE, NOW, commit, group, match, post, reading, walk


@pytest.fixture
async def three(store: Store) -> Store:
    """h1 and h2 of rybar, h3 of deepstate; h2 is confirmed."""
    await walk(store, post(1, title="Сводка", author="anna"), post(2))
    await walk(store, post(5, "Под Суджей? Нет: Суджу", source="deepstate"))
    confirm = Act(kind=ActKind.CONFIRM, targets=("h2",), who="anna", how=How.CLI, note="seen")
    await store.reviews.perform(confirm, NOW)
    return store


async def ids(store: Store, chosen: Chosen) -> list[str]:
    return [row.hit.id async for row in store.exported(chosen)]


@pytest.mark.parametrize(
    ("chosen", "wanted"),
    [
        (Chosen(), ["h1", "h2", "h3"]),
        (Chosen(places=["sudzha"], sources=["rybar"]), ["h1", "h2"]),
        (Chosen(places=["rylsk"]), []),
        (Chosen(since=NOW + 2 * MINUTE), ["h2", "h3"]),
        (Chosen(until=NOW + 2 * MINUTE), ["h1"]),
        (Chosen(states=[HitState.LIVE]), ["h1", "h2", "h3"]),
        (Chosen(states=[Verdict.CONFIRMED, HitState.DELETED]), ["h2"]),
        (Chosen(states=[HitState.DELETED]), []),
    ],
)
async def test_everything_that_is_named_must_fit(three: Store, chosen: Chosen, wanted: list[str]) -> None:
    assert await ids(three, chosen) == wanted


async def test_a_hit_is_of_the_place_that_a_person_meant(three: Store) -> None:
    move = Act(kind=ActKind.MOVE, targets=("h1",), who="anna", how=How.CLI, to="rylsk")
    await three.reviews.perform(move, NOW)
    assert await ids(three, Chosen(places=["rylsk"])) == ["h1"]
    assert await ids(three, Chosen(places=["sudzha"])) == ["h2", "h3"]


async def test_pages_join_without_a_seam(three: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lists, "PAGE", 1)
    assert await ids(three, Chosen()) == ["h1", "h2", "h3"]
    assert await three.last_hit() == 3


async def test_a_hit_comes_with_the_wording_that_it_was_found_in(three: Store) -> None:
    first = await anext(three.exported())
    assert first.body == "Сводка\nБои за Суджу"
    assert (first.hit.text, first.body[first.hit.start : first.hit.end]) == ("Суджу", "Суджу")
    assert (first.source_title, first.side, first.author, first.published) == ("Рыбарь", "ru", "anna", NOW + MINUTE)


async def test_what_was_forgotten_has_no_word_left(three: Store) -> None:
    await three.forget("rybar/1", reason="asked", now=NOW)
    row = await anext(three.exported())
    assert (row.hit.id, row.hit.text, row.form, row.body, row.author) == ("h1", "", "", "", None)
    found = await three.evidence("h1")
    assert ([each.body for each in found.wordings], found.hashes) == ([""], {})
    assert "forgotten" in [event.step for event in found.events]


async def test_evidence_holds_every_wording_decision_and_step(three: Store) -> None:
    await commit(three, reading(replace(post(2, "Бои за Суджу, уточнено"), edited=NOW + 3 * MINUTE)), NOW + 4 * MINUTE)
    await match(three, now=NOW + 4 * MINUTE)
    await group(three)
    found = await three.evidence("h2")
    assert [each.body for each in found.wordings] == ["Бои за Суджу", "Бои за Суджу, уточнено"]
    assert found.hashes[1] == sha256("\x00Бои за Суджу".encode()).hexdigest()
    assert [(act.kind, act.note) for act in found.acts] == [("confirm", "seen")]
    assert {"seen", "edited", "matched", "judged"} <= {event.step for event in found.events}


@pytest.mark.parametrize("key", ["h99", "s1", "rybar/1", "x", "h" + "9" * 30])
async def test_what_is_no_hit_proves_nothing(three: Store, key: str) -> None:
    with pytest.raises(StoreError, match=key[:3]):
        await three.evidence(key)
