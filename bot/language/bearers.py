"""Words that tell who or what else bears a place's name: a person, a firm, a club, a ship, another town of old.

Source: written for this project by its authors. Licence: MIT, as the project.
All words are folded: lower case, ё as е, no apostrophes.
"""

from __future__ import annotations

import re

from bot.language.words import TITLES, table, with_endings

ROLES = table(
    "нардеп депутатка "
    "президент премьер министр депутат генерал полковник подполковник майор капитан лейтенант сержант прапорщик "
    "рядовой солдат боец комбат командир комбриг военкор блогер фермер учитель тренер вратарь нападающий защитник "
    "судья следователь адвокат прокурор эксперт аналитик политолог историк эколог врач хирург доктор профессор "
    "академик мэр губернатор глава секретарь директор начальник писатель поэт режиссер актер певец художник "
    "журналист корреспондент предприниматель бизнесмен пенсионер водитель священник отец господин товарищ гражданин "
    "маршал адмирал атаман князь граф царь король император олигарх пилот летчик космонавт чемпион боксер "
    "певица актриса журналистка писательница ведущая учительница пенсионерка студентка спортсменка тренерша "
    "співачка акторка журналістка письменниця ведуча вчителька пенсіонерка студентка "
    "маршал адмірал отаман князь граф цар король імператор олігарх пілот льотчик космонавт чемпіон півзахисник "
    "президентка міністр депутат полковник капітан лейтенант сержант солдат боєць командир комбат військовий голова "
    "мер губернатор вчитель тренер лікар експерт аналітик журналіст письменник священник пан пані "
    "mr mrs ms dr president minister general colonel major captain lieutenant sergeant senator sir mayor governor "
    "farmer blogger analyst director professor commander pilot sniper driver singer actor actress writer poet "
    "journalist lawyer striker goalkeeper footballer boxer coach activist businessman"
)
"""In the nominative: what stands right before a surname in the nominative."""
RANKS = table(
    "рядовой ефрейтор сержант старшина прапорщик лейтенант капитан майор подполковник полковник комбат комбриг "
    "капітан підполковник lieutenant sergeant colonel corporal"
)
"""Those of them that no place has, so that whatever stands behind in the nominative is a name: лейтенант Самара."""
LADIES = table(
    "госпожа госпожи госпоже госпожу госпожой пани пані мадам фрау мисс миссис мис місіс міс mrs ms miss lady"
)
"""Before a woman's surname, which may have any ending and none of its cases."""
AGENT = re.compile(r"(?:[аяеи]тор|тель|ник|чик|щик|[нлр]ист|лог|граф|вед|мен|арь|яр|знавець|ич|анец|янец)$")
"""How words for persons by what they do end in the nominative: оператор, писатель, наводчик."""
NO_AGENTS = table(
    "сектор трактор двигатель источник родник рудник памятник ледник парник праздник понедельник вторник питомник "
    "холодильник отель мотель датчик ящик каталог аналог сборник спутник беспилотник учебник выпуск экскаватор "
    "показатель указатель предохранитель кирпич домен телеграф параграф графік чек документ "
    "пам'ятник двигун збірник супутник безпілотник джерело"
)
"""Things that end so."""
CALLSIGNS = ("позывн", "позивн", "прозвищ", "псевдо", "callsign")
"""How words begin before a fighter's other name: боец с позывным Самара."""
OF_PERSONS = (
    with_endings("рассказ роман портрет бюст арест юбилей адвокат сын брат отец", "- а у ы ов ом е")
    | with_endings("пьес поэм биографи могил вдов сестр жен дочк тещ дружин", "а ы у е ой и ю ей і ою")
    | with_endings("памятник мемориал меморіал барельеф", "- а у ом и ам і")
    | with_endings("семь родн сім", "я и е ю ей ї єю")
    | table(
        "стихи стихов стихах стихами повесть повести сочинения похороны похорон муж мужа отец отца мать матери дочь "
        "дочери родители родителей родителям родственники родственников задержание задержания увольнение увольнения "
        "отставка отставки отставку отставке син сина брат батько мати донька доньки батьки батьків родичі звільнення "
        "затримання вірші оповідання портрет"
    )
)
"""What a person has and no place: рассказы Чехова, семья Орехова, памятник Пушкину."""
HEADS = table("мэр глава губернатор начальник руководитель мер голова очільник градоначальник")
"""Heads of places in the nominative: a form behind one that is no nominative is the place's: мэр Львова."""
BEFORE_SURNAMES = ROLES | TITLES

SPEECH = (
    with_endings(
        "сказа заяви сообщи ответи добави отмети подчеркну рассказа поясни объясни напомни уточни написа "
        "предупреди спроси прокомментирова пообеща резюмирова констатирова поблагодари выступи пожела",
        "л ла",
    )
    | with_endings("сказа заяви повідоми дода зазначи підкресли наголоси поясни уточни нагада написа попереди", "в ла")
    | table(
        "говорит считает утверждает пишет отмечает полагает думает рассказывает сообщает заявляет добавляет уверяет "
        "объясняет поясняет подчеркивает напоминает признался призналась пожаловался пожаловалась "
        "розповів розповіла відповів відповіла каже говорить вважає пише стверджує повідомляє розповідає зазначає "
        "додає said says told tells added wrote writes claimed claims noted stressed explained replied stated argued "
        "argues believes thinks recalled"
    )
)
"""What persons do with words, and places only in a figure of speech."""
DEEDS = (
    with_endings("назначен уволен задержан арестован осужден приговорен награжден ранен", "- а")
    | with_endings("роди женил скончал", "ся ась лся лась")
    | table(
        "умер умерла погиб погибла приехал приехала уехал уехала прилетел прилетела вернулся вернулась "
        "народився народилася помер померла загинув загинула приїхав приїхала призначений затриманий звільнений "
        "died born resigned"
    )
)
"""What only persons do, or what is only done to them."""
REPORTED = re.compile(
    r"(?:\bпо (?:словам|мнению|данным|версии|утверждению|заявлению)|\bсо слов|\bза (?:словами|даними)"
    r"|\bна (?:думку|переконання)|\baccording to)\s$"
)
"""Whose words are told: по словам Бердина."""

