"""Common given names of the region and of the news, in every case: behind one stands a person, not a place.

Source: written for this project by its authors. Licence: MIT, as the project.
"""

from __future__ import annotations

from bot.language import declension_ru, declension_uk

_RUSSIAN = (
    "александр александра алексей алексий анатолий андрей анна антон антонина аркадий артем артур борис вадим валентин "
    "валентина валерий валерия василий василиса вера виктор виктория виталий владимир владислав вячеслав галина "
    "геннадий георгий герман глеб григорий даниил данила дарья денис джон джордж дмитрий дэвид евгений евгения егор "
    "екатерина елена елизавета жанна захар зинаида иван игорь илья инна иоанн иосиф ирина карл кирилл клавдия "
    "константин кристина ксения лариса лев леонид лидия людмила магомед майкл максим марина мария марк мартин матвей "
    "михаил мстислав надежда наталья наталия никита николай нина оксана олег олеся ольга павел полина питер ричард "
    "роберт родион роман руслан рустам рамзан савелий светлана святослав семен сергей софия софья станислав степан "
    "тамара татьяна тимофей тимур томас уильям ульяна федор феликс филипп эдуард эльвира эмма юлия юрий яков ян яна "
    "ярослав"
)
_UKRAINIAN = (
    "олександр олександра олексій андрій ганна артем богдан василь віктор вікторія віталій володимир вячеслав геннадій "
    "григорій дмитро євген євгенія іван ігор ілля ірина катерина костянтин людмила максим марія микола михайло надія "
    "наталія оксана олег олена ольга остап павло петро роман руслан сергій степан тарас тетяна федір юлія юрій ярослав"
)
_ENGLISH = (
    "alexander alexei andrei andrey andriy anna anton antony boris david denys dmitri dmitry dmytro donald elena "
    "evgeny george igor ihor ivan james joe john kateryna kirill konstantin kyrylo maksym maria mark michael mikhail "
    "mykhailo mykola natalia nikita nikolai oleg oleh oleksandr oleksiy olena olga pavel pavlo peter petr petro ramzan "
    "richard robert roman ruslan sergei sergey serhii serhiy stepan svetlana taras tatiana vadim vasily viktor "
    "vitaliy vitaly vladimir volodymyr william yevgeny yevhen yulia yuri yuriy"
)
_UNEVEN = "петр петра петру петром петре павла павлу павлом павле льва льву львом ильи илье илью ильей"
"""Names whose stem changes, and their forms."""


def _cases() -> set[str]:
    russian = (declension_ru.noun(name) for name in _RUSSIAN.split())
    ukrainian = (declension_uk.noun(name) for name in _UKRAINIAN.split())
    return {form.replace("ё", "е") for paradigm in (*russian, *ukrainian) for case in paradigm for form in case}


GIVEN_NAMES = frozenset(_cases() | set(_ENGLISH.split()) | set(_UNEVEN.split()))
"""Folded names in all their cases."""
