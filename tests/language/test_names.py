"""The shipped table of names: it says where it comes from, every line is whole, and every name is found again."""

from __future__ import annotations

from pathlib import Path

from bot.language import Language, key, names
from bot.language.names import bearers, places


def test_every_shipped_table_names_its_source_and_licence() -> None:
    package = Path(names.__file__).parents[1]
    tables = [file for file in package.rglob("tables/*") if file.is_file()]
    assert names.FILE in tables
    heads = {file.name: file.read_text(encoding="utf-8")[:2000] for file in tables}
    assert {name for name, head in heads.items() if "Source:" not in head or "Licence:" not in head} == set()


def test_every_line_is_a_place_with_names() -> None:
    for place in places():
        assert place.names, place
        assert all(called.text == called.text.strip() and called.languages for called in (*place.names, *place.called))


def test_no_place_has_a_name_twice() -> None:
    for place in places():
        texts = [(called.text, called.languages) for called in (*place.names, *place.called)]
        assert len(set(texts)) == len(texts), place


def test_a_sure_name_is_borne_by_one_place() -> None:
    folded = {key(called.text) for place in places() for called in place.names if not called.unsure}
    assert {name for name in folded if sum(not unsure for _, unsure in bearers(name)) > 1} == set()


def test_a_name_tells_its_place() -> None:
    ((place, unsure),) = bearers("Бахмут")
    assert place.region == "Донецька"
    assert not unsure
    assert {"Артёмовск", "Артемівськ"} <= {called.text for called in place.names if called.unsure}
    assert bearers("Суджанка") == ()


def test_what_people_call_a_place_tells_no_place() -> None:
    assert bearers("Питер") == ()
    ((place, _),) = bearers("Санкт-Петербург")
    assert "Питер" in {called.text for called in place.called}


def test_languages_are_those_of_the_columns() -> None:
    ((place, _),) = bearers("Kyiv")
    assert {called.text: called.languages for called in place.names}["Киев"] == (Language.RUSSIAN,)
