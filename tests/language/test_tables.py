"""Every table of words names its source and its licence, and is folded as texts are."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import bot
from bot.language import bearers, everyday, given, key, kinds, words

ROOT = Path(bot.__file__).parent
_WORD = re.compile("[А-Яа-яЁёІіЇїЄєҐґ]{2,}")
_MANY = 25
"""Words of a value from which on it is a table."""
_DATA = {".txt", ".csv", ".tsv", ".json"}


def _holds_a_table(source: str) -> bool:
    """Whether a value of the module, of whatever type, holds many words."""
    values = [node.value for node in ast.parse(source).body if isinstance(node, ast.Assign | ast.AnnAssign)]
    return any(len(set(_words(value))) >= _MANY for value in values if value is not None)


def _words(value: ast.expr) -> Iterator[str]:
    for node in ast.walk(value):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield from _WORD.findall(node.value)


def _licensed(said: str) -> bool:
    return "Source:" in said and "Licence:" in said


def test_every_module_with_a_table_names_source_and_licence() -> None:
    sources = {file: file.read_text(encoding="utf-8") for file in ROOT.rglob("*.py")}
    tables = {file: source for file, source in sources.items() if _holds_a_table(source)}
    assert {"given.py", "words.py", "regions.py", "telling.py"} <= {file.name for file in tables}
    bare = [file for file, source in tables.items() if not _licensed(ast.get_docstring(ast.parse(source)) or "")]
    assert bare == []


def test_every_file_of_data_names_source_and_licence() -> None:
    files = [file for file in ROOT.rglob("*") if file.suffix in _DATA and "static" not in file.parts]
    heads = {file: file.read_text(encoding="utf-8")[:2000] for file in files}
    assert {"names.txt", "stems.txt"} <= {file.name for file in files}
    assert [file for file, head in heads.items() if not _licensed(head.replace("Licences:", "Licence:"))] == []


@pytest.mark.parametrize(
    "value", ["{names}", "{{name: 1 for name in {names}}}", "frozenset({names})", "' '.join({names})"]
)
@pytest.mark.parametrize("target", ["TOWNS", "towns", "_towns: object"])
def test_a_table_is_seen_whatever_it_is_called_and_made_of(value: str, target: str) -> None:
    names = [f"Сел{chr(1072 + at)}" for at in range(_MANY)]
    assert _holds_a_table(f"{target} = {value.format(names=names)}")
    assert not _holds_a_table(f"{target} = {value.format(names=names[1:])}")


@pytest.mark.parametrize(
    "table",
    [
        given.GIVEN_NAMES,
        kinds.KINDS,
        words.TITLES,
        words.PREPOSITIONS,
        words.NAME_ADJECTIVES,
        everyday.CONFUSABLE,
        bearers.BRANDS,
        bearers.SPEECH,
        bearers.ROLES,
    ],
)
def test_tables_are_folded(table: frozenset[str]) -> None:
    assert {word for word in table if key(word) != word and "-" not in word} == set()
