"""Whether a text gives what it names as the one that says so: "сообщил губернатор", "«Рыбарь»: …", "— Генштаб".

In: a text and where a name stands in it. Out: yes or no. Pure; Russian, Ukrainian and English at once.

Source: written for this project by its authors. Licence: MIT, as the project.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_PAST = (
    "(?:сообщи|заяви|написа|рассказа|уточни|отмети|призна|подтверди|сказа|добави|доложи|проинформирова|переда|утвержда|"
    "поясни|объяви|напомни|показа|опубликова|обнародова)л[аио]?|"
    "(?:повідоми|заяви|написа|розпові|уточни|зазначи|визна|підтверди|сказа|дода|переда|поясни|поінформува|проінформува|"
    "стверджува|оголоси|нагада|допові|показа|опублікува|оприлюдни)(?:в|ла|ло|ли)"
)
_PRESENT = (
    "(?:сообща|утвержда|заявля|рассказыва|уточня|отмеча|подтвержда|добавля|докладыва|поясня|напомина)(?:ет|ют)|"
    "(?:переда|призна)(?:[её]т|ют)|пиш(?:ет|ут|е|уть)|говор(?:ит|ят|ить|ять)|каж(?:е|уть)|"
    "(?:повідомля|стверджу|заявля|розповіда|уточню|зазнача|визна|підтверджу|дода|переда|поясню|інформу|доповіда)(?:є|ють)"
)
_ENGLISH = "reports?|reported|says?|said|writes?|wrote|claims?|claimed|announced|stated|added|told|confirmed"
_CYRILLIC = f"{_PAST}|{_PRESENT}"
_VERBS = f"{_CYRILLIC}|{_ENGLISH}"
_ON_THE_WORD = (
    "по (?:данным|словам|информации|сведениям|оценке|утверждению|версии)|со слов|со ссылкой на|ссылаясь на|"
    "ссылается на|за даними|за словами|зі слів|за інформацією|за відомостями|за оцінкою|за твердженням|за версією|"
    "із посиланням на|з посиланням на|посилаючись на|посилається на|according to|citing|quoting|via|"
    "source|источник|джерело"
)
_OPEN, _CLOSE = '[«"“„]?', '[»"”“]?'

_CUE = re.compile(rf"(?<!\w)(?:{_ON_THE_WORD}|{_VERBS})\b[^.!?\n]{{0,25}}?{_OPEN}\Z", re.IGNORECASE)
"""Stands before a name, and begins within REACH of it."""
_SAYS = re.compile(rf"{_CLOSE}(?!\w)[^.!?\n,;]{{0,15}}?\b(?:{_VERBS})\b", re.IGNORECASE)
"""Stands after a name."""
_AMONG = re.compile(
    r"(?:зокрема|наприклад|у тому числі|в частности|например|в том числе|такие как|such as|including|among them)\s+"
    rf"{_OPEN}\Z",
    re.IGNORECASE,
)
_THEY_SAY = re.compile(rf"{_CLOSE},?\s[^.!?\n]{{0,15}}?\b(?:{_VERBS})\b", re.IGNORECASE)
"""Before and behind a name that stands for many: "російські пабліки, зокрема Рибар, кажуть"."""
_SIGN = re.compile(rf"(?:\([сc]\)|©)\s*(?:\w+\s+){{0,2}}{_OPEN}\Z", re.IGNORECASE)
_PICTURE = re.compile(r"(?:фото|видео|відео|кадры|кадри|photos?|video|footage)\W*(?:\([сc]\)|©)[^\n]*\Z", re.IGNORECASE)
_LINE = re.compile(rf"(?:\A|\n)[^\w\n]*(?:[\w-]+\s+){{0,2}}{_OPEN}\Z")
_COLON = re.compile(rf"(?:\s+[\w-]+){{0,2}}{_CLOSE}(?:\s?:(?!\d)|\s+[—–-]\s+(?:о|об|обо|про|on)\b)", re.IGNORECASE)
"""Before and behind the name that heads a report, as "❗️«Рыбарь»: …", "Рыбарь — о взрыве"."""
_DASH = re.compile(rf"\s[—–-]\s+(?:[\w'’.-]+\s+){{0,3}}{_OPEN}\Z")
_END = re.compile(rf"(?:\s+(?!(?:и|й|та|і|and)\b)[\w'’-]+){{0,2}}{_CLOSE}\s*(?=\n|\Z|[.!](?:\s|\Z))")
"""Before and behind the name that ends one, as "… — Генштаб"."""
_NO_LINK = r"(?!(?:о|об|обо|про|за|на|по|с|со|з|із|к|до|от|для|что|що|как|як|и|і|та|в|у)\b)"
_SAID_BY = re.compile(
    rf"(?<!\w)(?:{_CYRILLIC})(?:\s+(?:в|у)(?=\s))?(?:\s+{_NO_LINK}[\w'’-]+){{0,3}}\s+{_OPEN}\Z"
    rf"|(?<!\w)(?:{_ON_THE_WORD})(?:\s+{_NO_LINK}[\w'’-]+){{0,3}}\s+{_OPEN}\Z",
    re.IGNORECASE,
)
"""Before an office: "сообщил о гибели мэра" is not said by a mayor."""
_SAYS_IT = re.compile(rf"{_CLOSE}(?!\w)(?:\s+{_NO_LINK}[\w'’.-]+){{0,6}}?\s+(?:{_VERBS})\b", re.IGNORECASE)
_NEXT_TO = (
    re.compile(rf"(?<!\w)(?:{_CYRILLIC}|{_ON_THE_WORD})\s+{_OPEN}\Z", re.IGNORECASE),
    re.compile(rf"{_CLOSE}(?!\w)(?:\s+[\w'’.-]+)?\s+(?:{_VERBS})\b", re.IGNORECASE),
)
"""Before and behind what stands in texts most often for another reason."""
_SAID = re.compile(r"\bsaid\s+(?:the\s+)?(?:[\w'’]+\s+){0,2}\Z", re.IGNORECASE)
_CAPITAL = r"[A-ZА-ЯЁІЇЄҐ][\w'’-]+"
_QUOTED = r"[«„\"“][^«»„“”\"\n]{2,40}[»”\"“]"
_GIVEN = re.compile(
    rf"(?<!\w)(?i:{_CYRILLIC}|{_ON_THE_WORD})(?:\s+{_NO_LINK}[a-zа-яёіїєґ][\w'’-]*){{0,3}}\s+"
    rf"(?P<behind>{_QUOTED}|{_CAPITAL}(?:\s+{_CAPITAL}){{0,2}})"
    rf"|(?P<before>{_QUOTED}|[A-Z][\w'’-]+(?=\s+(?:{_CYRILLIC})\b)|(?<=[,;—]\s){_CAPITAL}(?:\s+{_CAPITAL}){{0,2}})\s+(?:{_VERBS})\b"
)
_STOP = re.compile(rf"[^\w\s'’-]|\n|\b(?:{_VERBS})\b", re.IGNORECASE)
_REACH = 60


def given_as_source(body: str, start: int, end: int) -> bool:
    """Whether the name that stands there is given as who says so."""
    since = max(0, start - _REACH)
    if _CUE.search(body, since, start) or _SAYS.match(body, end) or _signs(body, since, start):
        return True
    return _AMONG.search(body, since, start) is not None and _THEY_SAY.match(body, end) is not None


def office_given_as_source(body: str, start: int, end: int, *, near: bool = False) -> bool:
    """The same of an office, which stands in texts for much else; `near` takes it only next to words of saying."""
    since = max(0, start - _REACH)
    if near:
        return _NEXT_TO[0].search(body, since, start) is not None or _NEXT_TO[1].match(body, end) is not None
    if _SAID_BY.search(body, since, start) or _SAYS_IT.match(body, end):
        return True
    return _SAID.search(body, since, start) is not None and _END.match(body, end) is not None


def heads_or_ends(body: str, start: int, end: int) -> bool:
    """Whether a name heads the report with a colon, or ends it behind a dash."""
    since = max(0, start - _REACH)
    if _LINE.search(body, since, start) and _COLON.match(body, end):
        return True
    return _DASH.search(body, since, start) is not None and _END.match(body, end) is not None


def names_given(body: str) -> Iterator[tuple[int, int]]:
    """Where names stand that are surely given as a source, whoever they are."""
    return (match.span(match.lastgroup or 0) for match in _GIVEN.finditer(body))


def clause_after(text: str, end: int, reach: int = 60) -> str:
    """The words behind a name up to a verb of saying, or the next sign."""
    stop = _STOP.search(text, end, end + reach)
    return text[end : stop.start() if stop else end + reach]


def _signs(body: str, since: int, start: int) -> bool:
    return _SIGN.search(body, since, start) is not None and _PICTURE.search(body, since, start) is None
