"""A digest as a picture for a phone: its places on a small map without tiles, and when each thing was reported.

In: a digest and the watches around it. Out: an SVG document in the digest's language, or nothing where no place has
coordinates. Invariant: everything between tags is escaped, the same digest gives the same letters, and what the picture
says stands in the digest's text too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from math import sqrt

from bot.digests.corroboration import hits, places_of
from bot.digests.map import Box, Point, Sheet, nearest, placed, together, width
from bot.digests.own_words import began
from bot.digests.telling import Teller, name_of
from bot.digests.text import name
from bot.model import Digest, Place, Story, Watch

WIDTH, HEIGHT = 1080, 1350
_MAP = Box(40, 190, 1040, 900)
_BAR = Box(68, 840, 420, 874)
_TIMES = Box(48, 1056, 1032, 1186)
_MARGIN = 110
_INK, _GREY, _PALE, _SHEET, _RED = "#1c2430", "#66707d", "#aab3be", "#eef2f5", "#b3261e"
_FONT = "DejaVu Sans, Liberation Sans, Noto Sans, Arial, sans-serif"
_BARS = 24
_FEW, _MANY = 4, 24
"""A map of fewer places takes in their nearest neighbours; so many neighbours are shown at most."""
_TITLE, _LINE, _TOLD, _AROUND = (52, 44, 36, 30), (30, 26, 22), (34, 30, 26, 22), 22
"""Heights of a line, and of places' names, the largest first at which all have room; and of a neighbour's name."""
_AIR = 12
"""What stays free around a dot, so that no other dot's label seems to be its own."""
_ROOM = WIDTH - 2 * 48
_MAX_NAME = 24


@dataclass(frozen=True, slots=True)
class _Dot:
    """A place of the map: how many stories name it, and whether that is certain."""

    place: Place
    stories: int
    sure: bool

    @property
    def radius(self) -> float:
        return min(44.0, 16 + 8 * sqrt(self.stories)) if self.stories else 6.0


def card(digest: Digest, watches: Sequence[Watch]) -> str | None:
    """The picture as SVG, 1080 by 1350 points; None if no place that is told can be put on a map."""
    told = [story for section in (*digest.sections, *digest.earlier) for story in section.stories]
    items = [story for section in (*digest.sections, *digest.earlier) for story in section.items]
    dots = _dots([*told, *items], watches)
    near = set(together([(dot.place.at, dot.stories) for dot in dots if dot.place.at]))
    if not near:
        return None
    teller = Teller.of(digest)
    shown = [dot for dot in dots if dot.place.at in near]
    missing = [dot.place for dot in reversed(dots) if dot.place.at not in near]
    parts = [*_head(teller, told), *_map(teller, shown, watches, missing), *_timeline(teller, told), *_foot(teller)]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'font-family="{_FONT}" lang="{teller.words.language}">\n<rect width="100%" height="100%" fill="#ffffff"/>\n'
        + "\n".join(parts)
        + "\n</svg>\n"
    )


def _dots(told: Iterable[Story], watches: Sequence[Watch]) -> list[_Dot]:
    """The places that are told, those with most stories last, so that they are drawn on top."""
    named = [(story.row, hit) for story in told for hit in hits(story)]
    certain = {(row, hit.hit.watch) for row, hit in named if not hit.hit.candidates}
    sure = Counter(watch for _, watch in certain)
    perhaps = Counter(watch for _, watch in {(row, place) for row, hit in named for place in places_of(hit)} - certain)
    found = [
        _Dot(watch, sure[watch.id] + perhaps[watch.id], watch.id in sure)
        for watch in watches
        if isinstance(watch, Place) and (watch.id in sure or watch.id in perhaps)
    ]
    return sorted(found, key=lambda dot: (dot.stories, dot.place.id))


def _head(teller: Teller, told: Sequence[Story]) -> Iterator[str]:
    title, _, rest = teller.title().partition(" · ")
    posts = sum(len(story.reports) for story in told)
    digest, words = teller.digest, teller.words
    every = len(told) + digest.waiting + sum(number for _, number in digest.settled)
    stories = words.count("of_stories", every, told=len(told)) if every > len(told) else words.count("stories", every)
    yield _fitted(76, title, _TITLE, bold=True)
    yield _fitted(120, rest[:1].upper() + rest[1:], _LINE)
    yield _fitted(160, f"{stories} · {words.count('posts', posts)}", _LINE)


