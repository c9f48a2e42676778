"""Whether a report only asks: "Взята ли Суджа?", "Чи взято Суджу?", "Has Sudzha been taken?".

In: a report with the mentions that count. Out: yes or no. A mention is asked about where its sentence ends with a
question mark, or begins as only a question or a doubt does ("Взята ли", "Неужели", "Чи"); a report that also says
something of a watched place says it.

Source: written for this project by its authors. Licence: MIT, as the project.
"""

from __future__ import annotations

import re

from bot.digests.quote import bare, span_of
from bot.model import Report

_ENDS = re.compile(r"[?？⁇⁈⁉]\W*\Z")
_BEGINS = re.compile(r"\W*(?:\w+ ли|неужели|разве|чи|невже|хіба)(?!\w)", re.IGNORECASE)


def asks(report: Report) -> bool:
    """Whether every mention that is found in the text stands in a question."""
    body = report.stored.post.body
    spans = [span for hit in report.hits if (span := span_of(body, hit))]
    return bool(spans) and all(_is_question(bare(body, span)) for span in spans)


def _is_question(sentence: str) -> bool:
    return bool(_ENDS.search(sentence) or _BEGINS.match(sentence))
