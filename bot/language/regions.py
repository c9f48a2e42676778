"""Regions of Russia, Ukraine and Belarus: their names in three languages, how texts speak of them, where they lie.

In: what an operator wrote behind `in:`, or a text's word. Out: the region, or the stems by which a text names it, in
both scripts: `курск` stands in Курская, under Курск, and `kursk` in the Kursk region.

Source: names written for this project by its authors, codes as GeoNames has them. Extents: computed by us from GeoNames
(geonames.org), settlements of 500 people and more.
Licence: MIT, as the project; the extents CC BY 4.0, GeoNames.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from bot.language import translit
from bot.language.detect import Language, of_name
from bot.language.earth import Point
from bot.language.fold import key
from bot.language.kinds import DIVISIONS, KINDS
from bot.language.phonetic import sound
from bot.language.variants import counterpart
from bot.language.words import table


@dataclass(frozen=True, slots=True)
class Region:
    """`code` is the country and GeoNames' code; `extent` is south, west, north, east in degrees."""

    code: str
    russian: str
    ukrainian: str
    english: str
    extent: tuple[float, float, float, float]

    @property
    def names(self) -> tuple[str, str, str]:
        return (self.russian, self.ukrainian, self.english)

    def name_in(self, language: Language) -> str:
        return dict(zip(Language, self.names, strict=True))[language]

    def holds(self, at: Point, margin: float = 0.5) -> bool:
        """Whether a point may lie in it: within its extent and a margin, in degrees."""
        south, west, north, east = self.extent
        return south - margin <= at[0] <= north + margin and west - margin <= at[1] <= east + margin


