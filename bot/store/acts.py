"""What people decide: each act changes what it names and writes down how it was before, in one transaction.

In: an `Act` and `now`. Out: what it changed. Invariant: acts are only added to; an undo is an act of its own, that puts
back what the other one changed, unless it was changed again since.

A target is named by its key, and its state is a mapping: a hit's verdict, a story's pin, the story of a post, the end
of a silence, the outcome of a delivery.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import Overtaken, StoreError, WrongUsage
from bot.model import Silence, Verdict
from bot.store import merging, sampling, settling, silences, sources
from bot.store.audit import DONE
from bot.store.decisions import corrections, set_corrections
from bot.store.keys import hits_meant, known, rows_of, story_meant
from bot.store.reviewed import Act, Acted, ActKind
from bot.store.said import Said
from bot.store.sql import change, gather, insert, many
from bot.store.states import State, States, moment_of, text_of
from bot.store.tables import act, act_on, hit, post, silence, source, story, story_post

LONGEST_NOTE = 2_000
"""Characters."""

_JUDGED: Mapping[ActKind, Verdict] = {
    ActKind.CONFIRM: Verdict.CONFIRMED,
    ActKind.MOVE: Verdict.CONFIRMED,
    ActKind.REJECT: Verdict.REJECTED,
}


async def perform(conn: AsyncConnection, wanted: Act, now: datetime) -> Acted:
    """Do it, and write it down. What is so already is left alone; raises `Overtaken` if others decided differently."""
    if len(wanted.note) > LONGEST_NOTE:
        raise WrongUsage(
            "note", Said("is longer than %(most)s characters", most=LONGEST_NOTE), Said("say it in fewer words")
        )
    after = await _after(conn, wanted, now)
    if not after:
        raise StoreError(
            ", ".join(wanted.targets), Said("has no hit in its text any more"), Said("nothing is to be decided")
        )
    before = await states(conn, after)
    anew = await _reasoned_anew(conn, wanted, after)
    fresh = {key: state for key, state in after.items() if before[key] != state or key in anew}
    await _refuse_overtaken(conn, fresh, wanted.seen)
    if not fresh:
        return Acted()
    if wanted.kind in _JUDGED:
        await sampling.asked(conn, rows_of("h", fresh))
    return await _write(conn, wanted, before, fresh, now)


async def undo(conn: AsyncConnection, wanted: Act, row: int | None, now: datetime) -> Acted:
    """Take back an act, or the last one of this person. Raises `Overtaken` if it was changed again since."""
    found = await (_last(conn, wanted.who) if row is None else _known(conn, row))
    changes = (await conn.execute(select(act_on).where(act_on.c.act == found.row))).all()
    before = await states(conn, {item.target: item.after for item in changes})
    fresh = {item.target: item.before for item in changes}
    settling.refuse_moved_on({item.target: item.after for item in changes}, before)
    await _refuse_overtaken(conn, {item.target: {} for item in changes if before[item.target] != item.after}, found.row)
    return await _write(conn, wanted, before, fresh, now, undoes=found.row)


async def head(conn: AsyncConnection) -> int:
    """The last act's row: what a person who looks now has seen. 0 if there is none."""
    return (await conn.execute(select(func.max(act.c.row)))).scalar() or 0


# ---------------------------------------------------------------- what is to be


async def _after(conn: AsyncConnection, wanted: Act, now: datetime) -> States:
    if wanted.kind in _JUDGED:
        verdict = {"verdict": _JUDGED[wanted.kind].value, "meant": wanted.to if wanted.kind is ActKind.MOVE else None}
        return {f"h{row}": verdict for row in await hits_meant(conn, wanted.targets)}
    return await _AFTER[wanted.kind](conn, wanted, now)


async def _merged(conn: AsyncConnection, wanted: Act, _: datetime) -> States:
    return await merging.merged(conn, [await story_meant(conn, key) for key in wanted.targets])


