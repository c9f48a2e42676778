"""One story whole: reports in order of time, every wording, every decision, why, and where on the map."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.calibration import SURE_FROM, UNSURE_FROM
from bot.errors import StoreError
from bot.model import Place, Report, SideKind, StoredHit, StoredPost, Story
from bot.review.changes import Change, changes
from bot.review.desk import Desk, desk_of, show
from bot.review.excerpt import Piece, around, pieces
from bot.store import Alike, Likeness, StoryFile, Wording
from bot.store.said import Said


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    wording: Wording
    changes: Sequence[Change]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A report as the page tells it."""

    report: Report
    pieces: Sequence[Piece]
    edits: Sequence[Edit]


async def story(request: Request) -> Response:
    """Any id leads here: a story's, a merged one's, a hit's or a post's."""
    desk, key = desk_of(request), request.path_params["key"]
    try:
        file = await desk.store.reviews.file(key)
    except StoreError as error:
        if "/" in key and await _is_stored(desk, key):
            return RedirectResponse(f"/missed/{key}", 307)
        raise HTTPException(404, str(error)) from error
    if file is None:
        raise HTTPException(404, Said("%(key)s has no report any more.", key=key))
    if file.story.key != key:
        anchor = f"#{key}" if key.startswith("h") else ""
        return RedirectResponse(f"/stories/{file.story.key}{anchor}", 307)
    return await show(
        request,
        "story.html",
        "stories",
        file=file,
        story=file.story,
        reports=[_told(report, file) for report in sorted(file.story.reports, key=lambda report: report.when)],
        names=list(dict.fromkeys(desk.name(hit.hit.watch) for each in file.story.reports for hit in each.hits)),
        sides=sides(file.story),
        places=located(desk, file.story),
    )


async def _is_stored(desk: Desk, key: str) -> bool:
    """Whether it is a post; one that names nothing is in no story."""
    try:
        await desk.store.reviews.post(key)
    except StoreError:
        return False
    return True


def _told(report: Report, file: StoryFile) -> Told:
    wordings = file.wordings.get(report.stored.row, ())
    edits = [Edit(wording=later, changes=changes(earlier.body, later.body)) for earlier, later in pairwise(wordings)]
    return Told(report=report, pieces=pieces(report.stored.post.body, report.hits), edits=edits)


def sides(story: Story) -> list[str]:
    """The parties that report it."""
    found = {each.source.side for each in story.reports if each.source.side_kind is SideKind.PARTY}
    return sorted(side for side in found if side)


def located(desk: Desk, story: Story) -> list[Place]:
    """The places with coordinates that it names, or may name."""
    hits: list[StoredHit] = [found for report in story.reports for found in report.hits]
    named = dict.fromkeys(watch for found in hits for watch in (found.hit.watch, *found.hit.candidates))
    watches = [desk.watches.get(watch) for watch in named]
    return [watch for watch in watches if isinstance(watch, Place) and watch.at]


async def alike(request: Request) -> Response:
    """Hits like one, all of which one decision may hold for."""
    desk, key = desk_of(request), request.path_params["key"]
    asked = request.query_params
    by = Likeness.PLACE
    for name, flag in (("form", Likeness.FORM), ("source", Likeness.SOURCE)):
        if asked.get(name, "1" if name == "form" and not asked else ""):
            by |= flag
    try:
        found = await desk.store.reviews.alike(key, by)
    except StoreError as error:
        raise HTTPException(404, str(error)) from error
    sure = "sure" in asked
    context = {"form": Likeness.FORM in by, "source": Likeness.SOURCE in by, "sure": sure}
    return await show(request, "alike.html", "queue", key=key, kin=[_kin(each, key, sure) for each in found], **context)


@dataclass(frozen=True, slots=True)
class Kin:
    """A hit like another, with its words; `ticked` if a decision holds for it unless somebody unticks it."""

    stored: StoredPost
    found: StoredHit
    pieces: Sequence[Piece]
    ticked: bool


def _kin(each: Alike, key: str, sure: bool) -> Kin:
    """What the matcher is sure of, or has all but excluded, is ticked only if that was asked for."""
    found, body = each.found, each.stored.post.body
    unsure = bool(found.hit.candidates) or UNSURE_FROM <= found.hit.confidence < SURE_FROM
    return Kin(each.stored, found, around(body, [found], found), sure or unsure or found.key == key)
