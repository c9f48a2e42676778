"""Which source a report names as the one that says so: "По данным Рыбаря", "Канал Рыбарь пише", "according to ISW".

In: a text, its source, and the sources that it may name. Out: the source that it credits. A name counts in every case
of both languages, as the other language or the other script would write it if it has a capital or quotation marks
("Рибар", "Rybar" for Рыбарь), and only beside a verb or a preposition of attribution in the same sentence.

Source: written for this project by its authors. Licence: MIT, as the project.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from bot.language.detect import Language
from bot.language.inflect import inflect
from bot.language.phonetic import sound
from bot.language.stem import common
from bot.model import Source

_BEFORE = (
    "по данным|по словам|по информации|со ссылкой на|ссылаясь на|ссылается на|"
    "за даними|за словами|за інформацією|з посиланням на|посилаючись на|посилається на|"
    "according to|citing|quoting|via|source|источник|джерело"
)
_VERBS = (
    "сообща(?:ет|ют)|сообщил[аи]?|пиш(?:ет|ут)|переда[её]т|передают|утвержда(?:ет|ют)|заявля(?:ет|ют)|"
    "повідомля(?:є|ють)|повідоми(?:в|ла|ли)|каж(?:е|уть)|говор(?:ит|ят|ить|ять)|пиш(?:е|уть)|переда(?:є|ють)|стверджу(?:є|ють)|заявля(?:є|ють)|"
    "reports?|reported|says?|said|writes?|claims?|claimed"
)
_CUE = re.compile(rf"(?<!\w)(?:{_BEFORE}|{_VERBS})\b[^.!?\n]{{0,25}}?[«\"“]?\Z", re.IGNORECASE)
"""Stands before a name, and begins within REACH of it."""
_REACH = 60
_SAYS = re.compile(rf"[»\"”]?(?!\w)[^.!?\n,;]{{0,15}}?\b(?:{_VERBS})\b", re.IGNORECASE)
"""Stands after a name."""
_AMONG = re.compile(
    r"(?:зокрема|наприклад|у тому числі|в частности|например|в том числе|такие как|such as|including|among them)\s+"
    r"[«\"“]?\Z",
    re.IGNORECASE,
)
_THEY_SAY = re.compile(rf"[»\"”]?,?\s[^.!?\n]{{0,15}}?\b(?:{_VERBS})\b", re.IGNORECASE)
"""Before and behind a name that stands for many: "російські пабліки, зокрема Рибар, кажуть"."""
_WORD = re.compile(r"\w+")
_PARTED = re.compile(r"\s*[|/:(\[•·—–]")
_LEAST, _LEAST_SOUND = 3, 4


def credited(body: str, own: Source, others: Iterable[Source]) -> Source | None:
    """The source that the text gives as its source; None if it names none so, or only itself."""
    folded = body.casefold()
    return next((other for other in others if other.name != own.name and _credits(body, folded, other)), None)


def _credits(body: str, folded: str, other: Source) -> bool:
    return any(_attributed(body, start, end) for start, end in _named(body, folded, other))


def _attributed(body: str, start: int, end: int) -> bool:
    """Whether the name that stands there is given as a source."""
    since = max(0, start - _REACH)
    if _CUE.search(body, since, start) or _SAYS.match(body, end):
        return True
    return _AMONG.search(body, since, start) is not None and _THEY_SAY.match(body, end) is not None


def _named(body: str, folded: str, other: Source) -> Iterator[tuple[int, int]]:
    """Where the text names a source."""
    begins, forms = _written(other.title, other.name)
    if any(begin in folded for begin in begins):
        for form in forms:
            if form.casefold() in folded:
                found = re.finditer(rf"(?<!\w){re.escape(form)}(?!\w)", body, re.IGNORECASE)
                yield from (match.span() for match in found)
    yield from _heard(body, other.title)


def _heard(body: str, title: str) -> Iterator[tuple[int, int]]:
    """Where the text has a title as another language or script would write it."""
    sought = _sounds(_main(title))
    if len("".join(sought)) < _LEAST_SOUND:
        return
    words = list(_WORD.finditer(body))
    for first, *rest in zip(*(words[at:] for at in range(len(sought))), strict=False):
        start, end = first.start(), (rest or [first])[-1].end()
        marked = body[start].isupper() or body[start - 1 : start] in set('«"“„')
        if marked and _sound(first.group()) == sought[0] and _sounds(body[start:end]) == sought:
            yield start, end


@lru_cache(maxsize=16_384)
def _sounds(name: str) -> tuple[str, ...]:
    return tuple(_sound(word) for word in _WORD.findall(name))


@lru_cache(maxsize=16_384)
def _sound(word: str) -> str:
    """How a word sounds, without the ending of its case."""
    return sound(common(word.casefold()))


def _main(title: str) -> str:
    return _PARTED.split(title)[0].strip(' «»"“”')


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
