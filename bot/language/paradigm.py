"""Paradigms: what the declension rules of both languages are written in.

A rule is a pattern of a word's end, how many letters to take off, and the endings of five cases: "gen dat acc ins
loc", variants parted by `|`, `=` for the nominative, `-` for no ending. A paradigm has the variants of six cases.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

CASES = ("nomn", "gent", "datv", "accs", "ablt", "loct")
Paradigm = tuple[tuple[str, ...], ...]
"""Six cases in the order of `CASES`, each with its variants, lower case."""


@dataclass(frozen=True, slots=True)
class Rule:
    """Words that match `pattern` lose `cut` letters and take `endings`."""

    pattern: re.Pattern[str]
    cut: int
    endings: tuple[tuple[str, ...], ...]

    def apply(self, word: str) -> Paradigm:
        stem = word[: len(word) - self.cut]
        return ((word,), *(tuple(word if end == "=" else stem + end for end in case) for case in self.endings))


def rule(pattern: str, cut: int, endings: str) -> Rule:
    cases = tuple(tuple("" if end == "-" else end for end in case.split("|")) for case in endings.split())
    if len(cases) != len(CASES) - 1:
        raise ValueError(f"{pattern}: five cases are needed, not {endings!r}")
    return Rule(re.compile(f"(?:{pattern})$"), cut, cases)


def frozen(word: str) -> Paradigm:
    """A word that stays as it is in every case."""
    return ((word,),) * len(CASES)


def merge(paradigms: Iterable[Paradigm]) -> Paradigm:
    """Join paradigms case by case, each variant once, in order."""
    cases: list[dict[str, None]] = [{} for _ in CASES]
    for paradigm in paradigms:
        for variants, more in zip(cases, paradigm, strict=True):
            variants.update(dict.fromkeys(more))
    return tuple(tuple(variants) for variants in cases)


def apply_all(rules: Iterable[Rule], word: str) -> Paradigm:
    """The joined paradigms of every rule that fits; a word that none fits is indeclinable."""
    found = [each.apply(word) for each in rules if each.pattern.search(word)]
    return merge(found) if found else frozen(word)


@dataclass(frozen=True, slots=True)
class Twin:
    """Words that match `pattern` decline on another stem: Торжок as торжк-, Тернопіль as тернополь-."""

    pattern: re.Pattern[str]
    becomes: str

    def of(self, word: str) -> str | None:
        twin, count = self.pattern.subn(self.becomes, word)
        return twin if count else None


def twin(pattern: str, becomes: str) -> Twin:
    return Twin(re.compile(f"(?:{pattern})$"), becomes)


def with_twins(rules: Iterable[Rule], twins: Iterable[Twin], word: str, *, own: bool = True) -> Paradigm:
    """The word's paradigm joined with those of its other stems, whose nominative is still the word.

    `own` false leaves out the forms on the word's own stem, if it has another: Харків has no Харківа.
    """
    rules = tuple(rules)
    others = [_named(apply_all(rules, stem), stem, word) for each in twins if (stem := each.of(word))]
    return merge(others if others and not own else (apply_all(rules, word), *others))


def _named(paradigm: Paradigm, stem: str, word: str) -> Paradigm:
    return tuple(tuple(word if form == stem else form for form in case) for case in paradigm)


def plural_forms(
    word: str, ends: Iterable[tuple[str, str]], twins: Iterable[Twin], rules: Sequence[Rule], neuter: Sequence[Rule]
) -> Iterator[str]:
    """A noun's forms in the plural, on its own stem and its others.

    Of `ends` the first that fits makes the nominative; one in -а or -я declines by `neuter`, others by `rules`.
    """
    for stem in (word, *(other for each in twins if (other := each.of(word)))):
        made = next((re.sub(end, becomes, stem, count=1) for end, becomes in ends if re.search(end, stem)), None)
        if made is not None:
            fitting = neuter if made.endswith(("а", "я")) else rules
            yield from (form for case in apply_all(fitting, made) for form in case)


_TAIL = 7
"""Letters from the end that the rules look at."""


def by_tail(decline: Callable[[str], Paradigm]) -> Callable[[str], Paradigm]:
    """Decline by the last letters and put the rest before every form: thousands of names share few endings."""
    tails = lru_cache(maxsize=16384)(decline)

    def whole(word: str) -> Paradigm:
        stem, tail = word[:-_TAIL], word[-_TAIL:]
        paradigm = tails(tail)
        return tuple(tuple([stem + form for form in case]) for case in paradigm) if stem else paradigm

    return whole
