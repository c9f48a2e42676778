"""Matching beside its peers, in one run: `python benchmarks/matching.py [--texts FILE.jsonl] [--places N]`.

Peers: pyahocorasick with word borders and a compiled `re` alternation with them, on equally folded text; and pymorphy3
lemmatising every token through a cache, beside the whole match. Ratios are ours to theirs in CPU seconds on the same
texts. Texts are made up from dictionary words unless a file is given, a JSON
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
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache, partial
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pymorphy3

from benchmarks.peers import peer
from bot.language.fold import fold
from bot.language.tokens import words
from bot.matching import Matcher, expand, load_matcher
from bot.matching.lexicon import Lexicon, Payload, Table
from bot.matching.scan import candidates
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


FORMS = (100, 10_000, 100_000)
"""Sizes of the lexicon at which ours and its peers are measured."""


def lookup(lexicon: Lexicon, texts: Sequence[str]) -> None:
    """Lookup alone on folded text, beside pyahocorasick with word borders and an alternation of the same forms."""
    folded = [fold(text).text for text in texts]
    for count in FORMS:
        some = dict(islice(_evenly(lexicon.forms, count), count))
        ours = cpu(partial(_by_token, Lexicon(Table(some, _heads(some))), folded))
        corasick = cpu(partial(_by_automaton, _automaton(some), folded))
        few = folded[:: max(1, count // 50)]
        pattern = cpu(partial(_by_pattern, _pattern(some), few), 1) * len(folded) / len(few)
        print(
            f"lookup, {len(some):7} forms: ours {ours:.3f} s, pyahocorasick {corasick:.3f} s "
            f"({corasick / ours:.2f} of its speed), re {pattern:.2f} s ({pattern / ours:.0f} times)"
        )


def _evenly(forms: Mapping[str, Payload], count: int) -> Iterator[tuple[str, Payload]]:
    return islice(sorted(forms.items()), 0, None, max(1, len(forms) // count))


def _heads(forms: Iterable[str]) -> dict[str, int]:
    heads: dict[str, int] = {}
    for form in forms:
        head, _, rest = form.partition(" ")
        if rest:
            heads[head] = heads.get(head, 0) | 1 << rest.count(" ") + 1
    return heads


def _by_token(lexicon: Lexicon, texts: Sequence[str]) -> list[list[object]]:
    """As `Matcher.match` does: a text that begins no form is done, in the others words that begin one are looked at."""
    found: list[list[object]] = []
    for text in texts:
        read = words(text)
        begun = () if lexicon.is_idle(read) else candidates(read, lexicon)
        found.append([next(iter(lexicon.find(read, at)), None) for at in begun])
    return found


def _automaton(forms: Iterable[str]) -> Any:
    automaton = peer("ahocorasick").Automaton()
    for form in forms:
        automaton.add_word(form, len(form))
    automaton.make_automaton()
    return automaton


def _by_automaton(automaton: Any, texts: Sequence[str]) -> list[list[tuple[int, int]]]:
    return [
        [
            (end - size + 1, end)
            for end, size in automaton.iter(text)
            if not (text[end + 1 : end + 2].isalnum() or text[max(0, end - size) : end - size + 1].isalnum())
        ]
        for text in texts
    ]


def _pattern(forms: Iterable[str]) -> re.Pattern[str]:
    return re.compile(r"\b(?:" + "|".join(map(re.escape, sorted(forms, key=len, reverse=True))) + r")\b")


def _by_pattern(pattern: re.Pattern[str], texts: Sequence[str]) -> list[list[str]]:
    return [pattern.findall(text) for text in texts]


def whole(watches: Sequence[Place], texts: Sequence[str]) -> None:
    """The whole match with its evidence beside lemmatising every token and looking the lemma up."""
    analyser = pymorphy3.MorphAnalyzer(lang="ru")
    lemma = lru_cache(maxsize=None)(lambda word: analyser.parse(word)[0].normal_form)
    wanted = {watch.name.lower() for watch in watches}

    def lemmatise() -> None:
        lemma.cache_clear()
        for text in texts:
            for word in words(text.lower()):
                _ = lemma(word) in wanted

    theirs = cpu(lemmatise, 1)
    size = sum(len(text.encode()) for text in texts) / 1e6
    print(f"pymorphy3 with a cache: {theirs:.2f} s, {size / theirs:.1f} MB/s")
    for count in FORMS:
        some = watches[: max(1, count // FORMS_A_PLACE)]
        matcher = Matcher(expand(some), some)
        ours = cpu(partial(_match_all, matcher, texts))
        forms = len(matcher.lexicon.forms)
        print(
            f"whole match, {forms:7} forms: {ours:.2f} s, {size / ours:.1f} MB/s, {theirs / ours:.0f} times pymorphy3"
        )


FORMS_A_PLACE = 18


def _match_all(matcher: Matcher, texts: Sequence[str]) -> list[object]:
    return [matcher.match(text) for text in texts]


def loading(watches: Sequence[Place]) -> None:
    with TemporaryDirectory() as folder:
        for state in ("cold", "cached"):
            began = time.perf_counter()
            asyncio.run(load_matcher(watches, Path(folder)))
            child = resource.getrusage(resource.RUSAGE_CHILDREN)
            print(
                f"load {len(watches)} places, {state}: {time.perf_counter() - began:.2f} s, of its child's CPU so far "
                f"{child.ru_utime + child.ru_stime:.2f} s"
            )


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
    if chosen.texts:
        with chosen.texts.open(encoding="utf-8") as lines:
            texts = [json.loads(line)["text"] for line in lines]
    else:
        texts = made_up([watch.name for watch in watches[:1000]], 2000, rnd)
    lookup(Lexicon(expand(watches).forms), texts)
    whole(watches, texts)


if __name__ == "__main__":
    main()
