"""Tokens: words of a folded text, with their places in it.

In: a `Folded`. Out: words in order, with the gaps between them still readable in the text. A hyphen, an underline and
a line break end a word; inside a hashtag a capital begins one (#СуджаНовости). Letters and digits never share a word.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.language.fold import Folded

WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*|\d+")
_TAG = re.compile(r"#[\w']*[^\W\d_][\w']*")
_HUMP = re.compile(
    r"(?<=[a-zа-яієґїў])(?=[A-ZА-ЯІЄҐЇЎ])|(?<=[A-ZА-ЯІЄҐЇЎ])(?=[A-ZА-ЯІЄҐЇЎ][a-zа-яієґїў])|(?<=[^\W\d_])(?=\d)"
)
_POSSESSIVE = "'s"


@dataclass(frozen=True, slots=True)
class Tokens:
    """`words[i]` is the folded word that stands at `starts[i]` .. `ends[i]` of the folded text."""

    words: list[str]
    starts: list[int]
    ends: list[int]


def words(text: str) -> list[str]:
    """The words of a folded text without their places: the quick way to see that a text holds none of interest."""
    return WORD.findall(text)


def tokenise(folded: Folded) -> Tokens:
    tokens = Tokens([], [], [])
    tags = [match.span() for match in _TAG.finditer(folded.cased)] if "#" in folded.cased else []
    add_word, add_start, add_end = tokens.words.append, tokens.starts.append, tokens.ends.append
    turn = 0
    for match in WORD.finditer(folded.text):
        start, end = match.span()
        while turn < len(tags) and tags[turn][1] <= start:
            turn += 1
        if turn < len(tags) and tags[turn][0] <= start:
            _add_humps(tokens, folded, start, end)
            continue
        word = match.group()
        if "'" in word:
            word, end = _without_apostrophe(word, end)
        add_word(word)
        add_start(start)
        add_end(end)
    return tokens


def _without_apostrophe(word: str, end: int) -> tuple[str, int]:
    """Berdin's is Berdin, Luhans'k is Luhansk."""
    if word.endswith(_POSSESSIVE):
        word, end = word.removesuffix(_POSSESSIVE), end - len(_POSSESSIVE)
    return word.replace("'", ""), end


def _add_humps(tokens: Tokens, folded: Folded, start: int, end: int) -> None:
    """Add the parts of one word of a hashtag: a capital after a small letter begins the next."""
    cuts = [start, *(start + match.start() for match in _HUMP.finditer(folded.cased[start:end])), end]
    for left, right in zip(cuts, cuts[1:], strict=False):
        if left < right:
            tokens.words.append(folded.text[left:right].replace("'", ""))
            tokens.starts.append(left)
            tokens.ends.append(right)
