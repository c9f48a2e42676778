"""A list of reports: each item is told under the place that it names."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from bot.digests import Composition, Flavour, render
from bot.digests.card import card
from tests.digests.newsdesk import composed

WATCHES = [
    {"id": "kursk", "name": "Курск", "at": [51.73, 36.19]},
    {"id": "rylsk", "name": "Рыльск", "at": [51.57, 34.68]},
    {"id": "sudzha", "name": "Суджа"},
    {"id": "lgov", "name": "Льгов"},
]
FORMS = {
    "kursk": ("Курске", "Курском"),
    "rylsk": ("Рыльске", "Рыльска", "Рыльском", "Рыльску"),
    "sudzha": ("Судже", "Суджу"),
    "lgov": ("Льгове",),
}
SOURCES = [{"name": "svodka", "title": "Сводка 24"}, {"name": "rybar", "title": "Рыбарь"}]

KURSK, RYLSK = "В Курске объявляли ракетную опасность.", "В Рыльске без воды остались несколько улиц."
SUDZHA, LGOV = "В Судже горит склад на окраине.", "Во Льгове восстановили движение поездов."


def report(source: str, at: str, text: str) -> dict[str, Any]:
    hits = [{"watch": watch, "text": form} for watch, forms in FORMS.items() for form in forms if form in text]
    return {"source": source, "at": at, "text": text, "hits": hits}


def told(*reports: Mapping[str, Any], most: int = 20, language: str = "ru") -> Composition:
    route = {"language": language, "digest": {"max_stories": most}}
    stories = [[each] for each in reports]
    return composed({"sources": SOURCES, "watches": WATCHES, "stories": stories, "route": route})


def under(made: Composition) -> dict[str, list[str]]:
    """What is quoted under each place."""
    assert made.digest
    (document,) = render(made.digest, flavour=Flavour.JSON)
    return {
        section["watch"]: [
            each["quote"] for told in (*section["stories"], *section["items"]) for each in (told, *told["further"])
        ]
        for section in json.loads(document.text)["sections"]
    }


def plain(made: Composition) -> str:
    assert made.digest
    return render(made.digest, flavour=Flavour.PLAIN)[0].text


@pytest.mark.parametrize(
    "lines",
    [
        ("Главное к этому часу:", "", f"▪️ {KURSK}", f"▪️ {RYLSK}", f"▪️ {SUDZHA}", "Подписывайтесь на «Сводку 24»"),
        ("⚡️Коротко", f"1. {KURSK}", f"2. {RYLSK}", f"3. {SUDZHA}"),
        (f"1️⃣ {KURSK}", f"2️⃣ {RYLSK}", f"3️⃣ {SUDZHA}"),
        (f"— {KURSK}", f"— {RYLSK}", "— Прочее без изменений.", "— Погода ясная.", f"— {SUDZHA}"),
        ("Оперативная информация на 10:00", KURSK, RYLSK, SUDZHA),
    ],
)
def test_each_item_of_a_list_is_told_under_its_place(lines: Sequence[str]) -> None:
    made = told(report("svodka", "08:00", "\n".join(lines)))
    assert under(made) == {"kursk": [KURSK], "rylsk": [RYLSK], "sudzha": [SUDZHA]}


def test_an_item_says_who_told_it_when_and_where_its_address_stands() -> None:
    text = plain(told(report("svodka", "08:00", f"• {KURSK}\n• {RYLSK}")))
    assert f"• «{RYLSK}»\n  1 канал\n  первым Сводка 24 10:00 · из списка, ссылка в разделе: Курск" in text
    assert text.count("https://t.me/svodka/1") == 1
    assert "Рыльск · 1 сюжет · 1 сообщение\n" in text


@pytest.mark.parametrize(
    "text",
    [
        f"{KURSK} {RYLSK} {SUDZHA}",
        f"{KURSK}\nЭто рядом с дорогой на Суджу.\nДальше о погоде.\nИ о спорте.\nИ о кино.",
        "Бои между Курском и Рыльском\nПодробности боёв между Курском и Рыльском.",
    ],
)
def test_what_is_no_list_is_told_once(text: str) -> None:
    assert list(under(told(report("svodka", "08:00", text)))) == ["kursk"]


def test_an_item_that_names_several_places_is_told_once_and_says_so() -> None:
    made = told(report("svodka", "08:00", f"• {KURSK}\n• Под ударами были Рыльск, он же в Рыльске, и в Судже."))
    assert list(under(made)) == ["kursk", "rylsk"]
    assert "также: Суджа" in plain(made) or "названо также Суджа" in plain(made)


def test_what_readers_have_of_a_list_is_not_told_again() -> None:
    before = report("rybar", "07:30", RYLSK)
    assert under(told(before, report("svodka", "08:00", f"• {KURSK}\n• {RYLSK}"))) == {
        "kursk": [KURSK],
        "rylsk": [RYLSK],
    }


def test_who_told_it_first_is_told_though_it_was_in_a_list() -> None:
    text = plain(told(report("svodka", "08:00", f"• {KURSK}\n• {RYLSK}"), report("rybar", "08:30", RYLSK)))
    assert "первым Сводка 24 10:00 · из списка" in text
    assert "первым Рыбарь 10:30" in text


def test_the_same_form_of_words_on_another_place_is_news() -> None:
    form = "В {} при атаке дрона погиб один мирный житель."
    before = report("rybar", "07:30", form.format("Курске"))
    made = told(before, report("svodka", "08:00", f"• {form.format('Рыльске')}\n• {SUDZHA}"))
    assert under(made)["rylsk"] == [form.format("Рыльске")]


def test_of_the_items_on_one_place_three_are_quoted() -> None:
    items = ["Авария в Рыльске.", "Вывоз людей из Рыльска.", "Пожар под Рыльском.", "Удар по Рыльску."]
    assert under(told(report("svodka", "08:00", "\n".join(f"• {each}" for each in items)))) == {"rylsk": items[:3]}


def test_each_item_of_a_list_counts_against_the_route_s_limit() -> None:
    listed = report("svodka", "08:00", f"• {KURSK}\n• {RYLSK}\n• {SUDZHA}")
    made = told(listed, report("rybar", "08:30", LGOV), most=3)
    assert list(under(made)) == ["kursk", "rylsk", "sudzha"]
    assert made.digest
    assert made.digest.waiting == 1
    assert under(told(listed, report("rybar", "08:30", LGOV), most=4)).keys() == {"kursk", "rylsk", "sudzha", "lgov"}
    assert under(told(listed, most=1)).keys() == {"kursk", "rylsk", "sudzha"}


def test_the_places_of_a_list_s_items_are_on_the_map() -> None:
    made = told(report("svodka", "08:00", f"• {KURSK}\n• {RYLSK}"))
    assert made.digest
    drawn = card(made.digest, [section.watch for section in made.digest.sections])
    assert drawn
    assert "Рыльск" in drawn
