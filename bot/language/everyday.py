"""Words that name settlements and are also everyday words: the seed until the stored posts have been counted.

Out: `CONFUSABLE`, folded, in every case of the singular. Of Russian words the dictionary knows more; of Ukrainian ones
this table is all that is known.

Source: written for this project by its authors. Licence: MIT, as the project.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from bot.language import declension_ru, declension_uk
from bot.language.paradigm import Paradigm

_RUSSIAN_NOUNS = (
    "восток запад север юг центр столица земля луна солнце мир победа труд воля слава надежда любовь вера роза болото "
    "гора горы поле лес степь озеро река берег остров край луг дол балка кут бор двор мост площадь "
    "орел сокол ворон заря звезда искра маяк прогресс рассвет восход авангард локомотив спартак динамо комсомолец "
    "пролетарий ударник октябрь май перевал перемир счастье свобода луч изюм лиман шахты"
)
_RUSSIAN_ADJECTIVES = (
    "первое второе третье новое старое красное белое черное зеленое большое малое доброе веселое счастливое мирное "
    "тихое лесное полевое садовое дачное озерное речное степное горное южное северное восточное западное ясное золотое "
    "рубежное"
)
_UKRAINIAN_NOUNS = (
    "схід захід північ південь столиця місяць сонце мир перемога праця воля слава надія любов віра троянда болото гора "
    "поле ліс степ озеро річка берег острів край луг балка кут бір двір міст площа орел сокіл ворон зоря зірка маяк "
    "прогрес світанок щастя свобода промінь ізюм лиман шахти іскра калина верба тополя дружба єдність злагода згода "
    "відродження весна яблуня криниця джерело гай пологи"
)
_UKRAINIAN_ADJECTIVES = (
    "перше друге нове старе червоне біле чорне зелене велике мале добре веселе щасливе мирне тихе лісове польове "
    "садове дачне озерне степове гірське південне північне східне західне ясне золоте рубіжне рівне вільне привільне"
)


def _forms(words: str, decline: Callable[[str], Paradigm]) -> Iterator[str]:
    return (form.replace("ё", "е") for word in words.split() for case in decline(word) for form in case)


CONFUSABLE = frozenset(
    (
        *_forms(_RUSSIAN_NOUNS, declension_ru.noun),
        *_forms(_RUSSIAN_ADJECTIVES, declension_ru.adjective),
        *_forms(_UKRAINIAN_NOUNS, declension_uk.noun),
        *_forms(_UKRAINIAN_ADJECTIVES, declension_uk.adjective),
    )
)
