"""Small tables of words that the rules of language and matching lean on.

Source: written for this project by its authors. Licence: MIT, as the project.
All words are folded: lower case, ё as е, no apostrophes.
"""

from __future__ import annotations

import re


def table(words: str) -> frozenset[str]:
    return frozenset(words.split())


def with_endings(stems: str, ends: str) -> frozenset[str]:
    """Every stem with every ending; `-` is no ending."""
    return frozenset(stem + end.strip("-") for stem in stems.split() for end in ends.split())


PARTICLES = table(
    "на над под при у в во де ди да дель делла делле дю дес эш ан ам им за по из без до от к ко и й та "
    "під біля з із зі від до на по о a an am au aux da de del della der des di do dos du el et i in la las le les los "
    "na nad of on op pod sur the u upon v von y"
)
"""Words inside a name that do not decline, nor does what follows them."""

PREFIXES = table(
    "усть йошкар санкт нью сан сен сент санта эль аль ла ле лос лас аддис порт форт бад вест ист норд зюйд "
    "спас тарко нарьян ханты улан кара ал ат тель рас абу бен бин дар дер эс эн эт уш"
)
"""First parts before a hyphen that stay as they are."""

FIRST_PARTS = table(
    "северо южно западно восточно ново старо верхне нижне средне мало велико усть північно нижньо верхньо"
)
"""What makes another place's name of a name behind its hyphen: Северо-Донецк."""

PREPOSITIONS = table(
    "в во на под над из с со к ко до от у около возле близ вблизи по за через между при для без против вокруг внутри "
    "вне про о об "
    "у із зі від біля під поблизу коло навколо крізь поза перед попід "
    "in at near from to of toward towards around outside inside into over off against through within between by"
)
_BEFALLS = (
    r"подверг(?:ся|лась|лось|лись|ается|аются)|зазна(?:в|ла|ло|ли|є)|обстрел(?:ян|ива)\w*|обстрі(?:лян|лю)\w*"
    r"|обесточен\w*|знеструмлен\w*|(?:де)?оккупирован\w*|(?:де)?окупован\w*"
    r"|под (?:обстрел|огнем(?! крит)|контрол|оккупаци)\w*|під (?:обстріл|вогнем(?! крит)|контрол|окупаці)\w*"
    r"|(?:под удар|під удар)\w*|(?:в|у) (?:огне|вогні|дыму|диму|осаде|облозі|окружении|оточенні)|обстреляли|обстріляли"
    r"|атакован\w*|освобожден\w*|звільнен\w*|эвакуирован\w*|евакуйован\w*|(?:эвакуир|евакую)\w+"
    r"|(?:остал(?:ся|ась|ось|ись)|залиши(?:вся|лася|лося|лися)|остается|сидит|сидить|досі) без \w+"
    r"|без (?:свет|электр|воды|газа|связи|тепла|світла|електр|води|газу|звязку)\w*"
    r"|(?:is|was|were|are|came|comes|has been|have been) (?:again )?"
    r"(?:under (?:fire|shelling|attack|occupation)|shelled|occupied)"
)
BEFALLS_BEHIND = re.compile(
    rf"\s(?:[—–-] )?(?:(?:снова|опять|вновь|знову|полностью|частично|частково|сегодня|сьогодні) )?(?:{_BEFALLS})\b"
)
BEFALLS_BEFORE = re.compile(
    r"\b(?:обстрел(?:ян[аоы]?|яли?|ивают|ивает)|обстріля(?:но|ли|в)|обстрілю(?:ють|є)|под обстрелом|під обстрілом"
    r"|shelled|shelling of|обстрела|обстрілу|(?:по|біля|за|під|під час)? ?штурм\w*"
    r"|(?:удар|ударил|били|бьют|прилет|приліт|вдарил|вдарив|гатят|гатили)\w* по|атаковал\w*|атакувал\w*"
    r"|(?:бои|боев|битв\w|бої|боїв) за)\s$"
)
"""What befalls towns, and hardly a person or a thing: Счастье под обстрелом, обстреляли Октябрьский."""
EXACTLY = table("ровно рівно")
MEASURES = (
    with_endings("час минут секунд недел сутк месяц год лет", "- а у ы и ов ю")
    | with_endings("хвилин годин секунд тиж місяц рок", "- у а и і ів день ь")
    | table(
        "столько сколько половина половину треть четверть такой такая такое так полдень полночь день дня дней "
        "стільки половина половину третина чверть опівдні опівночі рік день днів доба добу "
        "один одна одно два две три четыре пять шесть семь восемь девять десять двадцать тридцать сорок сто "
        "дві чотири пять шість сім вісім девять десять двадцять тридцять полгода полтора півтора пів полчаса"
    )
)
"""What the adverb for "exactly", a town's name too, stands before: Ровно через час."""
LOCATIVE = table(
    "в во из под около возле близ вблизи у до від із біля під поблизу коло in near at from outside toward towards into"
)
"""Prepositions that a place follows more often than a person or a thing."""

