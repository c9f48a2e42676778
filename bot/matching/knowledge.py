"""Knowledge: what was learnt on this machine, as plain values that the matcher is given.

In: how often each form stands in small letters and with a capital inside a sentence, in the stored posts; decisions on
places of one name. Out: evidence about a form, and the place that is preferred. Invariant: without knowledge the
matcher works as shipped; the counts never leave the machine.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from bot.language.everyday import CONFUSABLE
from bot.matching.evidence import Evidence
from bot.model import Preference

ENOUGH = 5
"""Fewer mentions of a form say nothing yet."""
_MOSTLY_SMALL, _MOSTLY_CAPITAL = 0.3, 0.05


@dataclass(frozen=True, slots=True)
class Knowledge:
    """`cases` holds (small, capital) for each form; `preferences` what maintainers decided."""

    cases: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    preferences: frozenset[Preference] = frozenset()

    def of_form(self, form: str, *, common: bool) -> Evidence | None:
        """What the stored posts say of a form; while they are too few, what the dictionary or the shipped table does.

        `common`: the dictionary knows the name as a common word.
        """
        small, capital = self.cases.get(form, (0, 0))
        if small + capital >= ENOUGH:
            share = small / (small + capital)
            if share >= _MOSTLY_SMALL:
                return Evidence.MOSTLY_SMALL
        if not common and form not in CONFUSABLE:
            return None
        rarely = small <= _MOSTLY_CAPITAL * (small + capital)
        return Evidence.MOSTLY_CAPITAL if small + capital >= ENOUGH and rarely else Evidence.COMMON

    def preferred(self, watches: Collection[str], source: str | None) -> str | None:
        """The watch that is preferred over each of the others; what was decided for the source goes first."""
        return next((watch for watch in watches if self._wins(watch, watches, source)), None)

    def _wins(self, watch: str, watches: Iterable[str], source: str | None) -> bool:
        return all(self._beats(watch, other, source) for other in watches if other != watch)

    def _beats(self, watch: str, other: str, source: str | None) -> bool:
        if source is not None:
            if Preference(watch, other, source) in self.preferences:
                return True
            if Preference(other, watch, source) in self.preferences:
                return False
        return Preference(watch, other) in self.preferences


NOTHING = Knowledge()
