"""Two texts side by side: a copy, a part, other news in the same words, or nothing to do with each other.

In: two `View`s. Out: a `Verdict` with the spans that they share. Pure and symmetric: the shorter text is looked for in
the longer one, whichever came first. A shared text is no copy if its facts differ: numbers in order, names, negation.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from operator import itemgetter, le

from bot.stories.essence import ASKS, ITEM, LINE, numbers, plain
from bot.stories.facts import Other, Words, asked_otherwise, other_facts
from bot.stories.meanings import retracts
from bot.stories.shingles import WIDTH, in_order, pairs, runs

MIN_WORDS, MIN_LENGTH = 8, 50
"""Below this a text is too short: short posts and templates stand in everything."""
_MIN_CONTAINED = 0.5
"""Share of the shorter text's shingles that the longer one has, before anything else is looked at."""
_MIN_COVERED, _WHOLE = 0.85, 0.75
"""Share of the shorter text that lies in shared spans, small faults inside them included; and that of the longer one
from which it is the same text, neither shortened nor extended."""
_MIN_RUN, _MAX_FAULT = 4, 14
"""Fewer shared shingles in a row are chance; a gap up to so many shingles is a fault of typing, or one other word."""
_MIN_EXTRA = 30
"""Characters of a line of the longer text that the shorter one has nothing of, for the line to be news of its own."""
_MIN_TEASER, _MIN_SHARE = 0.2, 0.45
"""How much of the longer text the shorter one must be: if it is its beginning, and if it is not."""
_PIECE = 12
_EDGE = 60
"""Characters before the first shared span that still are "the beginning": a header, a title."""
_MOST_NAMED = 4
"""Words of a name that stands before a copy."""
_STRICT = 140
"""In texts up to this length any word that is another word makes other news."""

Span = tuple[int, int]
Spans = tuple[Span, ...]


class Verdict(StrEnum):
    APART = "nothing in common"
    OTHER_NUMBERS = "the same words with other numbers"
    OTHER_NAMES = "the same words with another name"
    OTHER_FACTS = "the same words with another word of news, or a denial"
    ASKED = "the same words as a question"
    DISPROVED = "the same text, called untrue"
    COPY = "the same text"
    SHORTENED = "the beginning of a longer text"
    PART = "one of several reports in a longer text"

    @property
    def same(self) -> bool:
        return self in {Verdict.COPY, Verdict.SHORTENED}

    @property
    def other(self) -> bool:
        """Whether it is other news in the same words."""
        return self in {
            Verdict.OTHER_NUMBERS,
            Verdict.OTHER_NAMES,
            Verdict.OTHER_FACTS,
            Verdict.ASKED,
            Verdict.DISPROVED,
        }


class View:
    """An essence made ready for comparing; what is dear is worked out when it is first asked for.

    `text` has the letters' case and the separators, `plain` neither; both have `size` characters.
    """

    def __init__(self, essence: bytes) -> None:
        self.text = essence
        self.plain = plain(essence)
        self.size = len(essence)

    @property
    def telling(self) -> bool:
        """Whether the text is long enough to be recognised by what it shares with another."""
        return self.size >= MIN_LENGTH and self.plain.count(b" ") >= MIN_WORDS - 1

    @cached_property
    def pairs(self) -> bytes:
        return pairs(self.plain)

    @cached_property
    def runs(self) -> list[tuple[int, ...]]:
        return runs(self.pairs)

    @cached_property
    def unique(self) -> frozenset[int]:
        """The shingles, each once."""
        return frozenset().union(*self.runs)

    @cached_property
    def values(self) -> list[int]:
        """The shingles in order."""
        return in_order(self.runs)

    @cached_property
    def words(self) -> Words:
        return Words(self.text)


@dataclass(frozen=True, slots=True)
class Comparison:
    """`share` is the shared part of the longer text; `spans` are the shared spans of the first text given."""

    verdict: Verdict
    share: float = 0.0
    likeness: float = 0.0
    """What both have, of what either has; less if some of the shorter text is not in the longer one."""
    spans: Spans = ()
    shorter: bool = True
    """Whether the first text given is the shorter one."""


_APART = Comparison(Verdict.APART)


def compare(one: View, other: View) -> Comparison:
    """How `one` and `other` stand to each other; nothing if either is too short to tell."""
    shorter = one.size <= other.size
    small, large = (one, other) if shorter else (other, one)
    if not small.telling:
        return _APART
    if named := _named_before(small, large):
        return _behind(named, small, large, shorter=shorter)
    inner, outer = _spans(small, large)
    if _length(inner) < _MIN_COVERED * small.size:
        return _APART
    verdict = _verdict(small, large, inner, outer)
    both = min(_length(inner), _length(outer))
    likeness = both / (small.size + large.size - both) * (_length(inner) / small.size) ** 2
    return Comparison(verdict, _length(outer) / large.size, likeness, inner if shorter else outer, shorter)


def _named_before(small: View, large: View) -> int:
    """The length of a name before a text with which the other begins, word for word: whose words it copies."""
    at = small.plain.find(large.plain[:_PIECE], 0, _EDGE + _PIECE)
    if at <= 0 or not large.plain.startswith(small.plain[at:]):
        return 0
    words, size = small.words, small.plain.count(b" ", 0, at)
    inside = any(words.capital(word) and words.inside(word) for word in range(1, size))
    named = words.capital(0) and inside and size <= _MOST_NAMED and words.capital(size)
    return at if named and not retracts(small.plain[:at]) else 0


