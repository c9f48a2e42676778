"""Doubts about how a watch is written that only its forms can tell: what `check` says of Latin names, drops and terms.

In: a watch. Out: doubts, each with its remedy. It expands the watch, so it is for commands that check.
"""

from __future__ import annotations

from collections.abc import Iterator

from bot.gazetteer.naming import SHORT, Doubt, DoubtKind
from bot.language.fold import key
from bot.matching.expand import CYRILLIC, Form, forms_of
from bot.model import Origin, Place, Term, Watch


def doubts_of_forms(watch: Watch) -> Iterator[Doubt]:
    """A Latin name that no Cyrillic one is known of, a `drop` that drops nothing, a term of which signs are all."""
    if isinstance(watch, Term):
        yield from _signs(watch)
        return
    found = forms_of(watch)
    if doubt := _latin(watch, found):
        yield doubt
    yield from _drops(watch, found)


def _latin(place: Place, found: tuple[Form, ...]) -> Doubt | None:
    heard = [form.form for form in found if form.origin is Origin.KEY]
    if not place.name.isascii() or any(form.script == CYRILLIC and form.origin is not Origin.KEY for form in found):
        return None
    what = f"{place.name} is in Latin letters, and its Cyrillic name is not known: " + (
        f"it is found as {heard[0]}, but only with middle confidence" if heard else "it is not found in Cyrillic"
    )
    return Doubt(DoubtKind.LATIN, "name", what, f"write names: {{ru: {heard[0] if heard else 'NAME'}}}, or uk")


def _drops(place: Place, found: tuple[Form, ...]) -> Iterator[Doubt]:
    known = {key(form.form) for form in found}
    for dropped in place.dropped:
        if key(dropped) not in known:
            what = f"drops {dropped}, which is no form of {place.name}"
            yield Doubt(DoubtKind.DROP, "forms", what, f"see its forms: placewire forms '{place.name}'")


def _signs(term: Term) -> Iterator[Doubt]:
    for words in term.any or (() if term.query else (term.name,)):
        read = key(words)
        if len(read) < SHORT and read != words.casefold():
            what = f"{words} is read as {read or 'nothing'}: signs are no part of a word, so it is found in much else"
            remedy = "write a longer phrase, or a query with the words beside it"
            yield Doubt(DoubtKind.SIGNS, "name" if words == term.name else "any", what, remedy)