REGIONS_TABLE = """
RU01|Республика Адыгея|Республіка Адигея|Adygea|44.2 38.9 45.2 40.8
RU03|Республика Алтай|Республіка Алтай|Altai Republic|49.7 84.7 52.5 89.2
RU04|Алтайский край|Алтайський край|Altai Krai|50.9 78.3 54 86.5
RU05|Амурская область|Амурська область|Amur Oblast|49.4 121.9 55.2 133.6
RU06|Архангельская область|Архангельська область|Arkhangelsk Oblast|60.7 35.7 71.6 52.4
RU07|Астраханская область|Астраханська область|Astrakhan Oblast|45.7 45.7 48.6 48.8
RU08|Республика Башкортостан|Республіка Башкортостан|Bashkortostan|51.8 53.4 56.3 59.7
RU09|Белгородская область|Бєлгородська область|Belgorod Oblast|49.9 35.6 51.4 39
RU10|Брянская область|Брянська область|Bryansk Oblast|52 31.5 53.9 35
RU11|Республика Бурятия|Республіка Бурятія|Buryatia|50.1 99.8 56.4 114.9
RU12|Чеченская Республика|Чеченська Республіка|Chechnya|42.6 44.8 43.8 46.5
RU13|Челябинская область|Челябінська область|Chelyabinsk Oblast|52.4 57.2 56.2 62.8
RU15|Чукотский автономный округ|Чукотський автономний округ|Chukotka|63 -179.2 69.8 179.4
RU16|Чувашская Республика|Чуваська Республіка|Chuvashia|54.8 46.1 56.2 48.3
RU17|Республика Дагестан|Республіка Дагестан|Dagestan|41.2 45.6 44.7 48.6
RU19|Республика Ингушетия|Республіка Інгушетія|Ingushetia|42.8 44.5 43.6 45.1
RU20|Иркутская область|Іркутська область|Irkutsk Oblast|51.5 97.6 61.3 115.4
RU21|Ивановская область|Івановська область|Ivanovo Oblast|56.5 39.7 57.5 43.2
RU22|Кабардино-Балкарская Республика|Кабардино-Балкарська Республіка|Kabardino-Balkaria|43.1 42.5 44 44.2
RU23|Калининградская область|Калінінградська область|Kaliningrad Oblast|54.3 19.9 55.2 22.8
RU24|Республика Калмыкия|Республіка Калмикія|Kalmykia|45.3 41.9 48 47.4
RU25|Калужская область|Калузька область|Kaluga Oblast|53.4 33.9 55.3 37.2
RU27|Карачаево-Черкесская Республика|Карачаєво-Черкеська Республіка|Karachay-Cherkessia|43.4 40.9 44.4 42.7
RU28|Республика Карелия|Республіка Карелія|Karelia|60.9 29.6 66.3 36.6
RU29|Кемеровская область|Кемеровська область|Kemerovo Oblast|52.7 84.8 56.3 89.1
RU30|Хабаровский край|Хабаровський край|Khabarovsk Krai|46.8 131.5 59.4 143.3
RU31|Республика Хакасия|Республіка Хакасія|Khakassia|52.6 89.2 55 91.6
RU32|Ханты-Мансийский автономный округ|Ханти-Мансійський автономний округ|Khanty-Mansia|58.6 60.9 64.3 77.5
RU33|Кировская область|Кіровська область|Kirov Oblast|56.2 47 60.9 53.3
RU34|Республика Коми|Республіка Комі|Komi Republic|59.4 47.9 67.7 64.5
RU37|Костромская область|Костромська область|Kostroma Oblast|57.4 40.5 59.2 47.1
RU38|Краснодарский край|Краснодарський край|Krasnodar Krai|43.4 36.7 46.9 41.6
RU40|Курганская область|Курганська область|Kurgan Oblast|54.4 41.2 56.9 68
RU41|Курская область|Курська область|Kursk Oblast|51 34.2 52.4 38.2
RU42|Ленинградская область|Ленінградська область|Leningrad Oblast|58.7 28 61.2 35.5
RU43|Липецкая область|Липецька область|Lipetsk Oblast|52 37.8 53.6 40.7
RU44|Магаданская область|Магаданська область|Magadan Oblast|59.5 147 63.1 159.3
RU45|Республика Марий Эл|Республіка Марій Ел|Mari El|55.8 46.3 57.1 49.9
RU46|Республика Мордовия|Республіка Мордовія|Mordovia|53.8 42.3 55.1 46.4
RU47|Московская область|Московська область|Moscow Oblast|54.4 35.3 56.8 40.1
RU48|Москва|Москва|Moscow|55.3 37.1 56 38
RU49|Мурманская область|Мурманська область|Murmansk Oblast|66.5 30.2 69.6 39.6
RU50|Ненецкий автономный округ|Ненецький автономний округ|Nenets Autonomous Okrug|66.6 44.6 69.8 61.7
RU51|Нижегородская область|Нижегородська область|Nizhny Novgorod Oblast|54.7 42 58.1 47.2
RU52|Новгородская область|Новгородська область|Novgorod Oblast|57.1 30.2 59.3 35.9
RU53|Новосибирская область|Новосибірська область|Novosibirsk Oblast|53.7 75.7 56.6 84.5
RU54|Омская область|Омська область|Omsk Oblast|53.7 71.1 57.7 75.4
RU55|Оренбургская область|Оренбурзька область|Orenburg Oblast|50.7 51.6 54.1 60.9
RU56|Орловская область|Орловська область|Oryol Oblast|52 35.1 53.5 37.7
RU57|Пензенская область|Пензенська область|Penza Oblast|52.4 42.6 54 46.8
RU59|Приморский край|Приморський край|Primorsky Krai|42.6 130.7 46.6 138.4
RU60|Псковская область|Псковська область|Pskov Oblast|55.7 27.6 58.8 31.4
RU61|Ростовская область|Ростовська область|Rostov Oblast|46 38.5 49.8 43.9
RU62|Рязанская область|Рязанська область|Ryazan Oblast|53.4 38.8 55.2 42.5
RU63|Республика Саха (Якутия)|Республіка Саха (Якутія)|Sakha (Yakutia)|56.1 111.4 72 161.4
RU64|Сахалинская область|Сахалінська область|Sakhalin Oblast|43.7 141.8 53.6 156.2
RU65|Самарская область|Самарська область|Samara Oblast|52 48 54.5 52.2
RU66|Санкт-Петербург|Санкт-Петербург|Saint Petersburg|59.6 29.4 60.3 30.7
RU67|Саратовская область|Саратовська область|Saratov Oblast|50.1 42.6 52.5 50.4
RU68|Республика Северная Осетия|Республіка Північна Осетія|North Ossetia|42.8 43.9 43.8 44.9
RU69|Смоленская область|Смоленська область|Smolensk Oblast|53.6 31 55.9 35.1
RU70|Ставропольский край|Ставропольський край|Stavropol Krai|43.6 41 46 45.5
RU71|Свердловская область|Свердловська область|Sverdlovsk Oblast|56.3 57.4 61.1 65.3
RU72|Тамбовская область|Тамбовська область|Tambov Oblast|51.8 40.2 53.5 43
RU73|Республика Татарстан|Республіка Татарстан|Tatarstan|54.3 47.5 56.6 54.1
RU75|Томская область|Томська область|Tomsk Oblast|55.7 76.4 60.8 88.2
RU76|Тульская область|Тульська область|Tula Oblast|53.1 36.1 54.8 38.7
RU77|Тверская область|Тверська область|Tver Oblast|55.8 31.6 58.7 38.1
RU78|Тюменская область|Тюменська область|Tyumen Oblast|55.5 65.3 59.2 70.7
RU79|Республика Тыва|Республіка Тива|Tuva|50 89.8 52.5 97.6
RU80|Удмуртская Республика|Удмуртська Республіка|Udmurtia|56 51.5 58.4 54.3
RU81|Ульяновская область|Ульяновська область|Ulyanovsk Oblast|52.6 46.3 54.7 50.2
RU83|Владимирская область|Володимирська область|Vladimir Oblast|55.2 38.4 56.6 42.9
RU84|Волгоградская область|Волгоградська область|Volgograd Oblast|47.6 41.7 51 47.1
RU85|Вологодская область|Вологодська область|Vologda Oblast|58.8 35.2 61.1 46.5
RU86|Воронежская область|Воронезька область|Voronezh Oblast|49.7 38.3 52 42.8
RU87|Ямало-Ненецкий автономный округ|Ямало-Ненецький автономний округ|Yamalia|63.1 63.9 68.5 78.8
RU88|Ярославская область|Ярославська область|Yaroslavl Oblast|56.6 37.8 58.8 40.7
RU89|Еврейская автономная область|Єврейська автономна область|Jewish Autonomous Oblast|47.6 131 49.3 135
RU90|Пермский край|Пермський край|Perm Krai|56.4 54.1 60.8 59.2
RU91|Красноярский край|Красноярський край|Krasnoyarsk Krai|53.1 80.5 73.6 102.5
RU92|Камчатский край|Камчатський край|Kamchatka Krai|51.4 155.9 62.5 166.3
RU93|Забайкальский край|Забайкальський край|Zabaykalsky Krai|49.5 108.7 57 120.9
UA01|Черкасская область|Черкаська область|Cherkasy Oblast|48.5 29.8 50.2 32.8
UA02|Черниговская область|Чернігівська область|Chernihiv Oblast|50.4 30.6 52.4 33.3
UA03|Черновицкая область|Чернівецька область|Chernivtsi Oblast|47.8 24.9 48.7 27.6
UA04|Днепропетровская область|Дніпропетровська область|Dnipropetrovsk Oblast|47.5 33 49.2 37.6
UA05|Донецкая область|Донецька область|Donetsk Oblast|46.9 33.1 49.2 39
UA06|Ивано-Франковская область|Івано-Франківська область|Ivano-Frankivsk Oblast|48 23.8 49.5 25.6
UA07|Харьковская область|Харківська область|Kharkiv Oblast|48.8 34.9 50.4 38
UA08|Херсонская область|Херсонська область|Kherson Oblast|45.8 31.8 47.6 35
UA09|Хмельницкая область|Хмельницька область|Khmelnytskyi Oblast|48.5 26.2 50.5 27.7
UA10|Кировоградская область|Кіровоградська область|Kirovohrad Oblast|47.8 29.8 49.2 33.9
UA11|Крым|Крим|Crimea|44.3 32.5 46.2 36.6
UA12|Киев|Київ|Kyiv|50.3 30.3 50.6 30.7
UA13|Киевская область|Київська область|Kyiv Oblast|49.3 29.5 51.6 32.1
UA14|Луганская область|Луганська область|Luhansk Oblast|47.8 37.9 50.1 40.2
UA15|Львовская область|Львівська область|Lviv Oblast|48.7 22.7 50.6 25.4
UA16|Николаевская область|Миколаївська область|Mykolaiv Oblast|46.3 30.2 48.2 33.1
UA17|Одесская область|Одеська область|Odesa Oblast|45.3 28.2 48.2 31.2
UA18|Полтавская область|Полтавська область|Poltava Oblast|48.7 32.1 50.6 35.5
UA19|Ровенская область|Рівненська область|Rivne Oblast|50.1 25.1 51.9 27.5
UA20|Севастополь|Севастополь|Sevastopol|44.4 33.4 44.9 33.9
UA21|Сумская область|Сумська область|Sumy Oblast|50.1 33 52.3 35.5
UA22|Тернопольская область|Тернопільська область|Ternopil Oblast|48.5 24.7 50.2 26.3
UA23|Винницкая область|Вінницька область|Vinnytsia Oblast|48.1 27.4 49.9 29.8
UA24|Волынская область|Волинська область|Volyn Oblast|50.3 23.8 51.9 25.9
UA25|Закарпатская область|Закарпатська область|Zakarpattia Oblast|47.9 22.1 49.1 24.5
UA26|Запорожская область|Запорізька область|Zaporizhzhia Oblast|46.3 34.3 48.1 37.2
UA27|Житомирская область|Житомирська область|Zhytomyr Oblast|49.6 27.3 51.6 29.7
BY01|Брестская область|Берестейська область|Brest Region|51.7 23.3 53.4 27.5
BY02|Гомельская область|Гомельська область|Gomel Region|51.7 27.4 53.2 31.4
BY03|Гродненская область|Гродненська область|Grodno Region|52.9 23.6 54.8 26.6
BY04|Минск|Мінськ|Minsk|53.9 27.5 54 27.6
BY05|Минская область|Мінська область|Minsk Region|52.5 26.3 55 29.3
BY06|Могилевская область|Могильовська область|Mogilev Region|52.9 28.6 54.3 32.6
BY07|Витебская область|Вітебська область|Vitebsk Region|54.3 26.3 56.1 30.8
"""
"""A line a region: code, its names, and the extent: south, west, north, east."""

