"""Whom a report gives as the one that says so: "По данным Рыбаря", "«Рыбарь»: …", "сообщил губернатор".

In: a report, and the sources of those that tell the same. Out: the source that it credits, by name or by the office in
its title; else the bodies on whose word it is told, and whether it only relays the other side. A name counts in every
case of both languages, without its common noun, and as the other language or script would write it ("Рибар", "Rybar"
for Рыбарь) if it has a capital or quotation marks; beside words of attribution in the same sentence, as a heading with
a colon, behind a dash at the end, or behind (с). An office counts in the sentence that holds the mention, or that says
so of the one before it.

Source: written for this project by its authors. Licence: MIT, as the project.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from bot.digests.quote import bare, span_of
from bot.language.detect import Language
from bot.language.inflect import inflect
from bot.language.offices import FOE, LOOKED_AT, NATIONS, STATE, Office, nation_of, offices
from bot.language.phonetic import skeleton
from bot.language.saying import given_as_source, heads_or_ends, names_given, office_given_as_source
from bot.language.stem import common
from bot.model import Report, SideKind, Source

_WORD = re.compile(r"\w+")
_PARTED = re.compile(r"\s*[|/:(\[•·—–]")
_COMMON = re.compile(
    r"(?:(?:военкор|воєнкор|губернатор|мэр|мер|глава|голова|агентство|агенція|канал|телеграм-канал|газета|журнал|портал|"
    r"институт|інститут|governor|mayor|channel)\s+)+(?=\w)|(?:\s+(?:wire|institute|agency|news|channel))+\Z",
    re.IGNORECASE,
)
"""What a title's name may leave out."""
_OF_BEFORE = re.compile(r"\W*(?:об этом|про це|this|as|как|як)\b", re.IGNORECASE)
_LEADING = 2
"""Words that may stand before the name that heads a text."""
_LEAST = 3
"""Letters of a name, and sounds of one in another spelling."""
_MANY = frozenset({"bloggers", "press", "outlet"})
"""What all are that hold no office."""
_SIDE_OF = {"ru": re.compile(r"r[uф]|рос|рф|ру", re.IGNORECASE), "ua": re.compile(r"u[ak]|ук", re.IGNORECASE)}
"""How the names of sides begin."""
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Body:
    """Who says it where no source at hand does: an office with its nation, or a name by how its words sound."""

    kind: str
    nation: str = ""
    name: frozenset[str] = frozenset()

    def may_be(self, other: Body) -> bool:
        """Whether both may be one: what only one of them says does not part them."""
        named = not (self.name and other.name) or self.name <= other.name or other.name <= self.name
        return self.kind == other.kind and named and (not (self.nation and other.nation) or self.nation == other.nation)


@dataclass(frozen=True, slots=True)
class Credits:
    """Whom a report credits: its text as far as it is looked at, and where it tells what its mentions are about."""

    own: Source
    body: str
    places: tuple[Span, ...]
    told: tuple[Span, ...]

    @classmethod
    def of(cls, report: Report) -> Credits:
        body = report.stored.post.body[:LOOKED_AT]
        return cls(report.source, body, tuple(mentions(report)), tuple(_told(report)))

    def source(self, sources: Iterable[Source]) -> Source | None:
        """The source that the report gives as its own; None if it names none so, or only itself."""
        others = [source for source in sources if source.name != self.own.name]
        folded = self.body.casefold()
        named = (other for other in others if any(map(self._credits, _named(self.body, folded, other))))
        return next(named, None) or next(self._by_office(others), None)

    @property
    def relays(self) -> bool:
        """Whether it is told on the word of the other party."""
        own = _nation(self.own)
        return bool(own) and any(body.nation not in {"", own} for body in self._official())

    def bodies(self) -> tuple[Body, ...]:
        """On whose word it is told, as far as the text says."""
        taken = [*self.places, *((office.start, office.end) for office in offices(self.body))]
        given = (_sounds(self.body[slice(*span)]) for span in names_given(self.body) if _apart(span, taken))
        own = frozenset(_sounds(_main(self.own.title)))
        named = (Body("name", name=frozenset(name)) for name in given if name and not own.issuperset(name))
        return (*self._official(), *named)

    def heading(self, named: Iterable[Body]) -> tuple[Body, ...]:
        """Those names that others give as a source and that head this report, or end it."""
        names = (each for each in named if each.kind == "name")
        return tuple(each for each in names if any(map(self._framed, _heard(self.body, each.name))))

    def _official(self) -> Iterator[Body]:
        """The offices on whose word it is told."""
        return (_body_of(office, self.own) for office in self._offices() if _says_whose(office))

    def _by_office(self, others: Sequence[Source]) -> Iterator[Source]:
        for office in self._offices() if others else ():
            meant = _body_of(office, self.own)
            yield from (other for other in others if _holds(other, meant, marked=bool(office.nation)))

    def _offices(self) -> Iterator[Office]:
        return filter(self._given, offices(self.body))

    def _credits(self, name: Span) -> bool:
        """Whether the name that stands there is given as the source."""
        return given_as_source(self.body, *name) or self._framed(name)

    def _given(self, office: Office) -> bool:
        """The same of an office, where the text tells what the mentions are about."""
        span, near = (office.start, office.end), office.kind == "nation"
        told = not _apart(span, self.told)
        return (told and office_given_as_source(self.body, *span, near=near)) or self._framed(span)

    def _framed(self, name: Span) -> bool:
        """Whether a name heads the text, is its last line, or heads or ends the sentence of a mention."""
        line = 0 if _WORD.search(self.body, name[1]) else self.body.rfind("\n", 0, name[0]) + 1
        edge = len(_WORD.findall(self.body, line, name[0])) <= _LEADING
        return (edge or not _apart(name, self.told)) and _apart(name, self.places) and heads_or_ends(self.body, *name)


