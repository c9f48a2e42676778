"""Which sentences of a story are quoted: the one that names the place; of a round-up one of each of its first items.

In: a story as it counts on a route, and the watch under which it stands. Out: pieces of text. Invariant: what is quoted
is a report's own, letter for letter but for what is not safe to show.
"""

from __future__ import annotations

import re

from bot.digests.authors import is_outdated
from bot.digests.corroboration import places_of
from bot.digests.pairs import pairs
from bot.digests.quote import LIST_MARK, Piece, around, opening, sentence, span_of
from bot.digests.text import name
from bot.language.detect import Language, of_text
from bot.language.stance import correcting
from bot.model import Relation, Report, StoredHit, Story

QUOTED, SHORT = 3, 140
"""Items of a round-up that are quoted, and the length of a further one."""
_LOOKED_AT = 20
ROOM = 40
"""Cyrillic letters."""
_CYRILLIC, _UKRAINIAN = re.compile("[А-Яа-яЁёІіЇїЄєҐґ]"), re.compile("[іїєґ]", re.IGNORECASE)
_INNER = {ord("«"): "„", ord("»"): "“"}


def quote_of(story: Story, watch: str) -> tuple[Report, tuple[Piece, ...]]:
    """The post that is quoted, and its sentence with the mentions of `watch` and of others as matches.

    A post that begins with "Correction:" keeps that word.
    """
    report, hit = _strongest(story, watch)
    body = report.stored.post.body
    match = span_of(body, hit)
    if match is None:
        return report, opening(body)
    others = (span_of(body, other) for other in report.hits)
    return report, _headed(body, sentence(body, match, [span for span in others if span]))


def _headed(body: str, pieces: tuple[Piece, ...]) -> tuple[Piece, ...]:
    """The quote behind the word by which its post corrects another, if that is not in it; … for what stands between."""
    word, said = correcting(body), "".join(text for text, _ in pieces)
    if word in said:
        return pieces
    follows = body.partition(word)[2].lstrip(" .:!—–-\r\n").startswith(said[:_LOOKED_AT].rstrip("…"))
    gap = "" if follows or said.startswith("…") else "…"
    return (f"{name(word)}: {gap}", False), *pieces


def further_of(story: Story, watch: str) -> tuple[tuple[str, tuple[Piece, ...]], ...]:
    """Of a list of reports, or a part of one, what else it says, shortly: each sentence with the watch it names."""
    report, quoted = quote_of(story, watch)
    body = report.stored.post.body
    spans = ((span, hit.hit.watch) for hit in report.hits if (span := span_of(body, hit)))
    if story.first.relation is not Relation.INCLUDED:
        spans = ((span, named) for span, named in spans if LIST_MARK.match(body, around(body, span)[0]))
    said = [pairs("".join(text for text, _ in quoted))]
    found: list[tuple[str, tuple[Piece, ...]]] = []
    for match, named in sorted(spans):
        pieces = sentence(body, match, limit=SHORT)
        words = pairs("".join(text for text, _ in pieces))
        if words and not any(len(words & other) * 2 >= min(len(words), len(other)) for other in said if other):
            said.append(words)
            found.append((named, pieces))
        if len(found) == QUOTED - 1:
            break
    return tuple(found)


def shown_of(story: Story, watch: str) -> tuple[str, ...]:
    """What readers see of the story under this watch: one sentence; of a round-up one of each of its first items."""
    quoted = (quote_of(story, watch)[1], *(pieces for _, pieces in further_of(story, watch)))
    return tuple("".join(text for text, _ in pieces) for pieces in quoted)


def sentence_of(report: Report, hit: StoredHit) -> str:
    """The sentence that holds the mention, as it would be quoted."""
    body = report.stored.post.body
    match = span_of(body, hit)
    return "".join(text for text, _ in (opening(body) if match is None else sentence(body, match)))


def language_of(report: Report) -> str | None:
    """The language of a post as it was given, else by its letters."""
    given, body = report.stored.post.language, report.stored.post.body
    return name(given, 12) if given else of_text(body, sample=400) or _by_what_lacks(body[:400])


def _by_what_lacks(text: str) -> str | None:
    """Russian, where there is room for an і, ї or є and none of them: each tenth letter of Ukrainian is one."""
    return Language.RUSSIAN if len(_CYRILLIC.findall(text)) >= ROOM and not _UKRAINIAN.search(text) else None


def inner(text: str) -> str:
    """As it stands within the marks of a quote."""
    return text.translate(_INNER)


def _strongest(story: Story, watch: str) -> tuple[Report, StoredHit]:
    """The first report that names the watch, and its strongest hit; any report with a hit if none names it.

    The words of an author who has changed his post are quoted before those of its forwards.
    """
    reports = [report for report in story.reports if report.hits]
    naming = [report for report in reports if any(watch in places_of(hit) for hit in report.hits)] or reports
    report = next((each for each in naming if not is_outdated(each, story)), naming[0])
    return report, max(report.hits, key=lambda hit: (hit.hit.watch == watch, hit.hit.confidence))
