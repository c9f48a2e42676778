"""Tokens: words of a folded text, with their places in it.

In: a `Folded`. Out: words in order, with the gaps between them still readable in the text. A hyphen, an underline and
a line break end a word; inside a hashtag a capital begins one (#СуджаНовости). Letters and digits never share a word.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from bot.language.fold import Folded

WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*|\d+")
_RUN = re.compile(r"\w+")
"""Letters, digits and underlines together: in most texts the same words, found in two thirds of the time."""
_TAG = re.compile(r"#[\w']*[^\W\d_][\w']*")
_HUMP = re.compile(
    r"(?<=[a-zа-яієґїў])(?=[A-ZА-ЯІЄҐЇЎ])|(?<=[A-ZА-ЯІЄҐЇЎ])(?=[A-ZА-ЯІЄҐЇЎ][a-zа-яієґїў])|(?<=[^\W\d_])(?=\d)"
)
_LINE_END = re.compile(r"-[ \t]*\n[ \t]*")
_INTO_TAG = re.compile(r"#\w*$")
_LONGEST_TAG = 60
_POSSESSIVE = "'s"
_NOWHERE = (sys.maxsize, sys.maxsize)


@dataclass(frozen=True, slots=True)
class Tokens:
    """`words[i]` is the folded word that stands at `starts[i]` .. `ends[i]` of the folded text."""

    words: list[str]
    starts: list[int]
    ends: list[int]


def words(text: str) -> list[str]:
    """The words of a folded text without their places: the quick way to see that a text holds none of interest."""
    found = _RUN.findall(text)
    plain = "".join(found).isalpha() or all(word.isalpha() or word.isdecimal() for word in found)
    return found if plain and "'" not in text else WORD.findall(text)


def tokenise(folded: Folded) -> Tokens:
    if "#" in folded.text:
        return _with_tags(folded)
    text = folded.text
    spans = [match.span() for match in WORD.finditer(text)]
    tokens = Tokens([text[start:end] for start, end in spans], [span[0] for span in spans], [span[1] for span in spans])
    if "'" in text:
        for at, word in enumerate(tokens.words):
            if "'" in word:
                tokens.words[at], tokens.ends[at] = _without_apostrophe(word, tokens.ends[at])
    return tokens


def parted(tokens: Tokens, folded: Folded, words_in: Callable[[str], Sequence[str]]) -> Tokens:
    """A hashtag's word that is a name of several words written as one (#часовяр) as those words."""
    if "#" not in folded.text:
        return tokens
    apart = Tokens([], [], [])
    for word, start, end in zip(tokens.words, tokens.starts, tokens.ends, strict=True):
        inside = words_in(word) if _INTO_TAG.search(folded.text, max(0, start - _LONGEST_TAG), start) else ()
        parts = inside if len("".join(inside)) == end - start else (word,)
        borders = (*accumulate(map(len, parts[:-1]), initial=start), end)
        apart.words.extend(parts)
        apart.starts.extend(borders[:-1])
        apart.ends.extend(borders[1:])
    return apart


def rejoined(tokens: Tokens, folded: Folded, is_known: Callable[[str], bool]) -> Tokens:
    """Words that a hyphen parts at a line's end (Волчан-, ска) as one, where that is a known word."""
    if not _LINE_END.search(folded.text):
        return tokens
    joined = Tokens([], [], [])
    for word, start, end in zip(tokens.words, tokens.starts, tokens.ends, strict=True):
        if joined.words and _goes_on(folded, joined.ends[-1], start) and is_known(joined.words[-1] + word):
            joined.words[-1] += word
            joined.ends[-1] = end
        else:
            joined.words.append(word)
            joined.starts.append(start)
            joined.ends.append(end)
    return joined


def _goes_on(folded: Folded, end: int, start: int) -> bool:
    """Whether a line ends in a hyphen there, and the next begins as if in the middle of a word."""
    alike = folded.cased[start].islower() or folded.cased[end - 1].isupper()
    return alike and _LINE_END.fullmatch(folded.text, end, start) is not None


def _with_tags(folded: Folded) -> Tokens:
    """The same where hashtags are about: their words have humps."""
    tokens = Tokens([], [], [])
    tags = iter([match.span() for match in _TAG.finditer(folded.cased)])
    tag = next(tags, _NOWHERE)
    for match in WORD.finditer(folded.text):
        start, end = match.span()
        while tag[1] <= start:
            tag = next(tags, _NOWHERE)
        if tag[0] <= start:
            _add_humps(tokens, folded, start, end)
            continue
        word, end = _without_apostrophe(match.group(), end)
        tokens.words.append(word)
        tokens.starts.append(start)
        tokens.ends.append(end)
    return tokens


def _without_apostrophe(word: str, end: int) -> tuple[str, int]:
    """Berdin's is Berdin, Luhans'k is Luhansk."""
    if word.endswith(_POSSESSIVE):
        word, end = word.removesuffix(_POSSESSIVE), end - len(_POSSESSIVE)
    return word.replace("'", ""), end


def _add_humps(tokens: Tokens, folded: Folded, start: int, end: int) -> None:
    """Add the parts of one word of a hashtag: a capital after a small letter begins the next."""
    cuts = [start, *(start + match.start() for match in _HUMP.finditer(folded.cased[start:end])), end]
    for left, right in pairwise(cuts):
        if left < right:
            tokens.words.append(folded.text[left:right].replace("'", ""))
            tokens.starts.append(left)
            tokens.ends.append(right)
