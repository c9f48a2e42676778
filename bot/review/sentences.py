"""A hit as the page shows it: the mention between the words around it.

In: a report and one of its hits. Out: a row for the template. Invariant: `before + text + after` is a piece of the
post, unless the post was edited since; then only the mention itself is shown.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bot.model import Report, StoredHit, Story

AROUND = 140


@dataclass(frozen=True, slots=True, kw_only=True)
class HitRow:
    report: Report
    found: StoredHit
    story: str
    before: str
    after: str


def newest(stories: Iterable[Story], limit: int) -> list[HitRow]:
    """The hits of these stories, the newest first."""
    rows = [row(story, report, hit) for story in stories for report in story.reports for hit in report.hits]
    return sorted(rows, key=lambda row: row.found.row, reverse=True)[:limit]


def row(story: Story, report: Report, found: StoredHit) -> HitRow:
    body, hit = report.stored.post.body, found.hit
    still = body[hit.start : hit.end] == hit.text
    return HitRow(
        report=report,
        found=found,
        story=story.key,
        before=_last_words(body[: hit.start]) if still else "",
        after=_first_words(body[hit.end :]) if still else "",
    )


def _last_words(text: str) -> str:
    cut = text[-AROUND:]
    return cut if len(cut) == len(text) else f"… {cut.partition(' ')[2]}"


def _first_words(text: str) -> str:
    cut = text[:AROUND]
    return cut if len(cut) == len(text) else f"{cut.rpartition(' ')[0]} …"
