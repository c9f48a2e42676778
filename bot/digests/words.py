"""The words of a digest in English, Ukrainian and Russian, with CLDR's plural rules.

In: a language and numbers. Out: words. Quotes are never translated; an unknown language speaks English.

Source: written for this project by its authors. Licence: MIT, as the project.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime


def plural(language: str, number: int) -> str:
    """CLDR's category of a whole number: one, few, many or other."""
    if language not in {"ru", "uk"}:
        return "one" if number == 1 else "other"
    if number % 10 == 1 and number % 100 != 11:
        return "one"
    return "few" if number % 10 in {2, 3, 4} and number % 100 not in {12, 13, 14} else "many"


Forms = Mapping[str, str]


def _forms(one: str, few: str, many: str | None = None) -> Forms:
    """The forms by category; two of them are English, three Slavic."""
    return {"one": one, "other": few} if many is None else {"one": one, "few": few, "many": many}


@dataclass(frozen=True, slots=True)
class Words:
    """Everything a digest says by itself. `counts` holds what goes with a number, `phrases` the rest."""

    language: str
    phrases: Mapping[str, str]
    counts: Mapping[str, Forms]
    months: tuple[str, ...]
    cities: Mapping[str, str]

    def say(self, phrase: str, **values: object) -> str:
        return self.phrases[phrase].format(**values)

    def count(self, thing: str, number: int, **values: object) -> str:
        """A number with its noun in the right form, as "3 stories"."""
        return self.counts[thing][plural(self.language, number)].format(n=number, **values)

    def number(self, number: int) -> str:
        """As the language writes it: 9,984; without a sign where a comma would be read as a fraction."""
        return f"{number:,}" if self.language == "en" else f"{number}"

    def day(self, local: datetime) -> str:
        return f"{local.day} {self.months[local.month - 1]}"

    def zone(self, name: str) -> str:
        """The city of a time zone, as "Kyiv" for Europe/Kyiv."""
        city = name.rpartition("/")[2].replace("_", " ")
        return self.cities.get(city, city)