NAME_ADJECTIVES = (
    with_endings(
        "нов стар мал больш велик северн южн восточн западн красн бел черн зелен",
        "ый ий ой ая ое ого ому ым ом ую ой ою ые ие ых их ыми ими",
    )
    | with_endings("верхн нижн средн", "ий яя ее его ему им ем юю ей ею ие их ими")
    | with_endings(
        "нов стар мал велик північн південн східн західн червон біл чорн зелен",
        "ий а е ого ому им ім ої ій у ою і их ими",
    )
    | with_endings("верхн нижн середн", "ій я є ього ьому ім ьої ю ьою і іх іми")
    | table("new old upper lower great little north south east west northern southern eastern western")
)
"""Adjectives that make another place's name of a name: Новая Суджа is not Суджа."""

SENTENCE_CAPITALS = table(
    "ukrainian ukrainians russian russians belarusian european american british german polish french turkish "
    "ukraine russia kyiv kiev moscow monday tuesday wednesday thursday friday saturday sunday january february march "
    "april may june july august september october november december"
)
"""English words with a capital of their own: behind a place they make no longer name (Near Sudzha Russian troops)."""

PARTS_OF_PLACES = (
    with_endings("восток запад север юг юго северо центр берег район округ край", "- а у ом е")
    | with_endings("западн восточн северн южн центральн", "ый ая ое ого ому ым ом ой ую ые ых ыми")
    | table("побережье побережья побережью побережьем часть части частью окраина окраины окраине окраину окраиной")
    | table("схід сходу сході захід заходу заході північ півночі південь півдня півдні центр центру центрі")
    | table("узбережжя окраїна окраїни частина частини")
)
"""First words of what may be a description and no name: на востоке Украины, в западной Европе."""

SQUARES = table("площадь площади площадью площа площі площу площею square")
STREETS = SQUARES | table(
    "улица улицы улице улицу улицей ул проспект проспекта проспекте пр переулок переулка пер "
    "бульвар бульвара бульваре шоссе набережная набережной тупик вулиця вулиці вулицю вул проспекті провулок "
    "метро станции street avenue boulevard lane"
)
"""Behind or before one of these a name is a street's, not the place itself."""

TITLES = table(
    "президент президента президенту президентом премьер министр министра министру министром депутат депутата генерал "
    "генерала полковник полковника майор майора капитан капитана лейтенант лейтенанта рядовой солдат боец бойца "
    "господин господина госпожа товарищ доктор доктора профессор профессора академик академика мэр мэра губернатор "
    "губернатора глава главы писатель писателя поэт поэта режиссер режиссера актер актриса журналист журналиста тов "
    "г-н г-жа пан пана пані міністр міністра капітан лейтенант голова голови військовий боєць "
    "mr mrs ms dr president minister general colonel major captain senator sir prime"
)
"""Words after which a surname stands."""


UKRAINIAN_PLURALS = {
    "людина": table("люди людей людям людьми людях"),
    "дитина": table("діти дітей дітям дітьми дітях"),
    "око": table("очі очей очам очима очах"),
    "війна": table("воєн"),
    "друг": table("друзі друзів друзям друзями друзях"),
}
"""Plurals that no rule makes; for terms."""
