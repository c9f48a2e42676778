"""Which source a report names as the one that says so: "По данным Рыбаря", "Канал Рыбарь пише", "according to ISW".

In: a text, its source, and the sources that it may name. Out: the source that it credits. A name counts in every case
of both languages, and only beside a verb or a preposition of attribution in the same sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from bot.language.detect import Language
from bot.language.inflect import inflect
from bot.model import Source

_BEFORE = (
    "по данным|по словам|по информации|со ссылкой на|ссылаясь на|ссылается на|"
    "за даними|за словами|за інформацією|з посиланням на|посилаючись на|посилається на|"
    "according to|citing|quoting|via|source|источник|джерело"
)
_VERBS = (
    "сообща(?:ет|ют)|сообщил[аи]?|пиш(?:ет|ут)|переда[её]т|передают|утвержда(?:ет|ют)|заявля(?:ет|ют)|"
    "повідомля(?:є|ють)|повідоми(?:в|ла|ли)|пиш(?:е|уть)|переда(?:є|ють)|стверджу(?:є|ють)|заявля(?:є|ють)|"
    "reports?|reported|says?|said|writes?|claims?|claimed"
)
_CUE = re.compile(rf"(?<!\w)(?:{_BEFORE}|{_VERBS})\b[^.!?\n]{{0,25}}?[«\"“]?\Z", re.IGNORECASE)
"""Stands before a name, and begins within REACH of it."""
_REACH = 60
_SAYS = re.compile(rf"[»\"”]?(?!\w)[^.!?\n,;]{{0,15}}?\b(?:{_VERBS})\b", re.IGNORECASE)
"""Stands after a name."""
_PARTED = re.compile(r"\s*[|/:(\[•·—–]")
_LEAST = 3


def credited(body: str, own: Source, others: Iterable[Source]) -> Source | None:
    """The source that the text gives as its source; None if it names none so, or only itself."""
    folded = body.casefold()
    return next((other for other in others if other.name != own.name and _credits(body, folded, other)), None)


def _credits(body: str, folded: str, other: Source) -> bool:
    begins, forms = _written(other.title, other.name)
    if not any(begin in folded for begin in begins):
        return False
    return any(
        _CUE.search(body, max(0, found.start() - _REACH), found.start()) or _SAYS.match(body, found.end())
        for form in forms
        if form.casefold() in folded
        for found in re.finditer(rf"(?<!\w){re.escape(form)}(?!\w)", body, re.IGNORECASE)
    )


@lru_cache(maxsize=4096)
def _written(title: str, name: str) -> tuple[frozenset[str], frozenset[str]]:
    """How its names begin, and all their forms.

    They are looked for one by one: as one pattern, those of a long title take a second to compile.
    """
    given = {_PARTED.split(title)[0].strip(' «»"“”'), name}
    names = {each for each in given if len(each) >= _LEAST}
    forms = names | {form for each in names for language in _DECLINED for form in inflect(each, language)}
    return frozenset(form[:_LEAST].casefold() for form in forms), frozenset(forms)


_DECLINED = (Language.RUSSIAN, Language.UKRAINIAN)