COUNTRIES = frozenset(
    {
        "россия",
        "росія",
        "russia",
        "украина",
        "україна",
        "ukraine",
        "беларусь",
        "білорусь",
        "belarus",
        "польша",
        "польща",
    }
    | {"молдова", "moldova", "poland", "грузия", "грузія", "georgia", "донбасс", "донбас", "donbas", "донбассе"}
    | {"казахстан", "kazakhstan", "литва", "латвия", "эстония", "румыния", "венгрия", "словакия", "приднестровье"}
)
"""Larger than a region, and as good behind `in:`; folded."""

_ENDINGS = re.compile(r"(?:ская|ский|ское|ська|ський|ське|ая|ий|ый|ое|а|я|ь|ія|ия)$")
_KEPT = {"ская": "ск", "ский": "ск", "ское": "ск", "ська": "ськ", "ський": "ськ", "ське": "ськ"}
_SAID = re.compile(r"(?<=к)(?:[аеиіоую]\w{0,2})$")
"""The ending of a region's adjective in any case: запорізьк of запорізької."""
_SUFFIX = re.compile(r"[сцз]ь?к$")
_PLAIN = frozenset(
    {"автономный", "автономная", "автономний", "автономна", "округ", "обл", "респ", "ар", "республіка"}
    | {"autonomous", "oblast", "krai", "okrug", "republic", "of", "the"}
)
"""Words for kinds of regions that are no kinds of places."""
_ALSO = (
    "сумщина UA21 харківщина UA07 харьковщина UA07 донеччина UA05 луганщина UA14 запоріжжя UA26 запорожье UA26 "
    "zaporizhia UA26 херсонщина UA08 миколаївщина UA16 николаевщина UA16 одещина UA17 одесчина UA17 дніпропетровщина "
    "UA04 днепропетровщина UA04 дніпро UA04 полтавщина UA18 чернігівщина UA02 черниговщина UA02 київщина UA13 "
    "киевщина UA13 житомирщина UA27 вінниччина UA23 черкащина UA01 кіровоградщина UA10 рівненщина UA19 волинь UA24 "
    "волынь UA24 львівщина UA15 львовщина UA15 тернопільщина UA22 хмельниччина UA09 буковина UA03 закарпаття UA25 "
    "закарпатье UA25 прикарпаття UA06 прикарпатье UA06 крим UA11 курщина RU41 бєлгородщина RU09 белгородщина RU09 "
    "брянщина RU10 вороніжчина RU86 орловщина RU56 смоленщина RU69 кубань RU38 приморье RU59 забайкалье RU93 якутия "
    "RU63 камчатка RU92 чечня RU12 чувашия RU16 осетия RU68 тува RU79 башкирия RU08 татария RU73 подмосковье RU47 "
    "ленинград RU66 петербург RU66 спб RU66 югра RU32 ямал RU87 чукотка RU15 минск BY04 "
    "белгородчина RU09 днр UA05 лнр UA14 крым UA11 днепровск UA04 дніпровськ UA04 січеславськ UA04 ворошиловградск UA14"
)
"""Other names of regions, folded, each with its code."""
_TOWNS = table("дніпро ленинград петербург спб минск днепровск дніпровськ січеславськ ворошиловград")
"""Those of them that are towns' names."""
_CLAIMED = table("днр лнр")
"""Those that are of a part of the region: a text about them speaks of it, but who watches them does not watch it."""
_OF_REGION = re.compile(r"(?:обл|кра[йяюеіє]$|респ|oblast|krai|region|province|republic)")
"""How the word for a region's kind begins."""
_MIN_STEM = 4
_CASE_ENDING = re.compile(r"[аеиіїоуыюяьйм]+$")


