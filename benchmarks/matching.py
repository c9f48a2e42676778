"""Matching beside its peers, in one run: `python benchmarks/matching.py [--texts FILE.jsonl] [--places N]`.

Peers: a compiled `re` alternation with word borders, and pymorphy3 lemmatising every token through a cache. Ratios are
ours to theirs in CPU seconds on the same texts. Texts are made up from dictionary words unless a file is given, a JSON
object a line with a `text`.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import re
import resource
import time
from collections.abc import Callable, Sequence
from functools import lru_cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory

import pymorphy3

from bot.language.fold import fold
from bot.language.tokens import words
from bot.matching import Matcher, expand, load_matcher
from bot.model import Place

_FIRST = "бере велико верхо вишне глу дуб жел за ива калин крас кри лес лоб мар мир ново ол пав пет ром сад тар хол"
_MIDDLE = "бо го до за ко ла ми на ри со та че ши лю"
_LAST = "вка вское вцы горск дово евка жа ино кино ловка нино новка ново ричи ское сово тино хово чаны шино щино"


def places(count: int, rnd: random.Random) -> list[Place]:
    names: set[str] = set()
    while len(names) < count:
        names.add(
            (
                rnd.choice(_FIRST.split())
                + "".join(rnd.choices(_MIDDLE.split(), k=rnd.randint(0, 3)))
                + rnd.choice(_LAST.split())
            ).title()
        )
    return [Place(id=f"p{at}", name=name) for at, name in enumerate(sorted(names))]


def made_up(names: Sequence[str], count: int, rnd: random.Random) -> list[str]:
    """Posts of 40 words: dictionary words, and in every fifth post a watched name."""
    stock = [word for word, *_ in pymorphy3.MorphAnalyzer(lang="ru").dictionary.iter_known_words("по")]
    posts = []
    for number in range(count):
        chosen = rnd.choices(stock, k=40)
        if number % 5 == 0:
            chosen[20] = rnd.choice(names)
        posts.append(" ".join(chosen).capitalize() + ".")
    return posts


def cpu(work: Callable[[], object], repeat: int = 3) -> float:
    taken = []
    for _ in range(repeat):
        began = time.process_time()
        work()
        taken.append(time.process_time() - began)
    return min(taken)


def lookup(matcher: Matcher, texts: Sequence[str]) -> None:
    """Lookup alone on folded text: how many forms are found beside an alternation of the same forms."""
    lexicon = matcher.lexicon
    folded = [fold(text).text for text in texts]
    for count in (100, 10_000):
        forms = sorted(lexicon.forms)[:: max(1, len(lexicon.forms) // count)][:count]
        known = set(forms)
        pattern = re.compile(r"\b(?:" + "|".join(map(re.escape, sorted(forms, key=len, reverse=True))) + r")\b")
        few = folded if count < 1000 else folded[: max(1, len(folded) // 20)]
        ours = cpu(partial(_by_token, known, folded))
        theirs = cpu(partial(_by_pattern, pattern, few), 1) * len(folded) / len(few)
        print(f"lookup, {len(forms):6} forms: ours {ours:.3f} s, re {theirs:.2f} s, {theirs / ours:.0f} times")


def _by_token(known: set[str], texts: Sequence[str]) -> list[list[str]]:
    return [[word for word in words(text) if word in known] for text in texts]


def _by_pattern(pattern: re.Pattern[str], texts: Sequence[str]) -> list[list[str]]:
    return [pattern.findall(text) for text in texts]


def whole(matcher: Matcher, texts: Sequence[str]) -> None:
    """The whole match with its evidence beside lemmatising every token and looking the lemma up."""
    analyser = pymorphy3.MorphAnalyzer(lang="ru")
    lemma = lru_cache(maxsize=None)(lambda word: analyser.parse(word)[0].normal_form)
    wanted = set(matcher.lexicon.forms)

    def lemmatise() -> None:
        lemma.cache_clear()
        for text in texts:
            for word in words(text.lower()):
                _ = lemma(word) in wanted

    ours, theirs = cpu(lambda: [matcher.match(text) for text in texts]), cpu(lemmatise, 1)
    size = sum(len(text.encode()) for text in texts) / 1e6
    print(f"whole match: ours {ours:.2f} s, {size / ours:.1f} MB/s")
    print(f"pymorphy3 with a cache: {theirs:.2f} s, {theirs / ours:.0f} times")


def loading(watches: Sequence[Place]) -> None:
    with TemporaryDirectory() as folder:
        for state in ("cold", "cached"):
            began = time.perf_counter()
            asyncio.run(load_matcher(watches, Path(folder)))
            print(f"load {len(watches)} places, {state}: {time.perf_counter() - began:.2f} s")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--texts", type=Path)
    options.add_argument("--places", type=int, default=10_000)
    chosen = options.parse_args()
    rnd = random.Random(7)
    watches = places(chosen.places, rnd)
    loading(watches)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"resident after loading, with this script's imports: {peak:.0f} MB")
    matcher = Matcher(expand(watches[:1000]), watches[:1000])
    if chosen.texts:
        with chosen.texts.open(encoding="utf-8") as lines:
            texts = [json.loads(line)["text"] for line in lines]
    else:
        texts = made_up([watch.name for watch in watches[:1000]], 2000, rnd)
    lookup(matcher, texts)
    whole(matcher, texts)


if __name__ == "__main__":
    main()
