"""Every case of tests/cases/matching: a text, its watches, and the hits they must give."""

from __future__ import annotations

from typing import Any

import pytest

from bot.language import slug
from bot.matching import Matcher, expand
from bot.model import Hit, Place
from tests.matching.cases import cases, watch

SURE = 0.5


def _shown(hit: Hit) -> list[Any]:
    shown = [hit.watch, hit.text, "sure" if hit.confidence >= SURE else "weak"]
    return [*shown, list(hit.candidates)] if hit.candidates else shown


@pytest.mark.parametrize("case", cases().values(), ids=cases())
def test_hits(case: dict[str, Any]) -> None:
    watches = [watch(said) for said in case["watches"]]
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