@cache
def regions() -> tuple[Region, ...]:
    return tuple(_region(line) for line in REGIONS_TABLE.split("\n") if line)


def _region(line: str) -> Region:
    code, russian, ukrainian, english, extent = line.split("|")
    south, west, north, east = map(float, extent.split())
    return Region(code, russian, ukrainian, english, (south, west, north, east))


@lru_cache(maxsize=4096)
def region_stems(region: str) -> tuple[str, ...]:
    """What a word of a text begins with if it speaks of the region; empty if the name is too short to tell."""
    known = region_of(region)
    return _stems_of({region, *(_all_names(known) if known else _neighbours(region))})


def _neighbours(region: str) -> Iterator[str]:
    """What a region that the table does not know may be called in the other languages, by the rules of spelling."""
    return (other for language in of_name(region) for _, other in counterpart(region, language))


def _stems_of(names: Iterable[str]) -> tuple[str, ...]:
    stems = {_stem(word) for name in names for word in _words(name)}
    stems |= {latin for stem in stems for root in _roots(stem) for latin in _in_latin(root)}
    return tuple(sorted(stem for stem in stems if len(stem) >= _MIN_STEM))


def _roots(stem: str) -> set[str]:
    """Волгоградск is Volgograd in English, Курск is Kursk: with and without the suffix, unless too little is left."""
    bare = _SUFFIX.sub("", stem)
    return {stem, bare} if len(bare) > _MIN_STEM else {stem}


