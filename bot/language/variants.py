"""The same name in the neighbour language, where the spelling follows a rule: Покровск - Покровськ.

In: a name and its language. Out: its regular spellings in the other.
A name that was translated rather than spelt anew (Новая Сорочина - Нова Сорочина) follows its endings.

Source: written for this project by its authors. Licence: MIT, as the project.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from pathlib import Path

from bot.language.detect import Language

_C = "бвгґджзйклмнпрстфхцчшщ"
_TO_UKRAINIAN_ENDS = (
    (r"ическ(?:ое|ие)\b", "ічне"),
    (r"ическая\b", "ічна"),
    (r"([сц])кий\b", r"\1ький"),
    (r"([сц])кая\b", r"\1ька"),
    (r"([сц])кое\b", r"\1ьке"),
    (r"([сц])кие\b", r"\1ькі"),
    (r"([сц])к\b", r"\1ьк"),
    (r"\bИ", "І"),
    (r"\bЕ", "Є"),
    (r"чья\b", "ча"),
    (r"полье\b", "пілля"),
    (r"волье\b", "вілля"),
    (r"селье\b", "сілля"),
    (r"лесье\b", "лісся"),
    (r"р[еіё]чье\b", "річчя"),
    (r"рожье\b", "ріжжя"),
    (r"горье\b", "гір'я"),
    (r"([лнтдсз])ье\b", r"\1\1я"),
    (r"([жчш])ье\b", r"\1е"),
    (r"([бпвмфр])ье\b", r"\1'я"),
    (r"([бпвмфркг])ья", r"\1'я"),
    (r"ица\b", "иця"),
    (r"ец\b", "ець"),
    (r"[ое]вцы\b", "івці"),
    (r"цы\b", "ці"),
    (r"(хн|жн|едн)ий\b", r"\1ій"),
    (r"нее\b", "нє"),
    (r"([мбпвф])ь[её]в", r"\1'їв"),
    (r"([мбпвф])ьин", r"\1'їн"),
    (r"([лнрст])ь[её]вка\b", r"\1івка"),
    (r"иев(?=(?:ка|ськ))", "іїв"),
    (r"(?<!р)[ое]ват(?=(?:ка|ое|ая|ый)\b)", "уват"),
    (r"[ое]ваха\b", "уваха"),
    (r"сс\b", "с"),
    (r"[ыи]е\b", "і"),
    (r"ой\b", "ий"),
    (r"([^аеиоуыіяю])[её]вка\b", r"\1івка"),
    (r"(?<!Ках)(?<!Покр)овка\b", "івка"),
    (r"([аеиоуыіяю])евка\b", r"\1ївка"),
    (r"ая\b", "а"),
    (r"яя\b", "я"),
    (r"[ое]е\b", "е"),
    (r"ый\b", "ий"),
    (r"([оеё])во\b", r"\1ве"),
    (r"ино\b", "ине"),
    (r"ия\b", "ія"),
    (r"\b(Ново|Старо|Мало|Велико|Красно|Червоно)и", r"\1і"),
    (r"(?<=[аеоуыэюя])и", "ї"),
    (r"(?<=[аеоуыэюя])(?<!ое)(?<!ее)е(?=[а-я])", "є"),
    (f"(?<=[{_C}])(?<!пр)(?<!Пр)и(?=[аеиоуіїєюя])", "і"),
    (r"(?<=[жчшщ])и\b", "і"),
    (f"\\b(Верхн|Нижн|Ближн|Дальн|Середн)е(?=[{_C}])", r"\1ьо"),
)
_RUSSIAN_LETTERS = (
    (r"\bЕ", "Э"),
    (r"(?<=[аоу])е(?=[а-яіїє])", "э"),
    (r"(?<=[бвдзлмнпрстф])и\b", "ы"),
)
"""What is sure before the stems bring Russian letters in."""
_TO_RUSSIAN_ENDS = (
    ("ьо", "е"),
    (r"сска\b", "сская"),
    (r"(?<=[^р])ічн(?=[еа]\b)", "ическ"),
    (r"([жшчщ])ува(?=т[кеиа]|ха\b)", r"\1ева"),
    (r"ува(?=т[кеиа]|ха\b)", "ова"),
    (r"([сц])ький\b", r"\1кий"),
    (r"([сц])ька\b", r"\1кая"),
    (r"([сц])ьке\b", r"\1кое"),
    (r"([сц])ькі\b", r"\1кие"),
    (r"([сц])ьк", r"\1к"),
    (r"пілля\b", "полье"),
    (r"вілля\b", "волье"),
    (r"сілля\b", "селье"),
    (r"ріжжя\b", "рожье"),
    (r"річчя\b", "речье"),
    (r"лісся\b", "лесье"),
    (r"гір'я\b", "горье"),
    (r"([лнтдсзжшч])\1я\b", r"\1ье"),
    (r"([бпвмфр])'я\b", r"\1ье"),
    (r"иця\b", "ица"),
    (r"ець\b", "ец"),
    (r"([жшчщц])івці\b", r"\1евцы"),
    (r"івці\b", "овцы"),
    (r"ївці\b", "евцы"),
    (r"ці\b", "цы"),
    (r"(хн|жн|едн)ій\b", r"\1ий"),
    (r"(хн|жн|едн)я\b", r"\1яя"),
    (r"нє\b", "нее"),
    (r"'їв", "ьев"),
    (r"'їн", "ьин"),
    (r"'ї\b", "ьи"),
    (r"'я", "ья"),
    (r"чна\b", "чная"),
    (r"([жшчщц])ів(?=(?:ка|ск\w*)\b)", r"\1ев"),
    (r"ів(?=(?:ка|ск\w*)\b)", "ов"),
    (r"їв(?=(?:ка|ск\w*)\b)", "ев"),
    (r"([оеє])ве\b", r"\1во"),
    (r"[иії]не\b", "ино"),
    (r"([жшчщ])ів\b", r"\1ев"),
    (r"ів\b", "ов"),
    (r"їв\b", "ев"),
    (r"(?<![вн]к)(?<!ч)(?<!иц)а (?=[А-ЯІЇЄҐ]\S*[аяь]\b)", "ая "),
    (r"ча (?=[А-ЯІЇЄҐ]\S*[аяь]\b)", r"чья "),
    (r"([гкх]|хн|жн|едн)і (?=[А-ЯІЇЄҐ]\S*[иіїыа]\b)", r"\1ие "),
    (r"([^гкх])і (?=[А-ЯІЇЄҐ]\S*[иіїыа]\b)", r"\1ые "),
    (r"(?<!пол)(?<=[внклрт])е\b(?! [А-ЯІЇЄҐ]\S*ве\b)", "ое"),
    (r"(?<=[бвдзлмнпрстфц])(?<!хн)(?<!жн)(?<!едн)ий\b", "ый"),
    (r"піль\b", "поль"),
    (r"ія\b", "ия"),
)
_FILE = Path(__file__).parent / "tables" / "stems.txt"
_WHOLE = "$"
_AT_ONCE = 2
"""Choices taken in one name."""
_APOSTROPHE = re.compile("[’ʼ`]")
_BEFORE = (
    r"(?P<before>\b(?:Нов[оеа]|Стар[оеа]|(?:Верхн|Нижн|Ближн|Дальн)(?:ьо|[еяє])|Мало|Велико|Красно|Червоно|За|При|На)?)"
)
_ANYWHERE = "*"
_POL = re.compile(r"поль\b")
_CLOSED = re.compile(r"(?:(?<=[аеиоуыі])(е)|[ое])в\b")
_GREAT = re.compile(r"\bВелик(?=(?:ая|ое|ие) )|\bВеликий(?= )")
_BIG = {"Велик": "Больш", "Великий": "Большой"}
_TO_UKRAINIAN = str.maketrans({"ы": "и", "э": "е", "ё": "е", "ъ": "’", "Э": "Е"})
_TO_RUSSIAN = str.maketrans(
    {"і": "и", "ї": "и", "є": "е", "ґ": "г", "’": "ъ", "'": "ъ", "І": "И", "Ї": "И", "Є": "Е", "Ґ": "Г"}
)


# What no rule decides: each is tried in every way, all letters of a name alike, and the first way is the likeliest.
_ALSO_RUSSIAN = (
    # Ukrainian і is Russian и, е (ліс, лес) or, in a closed syllable, о (гірка, горка).
    (re.compile(f"(?<=[{_C}])і(?=[{_C}])"), "е"),
    (re.compile(f"(?<=[{_C}])і(?=[{_C}](?:[{_C}ь]|\\b))"), "о"),
    # Ukrainian и is Russian и in some names and ы in others: Прилуки, Сумы.
    (re.compile(r"(?<=[бвдзлмнпрстфц])(?<!Вел)и(?!й\b|но\b|е\b|ц[аы]\b)"), "ы"),
    # Behind a consonant -івка is -овка or -ёвка, and -ове is -ово or -овое: Макаровка, Золотарёвка.
    (re.compile(r"(?<=[лнртсд])ов(?=ка\b)|(?<=[лнр])ов(?=о?\b)"), "ев"),
    (re.compile(r"(?<=[жчшщ])ев(?=ка\b)"), "ов"),
    (re.compile(r"иев(?=ка\b)"), "еев"),
    (re.compile(r"ово\b"), "овое"),
    (re.compile(r"(?<=[внт])а$"), "ая"),
    (re.compile(r"нее\b"), "ное"),
)
_ALSO_UKRAINIAN = (
    (re.compile(r"поль\b"), "піль"),
    (re.compile(r"(?<=[аеиоуыі])[еєё]в\b"), "їв"),
    (re.compile(r"[ое]в\b"), "ів"),
    (re.compile(f"(?<=\\b[{_C}{_C.upper()}])е(?=[{_C}])(?!р[{_C}])"), "і"),
    (re.compile(f"(?<=\\b[{_C}{_C.upper()}])о(?=[{_C}]{{2}})"), "і"),
    (re.compile(r"гірськ"), "горськ"),
    (re.compile(r"(?<=[кгх])ине\b"), "іне"),
    (re.compile(r"иїв"), "іїв"),
    (re.compile(r"(?<=[лнтрсд])ё"), "ьо"),
    (re.compile(f"(?<=[{_C}])(?<!щ)и(?=[{_C}])(?!й|н[ео]?\\b|ц[яі]\\b|ч[иі]\\b|щ)"), "і"),
    (re.compile(r"ов(?=ськ)"), "ів"),
    (re.compile(r"еї(?=вк)"), "ії"),
    (re.compile(r"ни\b"), "ні"),
    # Степное is Степове and Степне.
    (re.compile(r"тепов(?=(?:е|ий|а)\b)"), "тепн"),
)


def counterpart(name: str, language: Language) -> tuple[tuple[Language, str], ...]:
    """The name in the other language by rule, with that language; empty for a name that is in neither."""
    if language is Language.RUSSIAN:
        # Of two like towns one is spelt anew, and one is not: Орехов is Оріхів, Льгов is Льгов.
        plain = _replace(_to_ukrainian_stems(name), _TO_UKRAINIAN_ENDS)
        found = _every_way(plain, _ALSO_UKRAINIAN)
        return tuple(
            (Language.UKRAINIAN, each) for each in dict.fromkeys(way.translate(_TO_UKRAINIAN) for way in found)
        )
    if language is Language.UKRAINIAN:
        found = _every_way(
            _replace(_to_russian_stems(_replace(name, _RUSSIAN_LETTERS)), _TO_RUSSIAN_ENDS), _ALSO_RUSSIAN
        )
        # And what is great in Ukrainian is great or big in Russian: Великая Писаревка, Большая Лепетиха.
        big = [_GREAT.sub(lambda match: _BIG[match[0]], each) for each in found]
        return tuple(
            (Language.RUSSIAN, each) for each in dict.fromkeys(way.translate(_TO_RUSSIAN) for way in (*found, *big))
        )
    return ()


def _every_way(name: str, choices: Iterable[tuple[re.Pattern[str], str]]) -> list[str]:
    """The name with none of the choices taken, then with one, with two."""
    ways = {name: 0}
    for pattern, becomes in choices:
        for way, taken in tuple(ways.items()):
            if taken < _AT_ONCE:
                ways.setdefault(pattern.sub(becomes, way), taken + 1)
    return sorted(ways, key=ways.__getitem__)


def _stems() -> tuple[tuple[str, str], ...]:
    """Pairs of a Ukrainian and a Russian stem."""
    lines = [line for line in _FILE.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    pairs = (pair.split("/") for line in lines for pair in line.split())
    return tuple((ukrainian, russian) for ukrainian, russian in pairs)


def _exchanger(pairs: Iterable[tuple[str, str]]) -> Callable[[str], str]:
    """Gives each stem of a name that is known its counterpart, longer stems first; one with a $ is a whole word."""
    other: dict[str, str] = {}
    first: dict[str, str] = {}
    inner: list[str] = []
    for here, there in pairs:
        for spelt in (here.lower(), here.lower().replace("ё", "е")):
            stem = spelt.strip(_WHOLE + _ANYWHERE)
            other.setdefault(stem, there.lower().strip(_WHOLE + _ANYWHERE))
            if spelt.startswith(_ANYWHERE):
                inner.append(stem)
            else:
                first[stem] = r"\b" if spelt.endswith(_WHOLE) else ""
    stems = "|".join(stem + first[stem] for stem in sorted(first, key=len, reverse=True))
    pattern = re.compile(rf"{_BEFORE}(?P<stem>{stems})|(?P<inner>{'|'.join(inner)})", re.IGNORECASE)

    def one(match: re.Match[str]) -> str:
        found = match["stem"] or match["inner"]
        stem = other[found.lower()]
        return (match["before"] or "") + (stem.capitalize() if found[0].isupper() else stem)

    return lambda name: pattern.sub(one, _APOSTROPHE.sub("'", name))


_to_russian_stems = _exchanger(_stems())
_to_ukrainian_stems = _exchanger((russian, ukrainian) for ukrainian, russian in _stems())


def _replace(name: str, ends: tuple[tuple[str, str], ...]) -> str:
    for pattern, becomes in ends:
        name = re.sub(pattern, becomes, name)
    return name
