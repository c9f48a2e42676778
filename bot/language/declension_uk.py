"""Ukrainian declension of place names, by rule alone: no dictionary stands behind it.

In: one word in lower case (with its apostrophe). Out: its six cases with variants. Alternations are part of the rules:
о and е for і in a closed syllable (Тернопіль, Тернополя), г к х before і (Прага, Празі), doubling (Умань, Уманню).

Source: written for this project by its authors. Licence: MIT, as the project.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.language.paradigm import Paradigm, apply_all, by_tail, merge, plural_forms, rule, twin, with_twins

_V = "аеєиіїоуюя"
_C = "бвгґджзйклмнпрстфхцчшщ"

_ADJECTIVES = (
    rule(r"ий", 2, "ого ому = им ому|ім"),
    rule(r"ій", 2, "ього|ого ьому|ому = ім ьому|ому|ім"),
    rule(r"а", 1, "ої ій у ою ій"),
    rule(r"я", 1, "ьої ій ю ьою ій"),
    rule(r"е", 1, "ого ому = им ому|ім"),
    rule(r"є", 1, "ього ьому = ім ьому|ім"),
    rule(r"[іи]", 1, "их им = ими их"),
    rule(r"(?:н|трет)і", 1, "іх ім = іми іх"),
)
_POSSESSIVES = (
    rule(r"[^жшчщ]ів", 2, "ового|ова овому|ову = овим|овом овому|ові|овім"),
    rule(r"[жшчщр]ів", 2, "евого|ева евому|еву = евим|евом евому|еві|евім"),
    rule(r"їв", 2, "євого|єва євому|єву = євим|євом євому|єві|євім"),
    rule(r"[иії]н", 0, "ого|а ому|у = им|ом ому|і|ім"),
)
_NOUNS = (
    # Feminine words in -а, -я. The forms in -кі, -гі, -хі are slips that many people make (у Корюківкі).
    rule(r"га", 2, "ги зі|гі гу гою зі|гі"),
    rule(r"ґа", 2, "ґи зі ґу ґою зі"),
    rule(r"ка", 2, "ки ці|кі ку кою ці|кі"),
    rule(r"ха", 2, "хи сі|хі ху хою сі|хі"),
    rule(r"[жшчщ]а", 1, "і і у ею і"),
    rule(r"[бвдзлмнпрстфц]а", 1, "и і у ою і"),
    rule(rf"[{_V}]я", 1, "ї ї ю єю ї"),
    rule(r"[’'ь]я", 1, "ї ї ю єю ї"),
    rule(rf"(?:(.)(?!\1)|^)[{_C}]я", 1, "і і ю ею і"),
    # Neuter words in a doubled consonant or an apostrophe and -я.
    rule(r"(?:([лнтдзсжчшц])\1|ст)я", 1, "я ю|еві = ям і|ю"),
    rule(r"[’']я", 1, "я ю = ям ї|ю|і"),
    # Masculine words.
    rule(r"[оеє]в|[иіїоеєаяу]н|[аиу]в", 0, "а|у у|ові = ом|им і|у|ові"),
    rule(r"[бдзлмпрстф]|[^аеєиіїоуюя][вн]", 0, "а|у у|ові = ом і|у|ові"),
    rule(r"ськ|цьк|зьк", 0, "а|у у|ові = ом у|ові"),
    rule(r"[^ь]к", 1, "ка|ку ку|кові = ком ку|ці|кові|кі"),
    rule(r"г", 1, "га|гу гу|гові = гом гу|зі|гові|гі"),
    rule(r"х", 1, "ха|ху ху|хові = хом ху|сі|хові|хі"),
    rule(r"[жшчщ]", 0, "а|у у|еві = ем і|у|еві"),
    rule(r"ц", 0, "я ю|еві = ем і|ю"),
    rule(r"[аяиу]р", 0, "я ю|еві = ем і|ю"),
    rule(r"ь", 1, "я|ю ю|еві = ем і|ю"),
    rule(rf"[{_V}]й", 1, "я|ю ю|єві = єм ї|ю"),
    # Neuter words.
    rule(r"[^к]о", 1, "а у|ові = ом і|у"),
    rule(r"ко", 2, "ка ку|кові = ком ку|ці"),
    rule(r"[жшчщ]е", 1, "а у = ем і|у"),
    rule(r"[цлр]е", 1, "я ю = ем і|ю"),
    # Plural words.
    rule(rf"[{_C}]ки", 2, "ок|ків кам = ками ках"),
    rule(rf"[{_V}]ки", 2, "к|ків кам = ками ках"),
    rule(r"ьки", 2, "ок|ків кам = ками ках"),
    rule(r"[^к]и", 1, "-|ів ам = ами ах"),
    rule(rf"[{_C}]ни", 2, "ен|он ням|нам = нами нах"),
    rule(r"ці", 1, "ів|ь ям = ями ях"),
    rule(r"[^й]ці", 2, "ець цям = цями цях"),
    rule(r"йці", 3, "єць йцям = йцями йцях"),
    rule(r"ища|иська", 1, "- ам = ами ах"),
    rule(r"[жшчщ]і", 1, "ів|ей|- ам = ами ах"),
    rule(r"[бвдзлмнпрстф]і", 1, "ів|ь|ей ям = ями ях"),
    rule(rf"[{_V}]ї", 1, "їв|й ям = ями ях"),
)
_PLURALS_IN_A = (rule(r"а", 1, "- ам = ами ах"), rule(r"я", 1, "ів|ь ям = ями ях"))
"""Озера, Поля: a feminine word's ending, which only an adjective, or a plural's own suffix, tells from it."""
_SLIPS = (
    rule(r"[сцз]ьк", 0, "= = = = і"),
    rule(r"ка", 1, "= ці = = ці"),
    rule(r"[жшчщ]а", 1, "= = = ою ="),
    rule(r"[жшчщ]", 0, "= = = ом ="),
    rule(r"[оеє]ве|[иії]не", 1, "= = = = о"),
    rule(r"дь", 1, "= = = дею ="),
    rule(r"нь", 1, "= = = нею ="),
    rule(r"ть", 1, "= = = тею ="),
    rule(r"[внтл]і", 1, "= ім = іми ім"),
)
# і in the last closed syllable turns to о or е, and fleeting vowels fall: the stem of the other cases.
_TWINS = (
    twin(r"ів", "ов"),
    twin(r"ів", "ев"),
    twin(r"їв", "єв"),
    twin(r"іг", "ог"),
    twin(r"іж", "еж"),
    twin(r"іж", "ож"),
    twin(r"і([бдзлмрстк])", r"о\1"),
    twin(r"і([лн])ь", r"о\1ь"),
    twin(r"і([лн])ь", r"е\1ь"),
    twin(rf"((?<!с)т|(?<=[{_V}])с|[^ст{_V}])ок", r"\1к"),
    twin(rf"^([{_C}]+)ій", r"\1ой"),
    twin(r"тер", "тр"),
    twin(rf"([{_C}])ел", r"\1л"),
    twin(r"лець", "льц"),
    twin(rf"([^л{_V}])ець", r"\1ц"),
    twin(r"[єї]ць", "йц"),
    twin(rf"([{_C}])ень", r"\1нь"),
)
_TWINS_OF_TERMS = (
    twin(rf"([{_C}])онь", r"\1нь"),
    twin(r"і(н|ст)", r"о\1"),
    twin(r"і([чжш])", r"о\1"),
    twin(r"і([чжш])", r"е\1"),
    twin(r"і([лн])", r"е\1"),
)
_OPENED = re.compile(rf"[ое]([{_C}])[аоя]$")
_ONLY_TWINS = re.compile(rf"(?:[ії]в|[{_C}]ець|[єї]ць)$")
_SOFT = re.compile(r"(?:[^ц]ь|[жшчщ])$")
_SHORT_FEMININE = re.compile(rf"^(?:[{_C}]+ер[мпбв]?|об)$")
"""Перм, Твер, Об: feminine without a sign of it."""
_DOUBLED = re.compile(rf"([{_V}])([лнтдсзцжшч])ь?$")
_LABIAL = re.compile(r"([бпвмфр])ь?$")
_ADJECTIVAL = re.compile(
    r"(?:[иі]й|[нвтл]а|[сцз]ька|[оиі]ка|(?<=..)[жчш]а|ня|[^щц]е|[нр]є|[сцз]ькі|[оиі]кі|[нвтлгхжч]і)$"
)
_SURELY_ADJECTIVAL = re.compile(r"(?:[нвтлксцгрдбжшчхпз]ий|(?:[цз]|(?<!и)с)ьк[аеі]|[внтлр]е|[нр]є)$")
_SHORT_NOUN = re.compile(rf"^[{_C}]+ий$")
_FIELDS = re.compile(r"(?:пол|мор|місц|сонц|серц)е$")
"""Nouns that look like adjectives: Гуляйполе."""
_FEMININE_STEMS = re.compile(
    "^(?:стар|добр|щедр|сір|бур|ряб|лис|рус|бос|мокр|хитр|гостр|бистр|руд|тверд|молод|горд|люб|груб|слаб|тих|сух|глух|довг|дорог|убог|крут|"
    "широк|висок|глибок|велик|перш|друг|трет|менш|більш|нижч|вищ|дальш|свіж|чуж|хорош|інш|нов|мал|біл|чорн)[аіея]$"
)
"""Adjectives whose endings alone could be a noun's."""
_AGREES = re.compile(rf"[ая] [^ ]*[аяьжшчщ]$|[еє] [^ ]*[оея]$|[ії] [^ ]*[иії]$|[иі]й [^ ]*[{_C}ьйоая]$")


