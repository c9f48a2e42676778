"""Words for kinds of places, in every case: what may stand beside a name and say that it is a place's.

Source: written for this project by its authors. Licence: MIT, as the project.
"""

from __future__ import annotations

from bot.language import declension_ru, declension_uk
from bot.language.words import table

_RUSSIAN = (
    "город села село деревня деревни поселок поселки станица станицы хутор хутора аул аулы район районы микрорайон "
    "квартал остров острова полуостров река реки озеро озера ручей область области край республика республики столица "
    "порт станция разъезд аэропорт аэродром космодром стадион полигон санаторий заповедник промзона гора высота "
    "перевал урочище лес водохранилище мост населенный пункт пункты направление окрестности окраина пригород "
    "усадьба шахта карьер лагерь терминал дачи"
)
_UKRAINIAN = (
    "місто міста село села селище селища хутір громада район райони мікрорайон острів півострів річка озеро область "
    "області край столиця порт станція аеропорт аеродром стадіон полігон гора висота перевал урочище ліс водосховище "
    "міст населений пункт пункти напрямок околиця передмістя"
)
_ADJECTIVES = {"населенный", "населений"}
_SHORT = "пос дер пгт рп ст нп смт г с п х д м"
_ENGLISH = (
    "village villages town towns city cities settlement settlements hamlet district oblast region raion area province "
    "county port river lake island peninsula airport airfield outskirts direction suburb"
)


_SETTLEMENTS = (
    "город село деревня поселок станица хутор аул слобода",
    "місто село селище хутір слобода",
)
"""Kinds of what people live in, Russian and Ukrainian."""


def _cases(russian: str, ukrainian: str) -> set[str]:
    forms: set[str] = set()
    for word in russian.split():
        paradigm = declension_ru.adjective(word) if word in _ADJECTIVES else declension_ru.noun(word)
        forms.update(form.replace("ё", "е") for case in paradigm for form in case)
    for word in ukrainian.split():
        paradigm = declension_uk.adjective(word) if word in _ADJECTIVES else declension_uk.noun(word)
        forms.update(form for case in paradigm for form in case)
    return forms


KINDS = frozenset(_cases(_RUSSIAN, _UKRAINIAN) | set(_SHORT.split()) | set(_ENGLISH.split()))
"""Folded words in all their cases."""
SETTLEMENTS = frozenset(_cases(*_SETTLEMENTS))
"""Those of them that an adjective names: Покровское село."""
WATERS = frozenset(_cases("река озеро ручей водохранилище", "річка озеро водосховище") | {"river", "lake"})
"""Those of water: a town may have its river's name, so they speak for no town."""
ON_LAND = KINDS - WATERS
"""Those that speak for a town."""
DIVISIONS = KINDS | table(
    "округ округа округу округом округе община общины общине общину общиной громады громаде громаду громадой "
    "сельсовет сельсовета сельсовету сельсовете рада ради раді обл"
)
"""What an adjective stands before in the name of a region, a district or a community; folded."""
LETTERS = frozenset(["г", "с", "п", "х", "д", "м"])
"""Those of one letter, which count only with their full stop: с. Суджа."""
IN_FULL = KINDS - LETTERS