def _told(report: Report) -> Iterator[Span]:
    """The sentences of the mentions, and those that speak of the one before; all where no mention is known."""
    body, places = report.stored.post.body, mentions(report)
    if not places:
        yield 0, len(body)
    for place in places:
        held, behind = bare(body, place)
        start = body.find(held, max(0, place[0] - len(held)))
        end = start + len(held)
        yield start, end
        if _OF_BEFORE.match(behind) or end <= len(report.stored.post.title) + 1:
            yield end, end + len(behind)


def mentions(report: Report) -> list[Span]:
    """Where the mentions stand, as far as the text is looked at."""
    body = report.stored.post.body[:LOOKED_AT]
    return sorted({span for hit in report.hits if (span := span_of(body, hit))})


def _apart(span: Span, others: Iterable[Span]) -> bool:
    return all(span[1] <= start or end <= span[0] for start, end in others)


def _says_whose(office: Office) -> bool:
    """Whether it is anybody in particular: "local channels" are not."""
    return bool(office.nation) or office.kind not in {"press", "outlet", "nation", "authorities"}


def _body_of(office: Office, own: Source) -> Body:
    """Who is meant by it, where `own` writes it."""
    nation = office.nation
    if nation == FOE:
        nation = next((each for each in NATIONS if each != _nation(own)), "") if _nation(own) else ""
    elif not nation and office.kind in STATE:
        nation = _nation(own)
    return Body(office.kind, nation, frozenset(filter(None, [office.name])))


def _holds(source: Source, meant: Body, *, marked: bool) -> bool:
    """Whether a source is whom an office means."""
    nation, held = _nation(source), [office.kind for office in offices(source.title)]
    if meant.nation and nation != meant.nation:
        return False
    if meant.kind in {"nation", "authorities"}:
        return marked if meant.kind == "nation" else "governor" in held or "mayor" in held or "command" in held
    if meant.kind in held:
        return not meant.name or meant.name <= {*_sounds(_main(source.title))} or not _surname(source.title)
    many = meant.kind == "press" or (marked and meant.kind in _MANY)
    return many and _MANY.issuperset(held)


def _surname(title: str) -> bool:
    """Whether a title names who holds the office."""
    return any(office.name for office in offices(title))


def _nation(source: Source) -> str:
    """Whose a source is, by its title or the name of its side."""
    if source.side and source.side_kind is SideKind.PARTY:
        for nation, begins in _SIDE_OF.items():
            if begins.match(source.side):
                return nation
    return nation_of(_main(source.title)) if source.side_kind is not SideKind.OBSERVER else ""


def _named(body: str, folded: str, other: Source) -> Iterator[Span]:
    """Where the text names a source."""
    begins, forms = _written(other.title, other.name)
    if any(begin in folded for begin in begins):
        for form in forms:
            if form.casefold() in folded:
                found = re.finditer(rf"(?<!\w){re.escape(form)}(?!\w)", body, re.IGNORECASE)
                yield from (match.span() for match in found)
    short = _short(_main(other.title))
    for name in {_main(other.title), short}:
        yield from _heard(body, _sounds(name))
    if len(short) >= _LEAST and short.casefold() in folded:
        found = re.finditer(rf"(?<!\w){re.escape(short)}(?!\w)", body, re.IGNORECASE)
        yield from (match.span() for match in found if match.group()[0].isupper())


def _heard(body: str, sought: Iterable[str]) -> Iterator[Span]:
    """Where the text has a title as another language or script would write it."""
    sought = frozenset(sought)
    if sum(map(len, sought)) < _LEAST:
        return
    words = _heard_words(body)
    for at, first in enumerate(words):
        if first.sound in sought:
            found = words[at : at + len(sought)]
            if any(word.marked for word in found) and {word.sound for word in found} == sought:
                yield first.start, found[-1].end


class _Heard(NamedTuple):
    """A word as it sounds; `marked` as a name by a capital, or a quotation mark before it."""

    sound: str
    start: int
    end: int
    marked: bool


@lru_cache(maxsize=1024)
def _heard_words(body: str) -> tuple[_Heard, ...]:
    return tuple(
        _Heard(
            _sound(word.group()),
            *word.span(),
            marked=word.group()[0].isupper() or body[word.start() - 1 : word.start()] in {*'«"“„'},
        )
        for word in _WORD.finditer(body)
    )


@lru_cache(maxsize=16_384)
def _sounds(name: str) -> tuple[str, ...]:
    return tuple(_sound(word) for word in _WORD.findall(name))


@lru_cache(maxsize=16_384)
def _sound(word: str) -> str:
    """How a word sounds in any script, without the ending of its case."""
    return skeleton(common(word.casefold()))


@lru_cache(maxsize=4096)
def _main(title: str) -> str:
    return _PARTED.split(title)[0].strip(' «»"“”')


def _short(title: str) -> str:
    """A title without what it may leave out, if a name is left."""
    left = _COMMON.sub("", title).strip(' «»"“”')
    return left if left[:1].isupper() and len(left) >= _LEAST else title


@lru_cache(maxsize=4096)
def _written(title: str, name: str) -> tuple[frozenset[str], frozenset[str]]:
    """How its names begin, and all their forms.

    They are looked for one by one: as one pattern, those of a long title take a second to compile.
    """
    given = {_main(title), name}
    names = {each for each in given if len(each) >= _LEAST}
    forms = names | {form for each in names for language in _DECLINED for form in inflect(each, language)}
    return frozenset(form[:_LEAST].casefold() for form in forms), frozenset(forms)


_DECLINED = (Language.RUSSIAN, Language.UKRAINIAN)
