"""The matcher: a post's text -> hits, with confidence and reasons.

In: an expansion and its watches, then texts. Out: hits in order of place. Pure and quick: no dictionary, no input or
output; a text that names nothing costs one set comparison.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.language.fold import fold
from bot.language.tokens import tokenise
from bot.matching import evidence
from bot.matching.evidence import Scene
from bot.matching.expand import Expansion
from bot.matching.lexicon import Lexicon, unpack
from bot.matching.scan import Finding, scan
from bot.model import Hit, Watch


class Matcher:
    """Finds every mention of the watches of `expansion` in a text."""

    def __init__(self, expansion: Expansion, watches: Sequence[Watch]) -> None:
        self._watches = tuple(watches)
        self._lexicon = Lexicon(expansion, [watch.id for watch in watches])

    def match(self, body: str, *, language: str | None = None, source_region: str | None = None) -> tuple[Hit, ...]:
        """Hits of any confidence, left to right; spans count code points of `body`. Never raises for what is in it."""
        folded = fold(body)
        tokens = tokenise(folded)
        findings = scan(folded, tokens, self._lexicon)
        if not findings:
            return ()
        seen = evidence.scene(folded, tokens)
        return tuple(hit for finding in findings for hit in self._hits(body, finding, seen))

    def _hits(self, body: str, finding: Finding, seen: Scene) -> Iterable[Hit]:
        payload = finding.payload if isinstance(finding.payload, tuple) else (finding.payload,)
        entries = [unpack(each) for each in payload]
        entry = entries[0]
        found = evidence.weigh(finding, entry, seen)
        start, end = seen.folded.span(seen.tokens.starts[finding.first], seen.tokens.ends[finding.last])
        yield Hit(
            watch=self._watches[entry.watch].id,
            start=start,
            end=end,
            text=body[start:end],
            form=" ".join(seen.tokens.words[finding.first : finding.last + 1]),
            origin=entry.origin,
            confidence=evidence.confidence(found),
            evidence=evidence.words(found),
            candidates=tuple(self._watches[each.watch].id for each in entries[1:]),
        )
