"""The sentence that holds a match, as a line of a digest.

In: a post's body and spans of hits in it. Out: pieces of text, each a match or not, cleaned and of bounded length.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice, pairwise

from bot.digests.text import clean
from bot.model import StoredHit

LONGEST = 280
"""The longest quote, in characters."""
_SHORTEST = 30
_REACH = 600
_LINE_ENDS = "\r\n\u2028\u2029"
_TAGS = re.compile(r"[ \t]*(?:#\w+[ \t,;|]*)+(?=[\r\n\u2028\u2029]|\Z)")
_STROKE, _MOST_TAGS = " / ", 60
_SPACE = re.compile(r"\s+")
_BORDER = re.compile(r"[\r\n\u2028\u2029]+|[.!?…]+[»”\"')\]]*\s++(?![a-zа-яёіїєґ])")
_ABBREVIATION = re.compile(
    r"(?:^|[\s(«„“.])(?:[a-zа-яёіїєґ]{1,2}|[A-ZА-ЯЁІЇЄҐ]|обл|пос|дер|нас|пгт|смт|тыс|тис|млн|млрд|рис|тов|ген|полк"
    r"|Gen|Col|Lt|Maj|Capt|St|Mr|Mrs|Dr|vs|approx)\.$"
    r"|(?:^|[\r\n\u2028\u2029])[ \t]*\d{1,2}\.$"
)
"""What a stop does not end: a shortened word, and the number of an item."""

_BULLETS = "▪▫•●○◦◆◇◾◽■□▶►‣⁃➖➡→✔✓🔹🔸🔷🔶🔺🔻🔴🟠🟡🟢🔵🟣🟤⚫⚪"
_MARK = (
    rf"[ \t]*(?:(?:[{_BULLETS}]\ufe0f?[ \t]*|[-–—*·][ \t]+)+|\d\ufe0f?\u20e3[ \t]*|\d{{1,2}}[.)][ \t]+)(?=[\w«\"“„#])"
)
LIST_MARK = re.compile(_MARK)
"""What stands before an item of a list."""
_BREAK = re.compile(rf"\s*[\r\n\u2028\u2029]\s*(?:{_MARK})?")

Piece = tuple[str, bool]
"""Text, and whether it is a match."""
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class _Window:
    """The part of a body that is quoted; not `opened` or `closed` where it begins or ends within a sentence."""

    start: int
    end: int
    opened: bool
    closed: bool


def sentence(body: str, match: Span, others: Iterable[Span] = (), limit: int = LONGEST) -> tuple[Piece, ...]:
    """The sentence around `match`, shortened around it if need be; spans of `others` inside it are matches too.

    Before a line of hashtags stands the text's first sentence, for which they are.
    """
    if tags := _tags_around(body, match):
        first = sentence(body[: min(tags.start, 4 * _REACH)].lstrip(), (0, 0), limit=limit - _MOST_TAGS - len(_STROKE))
        return *first, (_STROKE, False), *_pieces(body, match, others, _shortened(body, match, tags, _MOST_TAGS))
    window = _shortened(body, match, _unmarked(body, match, _around(body, match)), limit)
    return _pieces(body, match, others, window)


def _pieces(body: str, match: Span, others: Iterable[Span], window: _Window) -> tuple[Piece, ...]:
    inside = (other for other in others if window.start <= other[0] and other[1] <= window.end)
    pieces, position = [], window.start
    for low, high in _apart(sorted({match, *inside}), match):
        pieces += [(_inline(body[position:low]), False), (_inline(body[low:high]), True)]
        position = high
    pieces.append((_inline(body[position : window.end]), False))
    return _trimmed(pieces, window)


def opening(body: str) -> tuple[Piece, ...]:
    """The first sentence of a body in which no match can be shown."""
    return sentence(body[: 4 * _REACH].lstrip(), (0, 0))


def around(body: str, match: Span) -> Span:
    """Where the sentence around `match` begins and ends, however long."""
    window = _around(body, match)
    return window.start, window.end


def bare(body: str, match: Span) -> tuple[str, str]:
    """The sentence around `match` as it is written, however short, with what ends it; and the one behind it."""
    low, high = _reach(body, match)
    starts = [border.end() for border in _borders(body, low, match[0])]
    ends = [border.end() for border in islice(_borders(body, match[1], high), 2)]
    end, further = (*ends, high, high)[:2]
    return body[starts[-1] if starts else low : end], body[end:further]


def span_of(body: str, hit: StoredHit) -> Span | None:
    """Where the hit's text stands in the body, also if an edit has moved it."""
    start, text = hit.hit.start, hit.hit.text
    if body[start : hit.hit.end] != text:
        start = body.find(text)
    return (start, start + len(text)) if start >= 0 else None