def _behind(named: int, small: View, large: View, *, shorter: bool) -> Comparison:
    """The comparison of a text without the name before it; spans are those of the whole text."""
    found = compare(View(small.text[named:]), large)
    spans = tuple((start + named, end + named) for start, end in found.spans) if shorter else found.spans
    return replace(found, spans=spans, shorter=shorter)


def _spans(small: View, large: View) -> tuple[Spans, Spans]:
    """The shared spans of both texts; none, if they plainly have not enough in common."""
    at = large.plain.find(small.plain)
    if at >= 0:
        return ((0, small.size),), ((at, at + small.size),)
    if len(small.unique & large.unique) < _MIN_CONTAINED * len(small.unique):
        return (), ()
    return shared(small, large), shared(large, small)


def _verdict(small: View, large: View, inner: Spans, outer: Spans) -> Verdict:
    if not is_run(numbers(small.text), numbers(large.text)):
        return Verdict.OTHER_NUMBERS
    if small.plain not in large.plain and (
        other := other_facts(small.words, large.words, strict=small.size <= _STRICT)
    ):
        return Verdict.OTHER_NAMES if other is Other.NAME else Verdict.OTHER_FACTS
    if ASKS in small.text + large.text and asked_otherwise(small.words, large.words):
        return Verdict.ASKED
    extent = _extent(small, large, inner, outer)
    if extent.same and retracts(_around(small, inner)) != retracts(_around(large, outer)):
        return Verdict.DISPROVED
    return extent


def _around(view: View, spans: Spans) -> bytes:
    """What stands before the shared words, and a word or two behind them: who takes a text back says so there."""
    start, end = spans[0][0], spans[-1][1]
    return view.plain[:start] + b" " + (view.plain[end:] if view.size - end <= _EDGE else b"")


def _extent(small: View, large: View, inner: Spans, outer: Spans) -> Verdict:
    """Copy or part, the facts being the same: it depends on what else the longer text tells."""
    share = _length(outer) / large.size
    begins = outer[0][0] <= _EDGE and inner[0][0] <= _EDGE
    extra = [kind for kind, span in lines(large.text) if _untouched(span, outer)]
    if extra.count(ITEM) >= 2 and not (begins and _items(small) >= 2):
        return Verdict.PART
    if begins and share >= _MIN_TEASER:
        return Verdict.COPY if share >= _WHOLE else Verdict.SHORTENED
    return Verdict.COPY if share >= _MIN_SHARE else Verdict.PART


_SHARED = re.compile(rb"\x01{%d,}" % _MIN_RUN)


def shared(one: View, other: View) -> Spans:
    """The spans of `one` that `other` has too, in the same order, small faults closed."""
    flags = bytes(map(other.unique.__contains__, one.values))
    spans: list[Span] = []
    for start, end in _in_order([match.span() for match in _SHARED.finditer(flags)], one, other):
        if spans and start - spans[-1][1] <= _MAX_FAULT:
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
    return tuple((start, end + WIDTH - 1) for start, end in spans)


def _in_order(found: list[Span], one: View, other: View) -> list[Span]:
    """The runs that stand in `other` in the same order: the same phrases in another order are another's sentence."""
    places: list[int] = []
    for start, end in found:
        places.append(_place(one.plain[start : end + WIDTH - 1], other.plain, places[-1] if places else 0))
    if all(map(le, places, places[1:])):
        return found
    chains: list[tuple[int, list[Span]]] = []
    """Of each run, the heaviest chain that ends with it: its length, and its runs."""
    for span, place in zip(found, places, strict=True):
        before = (chain for chain, at in zip(chains, places, strict=False) if at <= place)
        size, kept = max(before, key=itemgetter(0), default=(0, []))
        chains.append((size + span[1] - span[0], [*kept, span]))
    return max(chains, key=itemgetter(0))[1]


def _place(run: bytes, text: bytes, after: int) -> int:
    """Where a run begins in the other text, by the median of three of its pieces: one may repeat a word from elsewhere.

    A piece is looked for behind the run before first.
    """
    found: list[int] = []
    for quarter in (1, 2, 3):
        start = max(0, quarter * len(run) // 4 - _PIECE // 2)
        piece = run[start : start + _PIECE]
        if (at := text.find(piece, after)) >= 0 or (at := text.find(piece)) >= 0:
            found.append(at - start)
    return sorted(found)[len(found) // 2] if found else after


def _length(spans: Iterable[Span]) -> int:
    return sum(end - start for start, end in spans)


def overlap(spans: Iterable[Span], others: Iterable[Span]) -> int:
    """Characters that lie in spans of both."""
    held = tuple(others)
    return sum(max(0, min(end, e) - max(start, s)) for start, end in spans for s, e in held)


def lines(text: bytes) -> list[tuple[bytes, Span]]:
    """The lines of an essence, each with the separator before it; the first is a plain line."""
    if LINE not in text and ITEM not in text:
        return [(LINE, (0, len(text)))]
    cuts = [match.start() for match in _BREAK.finditer(text)]
    starts, ends = [0, *(cut + 1 for cut in cuts)], [*cuts, len(text)]
    return [(text[start - 1 : start] or LINE, (start, end)) for start, end in zip(starts, ends, strict=True)]


_BREAK = re.compile(rb"[\n\x01]")


def _untouched(line: Span, spans: Spans) -> bool:
    size = line[1] - line[0]
    return size >= _MIN_EXTRA and overlap([line], spans) < 0.3 * size


def _items(view: View) -> int:
    return view.text.count(ITEM)


def is_run(part: list[bytes], whole: list[bytes]) -> bool:
    """Whether the numbers of one stand in the other in the same order, without another between them."""
    size = len(part)
    return any(whole[at : at + size] == part for at in range(len(whole) - size + 1))