def _in_latin(root: str) -> set[str]:
    return {latin for language in of_name(root) for latin in translit.spellings(root, language)}


def _stem(word: str) -> str:
    return _ENDINGS.sub(lambda match: _KEPT.get(match.group(), ""), word)


@lru_cache(maxsize=4096)
def region_of(written: str) -> Region | None:
    """The region that an operator means: one of its names, whole or without the word for its kind."""
    names, bare = _by_name(), _bare(written)
    return names.get(key(written)) or names.get(bare) or _by_sound().get(sound(bare))


def english_of(name: str) -> tuple[str, ...]:
    """What English calls the region of this whole name: Kursk Oblast, Kursk region; nothing for any other place."""
    region = _by_name().get(key(name))
    return _in_english(region) if region and key(name) in map(key, region.names) else ()


def _in_english(region: Region) -> tuple[str, ...]:
    bare, space, kind = region.english.rpartition(" ")
    return (
        (region.english, f"{bare} region", f"{bare} province")
        if space and kind in {"Oblast", "Krai"}
        else (region.english,)
    )


@lru_cache(maxsize=4096)
def region_watched(name: str) -> Region | None:
    """The region that a watched place is by its name: Сумська область, Sumy region, Сумщина; no town, no district."""
    return _whole().get(key(name)) or (region_of(name) if any(map(_OF_REGION.match, _kinds(name))) else None)


