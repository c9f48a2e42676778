"""Expansion: each watch -> every form in which it may stand in a text.

In: watches. Out: an `Expansion`, plain values that pickle and go through JSON. Pure but heavy (it asks the dictionary):
the service lets a child process do it (`load`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from bot.language import cyrillic, declension_ru, declension_uk, translit
from bot.language.detect import Language, of_name
from bot.language.dictionary import Trait, is_known, may_be_nominative, traits
from bot.language.everyday import CONFUSABLE
from bot.language.fold import key
from bot.language.inflect import by_word, disagreeing, inflect, of_rules, slips
from bot.language.names import Called
from bot.language.variants import counterpart
from bot.matching import queries
from bot.matching.adjectives import adjectives
from bot.matching.aliases import aliases
from bot.matching.lexicon import Table
from bot.matching.terms import term_forms
from bot.model import Origin, Place, Term, Watch

CYRILLIC, LATIN = "cyrillic", "latin"
_UKRAINIAN = frozenset("іїєґ")
"""Letters that no word of the Russian dictionary has."""
_Named = tuple[str, tuple[Language, ...]]
"""A name and the languages it declines by."""
_CODES = frozenset(language.value for language in Language)


@dataclass(frozen=True, slots=True)
class Form:
    """A whole name as it may be written. `traits` says what else the form may be (`dictionary.Trait`)."""

    form: str
    origin: Origin
    script: str
    traits: int = 0
    agrees: bool = True
    """Whether its words stand in one case; hasty writers' do not always: Нового Буг."""


