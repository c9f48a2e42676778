"""Watches: what is looked for, in which forms; and a watch, new or changed, tried on what is stored before it counts.

In: a form with the keys of a watchlist. Out: hits gained and lost, and the watch as a patch, to take away or to write.
Invariant: a watchlist is written only with `write_config: true`, by a reviewer, after a form of ours.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from bot.config.adding import Value
from bot.config.drafts import PLACES, TERMS, Draft, apply_patch, entry_of
from bot.digests.silencing import covered
from bot.errors import ConfigError, PlacewireError
from bot.model import Term, Watch
from bot.review.asked import whole
from bot.review.desk import Desk, back, desk_of, show
from bot.review.pages.places import DAYS, Standing, standings
from bot.review.pages.rules import known
from bot.review.trying import Trial, try_watch
from bot.store.said import Said

LISTED = 100
LONGEST = 200
LONGEST_QUERY = 2_000
WITHIN = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A watch in the list."""

    standing: Standing
    forms: list[str]
    namesakes: int
    muted: bool
    sought: bool
    """Stored posts are still searched for it."""


async def watches(request: Request) -> Response:
    """Every watch with its forms and its state; those that have `q` in name, id or tags."""
    desk, typed = desk_of(request), request.query_params.get("q", "").strip()[:LONGEST]
    page = whole(request.query_params.get("page")) or 1
    found = [each for each in desk.config.watches if typed.casefold() in _words(each)]
    shown = found[(page - 1) * LISTED :][:LISTED]
    return await show(
        request,
        "watches.html",
        "watches",
        rows=await _rows(request, desk, shown),
        typed=typed,
        count=len(found),
        days=DAYS,
        following=page + 1 if page * LISTED < len(found) else None,
    )


def _words(watch: Watch) -> str:
    return " ".join((watch.name, watch.id, *watch.tags)).casefold()


async def _rows(request: Request, desk: Desk, shown: list[Watch]) -> list[Row]:
    forms = (await known(request)).forms_by_watch()
    numbers = {each.watch.id: each for each in await standings(desk)}
    silences = [each for each in await desk.store.notices.silences(desk.now) if each.place]
    muted = {watch for each in silences for watch in covered(each, desk.config.watches) or ()}
    sought = {each.id for each in await desk.store.upkeep.sought()}
    names = [watch.name for watch in desk.config.watches]
    return [
        Row(
            standing=numbers[watch.id],
            forms=forms.get(watch.id, []),
            namesakes=names.count(watch.name) - 1,
            muted=watch.id in muted,
            sought=watch.id in sought,
        )
        for watch in shown
    ]


async def draft(request: Request) -> Response:
    """The form: of a watch as it is, or an empty one."""
    old = _old(request, request.query_params.get("id", ""))
    kind = TERMS if isinstance(old, Term) or request.query_params.get("kind") == TERMS else PLACES
    return await _page(request, Draft(kind=kind, entry=entry_of(old) if old else {}, old=old))


async def tried(request: Request) -> Response:
    """What the watch would change."""
    desk, made = desk_of(request), _draft(request, await _form(request))
    try:
        new = made.watch()
    except ConfigError as error:
        return await _page(request, made, faults=_faults(error))
    if made.old is None and new.id in desk.watches:
        return await _page(request, made, faults=[Said("%(watch)s: is watched already", watch=new.id)])
    if new == made.old:
        return await _page(request, made)
    return await _page(request, made, trial=await try_watch(desk, await known(request), new))


async def patch(request: Request) -> Response:
    """The watch as a file for `watch apply`."""
    made = _draft(request, await _form(request))
    try:
        new = made.watch()
    except ConfigError as error:
        raise HTTPException(400, str(error)) from error
    headers = {"content-disposition": f'attachment; filename="{new.id}.watch.yaml"'}
    return Response(made.patch, media_type="application/yaml; charset=utf-8", headers=headers)


async def save(request: Request) -> Response:
    """Write the watch into its watchlist, or a new one into a list of its own."""
    desk, form = desk_of(request), await _form(request)
    if not desk.config.review.write_config:
        raise HTTPException(403, "The page may not write the configuration: set review: {write_config: true}.")
    made = _draft(request, form)
    try:
        made.watch()
        await asyncio.to_thread(apply_patch, made.patch, desk.config.folder)
    except PlacewireError as error:
        raise HTTPException(400, str(error)) from error
    return back("/watches", said="written")


async def _page(request: Request, made: Draft, *, trial: Trial | None = None, faults: Sequence[str] = ()) -> Response:
    context: dict[str, Any] = {"draft": made, "trial": trial, "faults": faults, "within": WITHIN}
    return await show(request, "watch.html", "watches", status=400 if faults else 200, **context)


def _faults(error: ConfigError) -> list[str]:
    """What is wrong, by key: the place in a file that is none says nothing."""
    return [f"{each.path.rpartition('.')[2] or each.path}: {each.what}; {each.remedy}" for each in error.faults]


async def _form(request: Request) -> FormData:
    desk = desk_of(request)
    return await desk.tokens.form(request, desk.hosts)


def _old(request: Request, key: str) -> Watch | None:
    if not key:
        return None
    found = desk_of(request).watches.get(key)
    if found is None:
        raise HTTPException(404, "No such place is watched.")
    return found


def _draft(request: Request, form: FormData) -> Draft:
    """What a form says."""
    old = _old(request, _line(form, "of"))
    if isinstance(old, Term) or (old is None and form.get("kind") == TERMS):
        entry: dict[str, Value] = {
            "name": _line(form, "name"),
            "any": _lines(form, "any", "\n"),
            "query": _line(form, "query", LONGEST_QUERY) or None,
        }
        return Draft(kind=TERMS, entry=_with_id(entry, form, old), old=old)
    words, within = _lines(form, "near", ","), _line(form, "within")
    near: Value = {"any": words, "within": int(within) if within.isdecimal() else WITHIN} if words else None
    entry = {
        "name": _line(form, "name"),
        "in": _line(form, "in") or None,
        "also": _lines(form, "also", "\n"),
        "not": _lines(form, "not", "\n"),
        "near": near,
    }
    return Draft(kind=PLACES, entry=_with_id(entry, form, old), old=old)


def _with_id(entry: dict[str, Value], form: FormData, old: Watch | None) -> dict[str, Value]:
    named = _line(form, "id")
    return {**entry, "id": named} if named and old is None else entry


def _line(form: FormData, name: str, longest: int = LONGEST) -> str:
    return " ".join(str(form.get(name, "")).split())[:longest]


def _lines(form: FormData, name: str, between: str) -> list[str]:
    parts = str(form.get(name, "")).replace("\r", "").split(between)
    return list(dict.fromkeys(" ".join(part.split())[:LONGEST] for part in parts if part.strip()))
