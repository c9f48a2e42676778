"""Explaining a text: every candidate span with its form, rule and evidence, and what each route would do with it.

In: a configuration and a text. Out: `Explanation`s, in the order of the text. Nothing is stored.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.config import Config
from bot.config.cache import cache_folder
from bot.digests import taken
from bot.errors import WrongUsage
from bot.matching import Evidence, load_matcher
from bot.model import Hit, Route, Watch

_WEIGHTS = {each.words: each.weight for each in Evidence}


@dataclass(frozen=True, slots=True)
class Explanation:
    """A hit, with the weights of its evidence in log-odds and a line for each route."""

    hit: Hit
    evidence: tuple[tuple[str, float], ...]
    routes: tuple[str, ...]

    def lines(self) -> list[str]:
        hit = self.hit
        lines = [f"{hit.text}  {hit.start}-{hit.end}  {hit.watch}  {hit.confidence:.2f}"]
        lines += [f"    form {hit.form}, by {hit.origin.value}"]
        lines += [f"    {weight:+.1f}  {words}" for words, weight in self.evidence]
        if hit.candidates:
            lines.append(f"    unresolved: it may also be {', '.join(hit.candidates)}")
        return lines + [f"    {route}" for route in self.routes]

    def as_row(self) -> dict[str, Any]:
        hit = self.hit
        return {
            "watch": hit.watch,
            "start": hit.start,
            "end": hit.end,
            "text": hit.text,
            "form": hit.form,
            "origin": hit.origin.value,
            "confidence": hit.confidence,
            "evidence": [{"why": words, "weight": weight} for words, weight in self.evidence],
            "candidates": list(hit.candidates),
            "routes": list(self.routes),
        }


async def explain(config: Config, text: str, source: str | None = None) -> list[Explanation]:
    """What is found in the text as if `source` had published it. Raises `WrongUsage` for an unknown source."""
    known = {each.name: each for each in config.sources}
    if source is not None and source not in known:
        raise WrongUsage(source, "is no source", "name one of sources.yaml")
    matcher = await load_matcher(config.watches, cache_folder())
    region = known[source].region if source else None
    return [_explained(config, hit) for hit in matcher.match(text, source=source, source_region=region)]


def _explained(config: Config, hit: Hit) -> Explanation:
    weighed = tuple((words, _WEIGHTS[words]) for words in hit.evidence)
    return Explanation(hit, weighed, tuple(_said(route, hit, config.watches) for route in config.routes))


def _said(route: Route, hit: Hit, watches: Sequence[Watch]) -> str:
    """What a route does with a hit of this confidence, whatever else may hold its story."""
    if hit.watch not in taken(route.watch, watches):
        return f"route {route.name}: watches other places"
    if hit.confidence < route.confidence:
        return f"route {route.name}: waits for review, below {route.confidence:g}"
    return f"route {route.name}: tells it, from {route.confidence:g} on"