@dataclass(frozen=True, slots=True)
class Expansion:
    """The tables a matcher looks up, in the order of `watches` (their ids); plain values that go through JSON.

    `never` holds what a watch's `not:` takes away, `near` the words of which one must stand near it, by its index,
    `queries` the forms of the queries' operands.
    """

    watches: list[str]
    forms: Table
    never: Table
    near: dict[int, list[str]]
    queries: Table = field(default_factory=Table)

    def as_json(self) -> dict[str, Any]:
        return {
            "watches": self.watches,
            "forms": self.forms.as_json(),
            "never": self.never.as_json(),
            "queries": self.queries.as_json(),
            "near": [[watch, words] for watch, words in self.near.items()],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Expansion:
        tables = (Table(**data[name]) for name in ("forms", "never", "queries"))
        forms, never, queries = tables
        return cls(data["watches"], forms, never, dict(data["near"]), queries)


def expand(watches: Sequence[Watch]) -> Expansion:
    """Every form of every watch; the same watches give the same expansion."""
    made = Expansion([watch.id for watch in watches], Table(), Table(), {}, queries.forms(watches))
    others = frozenset(key(name) for watch in watches if isinstance(watch, Place) for name, _ in _written(watch))
    for at, watch in enumerate(watches):
        if isinstance(watch, Place):
            _add_place(made, at, watch, others)
        else:
            for folded, form in _of_term(watch).items():
                made.forms.add(folded, at, form.origin, form.traits)
    return made


def _add_place(made: Expansion, at: int, place: Place, others: Collection[str]) -> None:
    named = _named(place, others)
    for folded, form in _of_place(place, named).items():
        made.forms.add(folded, at, form.origin, form.traits)
    for name, language in named.of_several_words():
        made.forms.add_words([[key(word) for word in column] for column in by_word(name, language)], at)
    for folded, form in _of_names(place.never).items():
        made.never.add(folded, at, form.origin)
    for dropped in place.dropped:
        made.never.add(key(dropped), at, Origin.RULE)
    if place.near:
        made.near[at] = [key(form) for words in place.near.any for form in term_forms(words)]


class _Forms:
    """Forms in the order found; the first origin of a form stays."""

    def __init__(self, known: int = Trait.NONE) -> None:
        self._found: dict[str, Form] = {}
        self._known = known
        """What the dictionary knows of the place's Cyrillic names: it holds for the Latin ones too."""

    def add(self, form: str, origin: Origin, name: str = "", bits: int = Trait.NONE) -> None:
        """Add a form of `name`; of itself, if that is left out. `bits` are traits that are known already."""
        folded = key(form)
        if folded and folded not in self._found:
            latin = folded.isascii()
            bits |= Trait.SMALL if form[:1].islower() else Trait.NONE
            if not latin and _is_adjectival(name or form):
                bits |= Trait.ADJECTIVAL
            if latin:
                bits |= self._known
            elif " " not in folded and _UKRAINIAN.isdisjoint(folded):
                bits |= traits(folded, key(name) or folded)
            if origin is Origin.BASE and bits and not may_be_nominative(folded):
                bits |= Trait.OBLIQUE
            self._found[folded] = Form(form, origin, LATIN if latin else CYRILLIC, bits)

    def add_name(
        self, name: str, languages: Iterable[Language], origin: Origin | None = None, bits: int = Trait.NONE
    ) -> None:
        """A name and all its cases; `origin` overrides what the forms would say of themselves."""
        self.add(name, origin or Origin.BASE, bits=bits)
        for language in languages:
            single = language is Language.RUSSIAN and name.isalpha()
            ruled = of_rules(name) if single and not origin else None
            for form in inflect(name, language):
                made = Origin.RULE if ruled is None or form.lower() in ruled else Origin.DICTIONARY
                self.add(form, origin or made, name, bits)
            for slip in slips(name, language):
                self.add(slip, origin or Origin.RULE, name, bits | Trait.SLIP)

    def add_latin(self, name: str, languages: Iterable[Language], bits: int = Trait.NONE) -> None:
        for language in languages:
            for spelling in translit.spellings(name, language):
                self.add(spelling, Origin.TRANSLITERATION, bits=bits)

    def add_alias(self, called: Called) -> None:
        bits = Trait.UNSURE if called.unsure else Trait.NONE
        self.add_name(called.text, called.languages, Origin.ALIAS, bits)
        self.add_latin(called.text, called.languages, bits)

    def add_adjective(self, form: str, name: str, bits: int = Trait.NONE) -> None:
        """An adjective of `name`; what is a case of the name too (Покровском) is found in small letters then."""
        self.add(form, Origin.ADJECTIVE, name, bits)
        held = self._found[key(form)]
        if held.origin is not Origin.BASE:
            self._found[key(form)] = replace(held, origin=Origin.ADJECTIVE, traits=held.traits | bits)

    def add_own_adjectives(self) -> None:
        """A name that is an adjective itself is its own: В Покровском районе."""
        for folded, held in self._found.items():
            if held.traits & Trait.ADJECTIVAL:
                origin = held.origin if held.origin is Origin.BASE else Origin.ADJECTIVE
                self._found[folded] = replace(held, origin=origin, traits=held.traits & ~Trait.ADJECTIVAL)

    def all(self) -> dict[str, Form]:
        """Every form by itself folded."""
        return self._found


@dataclass(frozen=True, slots=True)
class _Names:
    """What a place is called: as written, by rule in a language in which it is not written, by the shipped table."""

    written: list[_Named]
    derived: list[_Named]
    called: tuple[Called, ...]
    heard: list[_Named]
    """Cyrillic names that a Latin one may stand for, where nothing says how it is spelt."""

    def sure(self) -> list[_Named]:
        return [*self.written, *self.derived, *((each.text, each.languages) for each in self.called if not each.unsure)]

    def of_several_words(self) -> Iterator[tuple[str, Language]]:
        """Each sure name of several words in each of its languages."""
        return ((name, language) for name, languages in self.sure() if " " in key(name) for language in languages)


def _named(place: Place, others: Collection[str] = (), *, derive: bool = True) -> _Names:
    """The names of a place; `others` are the folded names of other places, which are no alias of this one."""
    written = _written(place)
    called = _called(place, written, others, derive=derive)
    derived = _derived(written, called, others) if derive else []
    return _Names(written, derived, called, _heard(written, called) if derive else [])


def _of_place(place: Place, named: _Names) -> dict[str, Form]:
    """The forms of one place: its names in their languages, what is left out derived, then aliases and adjectives."""
    spelt = (*named.written, *named.derived)
    found = _Forms(_known(name for name, _ in spelt))
    for name, languages in named.written:
        found.add_name(name, languages)
    for name, languages in named.derived:
        found.add_name(name, languages, Origin.RULE)
    for name in place.also:
        found.add_name(name, of_name(name), Origin.ALIAS)
    for name, languages in spelt:
        found.add_latin(name, languages)
    for alias in named.called:
        found.add_alias(alias)
    for name, languages in named.heard:
        found.add_name(name, languages, Origin.KEY)
    if place.adjectives:
        everyday = any(_is_everyday(key(name)) for name, _ in spelt)
        for form in _adjectives(named.sure()):
            found.add_adjective(form, place.name, Trait.COMMON if everyday and is_known(key(form)) else Trait.NONE)
        found.add_own_adjectives()
    for form in place.added:
        found.add(form, Origin.ALIAS)
    return found.all()


def _called(place: Place, names: Iterable[_Named], others: Collection[str], *, derive: bool) -> tuple[Called, ...]:
    """What the shipped table calls the place, unless another watch has that name.

    Without `derive` only in the languages of its names and in Latin letters.
    """
    wanted = {Language.ENGLISH, *(language for _, languages in names for language in languages)}
    return tuple(
        called
        for called in aliases(names, place.within)
        if key(called.text) not in others and (derive or not wanted.isdisjoint(called.languages))
    )


def _derived(names: Iterable[_Named], called: Iterable[Called], others: Collection[str]) -> list[_Named]:
    """The names by rule in a language in which none is surely given and none known.

    A name that may be in either language is spelt anew for both (Орехов is Оріхів too, Лозова is Лозовая), unless
    another watch has that name.
    """
    given = {language for _, languages in names if len(languages) == 1 for language in languages}
    given.update(language for alias in called for language in alias.languages)
    return [
        (other, (language,))
        for name, languages in names
        for own in languages
        for language, other in counterpart(name, own)
        if language not in given and key(other) != key(name) and (len(languages) == 1 or key(other) not in others)
    ]


def _heard(written: Iterable[_Named], called: Iterable[Called]) -> list[_Named]:
    """What Latin names may be in Cyrillic, and in the neighbour's spelling, where no Cyrillic name is known."""
    names = [name for name, _ in written]
    if not all(map(str.isascii, (*names, *(alias.text for alias in called)))):
        return []
    read = [spelt for name in names for spelt in cyrillic.spellings(name)]
    anew = (other for language, name in read for other in counterpart(name, language)[:2])
    return [(name, (language,)) for language, name in dict.fromkeys((*read, *anew))]


def _adjectives(names: Iterable[_Named]) -> Iterator[str]:
    for name, languages in names:
        yield from adjectives(name, languages)


def _is_everyday(name: str) -> bool:
    """Whether a folded name is an everyday word too, so that a known adjective may be that word's: островский."""
    return name in CONFUSABLE or bool(traits(name, name) & Trait.COMMON)


def _is_adjectival(name: str) -> bool:
    """Whether a name of one word, or of several with hyphens, declines as an adjective."""
    _, *several = name.split()
    last = name.lower().rpartition("-")[2]
    return not several and (declension_ru.is_adjective(last) or declension_uk.is_surely_adjective(last))


def _known(names: Iterable[str]) -> int:
    """What the dictionary says of the whole names: of persons and of places."""
    found = Trait.NONE
    for name in map(key, names):
        if name.isalpha() and not name.isascii() and _UKRAINIAN.isdisjoint(name):
            found |= traits(name, name)
    return found & (Trait.SURNAME | Trait.GIVEN | Trait.PLACE)


def _written(place: Place) -> list[_Named]:
    """Each given name with the languages it declines by."""
    by_language = {name: (Language(code),) for code, names in place.names.items() if code in _CODES for name in names}
    others = {name: of_name(name) for code, names in place.names.items() if code not in _CODES for name in names}
    first = {place.name: _languages_of(place, by_language.get(place.name, ()))}
    return list(
        (first | {name: languages for name, languages in (by_language | others).items() if name != place.name}).items()
    )


def _languages_of(place: Place, same_in: tuple[Language, ...]) -> tuple[Language, ...]:
    """Of its first name: as given, else by its letters, and those in which the place is said to have the same name.

    English is none of a Cyrillic name's: it has no English letters to tell its cases by.
    """
    spelt = place.name.isascii()
    if place.language in _CODES and (spelt or place.language != Language.ENGLISH):
        return (Language(place.language),)
    same_in = tuple(language for language in same_in if spelt or language is not Language.ENGLISH)
    return tuple(dict.fromkeys((*of_name(place.name), *same_in)))


def _of_term(term: Term) -> dict[str, Form]:
    found = _Forms()
    for words in term.any or (() if term.query else (term.name,)):
        for form in term_forms(words):
            found.add(form, Origin.TERM)
    return found.all()


def _of_names(names: Iterable[str]) -> dict[str, Form]:
    found = _Forms()
    for name in names:
        found.add_name(name, of_name(name))
    return found.all()


def forms_of(place: Place) -> tuple[Form, ...]:
    """All forms of a place as it is watched; of other watches nothing is known."""
    return tuple(_of_place(place, _named(place)).values())


def forms(name: str, language: str | None = None, *, adjectival: bool = False) -> tuple[Form, ...]:
    """All forms under which a name is found, as of a watch; with a language, declined by that language alone.

    Those whose words do not agree come last; `adjectival` adds its adjectives.
    """
    place = Place(id=name, name=name, language=language, adjectives=adjectival)
    named = _named(place, derive=language is None)
    made = _of_place(place, named)
    several = dict.fromkeys(form for name, language in named.of_several_words() for form in disagreeing(name, language))
    return (
        *made.values(),
        *(Form(form, Origin.RULE, CYRILLIC, agrees=False) for form in several if key(form) not in made),
    )
