"""Queries as desks know them from media monitors: a text -> a tree, or what is wrong with it and where.

    ("удар" OR обстрел*) NEAR/5 (школа OR больница) NOT учения

In: the text of a query. Out: the tree, its operands numbered in the order in which they stand. NEAR binds closest, then
AND and NOT, then OR; words side by side are joined by AND. Operators are written in capitals. Reading is linear in the
text, and how deep parentheses may stand is bounded.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from bot.language.fold import key

MAX_DEPTH = 30
MAX_OPERANDS = 200
MAX_NEAR = 100
_MIN_PREFIX = 3
_TOKEN = re.compile(r"""\s+|[()]|"[^"]*"|«[^»]*»|“[^”]*”|[^\s()"«“]+|["«“]""")
_NEAR = re.compile(r"NEAR(?:/(?:(\d{1,9})\Z)?|\Z)")
"""Whatever begins so is meant as the operator; the number is missing where none can be read (NEAR/x)."""
_QUOTES = '"«»“”'
_OPERAND = 'write a word, a "phrase" or a prefix*'


class QueryError(ValueError):
    """What is wrong with a query: `at` is the place in code points, `remedy` what to write instead."""

    def __init__(self, at: int, what: str, remedy: str) -> None:
        super().__init__(f"{what} at character {at + 1}; {remedy}")
        self.at = at
        self.what = what
        self.remedy = remedy


class Kind(StrEnum):
    WORD = "word"
    """In all its forms."""
    PHRASE = "phrase"
    """As it stands between quotes."""
    PREFIX = "prefix"
    """Every word that begins so."""


@dataclass(frozen=True, slots=True)
class Operand:
    """A word, a phrase or a prefix; `number` is its place among the query's operands."""

    number: int
    kind: Kind
    text: str


@dataclass(frozen=True, slots=True)
class Either:
    """OR."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Every:
    """AND, and NOT: every one of `parts`, the first of which is shown, and none of `without`."""

    parts: tuple[Node, ...]
    without: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Near:
    """NEAR/n: `left` with a `right` at most `within` words before or behind it."""

    left: Node
    right: Node
    within: int


Node = Operand | Either | Every | Near


def parse(text: str) -> Node:
    """The tree of a query; raises `QueryError`."""
    return _Reader(text).read()


def operands(node: Node) -> list[Operand]:
    """Every operand of a tree, by number."""
    return sorted(_leaves(node), key=lambda operand: operand.number)


def _leaves(node: Node) -> Iterator[Operand]:
    if isinstance(node, Operand):
        yield node
        return
    parts = (node.left, node.right) if isinstance(node, Near) else node.parts
    for part in (*parts, *(node.without if isinstance(node, Every) else ())):
        yield from _leaves(part)


@dataclass(frozen=True, slots=True)
class _Token:
    at: int
    text: str


class _Reader:
    """Reads by descent: `_either` -> `_every` -> `_near` -> `_operand`."""

    def __init__(self, text: str) -> None:
        tokens = (_Token(found.start(), found.group()) for found in _TOKEN.finditer(text))
        self._tokens = [token for token in tokens if not token.text.isspace()]
        self._end = _Token(len(text.rstrip()), "")
        self._next = 0
        self._depth = 0
        self._operands = 0

    def read(self) -> Node:
        node = self._either()
        if self._seen.text == ")":
            raise QueryError(self._seen.at, "closes a parenthesis that is not open", "delete it")
        return node

    @property
    def _seen(self) -> _Token:
        return self._tokens[self._next] if self._next < len(self._tokens) else self._end

    def _take(self) -> _Token:
        token = self._seen
        self._next += 1
        return token

    def _either(self) -> Node:
        parts = [self._every()]
        while self._seen.text == "OR":
            self._take()
            parts.append(self._every())
        return parts[0] if len(parts) == 1 else Either(tuple(parts))

    def _every(self) -> Node:
        begun = self._seen.at
        parts: list[Node] = []
        without: list[Node] = []
        while (not parts and not without) or self._seen.text not in {"", ")", "OR"}:
            if self._seen.text == "AND" and (parts or without):
                self._take()
            negated = self._seen.text == "NOT"
            if negated:
                self._take()
            (without if negated else parts).append(self._near())
        if not parts:
            raise QueryError(begun, "says only what must not be there", "write a word that must be there before NOT")
        return parts[0] if len(parts) == 1 and not without else Every(tuple(parts), tuple(without))

    def _near(self) -> Node:
        begun = self._seen.at
        node = self._operand()
        while (found := _NEAR.match(self._seen.text)) is not None:
            operator = self._take()
            within = int(found[1] or 0)
            if not 1 <= within <= MAX_NEAR:
                raise QueryError(operator.at, "NEAR needs a number of words", f"write NEAR/5; at most NEAR/{MAX_NEAR}")
            right_begun = self._seen.at
            right = self._operand()
            for at, side in ((begun, node), (right_begun, right)):
                _need_words(at, side)
            node = Near(node, right, within)
        return node

    def _operand(self) -> Node:
        token = self._take()
        if token.text == "(":
            return self._inner(token)
        if token.text in {"", ")"}:
            raise QueryError(token.at, "ends where something must stand", _OPERAND)
        if token.text in {"AND", "OR", "NOT"} or _NEAR.match(token.text):
            raise QueryError(token.at, f"{token.text} stands where something to look for must stand", _OPERAND)
        return self._leaf(token)

    def _inner(self, opened: _Token) -> Node:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise QueryError(opened.at, "has too many parentheses within each other", f"use at most {MAX_DEPTH}")
        node = self._either()
        if self._take().text != ")":
            raise QueryError(opened.at, "opens a parenthesis that is never closed", "close it")
        self._depth -= 1
        return node

    def _leaf(self, token: _Token) -> Operand:
        kind, text = _kind(token)
        if not key(text):
            raise QueryError(token.at, f"{token.text} holds no letter and no digit", _OPERAND)
        self._operands += 1
        if self._operands > MAX_OPERANDS:
            raise QueryError(token.at, f"has more than {MAX_OPERANDS} operands", "make two terms of it")
        return Operand(self._operands - 1, kind, text)


def _kind(token: _Token) -> tuple[Kind, str]:
    text = token.text
    if text[0] in _QUOTES:
        if len(text) == 1:
            raise QueryError(token.at, "opens a quote that is never closed", "close it")
        return Kind.PHRASE, text[1:-1]
    if "*" not in text:
        return Kind.WORD, text
    prefix = text.removesuffix("*")
    if "*" in prefix or len(key(prefix)) < _MIN_PREFIX or " " in key(prefix):
        what = f"{text} is no prefix"
        raise QueryError(token.at, what, f"write at least {_MIN_PREFIX} letters of one word and one * behind them")
    return Kind.PREFIX, prefix


def _need_words(at: int, node: Node) -> None:
    """NEAR asks for places in the text: an AND has several, and none that is its own."""
    if isinstance(node, Every):
        raise QueryError(
            at, "NEAR stands beside an AND or a NOT", "give NEAR words, phrases, prefixes, or an OR of them"
        )
    for part in node.parts if isinstance(node, Either) else ():
        _need_words(at, part)
