"""The life of a store: every method that writes, called with something to write, in an order that makes sense.

Each case leaves something that a test can look at in the tables; `methods.py` has one call of every method beside it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from bot.model import (
    Action,
    Arrival,
    Condition,
    Cursor,
    Decision,
    Destination,
    DestinationKind,
    Gap,
    Hit,
    Outcome,
    Place,
    Placement,
    Post,
    Preference,
    Priority,
    Reason,
    Rejection,
    Relation,
    Source,
    StoredPost,
    Term,
)
from bot.store import Act, ActKind, Cutoffs, DigestState, How, Letters, Store
from tests.store.methods import Call
from tests.store.world import (
    DEEPSTATE,
    ISW,
    MINUTE,
    NOW,
    RYBAR,
    commit,
    copy_of,
    digest,
    first,
    mention,
    notice,
    outgoing,
    post,
    reading,
    silence,
)

LATER = NOW + 5 * MINUTE
DAY = 24 * 60 * MINUTE
CHANNEL = Destination(DestinationKind.TELEGRAM, "@kursk_wire")
FILE = Destination(DestinationKind.FILE, "out/kursk.txt")
STRANGE = post(
    3,
    "Суджа \x00 и \ud800 конец: ‘’ ё Ї",
    title="Заголовок",
    edited=NOW,
    author="Ав\x00тор",
    forwarded_from="deepstate/7",
    reply_to="rybar/1",
    album="77",
    parts=("4", "5"),
    complete=False,
)


async def _matched(store: Store, text: str = "Суджу", **more: Any) -> None:
    found = await store.unmatched(99)
    await store.save_matches([(each, _hits(each, text, **more)) for each in found], LATER)


def _hits(stored: StoredPost, text: str, **more: Any) -> Sequence[Hit]:
    return [mention(stored, text, **more)] if text in stored.post.body else []


async def _placed(store: Store, *joining: str) -> None:
    """Each post that waits begins a story, or is a copy of the first of these."""
    found = await store.ungrouped(99)
    await store.save_placements([(each, _place(each, *joining)) for each in found], LATER)


def _place(stored: StoredPost, *joining: str) -> Placement:
    return copy_of(stored, joining[0], related=joining[1:]) if joining else first(stored)


async def _included(store: Store) -> None:
    (found,) = await store.ungrouped(9)
    included = replace(first(found), relation=Relation.INCLUDED, within="rybar/1", related=("rybar/2", "rybar/99"))
    await store.save_placements([(found, replace(included, sketch=b"\x00\xff"))], LATER)


async def _sketched(store: Store) -> None:
    found = await store.unsketched(NOW)
    await store.save_sketches([(each, replace(place, sketch=b"\x01")) for each, place in found])


async def _polls_at_once(store: Store) -> Any:
    polls = [reading(post(7), post(8)), reading(post(1, "Зайнято Суджу", source="deepstate"), source="deepstate")]
    broken = Condition(state="http_503", detail="Service Unavailable", remedy="wait", until=LATER)
    polls.append(replace(reading(source="isw"), condition=broken, cursor=Cursor(etag='"1"'), dropped=2))
    return await asyncio.gather(*(commit(store, each, LATER) for each in polls))


async def _late(store: Store, text: str, watch: str) -> list[tuple[StoredPost, Sequence[Hit]]]:
    found = await store.upkeep.posts_after(0, 99)
    return [(each, _hits(each, text, watch=watch)) for each in found]


async def _searched(store: Store) -> int:
    waiting = await store.upkeep.sought()
    return await store.upkeep.save_late(await _late(store, "Рыльск", "rylsk"), waiting, 99, LATER)


async def _matched_again(store: Store) -> Any:
    return await store.upkeep.rematch([(each, []) for each, _ in await _late(store, "", "")][1:2], ["sudzha"], LATER)


async def _settled(store: Store, key: str, outcome: Outcome, **more: Any) -> None:
    (found,) = [each for each in await store.ready(LATER) if each.idempotency == key]
    await store.settle(await store.begin(found, LATER, 12), outcome, now=LATER, **more)


async def _begun(store: Store) -> Any:
    return await store.begin((await store.ready(LATER))[0], LATER, 7)


def _act_of(kind: ActKind, *targets: str, **more: Any) -> Act:
    return Act(kind=kind, targets=targets, who="anna", how=How.PAGE, **more)


def _act(kind: ActKind, *targets: str, **more: Any) -> Call:
    return lambda store: store.reviews.perform(_act_of(kind, *targets, **more), LATER)


_HELD = Decision(story=2, reason=Reason.QUIET_HOURS, note="until 07:00", until=LATER + DAY)
_TOLD = digest(
    messages=[outgoing("k1", CHANNEL), outgoing("k2", FILE)],
    decisions=(
        Decision(story=1, reason=Reason.TOLD),
        Decision(story=2, reason=Reason.DELAYED, until=LATER),
        Decision(story=3, reason=Reason.SILENCED, note="by anna: drill"),
    ),
    covered=(NOW - DAY,),
)
_EMPTY = digest(slot=LATER, state=DigestState.EMPTY)
_CARD = notice(2, subject="s2", messages=[outgoing("u1", CHANNEL)], state={"sources": ["rybar"]}, text="1 source")
_EDIT = replace(outgoing("u1e", CHANNEL), action=Action.EDIT, of="u1")
_EDITED = replace(_CARD, revision=2, decisions=(), messages=(_EDIT,))
_APART = replace(outgoing("c1"), thread=7)
_PIN = replace(_EDIT, idempotency="p", action=Action.PIN)
_SUDZHA, _RYLSK = Place(id="sudzha", name="Суджа"), Place(id="rylsk", name="Рыльск", tags=("kursk",))
_DRONES = Term(id="drones", name="drones", any=("БПЛА",))
_CHANGED = (replace(_SUDZHA, priority=Priority.URGENT), replace(_RYLSK, also=("Rylsk",)))
_GAP = Cursor(newest=6, gaps=(Gap(4, 5),))
_ROUND_UP = "Сводка: Суджу, Рыльск"
_AGES = Cutoffs(unmatched=LATER + MINUTE, posts=LATER + MINUTE, deleted=NOW)


def _sources(*named: Source) -> Call:
    return lambda store: store.sync_sources(named, LATER)


def _read(*posts: Post, **more: Any) -> Call:
    return lambda store: commit(store, reading(*posts, **more), LATER)


def _end(key: str, outcome: Outcome, **more: Any) -> Call:
    return lambda store: _settled(store, key, outcome, **more)


LIFE: Sequence[tuple[str, Call]] = (
    ("sync_sources", _sources(RYBAR, replace(DEEPSTATE, title="DS"))),
    ("sync_sources", _sources(RYBAR, DEEPSTATE, replace(ISW, address="https://isw.example/other"))),
    ("sync_sources", _sources(RYBAR, DEEPSTATE, ISW, replace(ISW, name="new"))),
    ("commit_reading", _read(post(1), post(2), STRANGE, window=Gap(1, 3))),
    ("commit_reading", _read(post(1, "Бої за Суджу"), STRANGE, window=Gap(1, 3))),
    ("commit_reading", _read(post(1), post(2), window=Gap(1, 2))),
    ("commit_reading", _read(post(6), backfilled=frozenset({"6"}), cursor=_GAP)),
    ("commit_reading", _polls_at_once),
    ("mark_changes_told", lambda store: store.mark_changes_told([1])),
    ("upkeep.sync_watches", lambda store: store.upkeep.sync_watches([_SUDZHA, _RYLSK, _DRONES], NOW)),
    ("upkeep.sync_watches", lambda store: store.upkeep.sync_watches(_CHANGED, LATER)),
    ("save_matches", lambda store: _matched(store, candidates=("sudzha-2",), confidence=0.1 + 0.2)),
    ("save_placements", _placed),
    ("commit_reading", _read(post(1, "О Рыльск"), post(2, "И Бои за Суджу"))),
    ("save_matches", _matched),
    ("commit_reading", _read(post(9), post(10), arrival=Arrival.BASELINE)),
    ("save_matches", _matched),
    ("save_placements", lambda store: _placed(store, "rybar/2", "rybar/1", "rybar/404")),
    ("commit_reading", _read(post(11, _ROUND_UP))),
    ("save_matches", _matched),
    ("save_placements", _included),
    ("save_sketches", _sketched),
    ("upkeep.save_late", _searched),
    ("upkeep.rematch", _matched_again),
    ("add_letters", lambda store: store.add_letters(Letters("v", 1, {"суджа": (1, 2)}), 0)),
    ("add_letters", lambda store: store.add_letters(Letters("v", 2, {"суджа": (3, 4), "и": (0, 1)}), 1)),
    ("prefer", lambda store: store.prefer(Preference("a", "b"), NOW)),
    ("prefer", lambda store: store.prefer(Preference("b", "a", "rybar"), NOW)),
    ("withdraw", lambda store: store.withdraw(Preference("a", "b"))),
    ("route", lambda store: store.route("kursk", NOW)),
    ("save_digest", lambda store: store.save_digest(_TOLD, NOW)),
    ("save_digest", lambda store: store.save_digest(_EMPTY, LATER)),
    ("notices.hold", lambda store: store.notices.hold("kursk", [_HELD], LATER)),
    ("notices.save", lambda store: store.notices.save(_CARD, LATER)),
    ("notices.save", lambda store: store.notices.save(_EDITED, LATER)),
    ("queue", lambda store: store.queue("kursk", [outgoing("k1"), _PIN], LATER)),
    ("queue", lambda store: store.queue("kursk", [replace(_EDIT, idempotency="u1e2"), _APART], LATER)),
    ("settle", _end("k1", Outcome.SENT, receipt="17")),
    ("settle", _end("k2", Outcome.WAITING, not_before=LATER + MINUTE, reason="busy", lost=True)),
    ("settle", _end("u1", Outcome.PARKED, reason="no rights")),
    ("unpark", lambda store: store.unpark()),
    ("settle", _end("c1", Outcome.UNKNOWN, reason="sent or not?")),
    ("begin", _begun),
    ("notices.add_silence", lambda store: store.notices.add_silence(silence(tag="kursk", route="kursk"))),
    ("notices.expire_silence", lambda store: store.notices.expire_silence("m1", LATER)),
    ("upkeep.draw", lambda store: store.upkeep.draw(b"key", NOW + DAY)),
    ("reviews.perform", _act(ActKind.CONFIRM, "h1")),
    ("reviews.perform", _act(ActKind.REJECT, "rybar/1", "h2", reason=Rejection.PERSON, note="Иванов\x00")),
    ("reviews.perform", _act(ActKind.MOVE, "h1", to="berdin")),
    ("reviews.perform", _act(ActKind.PIN, "s2")),
    ("reviews.perform", _act(ActKind.UNPIN, "s2")),
    ("reviews.perform", _act(ActKind.NOTE, "s2", "rybar", note="look")),
    ("reviews.perform", _act(ActKind.PAUSE, "rybar")),
    ("reviews.perform", _act(ActKind.RESUME, "rybar")),
    ("reviews.perform", _act(ActKind.CORRECT, "s1", to="kursk", note="was not so")),
    ("reviews.perform", _act(ActKind.MERGE, "s2", "s1")),
    ("reviews.undo", lambda store: store.reviews.undo(_act_of(ActKind.UNDO), None, LATER)),
    ("reviews.perform", _act(ActKind.SPLIT, "rybar/9")),
    ("reviews.mute", lambda store: store.reviews.mute(_act_of(ActKind.MUTE), silence(until=LATER + DAY), LATER)),
    ("reviews.perform", _act(ActKind.UNMUTE, "m2")),
    ("reviews.poll_now", lambda store: store.reviews.poll_now("rybar", LATER + MINUTE)),
    ("hurry", lambda store: store.hurry(["rybar", "deepstate"], LATER + 2 * MINUTE, apart=MINUTE)),
    ("remember", lambda store: store.remember("name", "value")),
    ("remember", lambda store: store.remember("name", "другое")),
    ("upkeep.order", lambda store: store.upkeep.order("rybar", 9)),
    ("upkeep.order", lambda store: store.upkeep.order("deepstate", 3)),
    ("upkeep.carried_out", lambda store: store.upkeep.carried_out("rybar", 9)),
    ("forget", lambda store: store.forget("rybar/2", reason="its author asked", now=LATER)),
    ("upkeep.expire", lambda store: store.upkeep.expire(_AGES, LATER)),
    ("accept_source", lambda store: store.accept_source("deepstate", 2, LATER)),
    ("sync_sources", _sources(RYBAR, replace(ISW, name="newer"))),
)