# ---------------------------------------------------------------- the map


def _map(teller: Teller, dots: Sequence[_Dot], watches: Sequence[Watch], missing: Sequence[Place]) -> Iterator[str]:
    sheet, around = _surveyed(dots, watches)
    yield _rect(_MAP, _SHEET, 28)
    yield from _bar(teller, sheet)
    taken = [_BAR, *(_around(sheet, dot) for dot in (*around, *dots))]
    for height in _TOLD:
        held = list(taken)
        labels = [_label(teller, sheet, dot, height, held) for dot in reversed(dots)]
        if all(labels):
            break
    beside = [(dot, label) for dot in around if (label := _label(teller, sheet, dot, _AROUND, held))]
    yield from (_mark(sheet, dot) for dot in (*(dot for dot, _ in beside), *dots))
    yield from (*filter(None, labels), *(label for _, label in beside))
    if missing:
        yield _fitted(944, _off_map(teller, missing), (28,))


def _surveyed(dots: Sequence[_Dot], watches: Sequence[Watch]) -> tuple[Sheet, list[_Dot]]:
    """The sheet of the places that are told, and their neighbours on it."""
    told = {dot.place.id for dot in dots}
    places = [watch for watch in watches if isinstance(watch, Place) and watch.at and watch.id not in told]
    at = [dot.place.at for dot in dots if dot.place.at]
    near = nearest(at, (place.at for place in places if place.at))[: max(0, _FEW - len(at))]
    sheet = Sheet.around([*at, *near], _MAP, _MARGIN)
    return sheet, [_Dot(place, 0, sure=True) for place in places if place.at and sheet.shows(place.at, 24)][:_MANY]


def _off_map(teller: Teller, missing: Sequence[Place]) -> str:
    """As many of the names as have room, and how many more there are."""
    words, names = teller.words, [_cut(name_of(place, teller.words.language), _MAX_NAME) for place in missing]
    for shown in range(len(names), 0, -1):
        more = [words.say("and_more", n=len(names) - shown)] if shown < len(names) else []
        line = words.say("off_map", places=" ".join([", ".join(names[:shown]), *more]))
        if width(line, 28, bold=False) <= _ROOM:
            break
    return line


def _around(sheet: Sheet, dot: _Dot) -> Box:
    (x, y), radius = _point(sheet, dot), dot.radius + _AIR
    return Box(x - radius, y - radius, x + radius, y + radius)


def _point(sheet: Sheet, dot: _Dot) -> Point:
    return sheet.point(dot.place.at or sheet.middle)


def _label(teller: Teller, sheet: Sheet, dot: _Dot, height: int, taken: list[Box]) -> str:
    """The name beside its dot, where there is room, and it then takes that room; else nothing."""
    text = _cut(name_of(dot.place, teller.words.language), _MAX_NAME)
    box = placed(_point(sheet, dot), dot.radius + _AIR, text, height, taken, _MAP.shrunk(8))
    if box is None:
        return ""
    taken.append(box)
    middle = (box.left + box.right) / 2, (box.top + box.bottom) / 2 + height * 0.36
    fill, weight = (_INK, "bold") if dot.stories else (_GREY, "normal")
    return _text(middle, text, height, fill=fill, weight=weight, anchor="middle")


def _mark(sheet: Sheet, dot: _Dot) -> str:
    (x, y), radius = _point(sheet, dot), dot.radius
    circle = f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}"'
    if not dot.stories:
        return f'{circle} fill="{_PALE}"/>'
    if not dot.sure:
        hollow = f'{circle} fill="#ffffff" stroke="{_RED}" stroke-width="4" stroke-dasharray="9 7"/>'
        return hollow + _text((x, y + 11), "?", 32, fill=_RED, weight="bold", anchor="middle")
    full = f'{circle} fill="{_RED}" stroke="#ffffff" stroke-width="4"/>'
    return full + _text((x, y + 11), str(dot.stories), 30, fill="#ffffff", weight="bold", anchor="middle")


