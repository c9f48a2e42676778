"""The matcher: a post's text -> hits, with confidence and reasons.

In: an expansion and its watches, then texts. Out: hits in order of place. Pure and quick: no dictionary, no input or
output; a text that names nothing costs one set comparison.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from bot.language.detect import Language
from bot.language.fold import Folded, fold
from bot.language.tokens import Tokens, tokenise, words as words_of
from bot.matching import evidence, signs
from bot.matching.context import Context
from bot.matching.evidence import Evidence
from bot.matching.expand import Expansion
from bot.matching.homonyms import Choice, Claim, choose
from bot.matching.lexicon import Entry, Lexicon, unpacked
from bot.matching.scan import Finding, scan
from bot.matching.signs import Scene
from bot.model import Hit, Place, Watch

_NEEDS_CARE = re.compile(r"[#'A-Z]")
"""What makes a word of the text more than one token, or a name under a disguise: no shortcut then."""


class Matcher:
    """Finds every mention of the watches of `expansion` in a text."""

    def __init__(self, expansion: Expansion, watches: Sequence[Watch]) -> None:
        self._watches = tuple(watches)
        self.lexicon = Lexicon(expansion.forms)
        self._never = Lexicon(expansion.never) if expansion.never.forms else None
        self._near = {at: tuple(tuple(words.split()) for words in near) for at, near in expansion.near.items()}

    def match(self, body: str, *, language: str | None = None, source_region: str | None = None) -> tuple[Hit, ...]:
        """Hits of any confidence, left to right; spans count code points of `body`. Never raises for what is in it.

        `language` is the post's, where its source tells it; `source_region` is the region the source writes from.
        """
        folded = fold(body)
        if not _NEEDS_CARE.search(folded.cased) and self.lexicon.is_idle(words_of(folded.text)):
            return ()
        tokens = tokenise(folded)
        findings = scan(folded, tokens, self.lexicon, english=language == Language.ENGLISH)
        if not findings:
            return ()
        blocked = self._blocked(folded, tokens)
        claimed = [(finding, entries) for finding in findings if (entries := _entries(finding, blocked))]
        named = {entries[0].watch for _, entries in claimed if len(entries) == 1}
        seen = signs.scene(folded, tokens, (finding for finding, _ in claimed))
        context = Context(folded.text, named, self._watches, source_region)
        return tuple(self._hit(body, finding, entries, seen, context) for finding, entries in claimed)

    def _blocked(self, folded: Folded, tokens: Tokens) -> dict[int, set[int]]:
        """For each watch the words that its `not:` takes away."""
        blocked: dict[int, set[int]] = {}
        for finding in scan(folded, tokens, self._never) if self._never else ():
            for entry in unpacked(finding.payload):
                blocked.setdefault(entry.watch, set()).update(range(finding.first, finding.last + 1))
        return blocked

    def _hit(self, body: str, finding: Finding, entries: list[Entry], seen: Scene, context: Context) -> Hit:
        claims = [
            Claim(entry, tuple(self._own(finding, entry, seen, context)), entry.watch in context.named)
            for entry in entries
        ]
        choice = choose(claims)
        found = [*signs.weigh(finding, choice.best.entry, seen), *choice.best.evidence]
        if choice.others:
            found.append(Evidence.HOMONYMS)
        start, end = seen.folded.span(seen.tokens.starts[finding.first], seen.tokens.ends[finding.last])
        return Hit(
            watch=self._watches[choice.best.entry.watch].id,
            start=start,
            end=end,
            text=body[start:end],
            form=" ".join(seen.tokens.words[finding.first : finding.last + 1]),
            origin=choice.best.entry.origin,
            confidence=round(evidence.confidence(found) * choice.share, 3),
            evidence=evidence.words(found),
            candidates=self._candidates(choice),
        )

    def _own(self, finding: Finding, entry: Entry, seen: Scene, context: Context) -> Iterator[Evidence]:
        """The evidence that speaks for this watch alone."""
        yield from context.evidence(entry.watch)
        watch = self._watches[entry.watch]
        if isinstance(watch, Place) and watch.near:
            near = signs.near(finding, seen, self._near[entry.watch], watch.near.within)
            yield Evidence.NEAR if near else Evidence.NOT_NEAR

    def _candidates(self, choice: Choice) -> tuple[str, ...]:
        return tuple(self._watches[claim.entry.watch].id for claim in choice.others)


def _entries(finding: Finding, blocked: dict[int, set[int]]) -> list[Entry]:
    """The watches that claim a finding, those left out whose `not:` covers it."""
    return [
        entry
        for entry in unpacked(finding.payload)
        if blocked.get(entry.watch, set()).isdisjoint(range(finding.first, finding.last + 1))
    ]
