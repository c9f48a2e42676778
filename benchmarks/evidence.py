"""What each piece of evidence adds, and whether the confidence means something, on an annotated corpus given by path.

    python benchmarks/evidence.py --corpus FILE.jsonl --names FILE.json [--gazetteer]

FILE.jsonl holds a text a line: {"text", "gold": [{"start", "end", "name", "kind"}], "other": [[start, end, type]]}.
FILE.json: {"names": [...], "written": {name: as people write it}}. A hit is right if it overlaps a gold mention of its
name. Recall is of mentions of the kind "nominal". Loose precision counts as wrong what is no annotated place and no
part of a longer annotated name; strict precision counts all that is not right. Evidence is left out of the sum of
weights; which of several places of one name is meant was decided with it. With --gazetteer all one-word names of Russia
and Ukraine are watched instead, and the question is how many of the hits are places: shipped, and with what is learnt
from the texts themselves. Status 1 if fewer than nine in ten hits of 0.9 or more are right by the loose count.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.calibration import SURE_FROM, UNSURE_FROM
from bot.config.cache import cache_folder
from bot.gazetteer import open_gazetteer
from bot.language.regions import regions
from bot.matching import Evidence, Knowledge, Matcher, expand
from bot.model import Hit, Place

BOUND, SURE = 0.5, 0.9
ASKED = (UNSURE_FROM, SURE_FROM)
PLACES = frozenset(
    {"LOC", "Location", "LocOrg", "LOCATION", "CITY", "COUNTRY", "DISTRICT", "STATE_OR_PROVINCE", "FACILITY"}
)
_SPOKEN = {each.words: each for each in Evidence}


@dataclass(frozen=True, slots=True)
class Judged:
    """A hit with the verdict of the annotators. `found` are the gold mentions that it found, as (text, start)."""

    hit: Hit
    false: bool
    found: frozenset[tuple[int, int]]

    @property
    def right(self) -> bool:
        return bool(self.found)

    def confidence(self, without: Evidence | None = None) -> float:
        """The hit's confidence, one piece of evidence left out."""
        weights = [_SPOKEN[words].weight for words in self.hit.evidence if _SPOKEN[words] is not without]
        return self.hit.confidence * _logistic(sum(weights)) / _logistic(_sum(self.hit))


def _sum(hit: Hit) -> float:
    return sum(_SPOKEN[words].weight for words in hit.evidence)


def _logistic(odds: float) -> float:
    return 1 / (1 + math.exp(-odds))


def places(names: dict[str, Any]) -> list[Place]:
    """Every name as one place, its id the name itself; what `written` lacks gets a capital in each word."""
    written = names.get("written", {})
    return [Place(id=name, name=written.get(name) or name.title()) for name in names["names"]]


def judged(matcher: Matcher, texts: Sequence[dict[str, Any]]) -> list[Judged]:
    return [
        _judged(number, text, hit)
        for number, text in enumerate(texts)
        for hit in matcher.match(text["text"], language=text.get("lang"))
    ]


def _judged(number: int, text: dict[str, Any], hit: Hit) -> Judged:
    gold = [each for each in text["gold"] if each["name"] == hit.watch and _overlap(hit, (each["start"], each["end"]))]
    over = [span for span in text["other"] if _overlap(hit, span)]
    other = any(kind in PLACES or begin < hit.start or end > hit.end for begin, end, kind in over)
    return Judged(hit, not gold and not other, frozenset((number, each["start"]) for each in gold))


def _overlap(hit: Hit, span: Sequence[Any]) -> bool:
    return bool(hit.start < span[1] and span[0] < hit.end)


def nominal(texts: Sequence[dict[str, Any]]) -> set[tuple[int, int]]:
    return {
        (number, mention["start"])
        for number, text in enumerate(texts)
        for mention in text["gold"]
        if mention["kind"] == "nominal"
    }


def scores(hits: Sequence[Judged], wanted: set[tuple[int, int]], sure: Callable[[Judged], float]) -> tuple[float, ...]:
    """Recall, loose and strict precision in percent."""
    kept = [each for each in hits if sure(each) >= BOUND]
    right = sum(each.right for each in kept)
    false = sum(each.false for each in kept)
    recall = len(wanted & frozenset().union(*(each.found for each in kept))) / max(1, len(wanted))
    return 100 * recall, 100 * right / max(1, right + false), 100 * right / max(1, len(kept))


