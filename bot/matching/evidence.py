"""Evidence: what speaks for and against a finding, each a named value with its weight.

Out: words for people, strongest first, and a confidence from 0 to 1: the logistic function of the weights' sum.
`signs` finds what the surroundings say, `context` what the rest of the text says; docs/matching.md says what each adds.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Sequence
from enum import Enum


class Evidence(Enum):
    """Words shown to people, and a weight in log-odds."""

    CAPITAL = ("capital letter", 2.4)
    ALL_CAPITALS = ("among capitals", 1.4)
    SMALL = ("small letter", -2.8)
    NO_CAPITALS = ("a post without capitals", -0.4)
    HASHTAG = ("in a hashtag, where small letters are usual", 0.7)
    ADJECTIVE = ("an adjective of its name", 0.4)
    PREPOSITION = ("preposition", 0.5)
    LOCATIVE = ("preposition of place", 1.0)
    GENERIC = ("kind of place beside it", 1.6)
    BEFALLS = ("what befalls towns", 1.2)
    LISTED = ("beside another watched place", 1.2)
    WHOLE_PHRASE = ("several words agree", 2.0)
    DISAGREEING = ("its words do not agree", -1.4)
    SLIP = ("a slip of grammar", -2.6)
    UNSURE = ("another place is more often meant", -3.9)
    REGION = ("its region in the text", 1.4)
    OTHER_REGION = ("another region beside it", -5.0)
    REGION_BEFORE = ("another region before it in the sentence", -3.6)
    NEIGHBOUR = ("a neighbour in the text", 1.2)
    NEAREST = ("much nearer to the places in the text than its namesakes", 1.4)
    HOME = ("the source's region", 1.2)
    NEAR = ("wanted words near it", 1.0)
    NOT_NEAR = ("no wanted word near it", -3.5)
    PERSON = ("a person's name", -3.6)
    SPEAKER = ("it speaks or acts as a person", -2.8)
    PERSON_BEFORE = ("a person bears it in this text", -2.8)
    ATTRIBUTE = ("the adjective of the word behind it", -3.6)
    LONGER_NAME = ("part of a longer name", -2.8)
    STREET = ("a street", -2.6)
    BRAND = ("a firm, a club or a ship", -2.7)
    NAMED_AFTER = ("something is named after it", -2.7)
    WATER = ("a river or a lake of this name", -3.6)
    FORMER = ("another town's former name", -3.4)
    QUOTED = ("a name in quotes", -2.7)
    TITLE = ("part of a title in quotes", -0.8)
    COMPOUND = ("part of a hyphen compound", -1.6)
    COMMON = ("a common word", -0.8)
    MOSTLY_SMALL = ("mostly in small letters in the stored posts", -2.5)
    MOSTLY_CAPITAL = ("no everyday word in the stored posts", 0.0)
    SENTENCE_START = ("a common word at a sentence's start", -1.8)
    SURNAME = ("a surname too", -1.6)
    GIVEN = ("a given name too", -2.6)
    GIVEN_OR_PLACE = ("a given name too, of a known place", -1.0)
    BY_SOUND = ("spelt by ear", -2.8)
    SHORT_LATIN = ("a short Latin name", -2.8)
    LINK = ("inside a link", -5.0)
    TERM = ("a watched term", 2.6)
    QUERY = ("a query answered", 2.6)
    PREFERRED = ("a maintainer prefers it to its namesakes", 0.0)
    HOMONYMS = ("other places of this name", 0.0)

    def __init__(self, words: str, weight: float) -> None:
        self.words = words
        self.weight = weight


ABOUT_WHICH = frozenset({Evidence.REGION, Evidence.NEIGHBOUR, Evidence.NEAREST, Evidence.HOME})
"""What says which place of a name is meant, and nothing where the neighbours say that it is no place at all."""
OTHER_BEARERS = frozenset(
    {
        Evidence.PERSON,
        Evidence.SPEAKER,
        Evidence.ATTRIBUTE,
        Evidence.LONGER_NAME,
        Evidence.STREET,
        Evidence.BRAND,
        Evidence.NAMED_AFTER,
        Evidence.WATER,
        Evidence.FORMER,
        Evidence.QUOTED,
        Evidence.LINK,
    }
)
PRIOR = 0.0
"""The log-odds of a finding about which nothing else is known."""


def without(found: Iterable[Evidence], taken: Collection[Evidence]) -> list[Evidence]:
    return [each for each in found if each not in taken]


def relevant(found: Sequence[Evidence]) -> list[Evidence]:
    """The evidence without what says nothing here: a region named does not make a place of a street."""
    return list(found) if OTHER_BEARERS.isdisjoint(found) else without(found, ABOUT_WHICH)


def confidence(found: Iterable[Evidence]) -> float:
    total = PRIOR + sum(each.weight for each in found)
    return 1 / (1 + math.exp(-total))


def words(found: Iterable[Evidence]) -> tuple[str, ...]:
    """The evidence in words, strongest first."""
    return tuple(each.words for each in sorted(found, key=lambda each: -abs(each.weight)))