BRANDS = (
    with_endings(
        "клуб банк полк отел ресторан магазин супермаркет ледокол теплоход крейсер сухогруз танкер фрегат корвет "
        "эсминец линкор катер паром фильм сериал роман дивизион взвод",
        "- а у ом е",
    )
    | with_endings("батальон отряд завод концерн холдинг телеканал канал паблик портал журнал сайт", "- а у ом е і")
    | with_endings("команд газет групп аптек гостиниц компани фирм", "а ы у е ой и ю ей")
    | with_endings(
        "крейсер корвет фрегат есмінець катер пором фільм серіал роман дивізіон взвод батальйон загін банк готел "
        "ресторан магазин",
        "- а у ом і",
    )
    | with_endings("бригад рот яхт барж", "а ы е и і у ой ою")
    | table(
        "апл подлодка подлодки подлодку динамо спартак локомотив торпедо зенит шахтер шахтар металлист металіст "
        "отель отеля отеле готель фк хк бк вк мфк жк тц трц тк ооо оао зао ао пао тов прат чп fc hc bc ltd llc "
        "cafe кафе судно судна судне издательство издательства издательстве корабль корабля корабле издание "
        "видавництво видавництва frigate corvette cruiser destroyer ship vessel submarine tanker ferry yacht"
    )
)
"""Right behind one of these stands a name of its own, with quotes or without."""
CLUBS = table("fc hc bc cf фк")
"""The same, behind the name: Sumy FC."""

_CALLED = (
    r"(?:(?:именова|называ|зва)л(?:ся|ась|ось|ись)|(?:іменува|назива|зва)(?:вся|лася|лося|лися)"
    r"|\bносил[аои]? (?:название|имя)|\bноси(?:в|ла|ло|ли) назву|\bпереименован\w* из"
    r"|\bперейменован\w* з|\b(?:was|were) (?:formerly |once |then |previously )?(?:called|named|known as)"
    r"|\bformerly known as|\brenamed from)\s"
)
_ASIDE = (
    r"\w[\s\"»]{0,2}[(,–—]\s?(?:бывш\w*\.?|ранее|раньше|прежде|колишн\w+|раніше|formerly|former|ex"
    r"|(?:до|until) \d{4}(?: ?(?:года|году|г\.?|року|р\.?))?)\s?[—–:-]?\s?"
)
FORMERLY = re.compile(rf"(?:{_CALLED}|(?P<aside>{_ASIDE}))[«\"„“]?$")
"""What stands before a name that another town bore once: назывался Покровск; Энгельс (бывший Покровск)."""
ASIDE_ENDS = re.compile(r"[»\"”“]?\s?[),;—–]")

NAMED_AFTER = re.compile(r"(?:\bимени|\bим\.|\bімені|\bім\.|\bnamed after)\s?$")
"""Before what something else is named after: завод имени Кирова."""

WISHES = re.compile(r"\b(?:жела[юе]\w*|пожелал\w*|бажа[юєл]\w*|зичи\w*|зичу)\b[^.!?\n]*$")
"""What common words are wished by: желаем Счастья и Мира."""
HOLIDAYS = table(
    "день дня дню днем дне праздник праздника праздником парад парада параде парадом орден ордена орденом "
    "знамя знамени свято свята день дні параду орденом"
)
"""Before a common word's genitive they name a day or an honour: с Днём Победы."""
ABROAD = re.compile(
    r"\s?[,(]\s?(?:штат[ае]?\s\w{4,}|(?:alabama|alaska|arizona|arkansas|california|colorado|connecticut|delaware|florida"
    r"|hawaii|idaho|illinois|indiana|iowa|kansas|kentucky|louisiana|maine|maryland|massachusetts|michigan|minnesota"
    r"|mississippi|missouri|montana|nebraska|nevada|new (?:hampshire|jersey|mexico)|(?:north|south) (?:carolina|dakota)"
    r"|ohio|oklahoma|oregon|pennsylvania|rhode island|tennessee|texas|utah|vermont|(?:west )?virginia"
    r"|wisconsin|wyoming|ontario|alberta)\b)"
)
"""What stands behind a namesake in America: Odessa, Texas."""

SURNAME = re.compile(
    r"(?:(?:[ое]в|[иыі]н|ск[иоу][йм]|ськ[иоу]й|енко|[аеиоуюя]ченко|чук|щук|юк|ян|дзе|швили)(?:а|у|ым|ом|е|ой|им|ого|ому|і|ою)?"
    r"|(?:[oe]v|in|yn|sk[iy]|skyi|enko|chuk|yuk|dze|shvili)a?)$"
)
"""How surnames end, in any case and in both scripts."""