def is_adjective(word: str) -> bool:
    """Whether the nominative ending is, or may be, an adjective's: нова, тальне, верхній, помічна."""
    return len(word) > 3 and _ADJECTIVAL.search(word) is not None and not _FIELDS.search(word)


def is_surely_adjective(word: str) -> bool:
    """Whether the nominative ending is an adjective's, and no usual noun's: тальне, верхній."""
    return is_adjective(word) and _SURELY_ADJECTIVAL.search(word) is not None


@by_tail
def decline(word: str) -> Paradigm:
    """A word that stands alone or ends its name: every reading of its ending."""
    if is_adjective(word) or _FEMININE_STEMS.search(word):
        return adjective(word)
    return noun(word)


@by_tail
def adjective(word: str) -> Paradigm:
    """As an adjective; where the ending may be a noun's too (Борзна, Стрий), as both."""
    forms = apply_all(_ADJECTIVES, word)
    if _SHORT_NOUN.search(word):
        return merge((forms, apply_all(_NOUNS, word)))
    return forms if _SURELY_ADJECTIVAL.search(word) else merge((forms, noun(word)))


def leading(word: str, behind: str) -> Paradigm | None:
    """A word that agrees with the one behind it: Стара Синява, Жовті Води; None if it is no such word."""
    sure = _SURELY_ADJECTIVAL.search(word) or _FEMININE_STEMS.search(word)
    agrees = _AGREES.search(f"{word} {behind}") is not None
    if not (sure or (agrees and is_adjective(word))) or (not sure and _SURELY_ADJECTIVAL.search(behind)):
        return None
    return apply_all(_ADJECTIVES, word) if sure or word.endswith(("ий", "ій", "і")) else adjective(word)