async def _split(conn: AsyncConnection, wanted: Act, now: datetime) -> States:
    return await merging.split(conn, wanted.targets, now)


async def _pinned(conn: AsyncConnection, wanted: Act, now: datetime) -> States:
    pinned = text_of(now) if wanted.kind is ActKind.PIN else None
    return {f"s{await story_meant(conn, key)}": {"pinned": pinned} for key in wanted.targets}


async def _paused(conn: AsyncConnection, wanted: Act, now: datetime) -> States:
    paused = text_of(now) if wanted.kind is ActKind.PAUSE else None
    await sources.find(conn, wanted.targets)
    return {f"source:{name}": {"paused": paused} for name in wanted.targets}


async def _muted(conn: AsyncConnection, wanted: Act, now: datetime) -> States:
    ends = now if wanted.until is None else wanted.until
    return {key: {"until": text_of(ends)} for key in await _lasting(conn, wanted, now)}


async def _noted(conn: AsyncConnection, wanted: Act, _: datetime) -> States:
    if not wanted.note.strip():
        raise WrongUsage("note", Said("is empty"), Said("write what others should know"))
    return {await known(conn, key): {} for key in wanted.targets}


async def _corrected(conn: AsyncConnection, wanted: Act, _: datetime) -> States:
    rows = [await story_meant(conn, key) for key in wanted.targets]
    told, before = await merging.told(conn, rows), await corrections(conn, rows)
    after = {}
    for row in rows:
        if wanted.to is None or wanted.to not in told.get(row, {}):
            what = Said("was not told on %(route)s", route=wanted.to)
            raise StoreError(f"s{row}", what, Said("name a route that told it: `trace` says which"))
        words = {**before.get(row, {}), wanted.to: wanted.note}
        after[f"s{row}"] = {"corrected": {route: said for route, said in words.items() if said}}
    return after


_AFTER: Mapping[ActKind, Callable[[AsyncConnection, Act, datetime], Awaitable[States]]] = {
    ActKind.MERGE: _merged,
    ActKind.SPLIT: _split,
    ActKind.PIN: _pinned,
    ActKind.UNPIN: _pinned,
    ActKind.PAUSE: _paused,
    ActKind.RESUME: _paused,
    ActKind.MUTE: _muted,
    ActKind.UNMUTE: _muted,
    ActKind.NOTE: _noted,
    ActKind.CORRECT: _corrected,
    ActKind.ARRIVED: settling.arrived,
    ActKind.AGAIN: settling.again,
}


async def _lasting(conn: AsyncConnection, wanted: Act, now: datetime) -> Sequence[str]:
    """The silences that are meant. Raises `StoreError` for the end of one that is unknown, or over."""
    lasting = {each.key for each in await silences.lasting(conn, now)}
    for key in wanted.targets:
        if key not in lasting and wanted.kind is ActKind.UNMUTE:
            raise StoreError(key, Said("is no silence that lasts"), Said("`silence list` prints the ids there are"))
    return wanted.targets


async def mute(conn: AsyncConnection, wanted: Act, about: Silence, now: datetime) -> Acted:
    """Make the silence and begin it, as one act: an undo ends it."""
    row = await silences.add(conn, replace(about, until=now))
    return await perform(conn, replace(wanted, kind=ActKind.MUTE, targets=(f"m{row}",), until=about.until), now)


async def _last(conn: AsyncConnection, who: str) -> Row[Any]:
    """The newest act of this person that was not undone; an undo itself is taken back only by its id."""
    undone = select(act.c.undoes).where(act.c.undoes.is_not(None))
    mine = select(act).where(act.c.who == who, act.c.undoes.is_(None), act.c.row.not_in(undone))
    found = (await conn.execute(mine.order_by(act.c.row.desc()).limit(1))).one_or_none()
    if found is None:
        remedy = Said("name an act: the audit log prints their ids")
        raise StoreError(who, Said("has decided nothing that could be undone"), remedy)
    return found


