"""Every table of words names its source and its licence, and is folded as texts are."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.language import agreement, bearers, given, key, kinds, regions, words

TABLES = [agreement, bearers, given, kinds, regions, words]


@pytest.mark.parametrize("module", TABLES, ids=lambda module: module.__name__)
def test_table_names_source_and_licence(module: object) -> None:
    said = module.__doc__ or ""
    assert "Source:" in said
    assert "Licence:" in said


def test_no_table_is_left_out() -> None:
    with_tables = {
        file.stem
        for file in Path(words.__file__).parent.glob("*.py")
        if any(line[:1].isupper() and "frozenset" in line for line in file.read_text(encoding="utf-8").splitlines())
    }
    assert with_tables <= {module.__name__.rpartition(".")[2] for module in TABLES}


@pytest.mark.parametrize(
    "table",
    [
        given.GIVEN_NAMES,
        kinds.KINDS,
        words.TITLES,
        words.PREPOSITIONS,
        words.NAME_ADJECTIVES,
        words.CONFUSABLE,
        bearers.BRANDS,
        bearers.SPEECH,
        bearers.ROLES,
    ],
)
def test_tables_are_folded(table: frozenset[str]) -> None:
    assert {word for word in table if key(word) != word and "-" not in word} == set()
