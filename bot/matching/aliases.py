"""Aliases: what else a watched place is called, from the shipped table of names.

In: a place as the operator wrote it, with the languages its names decline by. Out: the other names of the place of the
table that it is: by a name that is that place's beyond doubt, or by a doubtful one and its region (`in:`). Where the
region speaks against it, none. The name of today in a neighbour language is then as sure as the one written; by a
doubtful name alone it is a spelling.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from bot.language.detect import Language
from bot.language.fold import key
from bot.language.names import Called, KnownPlace, bearers, is_there
from bot.language.regions import english_of


def aliases(written: Iterable[tuple[str, tuple[Language, ...]]], region: str | None) -> tuple[Called, ...]:
    """The other names of the place whose names are `written`, sure ones first; `region` is its `in:`.

    A name that is spelt alike in two languages declines in both (у Нью-Йорку, в Нью-Йорке): it comes once for each in
    which it is not written.
    """
    written = tuple(written)
    known = {(key(name), language) for name, languages in written for language in languages}
    found: list[Called] = []
    every = (called for name, _ in written for called in (*_by(name, region), *_of_region(name)))
    for called in sorted(every, key=lambda called: called.unsure):
        new = tuple(language for language in called.languages if (key(called.text), language) not in known)
        if new:
            known.update((key(called.text), language) for language in new)
            found.append(replace(called, languages=new))
    return tuple(found)


def _by(name: str, region: str | None) -> Iterator[Called]:
    for place, unsure in bearers(name):
        if is_there(place, region, unsure=unsure):
            yield from (_sure(called) if called.in_use else called for called in (*place.names, *place.called))
        elif region is None:
            yield from _spellings(name, place)


def _of_region(name: str) -> Iterator[Called]:
    """What English calls a region."""
    return (Called(text, (Language.ENGLISH,), unsure=False, in_use=False) for text in english_of(name))


def _spellings(name: str, place: KnownPlace) -> Iterator[Called]:
    """What any place of a doubtful name is called in the other languages, by one place of the table: Липцы of Липці."""
    alike = [called for called in place.names if called.unsure and called.in_use]
    if any(key(called.text) == key(name) for called in alike):
        yield from map(_sure, alike)


def _sure(called: Called) -> Called:
    return replace(called, unsure=False)
