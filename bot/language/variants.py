"""The same name in the neighbour language, where the spelling follows a rule: Покровск - Покровськ.

In: a name and its language. Out: its regular spellings in the other.
A name that was translated rather than spelt anew (Новая Сорочина - Нова Сорочина) follows its endings.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from pathlib import Path

from bot.language.detect import Language

_TO_UKRAINIAN_ENDS = (
    (r"([сц])кий\b", r"\1ький"),
    (r"([сц])кая\b", r"\1ька"),
    (r"([сц])кое\b", r"\1ьке"),
    (r"([сц])кие\b", r"\1ькі"),
    (r"([сц])к\b", r"\1ьк"),
    (r"\bИ", "І"),
    (r"чья\b", "ча"),
    (r"полье\b", "пілля"),
    (r"волье\b", "вілля"),
    (r"рожье\b", "ріжжя"),
    (r"([лнтдсз])ье\b", r"\1\1я"),
    (r"([жчш])ье\b", r"\1е"),
    (r"ица\b", "иця"),
    (r"ец\b", "ець"),
    (r"цы\b", "ці"),
    (r"(хн|жн|едн)ий\b", r"\1ій"),
    (r"(хн|жн|едн)ее\b", r"\1є"),
    (r"([мбпвф])ь[её]в", r"\1'їв"),
    (r"([мбпвф])ьин", r"\1'їн"),
    (r"([лнрст])ь[её]вка\b", r"\1івка"),
    (r"сс\b", "с"),
    (r"[ыи]е\b", "і"),
    (r"ой\b", "ий"),
    (r"([^аеиоуыі])[её]вка\b", r"\1івка"),
    (r"(?<!Ках)(?<!Покр)овка\b", "івка"),
    (r"([аеиоуыі])евка\b", r"\1ївка"),
    (r"ая\b", "а"),
    (r"яя\b", "я"),
    (r"[ое]е\b", "е"),
    (r"ый\b", "ий"),
    (r"([оеё])во\b", r"\1ве"),
    (r"ино\b", "ине"),
    (r"ия\b", "ія"),
)
_TO_RUSSIAN_ENDS = (
    (r"([сц])ький\b", r"\1кий"),
    (r"([сц])ька\b", r"\1кая"),
    (r"([сц])ьке\b", r"\1кое"),
    (r"([сц])ьк\b", r"\1к"),
    (r"пілля\b", "полье"),
    (r"вілля\b", "волье"),
    (r"ріжжя\b", "рожье"),
    (r"([лнтдсзжшч])\1я\b", r"\1ье"),
    (r"иця\b", "ица"),
    (r"ець\b", "ец"),
    (r"ці\b", "цы"),
    (r"(хн|жн|едн)ій\b", r"\1ий"),
    (r"(хн|жн|едн)я\b", r"\1яя"),
    (r"(хн|жн|едн)є\b", r"\1ее"),
    (r"'їв", "ьев"),
    (r"'їн", "ьин"),
    (r"чна\b", "чная"),
    (r"([жшчщ])івка\b", r"\1евка"),
    (r"івка\b", "овка"),
    (r"ївка\b", "евка"),
    (r"([оеє])ве\b", r"\1во"),
    (r"ине\b", "ино"),
    (r"ів\b", "ов"),
    (r"їв\b", "ев"),
    (r"(?<![вн]к)(?<!ч)(?<!иц)а (?=[А-ЯІЇЄҐ]\S*[аяь]\b)", "ая "),
    (r"ча (?=[А-ЯІЇЄҐ]\S*[аяь]\b)", r"чья "),
    (r"([гкх]|хн|жн|едн)і (?=[А-ЯІЇЄҐ]\S*[иіїыа]\b)", r"\1ие "),
    (r"([^гкх])і (?=[А-ЯІЇЄҐ]\S*[иіїыа]\b)", r"\1ые "),
    (r"(?<!пол)(?<=[внклр])е\b", "ое"),
    (r"(?<=[вднлртз])(?<!хн)(?<!жн)(?<!едн)ий\b(?= )", "ый"),
    (r"піль\b", "поль"),
    (r"ія\b", "ия"),
)
_FILE = Path(__file__).parent / "tables" / "stems.txt"
_WHOLE = "$"
_APOSTROPHE = re.compile("[’ʼ`]")
_BEFORE = r"(?P<before>\b(?:Нов[оеа]|Стар[оеа]|Верхн[ьеяє]|Нижн[ьеяє]|Мало|Велико)?)"
_OVO = re.compile(r"ово\b")
_OVA = re.compile(r"ова$")
_POL = re.compile(r"поль\b")
_CLOSED = re.compile(r"(?:(?<=[аеиоуыі])(е)|[ое])в\b")
_HARD_I = re.compile(r"(?<=[бвдзлмнпрстфц])(?<!Вел)и(?!й\b|но\b|е\b)")
_GREAT = re.compile(r"\bВелик(?=(?:ая|ое|ие) )|\bВеликий(?= )")
_BIG = {"Велик": "Больш", "Великий": "Большой"}
_TO_UKRAINIAN = str.maketrans({"ы": "и", "э": "е", "ё": "ьо", "ъ": "’", "Э": "Е"})
_TO_RUSSIAN = str.maketrans(
    {"і": "и", "ї": "и", "є": "е", "ґ": "г", "’": "ъ", "'": "ъ", "І": "И", "Ї": "И", "Є": "Е", "Ґ": "Г"}
)


def counterpart(name: str, language: Language) -> tuple[tuple[Language, str], ...]:
    """The name in the other language by rule, with that language; empty for a name that is in neither."""
    if language is Language.RUSSIAN:
        # Of two like towns one is spelt anew, and one is not: Орехов is Оріхів, Льгов is Льгов.
        plain = _replace(_to_ukrainian_stems(name), _TO_UKRAINIAN_ENDS)
        closed = _POL.sub("піль", _CLOSED.sub(lambda match: "їв" if match[1] else "ів", plain))
        return tuple((Language.UKRAINIAN, each.translate(_TO_UKRAINIAN)) for each in dict.fromkeys((plain, closed)))
    if language is Language.UKRAINIAN:
        # Ukrainian и is Russian и in some names and ы in others: Прилуки, Сумы.
        plain = _replace(_to_russian_stems(name), _TO_RUSSIAN_ENDS)
        # And -ове is -ово or -овое, -ова also -овая: Зайцево, Берестовое, Лозовая.
        found = (plain, _HARD_I.sub("ы", plain), _OVO.sub("овое", plain), _OVA.sub("овая", plain))
        # And what is great in Ukrainian is great or big in Russian: Великая Писаревка, Большая Лепетиха.
        big = (_GREAT.sub(lambda match: _BIG[match[0]], each) for each in found)
        return tuple((Language.RUSSIAN, each.translate(_TO_RUSSIAN)) for each in dict.fromkeys((*found, *big)))
    return ()


def _stems() -> tuple[tuple[str, str], ...]:
    """Pairs of a Ukrainian and a Russian stem."""
    lines = [line for line in _FILE.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    pairs = (pair.split("/") for line in lines for pair in line.split())
    return tuple((ukrainian, russian) for ukrainian, russian in pairs)


def _exchanger(pairs: Iterable[tuple[str, str]]) -> Callable[[str], str]:
    """Gives each stem of a name that is known its counterpart, longer stems first; one with a $ is a whole word."""
    other: dict[str, str] = {}
    whole: dict[str, str] = {}
    for here, there in pairs:
        for spelt in (here.lower(), here.lower().replace("ё", "е")):
            other.setdefault(spelt.rstrip(_WHOLE), there.lower().rstrip(_WHOLE))
            whole[spelt.rstrip(_WHOLE)] = r"\b" if spelt.endswith(_WHOLE) else ""
    stems = "|".join(re.escape(stem) + whole[stem] for stem in sorted(other, key=len, reverse=True))
    pattern = re.compile(rf"{_BEFORE}(?P<stem>{stems})", re.IGNORECASE)

    def one(match: re.Match[str]) -> str:
        stem = other[match["stem"].lower()]
        return match["before"] + (stem.capitalize() if match["stem"][0].isupper() else stem)

    return lambda name: pattern.sub(one, _APOSTROPHE.sub("'", name))


_to_russian_stems = _exchanger(_stems())
_to_ukrainian_stems = _exchanger((russian, ukrainian) for ukrainian, russian in _stems())


def _replace(name: str, ends: tuple[tuple[str, str], ...]) -> str:
    for pattern, becomes in ends:
        name = re.sub(pattern, becomes, name)
    return name