@lru_cache(maxsize=4096)
def region_around(within: str) -> Region | None:
    """The region that an `in:` means, with its kind or without; None for a district or a town with such a name."""
    return region_of(within) if all(map(_OF_REGION.match, _kinds(within))) else None


def _kinds(name: str) -> list[str]:
    return [word for word in re.findall(r"\w+", key(name)) if word in DIVISIONS or _OF_REGION.match(word)]


@cache
def _whole() -> dict[str, Region]:
    by_code = {region.code: region for region in regions()}
    found = {name: by_code[code] for name, code in _also() if name not in _TOWNS | _CLAIMED}
    return found | {key(name): region for region in regions() for name in (*region.names, *_in_english(region))}


def same_region(region: str, other: str) -> bool:
    """Whether two names are one region's, in whatever languages."""
    known, others = region_of(region), region_of(other)
    if known and others:
        return known is others
    return not set(region_stems(region)).isdisjoint(region_stems(other))


def is_other_region(word: str, region: str) -> bool:
    """Whether a text's folded word, which stands before the word for a kind of region, names another than `region`."""
    said, stems = _SAID.sub("", word), region_stems(region)
    return bool(stems) and not word.startswith(stems) and sound(said) not in set(map(sound, stems))


def region_called(word: str) -> Region | None:
    """The region that a text's folded word names by a noun in some case: Донеччини, Крыму, ДНР; no town's name."""
    return _lands().get(_CASE_ENDING.sub("", word))


def regions_said(word: str) -> frozenset[Region]:
    """The regions that may have a text's folded adjective, or the name of its town: запорожской, Белгородом."""
    stem = _SAID.sub("", word)
    return _by_stem().get(stem) or _by_stem().get(_CASE_ENDING.sub("", word), frozenset())


@cache
def _lands() -> dict[str, Region]:
    by_code = {region.code: region for region in regions()}
    return {_CASE_ENDING.sub("", name): by_code[code] for name, code in _also() if name not in _TOWNS}


@cache
def _by_stem() -> dict[str, frozenset[Region]]:
    """Stems of regions, with the suffix of the adjective and without; a town and its region may share one."""
    found: dict[str, set[Region]] = {}
    for region in regions():
        for stem in _stems_of(_all_names(region)):
            for root in (stem, _CASE_ENDING.sub("", _SUFFIX.sub("", stem))):
                found.setdefault(root, set()).add(region)
    return {stem: frozenset(meant) for stem, meant in found.items() if len(stem) >= _MIN_STEM}


@cache
def _by_name() -> dict[str, Region]:
    by_code = {region.code: region for region in regions()}
    found = {name: by_code[code] for name, code in _also()}
    for region in regions():
        found |= {key(name): region for name in (*region.names, *_in_english(region))}
    for region in regions():
        for name in region.names:
            found.setdefault(_bare(name), region)
    return found


def _bare(name: str) -> str:
    """The name's own words as stems, the kinds of region left out: курск of Курская область."""
    return " ".join(map(_stem, _words(name)))


def _words(name: str) -> list[str]:
    return [word for word in re.findall(r"\w+", key(name)) if word not in KINDS and word not in _PLAIN]


def _also() -> Iterator[tuple[str, str]]:
    also = _ALSO.split()
    return zip(also[::2], also[1::2], strict=True)


def _all_names(region: Region) -> tuple[str, ...]:
    return (*region.names, *(name for name, code in _also() if code == region.code))


@cache
def _by_sound() -> dict[str, Region]:
    """The one region that a stem in some spelling can mean: kharkov, zaporozhye."""
    found: dict[str, set[Region]] = {}
    for region in regions():
        for stem in _stems_of(_all_names(region)):
            found.setdefault(sound(stem), set()).add(region)
    return {heard: meant.pop() for heard, meant in found.items() if len(meant) == 1}
