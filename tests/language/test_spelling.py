"""Latin spellings, the phonetic key, the neighbour's spelling, and which language a name is in."""

from __future__ import annotations

import pytest

from bot.language import Language, key, slug
from bot.language.detect import of_name, of_text
from bot.language.phonetic import sound
from bot.language.translit import spellings
from bot.language.variants import counterpart

RU, UK, EN = Language.RUSSIAN, Language.UKRAINIAN, Language.ENGLISH


@pytest.mark.parametrize(
    ("name", "language", "expected"),
    [
        ("Суджа", RU, {"Sudzha"}),
        ("Черкасское Поречное", RU, {"Cherkasskoye Porechnoye", "Cherkasskoe Porechnoe"}),
        ("Новосотницкий", RU, {"Novosotnitsky", "Novosotnitskiy"}),
        ("Щёлково", RU, {"Shchyolkovo", "Shchelkovo", "Schelkovo"}),
        ("Ельня", RU, {"Yelnya", "Elnya"}),
        ("Київ", UK, {"Kyiv", "Kiiv"}),
        ("Згурівка", UK, {"Zghurivka"}),
        ("Луганськ", UK, {"Luhansk", "Lugansk"}),
        ("Куп'янськ", UK, {"Kupiansk", "Kupyansk"}),
        ("Ростов-на-Дону", RU, {"Rostov-na-Donu"}),
        ("Буча", UK, {"Bucha", "Butscha", "Bucza"}),
        ("Часів Яр", UK, {"Chasiv Yar", "Tschasiw Jar", "Czasiw Jar"}),
        ("Черкасское Поречное", RU, {"Tscherkasskoje Poretschnoje", "Czerkasskoje Porecznoje"}),
        ("Sudzha", EN, set()),
    ],
)
def test_latin_spellings(name: str, language: Language, expected: set[str]) -> None:
    assert expected <= set(spellings(name, language))


@pytest.mark.parametrize(
    "words", [("суджа", "sudzha", "soudja"), ("харків", "kharkiv"), ("зеленский", "zelenskyy", "zelensky")]
)
def test_one_sound_for_both_scripts(words: tuple[str, ...]) -> None:
    assert len({sound(word) for word in words}) == 1


def test_other_names_sound_otherwise() -> None:
    assert len({sound(word) for word in ("суджа", "бердин", "курск", "покровск", "суми")}) == 5


@pytest.mark.parametrize(
    ("name", "languages"),
    [
        ("Суджа", (RU, UK)),
        ("Киев", (RU, UK)),
        ("Київ", (UK,)),
        ("Покровськ", (UK,)),
        ("Покровск", (RU,)),
        ("Поречное", (RU,)),
        ("Мартинівка", (UK,)),
        ("Sudzha", (EN,)),
        ("82", ()),
    ],
)
def test_language_of_a_name(name: str, languages: tuple[Language, ...]) -> None:
    assert of_name(name) == languages


def test_language_of_a_text() -> None:
    assert of_text("Бої тривають, є поранені") is UK
    assert of_text("Бои продолжаются, был взрыв") is RU
    assert of_text("Fighting goes on in Суджа") is EN
    assert of_text("") is None


@pytest.mark.parametrize(
    ("name", "language", "other"),
    [
        ("Покровск", RU, "Покровськ"),
        ("Михайловка", RU, "Михайлівка"),
        ("Новая Сорочина", RU, "Нова Сорочина"),
        ("Покровськ", UK, "Покровск"),
        ("Михайлівка", UK, "Михайловка"),
        ("Харків", UK, "Харков"),
        ("Суми", UK, "Сумы"),
        ("Мартинівка", UK, "Мартыновка"),
    ],
)
def test_the_neighbours_spelling(name: str, language: Language, other: str) -> None:
    assert other in {spelling for _, spelling in counterpart(name, language)}


def test_slugs_are_plain_and_never_empty() -> None:
    assert slug("Черкасское Поречное") == "cherkasskoye-porechnoye"
    assert slug("Їжакове") == "yizhakove"
    assert slug("!!!") == "place"


