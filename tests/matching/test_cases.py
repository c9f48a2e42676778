"""Every case of tests/cases/matching: a text, its watches, and the hits they must give."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from bot.language import slug
from bot.matching import Matcher, expand
from bot.model import Hit, Near, Place, Term, Watch

CASES = Path(__file__).parents[1] / "cases" / "matching"
SURE = 0.5


def _cases() -> list[Any]:
    return [
        pytest.param(case, id=f"{file.stem}-{number}")
        for file in sorted(CASES.glob("*.yaml"))
        for number, case in enumerate(YAML(typ="safe").load(file), 1)
    ]


def _several(value: Any) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


def _watch(said: Any) -> Watch:
    if isinstance(said, str):
        return Place(id=said, name=said)
    if "term" in said:
        return Term(id=said["term"], name=said["term"], any=tuple(said.get("any", ())), query=said.get("query"))
    near = said.get("near")
    return Place(
        id=said.get("id", said["name"]),
        name=said["name"],
        language=said.get("language"),
        names={code: _several(names) for code, names in said.get("names", {}).items()},
        within=said.get("in"),
        at=tuple(said["at"]) if "at" in said else None,
        also=tuple(said.get("also", ())),
        never=tuple(said.get("not", ())),
        near=Near(tuple(near["any"]), near["within"]) if near else None,
        adjectives=said.get("adjectives", False),
        added=tuple(said.get("forms", {}).get("add", ())),
        dropped=tuple(said.get("forms", {}).get("drop", ())),
    )


def _shown(hit: Hit) -> list[Any]:
    shown = [hit.watch, hit.text, "sure" if hit.confidence >= SURE else "weak"]
    return [*shown, list(hit.candidates)] if hit.candidates else shown


@pytest.mark.parametrize("case", _cases())
def test_hits(case: dict[str, Any]) -> None:
    watches = [_watch(said) for said in case["watches"]]
    hits = Matcher(expand(watches), watches).match(case["text"], source_region=case.get("region"))
    found = [_shown(hit) for hit in hits]
    assert found == case["hits"]
    assert all(case["text"][hit.start : hit.end] == hit.text for hit in hits)


def test_the_article_of_the_nine_places() -> None:
    names = (
        "Суджа, Бердин, Черкасское Поречное, Мартыновка, Михайловка, Новосотницкий, Ямская Степь, Новая Сорочина, "
        "Покровск"
    )
    watches = [Place(id=slug(name), name=name) for name in names.split(", ")]
    text = (
        "Fighting went on near Berdin, northeast of Sudzha. Cherkasskoye Porechnoye, Martynovka and Mikhaylovka were "
        "named, then Novosotnitsky, Yamskaya Step and Novaya Sorochina; Pokrovsk is a hub of Donetsk region in Kursk's "
        "shadow, Vladimir Putin and Yuriy Podolyaka said on Sunday."
    )
    hits = Matcher(expand(watches), watches).match(text)
    assert [hit.text for hit in hits if hit.confidence >= SURE] == [
        "Berdin",
        "Sudzha",
        "Cherkasskoye Porechnoye",
        "Martynovka",
        "Mikhaylovka",
        "Novosotnitsky",
        "Yamskaya Step",
        "Novaya Sorochina",
        "Pokrovsk",
    ]