def _reach(body: str, match: Span) -> Span:
    return max(0, match[0] - _REACH), min(len(body), match[1] + _REACH)


def _around(body: str, match: Span) -> _Window:
    """The sentence, as far as it is within reach; after a very short one, such as a headline, the next one too.

    An item of a list does not go on in the next one.
    """
    low, high = _reach(body, match)
    starts = [border.end() for border in _borders(body, low, match[0])]
    start = starts[-1] if starts else low
    item = LIST_MARK.match(body, start)
    enough = (
        border
        for border in _borders(body, match[1], high)
        if border.start() - start >= _SHORTEST or (item and LIST_MARK.match(body, border.end()))
    )
    border = next(enough, None)
    return _Window(
        start=start,
        end=border.start() + len(border.group().rstrip()) if border else high,
        opened=bool(starts) or low == 0,
        closed=border is not None or high == len(body),
    )


def _tags_around(body: str, match: Span) -> _Window | None:
    """The line of the match, if it is of hashtags alone and stands below a text."""
    start = max(body.rfind(end, 0, match[0]) for end in _LINE_ENDS) + 1
    tags = _TAGS.match(body, start)
    text = body[max(0, start - 4 * _REACH) : start]
    if tags is None or not match[0] < match[1] <= tags.end() or not text.strip():
        return None
    return _Window(start, tags.end(), opened=True, closed=True)


def _unmarked(body: str, match: Span, window: _Window) -> _Window:
    """Without the mark of a list before it."""
    mark = LIST_MARK.match(body, window.start, match[0] + 1)
    return replace(window, start=mark.end()) if mark and window.opened else window


def _borders(body: str, low: int, high: int) -> Iterator[re.Match[str]]:
    """Where sentences end: at line breaks, and at stops that neither abbreviate nor go on in small letters."""
    for border in _BORDER.finditer(body, low, high):
        stop = border.start() + 1
        if body[border.start()] != "." or not _ABBREVIATION.search(body, max(low, stop - 8), stop):
            yield border


def _shortened(body: str, match: Span, window: _Window, limit: int) -> _Window:
    """At most `limit` characters, the match among them, cut between words where there are any."""
    if window.end - window.start <= limit:
        return window
    room = max(0, limit - (match[1] - match[0]))
    low = max(window.start, min(match[0] - room // 2, window.end - limit))
    high = min(window.end, max(low + limit, match[1]))
    start = low if low == window.start else _next_word(body, low, match[0])
    end = high if high == window.end else _last_word(body, match[1], high)
    return _Window(start, end, window.opened and start == window.start, window.closed and end == window.end)


def _next_word(body: str, low: int, stop: int) -> int:
    space = _SPACE.search(body, low, stop)
    return space.end() if space else low


def _last_word(body: str, begin: int, high: int) -> int:
    spaces = [space.start() for space in _SPACE.finditer(body, begin, high)]
    return spaces[-1] if spaces else high


def _inline(text: str) -> str:
    """Safe to show, with a stroke for each line break, as verses are quoted."""
    return clean(_BREAK.sub(" / ", text))


def _apart(spans: list[Span], match: Span) -> list[Span]:
    """Spans that do not overlap; where two do, the match stays, else the earlier one."""
    kept = [span for span in spans if span == match or span[1] <= match[0] or match[1] <= span[0]]
    return [span for before, span in pairwise([(0, 0), *kept]) if before[1] <= span[0]]


def _trimmed(pieces: list[Piece], window: _Window) -> tuple[Piece, ...]:
    """Without spaces at the ends, and with a mark where the quote begins or ends within a sentence."""
    first, last = pieces[0][0].lstrip(), pieces[-1][0].rstrip()
    pieces[0] = (first if window.opened else f"…{first}", False)
    if len(pieces) == 1:
        last = pieces[0][0].rstrip()
    pieces[-1] = (last if window.closed else f"{last}…", False)
    return tuple(piece for piece in pieces if piece[0])
