"""What an author makes of his own report: a forward of it says no more than he says now, and he may correct himself.

In: a story, or two reports. Out: the story without mentions that their author has taken out since; which of its reports
are forwards of what he has changed; whether a later report of a source puts an earlier one right. Pure.

Source: written for this project by its authors. Licence: MIT, as the project.
"""

from __future__ import annotations

import re
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
    changed = _changed(story)
    if not changed:
        return story
    return replace(story, reports=tuple(_as_now(report, changed) for report in story.reports))


def is_outdated(report: Report, story: Story) -> bool:
    """Whether it forwards a post of the story that its author has changed."""
    return report.stored.post.forwarded_from in _changed(story)


def corrects(later: Report, earlier: Report) -> bool:
    """Whether a source puts right what it said before: "Уточнение: ..." of the same."""
    ours, theirs = later.stored, earlier.stored
    if later.source.name != earlier.source.name or ours.happened < theirs.happened or ours.row == theirs.row:
        return False
    return bool(correcting(ours.post.body)) and len(_words(ours.post.body) & _words(theirs.post.body)) >= _SHARED


def _words(text: str) -> set[str]:
    return {word[:_BEGINNING] for word in _WORD.findall(fold(text[:_LOOKED_AT]).text)}


def _changed(story: Story) -> dict[str | None, Report]:
    """The posts that their authors have changed, by the key by which a forward names them: also before we read them."""
    return {each.stored.post.key: each for each in story.reports if _is_changed(each)}


def _is_changed(report: Report) -> bool:
    return report.stored.deleted is None and bool(report.before or report.stored.post.edited)


def _as_now(report: Report, changed: dict[str | None, Report]) -> Report:
    original = changed.get(report.stored.post.forwarded_from)
    if original is None:
        return report
    named = {hit.hit.watch for hit in original.hits if hit.state is HitState.LIVE}
    return replace(report, hits=tuple(_left(hit, named) for hit in report.hits))


def _left(hit: StoredHit, named: set[str]) -> StoredHit:
    gone = hit.state is HitState.LIVE and hit.hit.watch not in named
    return replace(hit, state=HitState.EDITED_OUT) if gone else hit