PAIRS = """
Олександрівка/Александровка Миколаївка/Николаевка Володимирівка/Владимировка Катеринівка/Екатериновка
Олексіївка/Алексеевка Юр’ївка/Юрьевка Дмитрівка/Дмитровка Костянтинівка/Константиновка Оленівка/Еленовка
Ганнівка/Анновка Новомиколаївка/Новониколаевка Білогорівка/Белогоровка Велика_Новосілка/Великая_Новосёлка
Біла_Церква/Белая_Церковь Кривий_Ріг/Кривой_Рог Жовті_Води/Жёлтые_Воды Кам’янка/Каменка Піщане/Песчаное
Водяне/Водяное Вовчанськ/Волчанск Курахове/Курахово Берестове/Берестовое Чорнобаївка/Чернобаевка
Козача_Лопань/Казачья_Лопань П’ятихатки/Пятихатки Глибоке/Глубокое Зелений_Гай/Зелёный_Гай
Мала_Токмачка/Малая_Токмачка Роботине/Роботино Гуляйполе/Гуляйполе Оріхів/Орехов Семенівка/Семёновка
Біла_Криниця/Белая_Криница Мар’ївка/Марьевка Чорна_Долина/Чёрная_Долина Нова_Каховка/Новая_Каховка
Старий_Салтів/Старый_Салтов Велика_Писарівка/Великая_Писаревка Верхня_Сироватка/Верхняя_Сыроватка
Нижня_Сироватка/Нижняя_Сыроватка Станиця_Луганська/Станица_Луганская Куп’янськ/Купянск Ізюм/Изюм
Синельникове/Синельниково Синькове/Синьково Вугледар/Угледар Торецьк/Торецк Запоріжжя/Запорожье
Привілля/Приволье Петропавлівка/Петропавловка Дворічна/Двуречная Білопілля/Белополье Ямпіль/Ямполь
Юнаківка/Юнаковка Хотінь/Хотень Степанівка/Степановка Кам’янське/Каменское Приморське/Приморское Пологи/Пологи
Зіньків/Зиньков Липці/Липцы Стрілеча/Стрелечья Мар’їнка/Марьинка Василівка/Васильевка
Красногорівка/Красногоровка Іванівка/Ивановка Іллінка/Ильинка Андріївка/Андреевка Сергіївка/Сергеевка
Прокоф’ївка/Прокофьевка Григорівка/Григорьевка Афанасіївка/Афанасьевка Арсенівка/Арсеньевка Генічеськ/Геническ
Скадовськ/Скадовск Гола_Пристань/Голая_Пристань Чаплинка/Чаплинка Станіслав/Станислав Козацьке/Козацкое
Олешки/Олешки Малинівка/Малиновка Кремінна/Кременная Сватове/Сватово Борова/Боровая
Великий_Бурлук/Великий_Бурлук Печеніги/Печенеги Чугуїв/Чугуев Зміїв/Змиев Середина-Буда/Середина-Буда
Червоне/Червоное Нові_Санжари/Новые_Санжары Верхній_Токмак/Верхний_Токмак Лиман_Перший/Лиман_Первый
Білозерка/Белозёрка Берислав/Берислав Бехтери/Бехтеры Залізний_Порт/Железный_Порт Криничне/Криничное
Вільна_Терешківка/Вольная_Терешковка Тополі/Тополи Піски/Пески Опитне/Опытное Невельське/Невельское
Первомайське/Первомайское Новомихайлівка/Новомихайловка Часів_Яр/Часов_Яр Кліщіївка/Клещеевка
Богданівка/Богдановка Красне/Красное Ямне/Ямное Краснопілля/Краснополье Миропілля/Мирополье
Новоселівка/Новосёловка Лозова/Лозовая Пристін/Пристен Синьківка/Синьковка Тимківка/Тимковка
Стельмахівка/Стельмаховка Табаївка/Табаевка Крохмальне/Крахмальное Терни/Терны Нова_Слобода/Новая_Слобода
Бачівськ/Бачевск Шалигине/Шалыгино Глухів/Глухов Шостка/Шостка Путивль/Путивль Буринь/Бурынь Ворожба/Ворожба
Річки/Речки Чернацьке/Чернацкое Зноб-Новгородське/Знобь-Новгородское Велика_Лепетиха/Большая_Лепетиха
Великий_Бурлук/Большой_Бурлук Великі_Копані/Большие_Копани Великі_Сорочинці/Великие_Сорочинцы Лиса_Гора/Лысая_Гора
Золотий_Потік/Золотой_Поток Новий_Розділ/Новый_Роздол Нижні_Сірогози/Нижние_Серогозы Верхній_Рогачик/Верхний_Рогачик
Красний_Луч/Красный_Луч Старий_Крим/Старый_Крым
Тростянець/Тростянец Кременець/Кременец Лохвиця/Лохвица Мокрець/Мокрец Станиця/Станица
"""


@pytest.mark.parametrize("pair", PAIRS.split())
def test_common_names_are_spelt_as_the_neighbours_do(pair: str) -> None:
    ukrainian, russian = (name.replace("_", " ") for name in pair.split("/"))
    assert key(russian) in {key(spelling) for _, spelling in counterpart(ukrainian, UK)}
    assert key(ukrainian) in {key(spelling) for _, spelling in counterpart(russian, RU)}
