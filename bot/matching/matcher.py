"""The matcher: a post's text -> hits, with confidence and reasons.

In: an expansion and its watches, then texts. Out: hits in order of place. Pure and quick: no dictionary, no input or
output; a text that names nothing costs one set comparison.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from copy import copy
from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import sha256

from bot.language.detect import Language
from bot.language.dictionary import Trait
from bot.language.fold import Folded, fold
from bot.language.tokens import Tokens, parted, rejoined, tokenise, words as words_of
from bot.matching import evidence, signs
from bot.matching.bearers import is_water
from bot.matching.context import Context
from bot.matching.evidence import Evidence
from bot.matching.expand import Expansion
from bot.matching.homonyms import Choice, Claim, choose
from bot.matching.knowledge import NOTHING, Knowledge
from bot.matching.lexicon import Entry, Lexicon, unpacked
from bot.matching.people import bears, surnames
from bot.matching.queries import Queries, Span
from bot.matching.scan import Finding, scan
from bot.matching.scene import Scene, scene
from bot.model import Hit, Origin, Place, Watch

_NEEDS_CARE = re.compile(r"[#'A-Z]|-[ \t]*\n")
"""What makes a word of the text more or less than one token, or a name under a disguise: no shortcut then."""


_NO_DOUBT = 0.8
"""From this confidence on a finding, by its own surroundings, tells which place of a name is meant elsewhere."""
_SAYS_WHICH = frozenset(
    {Evidence.PERSON, Evidence.SPEAKER, Evidence.LOCATIVE, Evidence.GENERIC, Evidence.LISTED, Evidence.WHOLE_PHRASE}
)
"""What says by itself whether a person or a place is meant, whoever bears the name elsewhere in the text."""


@dataclass(frozen=True, slots=True)
class _Judged:
    finding: Finding
    choice: Choice
    found: list[Evidence]

    @property
    def watch(self) -> int:
        return self.choice.best.entry.watch

    @property
    def names_person(self) -> bool:
        """A well-known place is not doubted for one namesake."""
        person = Evidence.PERSON in self.found or Evidence.SPEAKER in self.found
        return person and not self.choice.best.entry.traits & Trait.PLACE


class Matcher:
    """Finds every mention of the watches of `expansion` in a text."""

    def __init__(self, expansion: Expansion, watches: Sequence[Watch]) -> None:
        self._watches = tuple(watches)
        self.lexicon = Lexicon(expansion.forms)
        self._never = Lexicon(expansion.never) if expansion.never.forms else None
        self._queries = Queries(watches, expansion.queries)
        self._knowledge = NOTHING
        self._near = {at: tuple(tuple(words.split()) for words in near) for at, near in expansion.near.items()}

    def forms_of(self, watches: Collection[str]) -> list[str]:
        """Every form, folded, under which one of these watches (their ids) is looked up."""
        wanted = {at for at, watch in enumerate(self._watches) if watch.id in watches}
        plain = (
            form
            for form, payload in self.lexicon.forms.items()
            if any(entry.watch in wanted for entry in unpacked(payload))
        )
        return [*plain, *self._queries.forms_of(wanted)]

    def forms_by_watch(self) -> dict[str, list[str]]:
        """The forms, folded, under which each watch is looked up, by its id; Cyrillic ones first."""
        found: dict[str, set[str]] = {watch.id: set() for watch in self._watches}
        for form, payload in self.lexicon.forms.items():
            for entry in unpacked(payload):
                found[self._watches[entry.watch].id].add(form)
        for at, watch in enumerate(self._watches):
            found[watch.id].update(self._queries.forms_of({at}))
        return {watch: sorted(forms, key=lambda form: (form < "а", form)) for watch, forms in found.items()}

    def knowing(self, knowledge: Knowledge) -> Matcher:
        """The same matcher with what was learnt on this machine."""
        other = copy(self)
        other._knowledge = knowledge  # noqa: SLF001 - of its own class
        return other

    @cached_property
    def vocabulary(self) -> str:
        """Names the words whose letters are counted: other watches, another name."""
        return sha256("\n".join(sorted(self.lexicon.forms)).encode(errors="surrogatepass")).hexdigest()[:32]

    def letters(self, body: str) -> Iterator[tuple[str, bool]]:
        """Each watched form of one word that stands in a text, and whether with a capital that says something.

        Left out is what begins a sentence, and what stands among capitals.
        """
        folded = fold(body)
        if self.lexicon.is_idle(words_of(folded.text)):
            return
        tokens = tokenise(folded)
        seen = scene(folded, tokens, ())
        for at, word in enumerate(tokens.words):
            if word in self.lexicon.forms and not seen.starts_sentence(at) and not seen.shouts(at, at):
                yield word, seen.cased(at)[:1].isupper()

    def match(
        self, body: str, *, language: str | None = None, source: str | None = None, source_region: str | None = None
    ) -> tuple[Hit, ...]:
        """Hits of any confidence, left to right; spans count code points of `body`. Never raises for what is in it.

        `language` is the post's, where its source tells it; `source` is the source's name, `source_region` the region
        that it writes from.
        """
        folded = fold(body)
        if not _NEEDS_CARE.search(folded.cased) and self._is_idle(words_of(folded.text)):
            return ()
        tokens = parted(tokenise(folded), folded, self.lexicon.words_in)
        tokens = rejoined(tokens, folded, self.lexicon.has_word)
        answers = self._answers(body, folded, tokens) if self._queries else ()
        findings = scan(folded, tokens, self.lexicon, english=language == Language.ENGLISH)
        if not findings:
            return answers
        blocked = self._blocked(folded, tokens)
        claimed = [(finding, entries) for finding in findings if (entries := _entries(finding, blocked))]
        seen = scene(folded, tokens, claimed)
        alone = self._alone(claimed, seen)
        named = {claimed[at][1][0].watch for at, found in alone.items() if evidence.confidence(found) >= _NO_DOUBT}
        context = Context(folded.text, named, self._watches, source_region)
        judged = [
            self._judge(finding, entries, seen, context, source, alone.get(at))
            for at, (finding, entries) in enumerate(claimed)
        ]
        people = {each.watch for each in judged if each.names_person}
        borne = surnames(seen)
        hits = tuple(
            self._hit(body, each, seen, borne=each.watch in people or bears(each.finding, seen, borne))
            for each in judged
        )
        return tuple(sorted((*hits, *answers), key=lambda hit: hit.start)) if answers else hits

    def _is_idle(self, words: list[str]) -> bool:
        return self.lexicon.is_idle(words) and (not self._queries or self._queries.is_idle(words))

    def _answers(self, body: str, folded: Folded, tokens: Tokens) -> tuple[Hit, ...]:
        """The hits of queries, left to right."""
        found = (self._answer(body, watch, span, folded, tokens) for watch, span in self._queries.find(folded, tokens))
        return tuple(sorted(found, key=lambda hit: hit.start))

    def _answer(self, body: str, watch: int, words: Span, folded: Folded, tokens: Tokens) -> Hit:
        """The hit of a query: the words that answer its first operand."""
        first, last = words
        start, end = folded.span(tokens.starts[first], tokens.ends[last])
        return Hit(
            watch=self._watches[watch].id,
            start=start,
            end=end,
            text=body[start:end],
            form=" ".join(tokens.words[first : last + 1]),
            origin=Origin.TERM,
            confidence=round(evidence.confidence((Evidence.QUERY,)), 3),
            evidence=evidence.words((Evidence.QUERY,)),
        )

    def _blocked(self, folded: Folded, tokens: Tokens) -> dict[int, set[int]]:
        """For each watch the words that its `not:` takes away."""
        blocked: dict[int, set[int]] = {}
        for finding in scan(folded, tokens, self._never) if self._never else ():
            for entry in unpacked(finding.payload):
                blocked.setdefault(entry.watch, set()).update(range(finding.first, finding.last + 1))
        return blocked

    def _alone(self, claimed: Sequence[tuple[Finding, list[Entry]]], seen: Scene) -> dict[int, list[Evidence]]:
        """What its surroundings say of each finding that one watch alone claims, by its index."""
        return {
            at: signs.weigh(finding, entries[0], seen, self._knowledge)
            for at, (finding, entries) in enumerate(claimed)
            if len(entries) == 1
        }

    def _judge(
        self,
        finding: Finding,
        entries: list[Entry],
        seen: Scene,
        context: Context,
        source: str | None,
        weighed: list[Evidence] | None,
    ) -> _Judged:
        """The best of the watches that claim a finding, with the evidence of its surroundings and of the text.

        `weighed` is what the surroundings say, where it is known already.
        """
        claims = [
            Claim(entry, tuple(self._own(finding, entry, seen, context)), entry.watch in context.named)
            for entry in entries
        ]
        nearest = context.nearest([entry.watch for entry in entries]) if len(entries) > 1 else None
        claims = [
            replace(claim, evidence=(*claim.evidence, Evidence.NEAREST)) if claim.entry.watch == nearest else claim
            for claim in claims
        ]
        choice = self._decided(choose(claims), source)
        if weighed is None:
            weighed = signs.weigh(finding, choice.best.entry, seen, self._knowledge)
        found = evidence.relevant([*weighed, *choice.best.evidence])
        if choice.others:
            found.append(Evidence.HOMONYMS)
        return _Judged(finding, choice, found)

    def _decided(self, choice: Choice, source: str | None) -> Choice:
        """What a maintainer decided on these places, where the text does not tell."""
        claims = {self._watches[claim.entry.watch].id: claim for claim in (choice.best, *choice.others)}
        preferred = self._knowledge.preferred(claims, source) if choice.others else None
        if preferred is None:
            return choice
        claim = claims[preferred]
        return Choice(replace(claim, evidence=(*claim.evidence, Evidence.PREFERRED)), 1.0, ())

    def _hit(self, body: str, judged: _Judged, seen: Scene, *, borne: bool) -> Hit:
        first, last, best = judged.finding.first, judged.finding.last, judged.choice.best.entry
        found = judged.found
        if borne and _SAYS_WHICH.isdisjoint(found):
            found = [*found, Evidence.PERSON_BEFORE]
        start, end = seen.folded.span(seen.tokens.starts[first], seen.tokens.ends[last])
        return Hit(
            watch=self._watches[best.watch].id,
            start=start,
            end=end,
            text=body[start:end],
            form=" ".join(seen.tokens.words[first : last + 1]),
            origin=best.origin,
            confidence=round(evidence.confidence(found) * judged.choice.share, 3),
            evidence=evidence.words(found),
            candidates=tuple(self._watches[claim.entry.watch].id for claim in judged.choice.others),
        )

    def _own(self, finding: Finding, entry: Entry, seen: Scene, context: Context) -> Iterator[Evidence]:
        """The evidence that speaks for this watch alone."""
        yield from context.evidence(entry.watch)
        start, end = seen.tokens.starts[finding.first], seen.tokens.ends[finding.last]
        if (elsewhere := context.elsewhere(entry.watch, start, end)) is not None:
            yield elsewhere
        watch = self._watches[entry.watch]
        if not isinstance(watch, Place):
            return
        if (watch.within or watch.at) and is_water(finding, fold(watch.name).text, seen):
            yield Evidence.WATER  # a watch that lies somewhere is a town; one that does not may be the river
        if watch.near:
            near = signs.near(finding, seen, self._near[entry.watch], watch.near.within)
            yield Evidence.NEAR if near else Evidence.NOT_NEAR


def _entries(finding: Finding, blocked: dict[int, set[int]]) -> list[Entry]:
    """The watches that claim a finding, those left out whose `not:` covers it."""
    return [
        entry
        for entry in unpacked(finding.payload)
        if blocked.get(entry.watch, set()).isdisjoint(range(finding.first, finding.last + 1))
    ]
