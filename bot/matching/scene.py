"""The scene: a text as the signs see it, its words, their letters, the gaps between them, and who claims which word.

In: a folded text, its tokens, the findings in it with the watches that claim them. Out: a `Scene` that answers small
questions; no question looks further than a few words.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.language.fold import Folded
from bot.language.tokens import Tokens
from bot.matching.lexicon import Entry
from bot.matching.scan import Finding

WINDOW = 60
"""So many characters to either side are looked at, at most."""
_NEIGHBOURHOOD = 4
_LINKS = re.compile(r"(?:https?://|www\.|t\.me/)\S+|@\w+|(?<!\S)[^\s@]{1,64}@[^\s@]+\.\w+")
_INTO_TAG = re.compile(r"#\w*$")
_STOP = re.compile(r"(?:[.!?:•…]|[^\w\s,;–—-]\s*\n|\n\s*\n)[\s\"«»„“”'()*•\-]*$")
_SENTENCE_END = re.compile(r"[.!?:•\n][\s\"«»„“”'()*•\-]*$")


@dataclass(frozen=True, slots=True)
class Scene:
    """A text as the signs see it. `taken` are the words that some finding fills, with the watches that claim it."""

    folded: Folded
    tokens: Tokens
    taken: Mapping[int, frozenset[int]]
    links: tuple[tuple[int, int], ...]
    cyrillic: bool
    """Whether most words are in Cyrillic letters."""
    small: bool
    """Whether no letter is a capital: small ones say little then."""

    def word(self, at: int) -> str:
        return self.tokens.words[at] if 0 <= at < len(self.tokens.words) else ""

    def cased(self, at: int) -> str:
        if not 0 <= at < len(self.tokens.words):
            return ""
        return self.folded.cased[self.tokens.starts[at] : self.tokens.ends[at]]

    def gap(self, at: int) -> str:
        """What stands between word `at` and the one before; the end of a very long one."""
        if not 0 <= at <= len(self.tokens.words):
            return ""
        before = self.tokens.ends[at - 1] if at > 0 else 0
        after = self.tokens.starts[at] if at < len(self.tokens.starts) else len(self.folded.text)
        return self.folded.text[before:after] if after - before < WINDOW else self.folded.text[after - WINDOW : after]

    def starts_sentence(self, at: int) -> bool:
        return at == 0 or _SENTENCE_END.search(self.gap(at)) is not None

    def follows_a_stop(self, at: int) -> bool:
        """Whether a sentence certainly begins: a line that breaks behind a plain word may be wrapped, or a list."""
        return at == 0 or _STOP.search(self.gap(at)) is not None

    def shouts(self, first: int, last: int) -> bool:
        """Whether words `first` to `last` stand in capitals, and those around them too."""
        if not self.cased(first).isupper():
            return False
        around = (*range(first - _NEIGHBOURHOOD, first), *range(last + 1, last + 1 + _NEIGHBOURHOOD))
        letters = [word for at in around if len(word := self.cased(at)) > 1 and word.isalpha()]
        return bool(letters) and sum(word.isupper() for word in letters) * 2 > len(letters)

    def text_before(self, finding: Finding) -> str:
        start = self.tokens.starts[finding.first]
        return self.folded.text[max(0, start - WINDOW) : start]

    def in_hashtag(self, finding: Finding) -> bool:
        """Whether a # stands before it, with nothing but the hashtag's own words and underlines between."""
        return _INTO_TAG.search(self.text_before(finding)) is not None

    def in_link(self, finding: Finding) -> bool:
        start = self.tokens.starts[finding.first]
        at = bisect_right(self.links, (start, len(self.folded.text)))
        return at > 0 and start < self.links[at - 1][1]


def scene(folded: Folded, tokens: Tokens, claimed: Iterable[tuple[Finding, Iterable[Entry]]]) -> Scene:
    """The scene of a text in which each finding is claimed by the watches of its entries."""
    text = folded.text
    hints = "@" in text or "/" in text or "www." in text
    links = tuple(match.span() for match in _LINKS.finditer(text)) if hints else ()
    taken: dict[int, frozenset[int]] = {}
    for finding, entries in claimed:
        watches = frozenset(entry.watch for entry in entries)
        for at in range(finding.first, finding.last + 1):
            taken[at] = taken.get(at, frozenset()) | watches
    cyrillic = sum(map(str.isascii, tokens.words)) * 2 < len(tokens.words)
    return Scene(folded, tokens, taken, links, cyrillic, folded.cased.islower())