async def _known(conn: AsyncConnection, row: int) -> Row[Any]:
    found = (await conn.execute(select(act).where(act.c.row == row))).one_or_none()
    if found is None:
        raise StoreError(f"a{row}", Said("no act has this id"), Said("the audit log prints the ids there are"))
    taken = (await conn.execute(select(act.c.row).where(act.c.undoes == row))).scalar()
    if taken is not None:
        by = f"a{taken}"
        raise Overtaken(f"a{row}", Said("was undone by %(act)s", act=by), Said("undo %(act)s to have it again", act=by))
    return found


async def _refuse_overtaken(conn: AsyncConnection, fresh: States, seen: int | None) -> None:
    """Nobody may have decided on one of these after act `seen`."""
    if seen is None:
        return
    query = select(act_on.c.target, act.c.row, act.c.kind, act.c.who, act.c.at).join(act, act.c.row == act_on.c.act)
    for newer in await gather(conn, query.where(act_on.c.act > seen).order_by(act.c.row), act_on.c.target, list(fresh)):
        done = Said("%(what)s by %(who)s at %(when)s UTC (%(act)s), after you looked", what=Said(DONE[newer.kind]),
                    who=newer.who, when=f"{newer.at:%H:%M:%S}", act=f"a{newer.row}")  # fmt: skip
        raise Overtaken(newer.target, done, Said("look again; `undo %(act)s` takes it back", act=f"a{newer.row}"))


async def _reasoned_anew(conn: AsyncConnection, wanted: Act, after: States) -> frozenset[str]:
    """What is written down though its state stays: every note, and hits that were rejected for another reason."""
    if wanted.kind is ActKind.NOTE:
        return frozenset(after)
    if wanted.kind is not ActKind.REJECT:
        return frozenset()
    standing = act.c.row.not_in(select(act.c.undoes).where(act.c.undoes.is_not(None)))
    query = select(act_on.c.target, act.c.reason).join(act, act.c.row == act_on.c.act)
    query = query.where(act.c.kind == ActKind.REJECT, standing).order_by(act.c.row)
    last = {row.target: row.reason for row in await gather(conn, query, act_on.c.target, list(after))}
    return frozenset(key for key, reason in last.items() if reason != wanted.reason)


# ---------------------------------------------------------------- what is


async def states(conn: AsyncConnection, wanted: States) -> States:
    """The present state of each target, in the terms in which `wanted` speaks of it."""
    now: dict[str, State] = {
        **await _hits(conn, wanted),
        **await _stories(conn, wanted),
        **await _posts(conn, wanted),
        **await _sources(conn, wanted),
        **await _silences(conn, wanted),
        **await settling.states(conn, wanted),
    }
    return {key: {name: now[key][name] for name in state} if state else {} for key, state in wanted.items()}


async def _hits(conn: AsyncConnection, wanted: States) -> dict[str, State]:
    found = await gather(conn, select(hit.c.row, hit.c.verdict, hit.c.meant), hit.c.row, rows_of("h", wanted))
    return {f"h{row.row}": {"verdict": row.verdict, "meant": row.meant} for row in found}


async def _stories(conn: AsyncConnection, wanted: States) -> dict[str, State]:
    rows = rows_of("s", wanted)
    told, corrected = await merging.told(conn, rows), await corrections(conn, rows)
    found = await gather(conn, select(story.c.row, story.c.pinned, story.c.merged), story.c.row, rows)
    return {
        f"s{row.row}": {
            "pinned": text_of(row.pinned),
            "merged": row.merged,
            "told": told.get(row.row, {}),
            "corrected": corrected.get(row.row, {}),
        }
        for row in found
    }


async def _posts(conn: AsyncConnection, wanted: States) -> dict[str, State]:
    """A post is a target by its row, p12: a source may be renamed."""
    found = await gather(conn, select(story_post), story_post.c.post, rows_of("p", wanted))
    return {f"p{row.post}": {"story": row.story, "relation": row.relation, "reason": row.reason} for row in found}