@by_tail
def noun(word: str) -> Paradigm:
    forms = _masculine(word)
    return merge((forms, _feminine(word))) if _SOFT.search(word) or _SHORT_FEMININE.search(word) else forms


def led(word: str, adjective: str) -> Paradigm:
    """A word in the gender and number of the adjective beside it: Козача Лопань, Білий Колодязь, Великі Будища."""
    if _SOFT.search(word):
        return _feminine(word) if adjective.endswith(("а", "я")) else _masculine(word)
    if adjective.endswith("і") and word.endswith(("а", "я")):
        return apply_all(_PLURALS_IN_A, word)
    return decline(word)


def _masculine(word: str) -> Paradigm:
    return with_twins(_NOUNS, _TWINS, word, own=not _ONLY_TWINS.search(word))


def _feminine(word: str) -> Paradigm:
    """Умань, Уманню; Керч, Керчю; Обь, Об'ю."""
    stem = word.removesuffix("ь")
    ablative: tuple[str, ...]
    if _DOUBLED.search(word):
        ablative = (stem + stem[-1] + "ю", stem + "ю")
    else:
        ablative = (stem + ("’ю" if _LABIAL.search(word) else "ю"),)
    return ((word,), (stem + "і",), (stem + "і",), (word,), ablative, (stem + "і",))


_PLURAL_ENDS = (
    (rf"([{_V}])[йя]$", r"\1ї"),
    (r"(?:ь|(?<=[жшчщц])а?|я)$", "і"),
    (r"а?(?<=[гкхбвдзлмнпрстф])а?$", "и"),
    (r"о$|(?<=[жшчщ])е$", "а"),
    (r"е$", "я"),
)


def plurals(word: str) -> Iterator[str]:
    """A noun's forms in the plural, and what may be an adjective's in every gender; for terms, no name has them."""
    if is_adjective(word):
        stem = word[:-1].removesuffix("и").removesuffix("і")
        yield from (
            form for end in ("ий", "а", "е", "і") for case in apply_all(_ADJECTIVES, stem + end) for form in case
        )
    if not is_surely_adjective(word):
        yield from plural_forms(word, _PLURAL_ENDS, (*_TWINS, *_TWINS_OF_TERMS), _NOUNS, _PLURALS_IN_A)
        yield from _without_an_end(word)


def alternating(word: str) -> Iterator[str]:
    """A noun's singular on the stems that no name's rules have: вогонь, вогню; загін, загону; ніч, ночі; for terms."""
    for stem in (other for each in _TWINS_OF_TERMS if (other := each.of(word))):
        yield from (form for case in apply_all(_NOUNS, stem)[1:] for form in case if form != stem)
        if _SOFT.search(stem):
            yield _feminine(stem)[1][0]


def _without_an_end(word: str) -> Iterator[str]:
    """The plural's genitive where о or е turns to і: школа, шкіл; село, сіл; дорога, доріг."""
    bare, count = _OPENED.subn(r"і\1", word)
    if count:
        yield bare


def belonging(word: str) -> Paradigm | None:
    """Часів, Труханів before another word: a possessive; None if it does not look like one."""
    return apply_all(_POSSESSIVES, word) if any(each.pattern.search(word) for each in _POSSESSIVES) else None


def slips(word: str) -> tuple[str, ...]:
    """What people write and no grammar has: у Донецькі, в Бояркці, Русаново for Русанове, новім for новим."""
    return tuple(dict.fromkeys(form for case in apply_all(_SLIPS, word) for form in case if form != word))
