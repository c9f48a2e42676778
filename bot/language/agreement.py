"""Agreement: whether an adjective and the word behind it may belong together, told by their endings alone.

In: two folded words of a text, Russian or Ukrainian. Out: yes or no. Invariant: no dictionary is asked; a verb, an
adverb or a particle with a noun's ending is told by its own ending, or by a table.

Source: written for this project by its authors. Licence: MIT, as the project.
"""

from __future__ import annotations

import re

from bot.language.kinds import DIVISIONS, LETTERS, SETTLEMENTS
from bot.language.nouns import FEMININE, FEMININE_ABBREVIATIONS, LIKE_VERBS, OTHER_ABBREVIATIONS
from bot.language.words import PARTICLES, PREPOSITIONS, table

INSTITUTIONS = (
    FEMININE_ABBREVIATIONS
    | OTHER_ABBREVIATIONS
    | table(
        "міськрада районка лікарня школа школу школи гімназія гімназію лікарню прокуратура прокуратуру церква церкву "
        "міськраду райраду єпархія єпархію"
    )
)
"""Short names and others of what has its adjective before it: Донецька ОВА."""
_OF_A_WOMAN = re.compile(r"(?:ая|яя|ой|ей|ую|юю|ою|ка|ку|кої|кій|на|ну|ної|ній|ва|ву|вої|вій)$")
_OF_A_MAN = re.compile(r"(?:[ыи]й|ой|е|ого|его|ому|ему|[ыи]м|ом|ем|ім)$")
_MANS_OTHER_CASES = re.compile(r"(?:ого|его|ому|ему)$")
_NO_NOUNS = table(
    "уже еще вже ще не ни і й та и а но да или де где все всё после также тоже даже ранее позже ниже выше возле "
    "более менее больше меньше лучше хуже вообще наверное двое трое четверо пятеро обое обе две три четыре один "
    "одна снова сегодня вчера завтра утром днем вечером ночью потом затем кругом рядом совсем причем весь вся "
    "сначала когда тогда куда туда сюда откуда иногда всегда никогда пока только почему поэтому потому сразу "
    "между внизу всему вновь опять теперь частично полностью много мало несколько около снизу сверху это этого "
    "этому меня тебя себя его ее их мужчине женщине девушке девочке семье сьогодні вчора знову вночі вранці вдень "
    "ввечері після також теж навіть раніше пізніше нижче вище більше менше краще гірше двоє троє завжди ніколи "
    "поки тільки через чому тому відразу зараз тепер майже усе усі всі вони воно вона його її їх можна треба "
    "тем собой среди подряд верю путем пуст цел жив тих полон свободен спокоен цела жива тиха свободна спокойна "
    "тихо громко темно шумно спокойно неспокойно холодно жарко сложно плохо хорошо туго гаряче тихо гучно темно чутно "
    "видно слышно пусто людно красиво жутко страшно порожньо спокійно важко погано добре "
    "слышна видна нужна должна полна активна известна возможна опасна страшна тиха готова чутна потрібна повинна"
)
_VERB = re.compile(
    r"(?:л|л[аоиі]|с[ья]|[аеиюуяі]т[ьи]?|[аиіуяю]в|йшов|(?:ан|ен|ян|ят|ит|ыт|ут)[аоыи]?|[аеє]но|"
    r"(?:ован|лен|щен|чен|жен|ян)е|ишь|ешь|(?<!с)ть|н[ыо])$"
)
_ENDINGS = tuple(
    (re.compile(f"(?:{adjective})$"), re.compile(f"(?:{noun})$"))
    for adjective, noun in (
        (r"[сцз]ька", r"а|я|сть"),
        (r"[сцз]ьку", r"у|ю|сть"),
        (r"ом|ем", r"[^и]е|ии|ом|ем|лесу|краю|порту|мосту|полку|бору|берегу|лугу|метро|шоссе"),
        (r"[сцз]ького", r"а|я|у|ю|ого"),
        (r"ого|его|ього", r"а|я|ого|его|ього"),
        (r"ому|ему", r"у|ю|ому|ему|ові|еві|і|шосе|шоссе|метро"),
        (r"[ыи]м", r"ом|ем|єм|[ыи]м|[ая]м"),
        (r"ое|ее", r"[иь]е|[щцрл]е|мя|о|ое|ее"),
        (r"[^оеыи]е", r"[нтлжшчщсцзд]я|е|о|алібі|шосе"),
        (r"ая|яя", r"а|я|ь|ая|яя"),
        (r"ую|юю", r"у|ю|ь|ую|юю"),
        (r"[ыи]й", r"[бвгґджзйклмнпрстфхцчшщь]"),
        (r"ой|ей", r"[бвгджзклмнпрстфхцчшщь]|[аеоуэюя]й|[^её]е|и|ы|ью"),
        (r"ої|ьої", r"и|і|ї|ої"),
        (r"ій", r"і|ї|ій"),
        (r"ою|ьою", r"ою|ею|єю|ью|ою"),
        (r"[ыи]х", r"[ая]х|[оеиії]в|ей|[ыи]х|[бвгджзйклмнпрстфхцчшщь]"),
        (r"[ыи]ми", r"[ая]ми|[ыи]ми"),
        (r"[ыи]е", r"ы|и|а|я|[ыи]е"),
    )
)
_SEVERAL = re.compile(r"(?:[ая]х|[оеії]в|ей|[ая]м|[ая]ми|ы|и|і|ї)$")
"""How a noun of several adjectives ends, whatever their number: в Курском и Льговском районах."""


def agree(adjective: str, word: str, *, several: bool = False) -> bool:
    """Whether `word`, behind an adjective, may be its noun or another adjective of that noun.

    `several`: it stands behind several adjectives that are joined. No noun that names a kind of settlement counts:
    Покровское село is Покровское.
    """
    if word in SETTLEMENTS:
        return False
    if word in FEMININE_ABBREVIATIONS:
        return _OF_A_WOMAN.search(adjective) is not None
    if word in OTHER_ABBREVIATIONS:
        return _OF_A_MAN.search(adjective) is not None
    if not may_be_noun(word) or (word in FEMININE and _MANS_OTHER_CASES.search(adjective)):
        return False
    if several and _SEVERAL.search(word):
        return True
    return any(ending.search(adjective) and behind.search(word) for ending, behind in _ENDINGS)


def may_be_noun(word: str) -> bool:
    """False for a verb, an adverb or a particle, as far as its ending or a table tells."""
    if word in LETTERS:
        return False  # в Попасной с утра
    if word in DIVISIONS or word in LIKE_VERBS:
        return True
    plain = word in _NO_NOUNS or word in PREPOSITIONS or word in PARTICLES
    return len(word) > 2 and not plain and _VERB.search(word) is None
