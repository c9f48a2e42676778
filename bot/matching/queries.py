"""Queries of terms: which of them a text answers, and by which words.

In: the parsed queries, the table of their operands' forms (made by `expand`), then texts. Out: for each query that the
text answers, the span of its first operand that had to be there. Every operand is looked up in one pass over the text,
and no step looks at a pair of words twice, so time is linear in the text whatever the query.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import assert_never

from bot.language.fold import Folded, key
from bot.language.query import Either, Every, Kind, Near, Node, Operand, operands, parse
from bot.language.tokens import Tokens
from bot.matching.lexicon import Lexicon, Table, unpacked
from bot.matching.scan import joined
from bot.matching.terms import term_forms
from bot.model import Origin, Term, Watch

Span = tuple[int, int]
"""The first and the last word, both included."""


def of_watches(watches: Sequence[Watch]) -> list[tuple[int, Node]]:
    """The queries of the watches, each with the watch's index."""
    return [(at, parse(watch.query)) for at, watch in enumerate(watches) if isinstance(watch, Term) and watch.query]


def forms(watches: Sequence[Watch]) -> Table:
    """The forms of every word and phrase of the queries, under the operand's number over all queries."""
    table = Table()
    for number, operand in enumerate(_all_operands(of_watches(watches))):
        if operand.kind is not Kind.PREFIX:
            made = term_forms(operand.text) if operand.kind is Kind.WORD else (operand.text,)
            for form in made:
                table.add(key(form), number, Origin.TERM)
    return table


def _all_operands(queries: Iterable[tuple[int, Node]]) -> Iterator[Operand]:
    for _, node in queries:
        yield from operands(node)


class Queries:
    """Answers which queries a text answers."""

    def __init__(self, watches: Sequence[Watch], table: Table) -> None:
        self._queries: list[tuple[int, int, Node]] = []
        self._prefixes: dict[str, list[int]] = {}
        self._owner: list[int] = []
        self._lexicon = Lexicon(table)
        for watch, node in of_watches(watches):
            first = len(self._owner)
            self._queries.append((watch, first, node))
            for operand in operands(node):
                if operand.kind is Kind.PREFIX:
                    self._prefixes.setdefault(key(operand.text), []).append(first + operand.number)
                self._owner.append(len(self._queries) - 1)
        self._lengths = sorted({len(prefix) for prefix in self._prefixes})

    def __bool__(self) -> bool:
        return bool(self._queries)

    def is_idle(self, words: Iterable[str]) -> bool:
        """Whether no word of a text begins anything that a query asks for."""
        words = set(words)
        return self._lexicon.is_idle(words) and not any(self._begun(word) for word in words)

    def forms_of(self, watches: Collection[int]) -> Iterator[str]:
        """Every form, folded, that the queries of these watches (their indexes) ask for; a prefix as it is."""
        owned = {number for number, query in enumerate(self._owner) if self._queries[query][0] in watches}
        for form, payload in self._lexicon.forms.items():
            if any(entry.watch in owned for entry in unpacked(payload)):
                yield form
        yield from (prefix for prefix, numbers in self._prefixes.items() if not owned.isdisjoint(numbers))

    def find(self, folded: Folded, tokens: Tokens) -> Iterator[tuple[int, Span]]:
        """Each watch whose query the text answers, with the words to show."""
        found = self._occurrences(folded, tokens)
        for query in sorted({self._owner[number] for number in found}):
            watch, first, node = self._queries[query]
            spans = _spans(node, found, first)
            if spans:
                yield watch, spans[0]

    def _occurrences(self, folded: Folded, tokens: Tokens) -> dict[int, list[Span]]:
        """Where each operand stands, in order."""
        found: dict[int, list[Span]] = {}
        for at, word in enumerate(tokens.words):
            for count, payload in self._lexicon.find(tokens.words, at):
                if joined(folded, tokens, at, at + count - 1):
                    for entry in unpacked(payload):
                        found.setdefault(entry.watch, []).append((at, at + count - 1))
            for number in self._begun(word):
                found.setdefault(number, []).append((at, at))
        return found

    def _begun(self, word: str) -> Iterator[int]:
        for length in self._lengths:
            yield from self._prefixes.get(word[:length], ()) if len(word) >= length else ()


def _spans(node: Node, found: Mapping[int, list[Span]], first: int) -> list[Span]:
    """Where a tree is true, in order; empty where it is not. Of an AND, where its first part is."""
    if isinstance(node, Operand):
        return found.get(first + node.number, [])
    if isinstance(node, Either):
        return sorted({span for part in node.parts for span in _spans(part, found, first)})
    if isinstance(node, Near):
        return _near(_spans(node.left, found, first), _spans(node.right, found, first), node.within)
    if isinstance(node, Every):
        parts = [_spans(part, found, first) for part in node.parts]
        return parts[0] if all(parts) and not any(_spans(part, found, first) for part in node.without) else []
    assert_never(node)


def _near(left: list[Span], right: list[Span], within: int) -> list[Span]:
    """Those of `left` with one of `right` at most `within` words away, not over each other."""
    begins, ends = [span[0] for span in right], sorted(span[1] for span in right)

    def has(bounds: list[int], lowest: int, highest: int) -> bool:
        return bisect_left(bounds, lowest) < bisect_right(bounds, highest)

    return [
        (start, end)
        for start, end in left
        if has(begins, end + 1, end + within) or has(ends, start - within, start - 1)
    ]