def ablation(hits: Sequence[Judged], wanted: set[tuple[int, int]]) -> Iterator[str]:
    """A row for each piece of evidence: how many hits have it, and what leaving it out changes, in points."""
    whole = scores(hits, wanted, Judged.confidence)
    carriers = Counter(words for each in hits for words in each.hit.evidence)
    yield "| evidence | weight | hits | recall | loose | strict |"
    yield "|---|---|---|---|---|---|"
    yield f"| all | | {len(hits)} | {whole[0]:.2f} | {whole[1]:.2f} | {whole[2]:.2f} |"
    for evidence in Evidence:
        left = scores(hits, wanted, lambda each, evidence=evidence: each.confidence(evidence))  # type: ignore[misc]
        changes = " | ".join(_change(after - before) for after, before in zip(left, whole, strict=True))
        yield f"| {evidence.words} | {evidence.weight:+.1f} | {carriers[evidence.words]} | {changes} |"


def _change(points: float) -> str:
    return f"{points:+.2f}" if abs(points) >= 0.005 else ""


def calibration(hits: Iterable[Judged]) -> Iterator[str]:
    """A row for each tenth of confidence: of so many hits, how many are right by either count."""
    bins: defaultdict[int, list[Judged]] = defaultdict(list)
    for each in hits:
        bins[min(19, int(each.hit.confidence * 20 + 1e-9))].append(each)
    yield "| confidence | hits | right | loose | strict |"
    yield "|---|---|---|---|---|"
    for tenth, inside in sorted(bins.items()):
        right, false = sum(each.right for each in inside), sum(each.false for each in inside)
        loose = f"{right / (right + false):.2f}" if right + false else ""
        yield f"| {tenth / 20:.2f} | {len(inside)} | {right} | {loose} | {right / len(inside):.2f} |"


def asking(hits: Sequence[Judged]) -> str:
    """How many hits the queue asks a person about."""
    asked = [each for each in hits if ASKED[0] <= each.hit.confidence < ASKED[1] or each.hit.candidates]
    right = sum(each.right for each in asked)
    share = len(asked) / max(1, len(hits))
    return f"the queue asks about {len(asked)} of {len(hits)} hits, {share:.1%}; {right} are right"


def at_gazetteer_scale(texts: Sequence[dict[str, Any]]) -> Iterator[str]:
    """How many hits are annotated places, when every one-word name of two countries is watched."""
    gazetteer = open_gazetteer(cache_folder(), print)
    names = {name for region in regions() for record in gazetteer.in_region(region) for name in record.names[:4]}
    chosen = sorted(name for name in names if name.isalpha() and not name.isascii() and len(name) > 2)
    matcher = Matcher(expand(watched := [Place(id=name, name=name) for name in chosen]), watched)
    counts: Counter[tuple[str, bool]] = Counter(each for text in texts for each in matcher.letters(text["text"]))
    cases = {form: (counts[form, False], counts[form, True]) for form, _ in counts}
    yield f"{len(chosen)} names of the gazetteer watched:"
    for words, asked in (
        ("capital letter alone", None),
        ("shipped", matcher),
        ("learnt", matcher.knowing(Knowledge(cases))),
    ):
        hits = [(text, hit) for text in texts for hit in (asked or matcher).match(text["text"])]
        if asked is None:
            kept = [(text, hit) for text, hit in hits if hit.text[:1].isupper()]
        else:
            kept = [(text, hit) for text, hit in hits if hit.confidence >= BOUND]
        true = sum(_is_place(text, hit) for text, hit in kept)
        yield f"- {words}: {true} of {len(kept)} hits are annotated places, {true / max(1, len(kept)):.2f}"


def _is_place(text: dict[str, Any], hit: Hit) -> bool:
    spans = [(begin, end) for begin, end, kind in text["other"] if kind in PLACES]
    return any(_overlap(hit, span) for span in (*spans, *((each["start"], each["end"]) for each in text["gold"])))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--names", type=Path, required=True)
    parser.add_argument("--gazetteer", action="store_true")
    asked = parser.parse_args()
    texts = [json.loads(line) for line in asked.corpus.read_text(encoding="utf-8").splitlines()]
    if asked.gazetteer:
        print("\n".join(at_gazetteer_scale(texts)))
        return
    watched = places(json.loads(asked.names.read_text(encoding="utf-8")))
    hits = judged(Matcher(expand(watched), watched), texts)
    print("\n".join(ablation(hits, nominal(texts))), "", "\n".join(calibration(hits)), sep="\n")
    sure = [each for each in hits if each.hit.confidence >= SURE]
    right, false = sum(each.right for each in sure), sum(each.false for each in sure)
    loose = right / max(1, right + false)
    print(f"\nhits of {SURE} or more: {loose:.3f} right, loosely; {right / max(1, len(sure)):.3f} strictly")
    print(asking(hits))
    sys.exit(loose < SURE)


if __name__ == "__main__":
    main()
