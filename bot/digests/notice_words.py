"""The words of notices in English, Ukrainian and Russian: the digest's own, and these beside them.

In: a language. Out: words. An unknown language speaks English.

Source: written for this project by its authors. Licence: MIT, as the project.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bot.digests.words import Forms, Words, words_of

_PHRASES: Mapping[str, Mapping[str, str]] = {
    "en": {
        "urgent": "urgent",
        "at_urgent_place": "told at once: this place is watched as urgent",
        "within": "{sources} within {span}: {names}",
        "within_place": "{sources} on this place within {span}: {names}",
        "within_route": "{sources} on these places within {span}: {names}",
        "since": "{sources} since {time}: {names}",
        "since_place": "{sources} on this place since {time}: {names}",
        "since_route": "{sources} on these places since {time}: {names}",
        "held_for": "held until now: the last of these reports is {span} old",
        "no_voice": "no report of it stands any more",
        "corrected": "corrected",
        "now_both": "now both sides report it",
        "now_also": "now also {names}",
        "both_since": "both sides report it since {time}",
        "also_said": "also {names}",
        "further": "further at this place",
        "changed": "changed {time}",
        "flood": "{stories} at once: too many to tell each of them here; the digest tells them, or counts them",
        "spike": "{mentions} in {span}, usually {usual}",
        "lull": "none for {span}, usually {usual} a day",
        "spike_title": "more than usual",
        "lull_title": "silence",
        "mark_deleted": "deleted at its source",
        "mark_rejected": "withdrawn by the editors",
        "mark_edited": "edited at its source: no longer names {words}",
        "now_names": "{gone}; now: {new}",
        "mark_turned": "edited at its source: tells otherwise now",
        "correction_turned": "correction: the report of {source}, told {time} ({place}), "
        "was edited at its source and tells otherwise now",
        "correction_edited": "correction: the report of {source}, told {time} ({place}), "
        "was edited at its source and no longer names {words}",
        "mark_words": "correction: {words}",
        "correction_words": "correction to the report of {source}, told {time} ({place}): {words}",
        "correction_stands": "the correction to the report of {source}, told {time} ({place}), is withdrawn: it stands",
        "correction_deleted": "correction: the report of {source}, told {time} ({place}), was deleted at its source",
        "correction_rejected": "correction: the report of {source}, told {time} ({place}), is withdrawn by the editors",
        "told_at_once": "told at once: {places}",
        "every": "every {span}",
        "more_than": "more than {number}",
        "ops": "placewire",
        "ops_working": "{source}: works again ({state})",
        "ops_failing": "{source}: {state}",
        "ops_stranded": "{n} × {to}: {outcome}",
        "ops_flapping": "{source}: {state}, {n} changes",
        "ops_more": "and {n} more",
        "ops_daily": "{day}: {seen} seen, {matched} matched, {told} told, {delivered} delivered; gaps: {gaps}; "
        "sources {working} of {sources} working",
        "ops_down": "it did not run at the time of this line on {days}",
        "parked": "parked, see `outbox`",
        "unknown": "sent or not is not known: see `outbox`, look there, then `settle`",
        "pin_title": "What this channel is",
        "pin_about": "Reports that name {places}, from {sources}. They are claims of their sources; nothing here is "
        "confirmed, and this is no warning system.",
        "pin_everything": "the watched places",
        "pin_digest": "Digests: {times} ({zone}).",
        "pin_urgent": "At once: what several report in their own words within {span} (sources: {sources}). Such "
        "a card changes as "
        "reports "
        "come; it sounds again only for a new side or a new source.",
        "pin_quiet": "Quiet: {start}–{end}; what comes then arrives afterwards.",
        "pin_delay": "Nothing is told before {span} have passed.",
        "pin_language": "Language: English; quotes stay in the language of their source.",
        "pin_marks": "Marks: “both sides” means sources of two sides in their own words; “edited”, “deleted”: "
        "changed at "
        "the source since; “from before”: read late; “which one is not certain”: several places have this name.",
        "pin_mute": "To mute: open the channel's page and choose Mute; cards then change without a sound.",
        "no_digest": "There are no digests.",
    },
    "ru": {
        "urgent": "срочно",
        "at_urgent_place": "сообщено сразу: за этим местом наблюдают как за срочным",
        "within": "{sources} за {span}: {names}",
        "within_place": "{sources} об этом месте за {span}: {names}",
        "within_route": "{sources} об этих местах за {span}: {names}",
        "since": "{sources} с {time}: {names}",
        "since_place": "{sources} об этом месте с {time}: {names}",
        "since_route": "{sources} об этих местах с {time}: {names}",
        "held_for": "придержано до сих пор: последнему из этих сообщений {span}",
        "no_voice": "ни одно сообщение больше не в силе",
        "corrected": "исправлено",
        "now_both": "теперь сообщают обе стороны",
        "now_also": "теперь также {names}",
        "both_since": "обе стороны сообщают с {time}",
        "also_said": "также {names}",
        "further": "ещё об этом месте",
        "changed": "обновлено {time}",
        "flood": "{stories} сразу: слишком много, чтобы сообщить здесь о каждом; "
        "сводка сообщит о них или назовёт их число",
        "spike": "{mentions} за {span}, обычно {usual}",
        "lull": "ни одного {span}, обычно {usual} в день",
        "spike_title": "больше обычного",
        "lull_title": "тишина",
        "mark_deleted": "удалено в источнике",
        "mark_rejected": "отозвано редакцией",
        "mark_edited": "изменено в источнике; больше не названо: {words}",
        "now_names": "{gone}; теперь: {new}",
        "mark_turned": "изменено в источнике: теперь сказано иное",
        "correction_turned": "поправка: сообщение «{source}», переданное {time} ({place}), "
        "изменено в источнике: теперь сказано иное",
        "correction_edited": "поправка: сообщение «{source}», переданное {time} ({place}), "
        "изменено в источнике; больше не названо: {words}",
        "mark_words": "поправка: {words}",
        "correction_words": "поправка к сообщению «{source}», переданному {time} ({place}): {words}",
        "correction_stands": "поправка к сообщению «{source}», переданному {time} ({place}), отменена: оно в силе",
        "correction_deleted": "поправка: сообщение «{source}», переданное {time} ({place}), удалено в источнике",
        "correction_rejected": "поправка: сообщение «{source}», переданное {time} ({place}), отозвано редакцией",
        "told_at_once": "сообщено сразу: {places}",
        "every": "раз в {span}",
        "more_than": "более {number}",
        "ops": "placewire",
        "ops_working": "{source}: снова работает ({state})",
        "ops_failing": "{source}: {state}",
        "ops_stranded": "{n} × {to}: {outcome}",
        "ops_flapping": "{source}: {state}, смен состояния: {n}",
        "ops_more": "и ещё {n}",
        "ops_daily": "{day}: прочитано {seen}, найдено {matched}, сообщено {told}, доставлено {delivered}; "
        "пробелы: {gaps}; "
        "источники: работают {working} из {sources}",
        "ops_down": "в час этой строки служба не работала: {days}",
        "parked": "отложено, см. `outbox`",
        "unknown": "неизвестно, отправлено ли: см. `outbox`, посмотрите там, затем `settle`",
        "pin_title": "Что это за канал",
        "pin_about": "Сообщения, где названы {places}. Читаем: {sources}. Это утверждения источников: здесь "
        "ничего не "
        "подтверждается, и это не система оповещения.",
        "pin_everything": "наблюдаемые места",
        "pin_digest": "Сводки: {times} ({zone}).",
        "pin_urgent": "Сразу: то, о чём своими словами пишут (источников: {sources}) за {span}. Такая карточка "
        "меняется по мере "
        "поступления сообщений; звук снова только при новой стороне или новом источнике.",
        "pin_quiet": "Тихие часы: {start}–{end}; что приходит в это время, доставляется после.",
        "pin_delay": "Ничто не сообщается раньше, чем пройдёт {span}.",
        "pin_language": "Язык: русский; цитаты остаются на языке источника.",
        "pin_marks": "Пометки: «обе стороны» — источники двух сторон своими словами; «изменено», «удалено» — после "
        "публикации в источнике; «из прежнего» — прочитано с опозданием; «какой именно пункт, неясно» — так "
        "называются "
        "несколько мест.",
        "pin_mute": "Чтобы отключить звук: откройте страницу канала и выберите «Убрать звук»; карточки меняются "
        "без звука.",
        "no_digest": "Сводок нет.",
    },
    "uk": {
        "urgent": "терміново",
        "at_urgent_place": "повідомлено одразу: за цим місцем стежать як за терміновим",
        "within": "{sources} за {span}: {names}",
        "within_place": "{sources} про це місце за {span}: {names}",
        "within_route": "{sources} про ці місця за {span}: {names}",
        "since": "{sources} з {time}: {names}",
        "since_place": "{sources} про це місце з {time}: {names}",
        "since_route": "{sources} про ці місця з {time}: {names}",
        "held_for": "притримано досі: останньому з цих повідомлень {span}",
        "no_voice": "жодне повідомлення більше не чинне",
        "corrected": "виправлено",
        "now_both": "тепер повідомляють обидві сторони",
        "now_also": "тепер також {names}",
        "both_since": "обидві сторони повідомляють з {time}",
        "also_said": "також {names}",
        "further": "ще про це місце",
        "changed": "оновлено {time}",
        "flood": "{stories} одразу: забагато, щоб повідомити тут про кожен; "
        "зведення повідомить про них або назве їхню кількість",
        "spike": "{mentions} за {span}, зазвичай {usual}",
        "lull": "жодного {span}, зазвичай {usual} на день",
        "spike_title": "більше, ніж зазвичай",
        "lull_title": "тиша",
        "mark_deleted": "видалено в джерелі",
        "mark_rejected": "відкликано редакцією",
        "mark_edited": "змінено в джерелі; більше не названо: {words}",
        "now_names": "{gone}; тепер: {new}",
        "mark_turned": "змінено в джерелі: тепер сказано інше",
        "correction_turned": "виправлення: допис «{source}», переданий {time} ({place}), "
        "змінено в джерелі: тепер сказано інше",
        "correction_edited": "виправлення: допис «{source}», переданий {time} ({place}), "
        "змінено в джерелі; більше не названо: {words}",
        "mark_words": "поправка: {words}",
        "correction_words": "поправка до допису «{source}», переданого {time} ({place}): {words}",
        "correction_stands": "поправку до допису «{source}», переданого {time} ({place}), скасовано: він чинний",
        "correction_deleted": "поправка: допис «{source}», переданий {time} ({place}), видалено в джерелі",
        "correction_rejected": "поправка: допис «{source}», переданий {time} ({place}), відкликано редакцією",
        "told_at_once": "повідомлено одразу: {places}",
        "every": "раз на {span}",
        "more_than": "понад {number}",
        "ops": "placewire",
        "ops_working": "{source}: знову працює ({state})",
        "ops_failing": "{source}: {state}",
        "ops_stranded": "{n} × {to}: {outcome}",
        "ops_flapping": "{source}: {state}, змін стану: {n}",
        "ops_more": "і ще {n}",
        "ops_daily": "{day}: прочитано {seen}, знайдено {matched}, повідомлено {told}, доставлено {delivered}; "
        "прогалини: {gaps}; джерела: працюють {working} з {sources}",
        "ops_down": "у час цього рядка служба не працювала: {days}",
        "parked": "відкладено, див. `outbox`",
        "unknown": "невідомо, чи надіслано: див. `outbox`, погляньте там, потім `settle`",
        "pin_title": "Що це за канал",
        "pin_about": "Дописи, де названо {places}. Читаємо: {sources}. Це твердження джерел: тут нічого не "
        "підтверджується, і це не система оповіщення.",
        "pin_everything": "місця спостереження",
        "pin_digest": "Зведення: {times} ({zone}).",
        "pin_urgent": "Одразу: те, про що своїми словами пишуть (джерел: {sources}) за {span}. Така картка "
        "змінюється з новими "
        "дописами; звук знову лише за нової сторони чи нового джерела.",
        "pin_quiet": "Тихі години: {start}–{end}; що надходить тоді, доставляється згодом.",
        "pin_delay": "Ніщо не повідомляється раніше, ніж мине {span}.",
        "pin_language": "Мова: українська; цитати лишаються мовою джерела.",
        "pin_marks": "Позначки: «обидві сторони» — джерела двох сторін своїми словами; «змінено», «видалено» — після "
        "публікації в джерелі; «з давнішого» — прочитано запізно; «який саме пункт, неясно» — так зветься "
        "кілька місць.",
        "pin_mute": "Щоб вимкнути звук: відкрийте сторінку каналу й оберіть «Вимкнути звук»; картки змінюються "
        "без звуку.",
        "no_digest": "Зведень немає.",
    },
}

_COUNTS: Mapping[str, Mapping[str, Forms]] = {
    "en": {
        "own_sources": {"one": "{n} source in its own words", "other": "{n} sources in their own words"},
        "mentions": {"one": "{n} mention", "other": "{n} mentions"},
        "corrections": {
            "one": "correction: {n} more report told before was deleted or withdrawn",
            "other": "correction: {n} more reports told before were deleted or withdrawn",
        },
        "a_week": {"one": "{n} a week", "other": "{n} a week"},
        "span_min": {"one": "{n} min", "other": "{n} min"},
        "span_h": {"one": "{n} h", "other": "{n} h"},
        "span_d": {"one": "{n} day", "other": "{n} days"},
    },
    "ru": {
        "own_sources": {
            "one": "{n} источник своими словами",
            "few": "{n} источника своими словами",
            "many": "{n} источников своими словами",
        },
        "mentions": {"one": "{n} упоминание", "few": "{n} упоминания", "many": "{n} упоминаний"},
        "corrections": {
            "one": "поправка: ещё {n} прежнее сообщение удалено или отозвано",
            "few": "поправка: ещё {n} прежних сообщения удалены или отозваны",
            "many": "поправка: ещё {n} прежних сообщений удалены или отозваны",
        },
        "a_week": {"one": "{n} в неделю", "few": "{n} в неделю", "many": "{n} в неделю"},
        "span_min": {"one": "{n} мин", "few": "{n} мин", "many": "{n} мин"},
        "span_h": {"one": "{n} ч", "few": "{n} ч", "many": "{n} ч"},
        "span_d": {"one": "{n} день", "few": "{n} дня", "many": "{n} дней"},
    },
    "uk": {
        "own_sources": {
            "one": "{n} джерело своїми словами",
            "few": "{n} джерела своїми словами",
            "many": "{n} джерел своїми словами",
        },
        "mentions": {"one": "{n} згадка", "few": "{n} згадки", "many": "{n} згадок"},
        "corrections": {
            "one": "виправлення: ще {n} попередній допис видалено або відкликано",
            "few": "виправлення: ще {n} попередні дописи видалено або відкликано",
            "many": "виправлення: ще {n} попередніх дописів видалено або відкликано",
        },
        "a_week": {"one": "{n} на тиждень", "few": "{n} на тиждень", "many": "{n} на тиждень"},
        "span_min": {"one": "{n} хв", "few": "{n} хв", "many": "{n} хв"},
        "span_h": {"one": "{n} год", "few": "{n} год", "many": "{n} год"},
        "span_d": {"one": "{n} день", "few": "{n} дні", "many": "{n} днів"},
    },
}


def notice_words(language: str) -> Words:
    """The words of digests, and those of notices."""
    words = words_of(language)
    return replace(
        words,
        phrases={**words.phrases, **_PHRASES[words.language]},
        counts={**words.counts, **_COUNTS[words.language]},
    )
