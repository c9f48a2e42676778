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
_BETWEEN, _BETWEEN_VERB = r"[^.!?\n]{0,25}?", r"[^.!?\n,;]{0,15}?"
_PARTED = re.compile(r"\s*[|/:(\[•·—–]")
_LEAST = 3


def credited(body: str, own: Source, others: Iterable[Source]) -> Source | None:
    """The source that the text gives as its source; None if it names none so, or only itself."""
    folded = body.casefold()
    return next((other for other in others if other.name != own.name and _credits(body, folded, other)), None)


def _credits(body: str, folded: str, other: Source) -> bool:
    begins, pattern = _pattern(other.title, other.name)
    return any(begin in folded for begin in begins) and pattern.search(body) is not None


@lru_cache(maxsize=4096)
def _pattern(title: str, name: str) -> tuple[frozenset[str], re.Pattern[str]]:
    """How its names begin, and the pattern that finds one of them as a credit."""
    given = {_PARTED.split(title)[0].strip(' «»"“”'), name}
    names = {each for each in given if len(each) >= _LEAST}
    forms = names | {form for each in names for language in _DECLINED for form in inflect(each, language)}
    written = "|".join(sorted(map(re.escape, forms), key=len, reverse=True)) or r"(?!)"
    found = rf"(?<!\w)[«\"“]?(?:{written})[»\"”]?(?!\w)"
    credit = rf"(?<!\w)(?:{_BEFORE}|{_VERBS})\b{_BETWEEN}{found}|{found}{_BETWEEN_VERB}\b(?:{_VERBS})\b"
    return frozenset(form[:_LEAST].casefold() for form in forms), re.compile(credit, re.IGNORECASE)


_DECLINED = (Language.RUSSIAN, Language.UKRAINIAN)
