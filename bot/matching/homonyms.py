"""Homonyms: watches that share a form, told apart by what the text says; never chosen silently.

In: the watches that claim a span, each with its own evidence. Out: the likelier ones, with their share of the
probability. A place is told apart when its share is at least three quarters; else the span is unresolved.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from bot.language.dictionary import Trait
from bot.matching.evidence import Evidence
from bot.matching.lexicon import Entry
from bot.model import Origin

TOLD_APART = 0.75
_OBLIQUE_BASE = -3.0
_OWN_NAME = 1.2
_NAMED_ELSEWHERE = 1.5


@dataclass(frozen=True, slots=True)
class Claim:
    """One watch's claim on a span, with the evidence that is its own."""

    entry: Entry
    evidence: tuple[Evidence, ...]
    elsewhere: bool
    """Whether the text names this watch elsewhere, beyond doubt."""


@dataclass(frozen=True, slots=True)
class Choice:
    """The best claim, its share of the probability, and the claims that it could not be told apart from."""

    best: Claim
    share: float
    others: tuple[Claim, ...]


def choose(claims: Sequence[Claim]) -> Choice:
    """The likeliest claim; of equal ones the first in the order of the watchlist."""
    if len(claims) == 1:
        return Choice(claims[0], 1.0, ())
    odds = [math.exp(_score(claim)) for claim in claims]
    best = max(range(len(claims)), key=lambda at: odds[at])
    share = odds[best] / sum(odds)
    if share >= TOLD_APART:
        return Choice(claims[best], 1.0, ())
    return Choice(claims[best], share, tuple(claim for at, claim in enumerate(claims) if at != best))


def _score(claim: Claim) -> float:
    """How likely this watch is beside the others, in log-odds."""
    score = sum(each.weight for each in claim.evidence)
    score += _NAMED_ELSEWHERE * claim.elsewhere
    if claim.entry.origin is Origin.BASE:
        # A name that is itself a case of another word (Кабуле beside Кабул) is an odd watch: the other is meant.
        score += _OBLIQUE_BASE if claim.entry.traits & Trait.OBLIQUE else _OWN_NAME
    return score
