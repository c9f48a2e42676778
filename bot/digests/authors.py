"""What an author makes of his own report: a forward of it says no more than he says now, and he may correct himself.

In: a story, or two reports. Out: the story without mentions that their author has taken out since; which of its reports
are forwards of what he has changed; whether a later report of a source puts an earlier one right. Pure.

Source: written for this project by its authors. Licence: MIT, as the project.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from bot.language.fold import fold
from bot.language.stance import correcting
from bot.model import HitState, Report, StoredHit, Story

_WORD = re.compile(r"[^\W\d_]{5,}")
_BEGINNING, _LOOKED_AT = 5, 1000
_SHARED = 2
"""Longer words, by their first letters, that a correction shares with what it corrects: its place is one of them."""


def as_their_authors_have_it(story: Story) -> Story:
    """A forward's mentions of what the author, who has changed his post, does not name any more are edited out, too."""
    originals = _originals(story)
    if not originals:
        return story
    return replace(story, reports=tuple(_as_now(report, originals) for report in story.reports))


def is_outdated(report: Report, story: Story) -> bool:
    """Whether it forwards a post of the story that has other words now."""
    return _changed(report, _originals(story)) is not None


def corrects(later: Report, earlier: Report) -> bool:
    """Whether a source puts right what it said before: "Уточнение: ..." of the same."""
    ours, theirs = later.stored, earlier.stored
    if later.source.name != earlier.source.name or ours.happened < theirs.happened or ours.row == theirs.row:
        return False
    return bool(correcting(ours.post.body)) and len(_words(ours.post.body) & _words(theirs.post.body)) >= _SHARED


def _words(text: str) -> set[str]:
    return {word[:_BEGINNING] for word in _WORD.findall(fold(text[:_LOOKED_AT]).text)}


def _originals(story: Story) -> dict[str, Report]:
    """The posts of a story of which it has forwards, by key; what its author deleted says nothing now."""
    forwarded = {each.stored.post.forwarded_from for each in story.reports} - {None}
    there = (each for each in story.reports if each.stored.deleted is None) if forwarded else ()
    return {each.stored.post.key: each for each in there if each.stored.post.key in forwarded}


def _changed(report: Report, originals: Mapping[str, Report]) -> Report | None:
    """The post that it forwards, if that has other words: it was changed since, perhaps before we read it."""
    original = originals.get(report.stored.post.forwarded_from or "")
    return original if original and original.stored.post.body != report.stored.post.body else None


def _as_now(report: Report, originals: Mapping[str, Report]) -> Report:
    original = _changed(report, originals)
    if original is None:
        return report
    named = {hit.hit.watch for hit in original.hits if hit.state is HitState.LIVE}
    return replace(report, hits=tuple(_left(hit, named) for hit in report.hits))


def _left(hit: StoredHit, named: set[str]) -> StoredHit:
    gone = hit.state is HitState.LIVE and hit.hit.watch not in named
    return replace(hit, state=HitState.EDITED_OUT) if gone else hit