_ENGLISH = Words(
    language="en",
    phrases={
        "digest": "digest",
        "continued": "continued",
        "review": "all reports, and why:",
        "first": "first",
        "both_sides": "both sides",
        "carried": "repeated by both sides",
        "sides_differ": "the sides tell it differently",
        "observer": "an observer ({sides})",
        "one_side": "one side ({side})",
        "corrects": "corrects its own report",
        "one_event": "perhaps of one event",
        "also": "also names {places}",
        "listed": "from a list, linked under {place}",
        "uncertain": "which one is not certain ({places})",
        "edited": "edited",
        "deleted": "deleted",
        "late": "from before",
        "quiet": "quiet: {places}",
        "and_more": "and {n} more",
        "working": "sources {working} of {sources} working",
        "machine": "machine translation",
        "when_reported": "When it was reported",
        "off_map": "not on the map: {places}",
        "claims": "Claims of the sources; nothing here is confirmed",
        "km": "km",
        "earlier": "Earlier reports, asked for when the source was added",
        "again": "Round-ups of what was told, and parts of them",
        "nothing": "nothing new",
        "no_answer": "no answer",
        "patience": "asks us to wait",
        "closed": "cannot be read without an account",
        "a_group": "is a group and not read",
        "barred": "is closed to us",
        "not_found": "is not found",
        "gone": "is gone",
        "replaced": "has another name or owner",
        "unreadable": "cannot be read",
        "unread": "not read yet",
        "no_room": "not read, our disk is full",
    },
    counts={
        "stories": _forms("{n:,} story", "{n:,} stories"),
        "of_stories": _forms("{told} of {n:,} story", "{told} of {n:,} stories"),
        "posts": _forms("{n} post", "{n} posts"),
        "channels": _forms("{n} channel", "{n} channels"),
        "feeds": _forms("{n} feed", "{n} feeds"),
        "sources": _forms("{n} source", "{n} sources"),
        "own": _forms("{n} in its own words", "{n} in their own words"),
        "added": _forms("{n} adds words of its own", "{n} add words of their own"),
        "observers": _forms("{n} observer ({sides})", "{n} observers ({sides})"),
        "reposts": _forms("{n} repost", "{n} reposts"),
        "more": _forms("{n} more", "{n} more"),
        "places": _forms("{n} place", "{n} places"),
        "in_places": _forms("in {n} place", "in {n} places"),
        "minutes": _forms("for {n} min", "for {n} min"),
        "hours": _forms("for {n} h", "for {n} h"),
        "days": _forms("for {n} d", "for {n} d"),
        "missed": _forms(
            "covers {n} slot not sent in time ({slots})",
            "covers {n} slots not sent in time ({slots})",
        ),
        "at_least": _forms(
            "covers at least {n} slot not sent in time",
            "covers at least {n} slots not sent in time",
        ),
        "waiting": _forms("{n} more in the next digest", "{n} more in the next digest"),
        "settled": _forms(
            "{n:,} more report came at once and is in the archive: {places}",
            "{n:,} more reports came at once and are in the archive: {places}",
        ),
    },
    months=("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
    cities={},
)

_RUSSIAN = Words(
    language="ru",
    phrases={
        "digest": "сводка",
        "continued": "продолжение",
        "review": "все сообщения, и почему они здесь:",
        "first": "первым",
        "both_sides": "обе стороны",
        "carried": "повторяют обе стороны",
        "sides_differ": "стороны сообщают по-разному",
        "observer": "наблюдатель ({sides})",
        "one_side": "одна сторона ({side})",
        "corrects": "исправляет своё сообщение",
        "one_event": "возможно, об одном событии",
        "also": "также: {places}",
        "listed": "из списка, ссылка в разделе: {place}",
        "uncertain": "какой именно пункт, неясно ({places})",
        "edited": "изменено",
        "deleted": "удалено",
        "late": "из прежнего",
        "quiet": "тихо: {places}",
        "and_more": "и ещё {n}",
        "working": "источники: работают {working} из {sources}",
        "machine": "машинный перевод",
        "when_reported": "Когда сообщали",
        "off_map": "нет на карте: {places}",
        "claims": "Утверждения источников: здесь ничего не подтверждается",
        "km": "км",
        "earlier": "Более ранние сообщения, запрошенные при добавлении источника",
        "again": "Сводки уже сообщённого и части таких сводок",
        "nothing": "ничего нового",
        "no_answer": "не отвечает",
        "patience": "просит подождать",
        "closed": "без учётной записи не читается",
        "a_group": "это группа, не читается",
        "barred": "доступ закрыт",
        "not_found": "не удаётся найти",
        "gone": "больше нет",
        "replaced": "сменилось имя или владелец",
        "unreadable": "не читается",
        "unread": "ещё не прочитан",
        "no_room": "не читается, у нас нет места на диске",
    },
    counts={
        "stories": _forms("{n} сюжет", "{n} сюжета", "{n} сюжетов"),
        "of_stories": _forms("{told} из {n} сюжета", "{told} из {n} сюжетов", "{told} из {n} сюжетов"),
        "posts": _forms("{n} сообщение", "{n} сообщения", "{n} сообщений"),
        "channels": _forms("{n} канал", "{n} канала", "{n} каналов"),
        "feeds": _forms("{n} лента", "{n} ленты", "{n} лент"),
        "sources": _forms("{n} источник", "{n} источника", "{n} источников"),
        "own": _forms("{n} своими словами", "{n} своими словами", "{n} своими словами"),
        "added": _forms("{n} добавляет своё", "{n} добавляют своё", "{n} добавляют своё"),
        "observers": _forms("{n} наблюдатель ({sides})", "{n} наблюдателя ({sides})", "{n} наблюдателей ({sides})"),
        "reposts": _forms("{n} репост", "{n} репоста", "{n} репостов"),
        "more": _forms("ещё {n}", "ещё {n}", "ещё {n}"),
        "places": _forms("{n} место", "{n} места", "{n} мест"),
        "in_places": _forms("в {n} месте", "в {n} местах", "в {n} местах"),
        "minutes": _forms("уже {n} мин", "уже {n} мин", "уже {n} мин"),
        "hours": _forms("уже {n} ч", "уже {n} ч", "уже {n} ч"),
        "days": _forms("уже {n} день", "уже {n} дня", "уже {n} дней"),
        "missed": _forms(
            "включает {n} выпуск, не вышедший в срок ({slots})",
            "включает {n} выпуска, не вышедших в срок ({slots})",
            "включает {n} выпусков, не вышедших в срок ({slots})",
        ),
        "at_least": _forms(
            "включает не менее {n} выпуска, не отправленного вовремя",
            "включает не менее {n} выпусков, не отправленных вовремя",
            "включает не менее {n} выпусков, не отправленных вовремя",
        ),
        "settled": _forms(
            "ещё {n} сюжет пришёл в общем потоке и есть в архиве: {places}",
            "ещё {n} сюжета пришли в общем потоке и есть в архиве: {places}",
            "ещё {n} сюжетов пришли в общем потоке и есть в архиве: {places}",
        ),
        "waiting": _forms(
            "ещё {n} сюжет в следующей сводке",
            "ещё {n} сюжета в следующей сводке",
            "ещё {n} сюжетов в следующей сводке",
        ),
    },
    months=(
        "января",
        "февраля",
        "марта",
        "апреля",
        "мая",
        "июня",
        "июля",
        "августа",
        "сентября",
        "октября",
        "ноября",
        "декабря",
    ),
    cities={"Kyiv": "Киев", "Kiev": "Киев", "Moscow": "Москва", "London": "Лондон"},
)

_UKRAINIAN = Words(
    language="uk",
    phrases={
        "digest": "зведення",
        "continued": "продовження",
        "review": "усі повідомлення, і чому вони тут:",
        "first": "першим",
        "both_sides": "обидві сторони",
        "carried": "повторюють обидві сторони",
        "sides_differ": "сторони повідомляють по-різному",
        "observer": "спостерігач ({sides})",
        "one_side": "одна сторона ({side})",
        "corrects": "виправляє свій допис",
        "one_event": "можливо, про одну подію",
        "also": "названо також {places}",
        "listed": "зі списку, посилання в розділі: {place}",
        "uncertain": "який саме пункт, неясно ({places})",
        "edited": "змінено",
        "deleted": "видалено",
        "late": "з давнішого",
        "quiet": "тихо: {places}",
        "and_more": "і ще {n}",
        "working": "джерела: працюють {working} з {sources}",
        "machine": "машинний переклад",
        "when_reported": "Коли повідомляли",
        "off_map": "немає на мапі: {places}",
        "claims": "Твердження джерел: тут нічого не підтверджується",
        "km": "км",
        "earlier": "Давніші повідомлення, запитані під час додавання джерела",
        "again": "Огляди вже повідомленого та їхні частини",
        "nothing": "нічого нового",
        "no_answer": "не відповідає",
        "patience": "просить зачекати",
        "closed": "без облікового запису не читається",
        "a_group": "це група, не читається",
        "barred": "доступ закрито",
        "not_found": "не вдається знайти",
        "gone": "більше немає",
        "replaced": "змінилася назва або власник",
        "unreadable": "не читається",
        "unread": "ще не прочитано",
        "no_room": "не читається, у нас немає місця на диску",
    },
    counts={
        "stories": _forms("{n} сюжет", "{n} сюжети", "{n} сюжетів"),
        "of_stories": _forms("{told} із {n} сюжету", "{told} із {n} сюжетів", "{told} із {n} сюжетів"),
        "posts": _forms("{n} допис", "{n} дописи", "{n} дописів"),
        "channels": _forms("{n} канал", "{n} канали", "{n} каналів"),
        "feeds": _forms("{n} стрічка", "{n} стрічки", "{n} стрічок"),
        "sources": _forms("{n} джерело", "{n} джерела", "{n} джерел"),
        "own": _forms("{n} своїми словами", "{n} своїми словами", "{n} своїми словами"),
        "added": _forms("{n} додає своє", "{n} додають своє", "{n} додають своє"),
        "observers": _forms("{n} спостерігач ({sides})", "{n} спостерігачі ({sides})", "{n} спостерігачів ({sides})"),
        "reposts": _forms("{n} репост", "{n} репости", "{n} репостів"),
        "more": _forms("ще {n}", "ще {n}", "ще {n}"),
        "places": _forms("{n} місце", "{n} місця", "{n} місць"),
        "in_places": _forms("у {n} місці", "у {n} місцях", "у {n} місцях"),
        "minutes": _forms("уже {n} хв", "уже {n} хв", "уже {n} хв"),
        "hours": _forms("уже {n} год", "уже {n} год", "уже {n} год"),
        "days": _forms("уже {n} день", "уже {n} дні", "уже {n} днів"),
        "missed": _forms(
            "охоплює {n} випуск, що не вийшов вчасно ({slots})",
            "охоплює {n} випуски, що не вийшли вчасно ({slots})",
            "охоплює {n} випусків, що не вийшли вчасно ({slots})",
        ),
        "at_least": _forms(
            "охоплює щонайменше {n} випуск, не надісланий вчасно",
            "охоплює щонайменше {n} випуски, не надіслані вчасно",
            "охоплює щонайменше {n} випусків, не надісланих вчасно",
        ),
        "settled": _forms(
            "ще {n} сюжет надійшов загальним потоком і є в архіві: {places}",
            "ще {n} сюжети надійшли загальним потоком і є в архіві: {places}",
            "ще {n} сюжетів надійшли загальним потоком і є в архіві: {places}",
        ),
        "waiting": _forms(
            "ще {n} сюжет у наступному зведенні",
            "ще {n} сюжети у наступному зведенні",
            "ще {n} сюжетів у наступному зведенні",
        ),
    },
    months=(
        "січня",
        "лютого",
        "березня",
        "квітня",
        "травня",
        "червня",
        "липня",
        "серпня",
        "вересня",
        "жовтня",
        "листопада",
        "грудня",
    ),
    cities={"Kyiv": "Київ", "Kiev": "Київ", "Moscow": "Москва", "London": "Лондон"},
)

LANGUAGES: Mapping[str, Words] = {words.language: words for words in (_ENGLISH, _RUSSIAN, _UKRAINIAN)}


def words_of(language: str) -> Words:
    return LANGUAGES.get(language, _ENGLISH)
