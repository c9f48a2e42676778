"""From a decision to a rule: proposed, tried on history, taken away as a patch, or written where that is allowed.

In: a place, and a hit that was wrong or a text that was missed. Out: what the rule would change, and the rule.
Invariant: a watchlist is written only with `write_config: true`, by a reviewer, after a form of ours.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from typing import Any

from starlette.datastructures import FormData, QueryParams
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from bot.config import watchlist_files
from bot.config.rules import Rule, apply_rule, changed
from bot.errors import PlacewireError, StoreError
from bot.matching import Matcher
from bot.model import Near, Place, Rejection, Verdict
from bot.review.desk import back, desk_of, show
from bot.review.trying import WITHIN, Known, Trial, proposed, told_apart, try_watch

LONGEST = 200
NEWEST = 100
"""Stories of a place in which words are looked for that tell right hits from wrong ones."""


async def known(request: Request) -> Matcher:
    """The matcher of the present watches."""
    held = request.app.state.known
    assert isinstance(held, Known)
    return await held.of(desk_of(request))


async def rule(request: Request) -> Response:
    """The form, with what a wrong hit proposes, or a missed text."""
    place, asked = _place(request), request.query_params
    near = await _told_apart(request, place) if asked.get("hit") else ()
    return await _page(request, place, _rule(place, asked), proposals=await _proposals(request), near=near)


async def tried(request: Request) -> Response:
    """What the rule would change."""
    place, form = _place(request), await _form(request)
    wanted = _rule(place, form)
    if not wanted.says:
        return await _page(request, place, wanted)
    trial = await try_watch(desk_of(request), await known(request), changed(place, wanted))
    return await _page(request, place, wanted, trial)


async def patch(request: Request) -> Response:
    """The rule as a file for `watch apply`."""
    place = _place(request)
    name = f'attachment; filename="{place.id}.rule.yaml"'
    text = _rule(place, request.query_params).patch
    return Response(text, media_type="application/yaml; charset=utf-8", headers={"content-disposition": name})


async def save(request: Request) -> Response:
    """Write the rule into its watchlist."""
    desk, place, form = desk_of(request), _place(request), await _form(request)
    if not desk.config.review.write_config:
        raise HTTPException(403, "The page may not write the configuration: set review: {write_config: true}.")
    try:
        await asyncio.to_thread(apply_rule, _rule(place, form), watchlist_files(desk.config.folder))
    except PlacewireError as error:
        raise HTTPException(400, str(error)) from error
    return back(f"/places/{place.id}", said="written")


async def missed(request: Request) -> Response:
    """Any post, to mark in it what was missed."""
    desk, key = desk_of(request), request.path_params["key"]
    try:
        stored = await desk.store.reviews.post(key)
    except StoreError as error:
        raise HTTPException(404, str(error)) from error
    return await show(request, "missed.html", "search", stored=stored, key=key)


async def missed_here(request: Request) -> Response:
    """To the form of the place, with the text."""
    form = await desk_of(request).tokens.form(request, desk_of(request).hosts)
    place = desk_of(request).named(str(form.get("place", "")).strip())
    text = " ".join(str(form.get("text", "")).split())[:LONGEST]
    if place is None or not text:
        raise HTTPException(400, "Choose a place, and mark or write the text that means it.")
    request.path_params["id"] = place
    found = await desk_of(request).store.reviews.post(request.path_params["key"])
    made = case(desk_of(request).name(place), text, found.post.body)
    return await _page(request, _place(request), Rule(watch=place, also=(text,)), case=made)


def case(name: str, text: str, body: str) -> str:
    """What a table of tests/cases/matching takes: JSON is YAML too."""
    return "- " + json.dumps({"text": body, "watches": [name], "hits": [[name, text, "sure"]]}, ensure_ascii=False)


async def _page(
    request: Request,
    place: Place,
    wanted: Rule,
    trial: Trial | None = None,
    *,
    proposals: tuple[str, ...] = (),
    near: tuple[str, ...] = (),
    case: str = "",
) -> Response:
    context: dict[str, Any] = {"place": place, "rule": wanted, "trial": trial, "proposals": proposals, "case": case}
    context["near"] = near
    return await show(request, "rule.html", "places", **context)


async def _proposals(request: Request) -> tuple[str, ...]:
    key, reason = request.query_params.get("hit", ""), request.query_params.get("reason", "")
    if not key:
        return ()
    try:
        file = await desk_of(request).store.reviews.file(key)
    except StoreError as error:
        raise HTTPException(404, str(error)) from error
    pairs = [(each.stored.post.body, found.hit) for each in (file.story.reports if file else ()) for found in each.hits
             if found.key == key]  # fmt: skip
    return proposed(*pairs[0], Rejection(reason) if reason in set(Rejection) else None) if pairs else ()


async def _told_apart(request: Request, place: Place) -> tuple[str, ...]:
    """Words near hits of the place that people confirmed, in its newest stories, and near none that they rejected."""
    reviews = desk_of(request).store.reviews
    stories = await reviews.stories(await reviews.newest_stories(NEWEST, watch=place.id))
    return told_apart(
        (report.stored.post.body, found.hit, found.verdict is Verdict.CONFIRMED)
        for story in stories
        for report in story.reports
        for found in report.hits
        if found.hit.watch == place.id and found.verdict is not None
    )


async def _form(request: Request) -> FormData:
    desk = desk_of(request)
    return await desk.tokens.form(request, desk.hosts)


def _place(request: Request) -> Place:
    found = desk_of(request).watches.get(request.path_params["id"])
    if not isinstance(found, Place):
        raise HTTPException(404, "No such place is watched.")
    return found


def _rule(place: Place, given: FormData | QueryParams | Mapping[str, str]) -> Rule:
    """The rule of a form or an address: lists a line each, words near it apart by commas."""
    words = _several(given, "near", ",")
    within = str(given.get("within", ""))
    number = int(within) if within.isdecimal() and 1 <= int(within) <= LONGEST else WITHIN
    region = " ".join(str(given.get("in", "")).split())[:LONGEST]
    return Rule(
        watch=place.id,
        never=_several(given, "not", "\n"),
        also=_several(given, "also", "\n"),
        near=Near(any=words, within=number) if words else None,
        within=region if region and region != place.within else None,
    )


def _several(given: FormData | QueryParams | Mapping[str, str], name: str, between: str) -> tuple[str, ...]:
    parts = str(given.get(name, "")).replace("\r", "").split(between)
    return tuple(dict.fromkeys(" ".join(part.split())[:LONGEST] for part in parts if part.strip()))