def _bar(teller: Teller, sheet: Sheet) -> Iterator[str]:
    kilometres, length = sheet.bar(220)
    left, low = _BAR.left, _BAR.bottom
    path = f"M{left:.1f} {low - 12}V{low}H{left + length:.1f}V{low - 12}"
    yield f'<path d="{path}" fill="none" stroke="{_GREY}" stroke-width="3"/>'
    yield _text((left + length + 14, low + 2), f"{kilometres} {teller.words.say('km')}", 26, fill=_GREY)


# ---------------------------------------------------------------- the times


def _timeline(teller: Teller, told: Sequence[Story]) -> Iterator[str]:
    """Reports by their time, in bars of equal spans; what is older stands in the first."""
    since, slot = teller.digest.since, teller.digest.slot
    span = (slot - since) / _BARS
    counts = Counter(_bar_of(began(report), since, span.total_seconds()) for story in told for report in story.reports)
    most, step = max(counts.values(), default=1), (_TIMES.right - _TIMES.left) / _BARS
    yield _text((48, 1014), teller.words.say("when_reported"), 30, weight="bold")
    for number, count in sorted(counts.items()):
        high = max(8.0, (_TIMES.bottom - _TIMES.top) * count / most)
        left = _TIMES.left + number * step
        yield _rect(Box(left + 3, _TIMES.bottom - high, left + step - 3, _TIMES.bottom), _RED, 4)
        yield _text((left + step / 2, _TIMES.bottom - high - 8), str(count), 22, fill=_GREY, anchor="middle")
    yield f'<path d="M{_TIMES.left} {_TIMES.bottom + 3}H{_TIMES.right}" stroke="{_PALE}" stroke-width="3"/>'
    for share, anchor in ((0.0, "start"), (0.5, "middle"), (1.0, "end")):
        x = _TIMES.left + share * (_TIMES.right - _TIMES.left)
        yield _text((x, _TIMES.bottom + 40), teller.when(since + (slot - since) * share), 28, fill=_GREY, anchor=anchor)


def _bar_of(moment: datetime, since: datetime, span: float) -> int:
    if span <= 0:
        return 0
    return min(_BARS - 1, max(0, int((moment - since).total_seconds() / span)))


def _foot(teller: Teller) -> Iterator[str]:
    digest, words = teller.digest, teller.words
    if digest.sources:
        line = words.say("working", working=digest.working, sources=digest.sources)
        yield _text((48, HEIGHT - 72), line[:1].upper() + line[1:], 28, fill=_GREY)
    yield _text((48, HEIGHT - 32), words.say("claims"), 28, fill=_GREY)


# ---------------------------------------------------------------- letters


def _fitted(low: float, text: str, heights: Sequence[int], *, bold: bool = False) -> str:
    """A line over the whole width, as high as it can be; a longer one is cut."""
    height = next((each for each in heights if width(text, each, bold=bold) <= _ROOM), heights[-1])
    most = int(len(text) * min(1, _ROOM / width(text, height, bold=bold)))
    fill, weight = (_INK, "bold") if bold else (_GREY, "normal")
    return _text((48, low), _cut(text, most), height, fill=fill, weight=weight)


def _text(at: Point, text: str, size: int, *, fill: str = _INK, weight: str = "normal", anchor: str = "start") -> str:
    return (
        f'<text x="{at[0]:.1f}" y="{at[1]:.1f}" font-size="{size}" font-weight="{weight}" fill="{fill}" '
        f'text-anchor="{anchor}">{escape(text.replace("＠", "@"))}</text>'  # a picture calls nobody
    )


def _rect(box: Box, fill: str, corner: int) -> str:
    size = f'width="{box.right - box.left:.1f}" height="{box.bottom - box.top:.1f}"'
    return f'<rect x="{box.left:.1f}" y="{box.top:.1f}" {size} rx="{corner}" fill="{fill}"/>'


def _cut(text: str, most: int) -> str:
    return name(text, most)
