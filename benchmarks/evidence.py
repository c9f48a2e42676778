"""What each piece of evidence adds, and whether the confidence means something.

    python benchmarks/evidence.py --corpus FILE.jsonl --names FILE.json [--gazetteer]

FILE.jsonl holds a text a line: {"text", "gold": [{"start", "end", "name", "kind"}], "other": [[start, end, type]]}.
FILE.json: {"names": [...], "written": {name: as people write it}}. A hit is right if it overlaps a gold mention of its
name. Recall is of mentions of the kind "nominal". Loose precision counts as wrong what is no annotated place and no
part of a longer annotated name; strict precision counts all that is not right.

Three samples are matched again without each piece of evidence: the corpus; our own cases (tests/cases/matching), where
recall is of what must be sure, and precision of what is; and with --gazetteer the corpus with all one-word names of
Russia and Ukraine watched and what is learnt from the texts themselves, where a hit is right if an annotated place is
there. Status 1 if fewer than nine in ten hits of 0.9 or more are right on the corpus by the loose count.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.calibration import SURE_FROM, UNSURE_FROM
from bot.config.cache import cache_folder
from bot.gazetteer import open_gazetteer
from bot.language.regions import regions
from bot.matching import Evidence, Knowledge, Matcher, expand
from bot.model import Hit, Place
from tests.matching.cases import cases, watch

BOUND, SURE = 0.5, 0.9
ASKED = (UNSURE_FROM, SURE_FROM)
PLACES = frozenset(
    {"LOC", "Location", "LocOrg", "LOCATION", "CITY", "COUNTRY", "DISTRICT", "STATE_OR_PROVINCE", "FACILITY"}
)


@dataclass(frozen=True, slots=True)
class Judged:
    """A hit with the verdict of the annotators. `found` are the gold mentions that it found, as (text, start)."""

    hit: Hit
    false: bool
    found: frozenset[tuple[int, int]]

    @property
    def right(self) -> bool:
        return bool(self.found)


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


@dataclass(frozen=True, slots=True)
class Sample:
    """Texts of which it is known what must be found. `measure` matches them: carriers of each evidence, and figures."""

    name: str
    figures: tuple[str, ...]
    measure: Callable[[], tuple[Counter[str], tuple[float, ...]]]


def of_corpus(matcher: Matcher, texts: Sequence[dict[str, Any]]) -> Sample:
    wanted = nominal(texts)

    def measure() -> tuple[Counter[str], tuple[float, ...]]:
        hits = judged(matcher, texts)
        kept = [each for each in hits if each.hit.confidence >= BOUND]
        right, false = sum(each.right for each in kept), sum(each.false for each in kept)
        found = len(wanted & frozenset().union(*(each.found for each in kept)))
        return _carriers(each.hit for each in hits), _shares(
            (found, len(wanted)), (right, right + false), (right, len(kept))
        )

    return Sample("corpus", ("recall", "loose", "strict"), measure)


def of_cases() -> Sample:
    asked = [
        (case, Matcher(expand(watches := [watch(said) for said in case["watches"]]), watches))
        for case in cases().values()
    ]

    def measure() -> tuple[Counter[str], tuple[float, ...]]:
        found = wanted = sure = 0
        carriers: Counter[str] = Counter()
        for case, matcher in asked:
            hits = matcher.match(case["text"], source_region=case.get("region"))
            carriers += _carriers(hits)
            told = Counter((hit.watch, hit.text) for hit in hits if hit.confidence >= BOUND)
            must = Counter((said[0], said[1]) for said in case["hits"] if said[2] == "sure")
            found += (told & must).total()
            wanted, sure = wanted + must.total(), sure + told.total()
        return carriers, _shares((found, wanted), (found, sure))

    return Sample("own cases", ("recall", "precision"), measure)


def of_gazetteer(matcher: Matcher, texts: Sequence[dict[str, Any]]) -> Sample:
    every = sum(_is_place(text, hit) for text in texts for hit in matcher.match(text["text"]))

    def measure() -> tuple[Counter[str], tuple[float, ...]]:
        hits = [(text, hit) for text in texts for hit in matcher.match(text["text"])]
        kept = [(text, hit) for text, hit in hits if hit.confidence >= BOUND]
        right = sum(_is_place(text, hit) for text, hit in kept)
        return _carriers(hit for _, hit in hits), _shares((right, every), (right, len(kept)))

    return Sample("gazetteer", ("recall", "precision"), measure)


def _carriers(hits: Iterable[Hit]) -> Counter[str]:
    return Counter(words for hit in hits for words in hit.evidence)


def _shares(*counts: tuple[int, int]) -> tuple[float, ...]:
    """In percent."""
    return tuple(100 * part / max(1, whole) for part, whole in counts)


@contextmanager
def left_out(evidence: Evidence) -> Iterator[None]:
    kept, evidence.weight = evidence.weight, 0.0
    try:
        yield
    finally:
        evidence.weight = kept


def ablation(samples: Sequence[Sample]) -> Iterator[str]:
    """A row for each piece of evidence: how many hits have it, and what leaving it out changes, in points."""
    whole = [sample.measure() for sample in samples]
    columns = [f"{sample.name}: hits | {' | '.join(sample.figures)}" for sample in samples]
    yield f"| evidence | weight | {' | '.join(columns)} |"
    yield "|---" * (2 + sum(1 + len(sample.figures) for sample in samples)) + "|"
    yield f"| all | | {' | '.join(f'| {_row(figures)}' for _, figures in whole)} |"
    for evidence in Evidence:
        cells = [_without(evidence, sample, *before) for sample, before in zip(samples, whole, strict=True)]
        yield f"| {evidence.words} | {evidence.weight:+.1f} | {' | '.join(cells)} |"


def _row(figures: Iterable[float]) -> str:
    return " | ".join(f"{share:.2f}" for share in figures)


def _without(evidence: Evidence, sample: Sample, carriers: Mapping[str, int], whole: Sequence[float]) -> str:
    """What a sample says of one piece of evidence; nothing where no hit has it."""
    if not carriers.get(evidence.words):
        return " | ".join(["", *("" for _ in whole)])
    with left_out(evidence):
        _, left = sample.measure()
    changes = (
        f"{after - before:+.2f}" if abs(after - before) >= 0.005 else "0"
        for after, before in zip(left, whole, strict=True)
    )
    return " | ".join([str(carriers[evidence.words]), *changes])


BANDS = (0.0, 0.2, 0.5, 0.8, 0.9, 0.95)
"""Where the bands of confidence begin."""


def calibration(hits: Iterable[Judged]) -> Iterator[str]:
    """A row for each band of confidence: of so many hits, how many are right by either count."""
    bands: defaultdict[float, list[Judged]] = defaultdict(list)
    for each in hits:
        bands[max(band for band in BANDS if band <= each.hit.confidence)].append(each)
    yield "| confidence from | hits | right | loose | strict |"
    yield "|---|---|---|---|---|"
    for band, inside in sorted(bands.items()):
        right, false = sum(each.right for each in inside), sum(each.false for each in inside)
        yield f"| {band} | {len(inside)} | {right} | {right / max(1, right + false):.2f} | {right / len(inside):.2f} |"


def asking(hits: Sequence[Judged]) -> str:
    """How many hits the queue asks a person about."""
    asked = [each for each in hits if ASKED[0] <= each.hit.confidence < ASKED[1] or each.hit.candidates]
    right = sum(each.right for each in asked)
    share = len(asked) / max(1, len(hits))
    return f"the queue asks about {len(asked)} of {len(hits)} hits, {share:.1%}; {right} are right"


def at_gazetteer_scale(texts: Sequence[dict[str, Any]]) -> Matcher:
    """How many hits are annotated places when every one-word name of two countries is watched; the matcher for it."""
    gazetteer = open_gazetteer(cache_folder(), print)
    names = {name for region in regions() for record in gazetteer.in_region(region) for name in record.names[:4]}
    chosen = sorted(name for name in names if name.isalpha() and not name.isascii() and len(name) > 2)
    shipped = Matcher(expand(watched := [Place(id=name, name=name) for name in chosen]), watched)
    counts: Counter[tuple[str, bool]] = Counter(each for text in texts for each in shipped.letters(text["text"]))
    learnt = shipped.knowing(Knowledge({form: (counts[form, False], counts[form, True]) for form, _ in counts}))
    print(f"{len(chosen)} names of the gazetteer watched:")
    for words, matcher, bound in (
        ("capital letter alone", shipped, 0.0),
        ("shipped", shipped, BOUND),
        ("learnt", learnt, BOUND),
    ):
        hits = [(text, hit) for text in texts for hit in matcher.match(text["text"])]
        kept = [(text, hit) for text, hit in hits if (hit.confidence >= bound if bound else hit.text[:1].isupper())]
        true = sum(_is_place(text, hit) for text, hit in kept)
        print(f"- {words}: {true} of {len(kept)} hits are annotated places, {true / max(1, len(kept)):.2f}")
    return learnt


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
    watched = places(json.loads(asked.names.read_text(encoding="utf-8")))
    matcher = Matcher(expand(watched), watched)
    samples = [of_corpus(matcher, texts), of_cases()]
    if asked.gazetteer:
        samples.append(of_gazetteer(at_gazetteer_scale(texts), texts))
    hits = judged(matcher, texts)
    print("\n".join(ablation(samples)), "", "\n".join(calibration(hits)), sep="\n")
    sure = [each for each in hits if each.hit.confidence >= SURE]
    right, false = sum(each.right for each in sure), sum(each.false for each in sure)
    loose = right / max(1, right + false)
    print(f"\nhits of {SURE} or more: {loose:.3f} right, loosely; {right / max(1, len(sure)):.3f} strictly")
    print(asking(hits))
    sys.exit(loose < SURE)


if __name__ == "__main__":
    main()
