"""Queries are read whole, or refused with the place and the remedy."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from bot.language.query import Either, Every, Kind, Near, Operand, QueryError, operands, parse


def _word(number: int, text: str, kind: Kind = Kind.WORD) -> Operand:
    return Operand(number, kind, text)


def test_the_example_of_the_docs() -> None:
    hit, shell = _word(0, "удар", Kind.PHRASE), _word(1, "обстрел", Kind.PREFIX)
    places = Either((_word(2, "школа"), _word(3, "больница")))
    near = Near(Either((hit, shell)), places, 5)
    assert parse('("удар" OR обстрел*) NEAR/5 (школа OR больница) NOT учения') == Every((near,), (_word(4, "учения"),))


@pytest.mark.parametrize(
    ("query", "same"),
    [
        ("а OR б AND в", "а OR (б AND в)"),
        ("а б", "а AND б"),
        ("а AND б NEAR/3 в", "а AND (б NEAR/3 в)"),
        ("а NEAR/3 б NEAR/4 в", "(а NEAR/3 б) NEAR/4 в"),
        ("а NOT б OR в", "(а NOT б) OR в"),
        ("а AND NOT б", "а NOT б"),
        ("NOT б а", "а NOT б"),
        ("«а б»", '"а б"'),
    ],
)
def test_what_binds_closer(query: str, same: str) -> None:
    assert _shape(parse(query)) == _shape(parse(same))


def _shape(node: object) -> object:
    """A tree without the operands' numbers."""
    if isinstance(node, Operand):
        return node.kind, node.text
    if isinstance(node, Near):
        return _shape(node.left), node.within, _shape(node.right)
    if isinstance(node, Either):
        return "or", [_shape(part) for part in node.parts]
    assert isinstance(node, Every)
    return "and", [_shape(part) for part in node.parts], [_shape(part) for part in node.without]


@pytest.mark.parametrize(
    ("query", "at", "what"),
    [
        ("", 0, "ends where"),
        ("удар AND", 8, "ends where"),
        ("OR удар", 0, "OR stands"),
        ("(удар OR школа", 0, "never closed"),
        ("удар) школа", 4, "not open"),
        ("()", 1, "ends where"),
        ('школа "удар', 6, "never closed"),
        ("NOT учения", 0, "only what must not"),
        ("мост OR NOT учения", 8, "only what must not"),
        ("удар NEAR школа", 5, "needs a number"),
        ("удар NEAR/0 школа", 5, "needs a number"),
        ("удар NEAR/101 школа", 5, "needs a number"),
        ("удар NEAR/x школа", 5, "needs a number"),
        ("удар NEAR/-1 школа", 5, "needs a number"),
        ("удар NEAR/5б школа", 5, "needs a number"),
        ("удар NEAR/ 5 школа", 5, "needs a number"),
        ("NEAR/x школа", 0, "stands where"),
        pytest.param(f"удар NEAR/{'9' * 5000} школа", 5, "needs a number", id="very long"),
        ("удар NEAR/5 (школа AND мост)", 12, "beside an AND"),
        ("(школа NOT мост) NEAR/5 удар", 0, "beside an AND"),
        ("уд*", 0, "no prefix"),
        ("уд*ар", 0, "no prefix"),
        ("fpv-дрон*", 0, "no prefix"),
        ("мост — река", 5, "no letter"),
        ('мост ""', 5, "no letter"),
        ("(" * 40 + "а" + ")" * 40, 30, "too many parentheses"),
        (" ".join(["мост"] * 201), 1000, "more than 200"),
    ],
)
def test_faults_have_their_place(query: str, at: int, what: str) -> None:
    with pytest.raises(QueryError, match=what) as raised:
        parse(query)
    assert raised.value.at == at
    assert raised.value.remedy


PIECES = st.lists(
    st.sampled_from(["удар", "мост*", '"а б"', "(", ")", "AND", "OR", "NOT", "NEAR/3", "NEAR", '"', "*", "\ud800"])
)


@given(PIECES)
def test_any_text_is_read_or_refused_at_a_place_in_it(pieces: list[str]) -> None:
    text = " ".join(pieces)
    numbers, at = _read(text)
    assert numbers == list(range(len(numbers)))
    assert 0 <= at <= len(text)


def _read(text: str) -> tuple[list[int], int]:
    """The numbers of the operands, or none and the place of the fault."""
    try:
        return [operand.number for operand in operands(parse(text))], 0
    except QueryError as error:
        return [], error.at