async def _sources(conn: AsyncConnection, wanted: States) -> dict[str, State]:
    names = [key.partition(":")[2] for key in wanted if key.startswith("source:")]
    found = await gather(conn, select(source.c.name, source.c.paused), source.c.name, names)
    return {f"source:{row.name}": {"paused": text_of(row.paused)} for row in found}


async def _silences(conn: AsyncConnection, wanted: States) -> dict[str, State]:
    found = await gather(conn, select(silence.c.row, silence.c.until), silence.c.row, rows_of("m", wanted))
    return {f"m{row.row}": {"until": text_of(row.until)} for row in found}


# ---------------------------------------------------------------- doing it


async def _write(
    conn: AsyncConnection, wanted: Act, before: States, after: States, now: datetime, undoes: int | None = None
) -> Acted:
    values = {
        "at": now,
        "who": wanted.who,
        "how": wanted.how,
        "kind": wanted.kind,
        "reason": wanted.reason,
        "note": wanted.note,
        "undoes": undoes,
    }
    row: int = (await conn.execute(insert(conn, act).values(values).returning(act.c.row))).scalar_one()
    changes = [
        {"act": row, "target": key, "before": before[key], "after": state} for key, state in sorted(after.items())
    ]
    await many(conn, insert(conn, act_on), changes)
    await _apply(conn, after, now)
    return Acted(id=f"a{row}", targets=tuple(after))


async def _apply(conn: AsyncConnection, after: States, now: datetime) -> None:
    """Put every target into its state; the stories that it concerns have changed, so routes decide on them anew."""
    changed = await _homes(conn, after) | {row for row in rows_of("s", after) if "corrected" in after[f"s{row}"]}
    await change(conn, hit, [{"row": row, **after[f"h{row}"]} for row in rows_of("h", after) if after[f"h{row}"]])
    await _apply_to_stories(conn, after, now)
    for key, state in after.items():
        if key.startswith("source:") and state:
            name, paused = key.partition(":")[2], moment_of(state["paused"])
            await conn.execute(update(source).where(source.c.name == name).values(paused=paused))
    for row in rows_of("m", after):
        await silences.set_end(conn, row, datetime.fromisoformat(after[f"m{row}"]["until"]), now)
    for row in rows_of("p", after):
        if after[f"p{row}"]:
            await conn.execute(update(story_post).where(story_post.c.post == row).values(**after[f"p{row}"]))
    await settling.apply(conn, after)
    moved = {state["story"] for key, state in after.items() if key.startswith("p") and "story" in state}
    await change(conn, story, [{"row": row, "changed": now} for row in sorted(changed | moved)])


async def _apply_to_stories(conn: AsyncConnection, after: States, now: datetime) -> None:
    for row in rows_of("s", after):
        parts = dict(after[f"s{row}"])
        if "told" in parts:
            await merging.tell(conn, row, parts.pop("told"), now)
        if "corrected" in parts:
            await set_corrections(conn, row, parts.pop("corrected"))
        if "pinned" in parts:
            parts["pinned"] = moment_of(parts["pinned"])
        await change(conn, story, [{"row": row, **parts}] if parts else [])


async def _homes(conn: AsyncConnection, after: States) -> set[int]:
    """The stories in which these hits and posts stand now."""
    mentioned = select(story_post.c.story).join(hit, hit.c.post == story_post.c.post)
    judged = await gather(conn, mentioned, hit.c.row, [row for row in rows_of("h", after) if after[f"h{row}"]])
    placed = select(story_post.c.story).join(post, post.c.row == story_post.c.post)
    moved = await gather(conn, placed, post.c.row, [row for row in rows_of("p", after) if after[f"p{row}"]])
    return {row.story for row in (*judged, *moved)}
