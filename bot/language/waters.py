"""Words that tell that a name is a river's: what lies at rivers, how they are crossed, and rivers with a town's name.

Source: written for this project by its authors. Licence: MIT, as the project.
All words are folded: lower case, ё as е, no apostrophes.
"""

from __future__ import annotations

import re

from bot.language.words import PREPOSITIONS, table, with_endings

PARTS = (
    with_endings("русл усть гирл", "о е а у ю ом ем і")
    | with_endings("исток приток верхов низов", "- а у ом е и і ы ов ам ами ах ье ья ьем ьях")
    | with_endings("пойм дельт заплав приток притоц", "а ы и у ой ою е і ах")
    | with_endings("течени течі", "е я ю ем и є ї єю")
)
"""Nouns that only a river follows: в устье Оскола. A bank is none of them: towns, too, have their left bank."""
BANKS = (
    with_endings("берег", "- а у ом е и і ов ів ам ами ах")
    | with_endings("левобереж правобереж", "ье ья ью ьем")
    | with_endings("лівобереж правобереж", "жя жі")
    | table("березі вдоль вздовж уздовж bank banks along")
)
"""Where a river is known by that name, it is the river's: на левом берегу Днепра."""
ACROSS = re.compile(
    r"(?:\b(?:мост|міст|мосту|переправ|понтон|паром|пором|брод|bridge|crossing|ferry)\w*(?:\s\w+)?"
    r"\s(?:через|over|across)(?:\sthe)?|\bфорс(?:ир|ув)\w+)\s$"
)
"""What is crossed by a bridge, or forced: мост через Суджу, форсировали Сейм."""
INTO_WATER = re.compile(
    r"\b(?:упа\w+|впав|впал\w+|впада\w*|рухну\w+|падают?|прыгну\w+|сброс\w+|стрибн\w+|скин\w+)\s(?:в|во|у)\s$"
)
"""What falls into rivers: ракета упала в Оскол; in Оскол the town it falls with another case."""
LOCATIVE_ENDS = ("е", "і", "ом", "ой")
IN_WATER = re.compile(
    r"(?:\b(?:у?тону\w+|утоп\w+|потону\w+|купал\w+|искупал\w+|скупал\w+|рыбачи\w+|рибали\w+|поплы\w+)\s(?:в|во|у)"
    r"|\b(?:уров(?:ень|ня|не) воды|рівень води|лед|льду|лід|кригу|рыбу|рибу|рыба|риба)\s(?:в|во|у|на)"
    r"|\b(?:судоходств\w+|судноплавств\w+)\s(?:по|на))\s$"
)
"""What is done in rivers, and what they have: утонули в Днепре, уровень воды в Осколе."""
BEHIND_RIVERS = PREPOSITIONS | table("and or is was has had rose rises fell freezes froze")
"""What stands behind a river, but behind no name that belongs to a noun: the Dnipro rose; the Dnipro authorities."""
RIVERS = table(
    "днепр дон донец оскол сейм псел ворскла сула самара волчья хорол десна ингулец ингул днестр буг прут тиса кубань "
    "волга кама ока урал нева двина суджа тростянец лебедин кальмиус миус крынка айдар жеребец бахмут торец "
    "конка орель лопань харьков уды удай рось тетерев стырь горынь припять ирпень молочная клевень "
    "дніпро донець оскіл псьол вовча інгулець інгул дністер тростянець кальміус міус жеребець торець оріль харків уди "
    "тетерів стир горинь ірпінь молочна"
)
"""Rivers that towns share their name with, as a watch writes it."""
