"""Queries answer as the plain reading of them does, point into the text, and take linear time."""

from __future__ import annotations

import time

from hypothesis import given, settings, strategies as st

from bot.language import fold, tokenise
from bot.language.query import Either, Near, Node, Operand, parse
from bot.matching import Matcher, expand
from bot.matching.queries import Queries, forms
from bot.model import Term

WORDS = ("кот", "дом", "лес")
LEAVES = st.sampled_from(WORDS)
WITHOUT_AND = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.builds("({} OR {})".format, inner, inner),
        st.builds("({} NEAR/{} {})".format, inner, st.integers(1, 3), inner),
    ),
    max_leaves=4,
)
QUERIES = st.recursive(
    WITHOUT_AND,
    lambda inner: st.one_of(
        st.builds("({} OR {})".format, inner, inner),
        st.builds("({} AND {})".format, inner, inner),
        st.builds("({} NOT {})".format, inner, inner),
    ),
    max_leaves=5,
)
TEXTS = st.lists(st.sampled_from((*WORDS, "и")), max_size=9)


def _places(node: Node, words: list[str]) -> list[int]:
    """The plain reading: every pair of words is looked at."""
    if isinstance(node, Operand):
        return [at for at, word in enumerate(words) if word == node.text]
    if isinstance(node, Either):
        return sorted({at for part in node.parts for at in _places(part, words)})
    if isinstance(node, Near):
        right = _places(node.right, words)
        return [at for at in _places(node.left, words) if any(0 < abs(at - other) <= node.within for other in right)]
    parts = [_places(part, words) for part in node.parts]
    return parts[0] if all(parts) and not any(_places(part, words) for part in node.without) else []


@given(QUERIES, TEXTS)
@settings(max_examples=300, deadline=None)
def test_answers_are_those_of_the_plain_reading(query: str, words: list[str]) -> None:
    quoted = query
    for word in WORDS:
        quoted = quoted.replace(word, f'"{word}"')
    watches = [Term(id="q", name="q", any=(), query=quoted)]
    folded = fold(" ".join(words))
    found = list(Queries(watches, forms(watches)).find(folded, tokenise(folded)))
    places = _places(parse(quoted), words)
    assert found == [(0, (at, at)) for at in places[:1]]


def test_hits_point_into_the_text() -> None:
    watches = [
        Term(id="q", name="q", any=(), query="обстрел* NEAR/4 школа"),
        Term(id="plain", name="школа", any=("школа",)),
    ]
    text = "Ночью обстре\u00adляли\u0301 новую шко\u200bлу."
    hits = Matcher(expand(watches), watches).match(text)
    assert [(hit.watch, hit.text) for hit in hits] == [("q", "обстре\u00adляли\u0301"), ("plain", "шко\u200bлу")]
    assert all(text[hit.start : hit.end] == hit.text for hit in hits)
    assert hits[0].why == ("term", "a query answered")


def test_forms_of_a_query_are_those_to_look_back_for() -> None:
    watches = [Term(id="q", name="q", any=(), query='обстрел* OR "новый мост" NOT учения')]
    made = set(Matcher(expand(watches), watches).forms_of({"q"}))
    assert {"обстрел", "новый мост", "учения", "учений"} <= made


def test_time_is_linear() -> None:
    watches = [
        Term(
            id="q",
            name="q",
            any=(),
            query='(а OR б*) NEAR/100 (б OR вгд*) NEAR/9 а NOT "а б а б а б"'.replace("б*", "бвг*"),
        )
    ]
    matcher = Matcher(expand(watches), watches)

    def taken(text: str) -> float:
        began = time.process_time()
        matcher.match(text)
        return time.process_time() - began

    taken("а б")
    assert taken("а б " * 20_000) < 4
