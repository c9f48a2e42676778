"""Grouping: posts a second while so many posts are live, beside others on the same posts, in one run.

    python benchmarks/grouping.py [--live 100000] [--posts 4000] [--seed 1]

The posts are made, not collected: words of a made-up language with the frequencies of a real one, endings and all; a
third of them are reposts (footer, truncation, faults of typing, a comment), also of reposts. Plain: texts with the same
first 200 letters, the least that groups anything. datasketch and rensa (MinHash LSH over the same shingles, 128
permutations, threshold 0.5) join in if they can be imported. Recall: reposts put with a post of the same original;
false: posts put with another. Memory is counted while the post objects themselves are held already.
"""

from __future__ import annotations

import argparse
import gc
import importlib
import random
import resource
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from time import process_time
from typing import Any

from bot.model import Post
from bot.stories import Grouper

START = datetime(2025, 1, 7, tzinfo=UTC)
FOOTER = "\n\nПодписывайтесь на наш канал: https://t.me/example"
COMMENT = " От нас: подтверждения пока нет, ждём слов других сторон и следим за тем, что будет дальше."


@dataclass(frozen=True, slots=True)
class Made:
    """A made post; `original` is the number of the post that it repeats."""

    post: Post
    number: int
    original: int


class Language:
    """Words with Zipf's frequencies, each with a few endings, in sentences with capitals and numbers."""

    def __init__(self, rnd: random.Random, words: int = 30_000) -> None:
        syllables = [c + v for c in "бвгджзклмнпрстфхчш" for v in "аеиоуыя"]
        self._stems = ["".join(rnd.choices(syllables, k=rnd.choice((1, 2, 2, 3, 3, 4)))) for _ in range(words)]
        self._sums = list(_running(1 / (rank + 2.7) for rank in range(words)))
        self._rnd = rnd

    def text(self) -> str:
        return " ".join(self._sentence() for _ in range(self._rnd.choice((2, 3, 3, 4, 5))))

    def _sentence(self) -> str:
        stems = self._rnd.choices(self._stems, cum_weights=self._sums, k=self._rnd.randint(7, 18))
        words = [stem + self._rnd.choice(("", "", "й", "м", "ть", "ого", "ами")) for stem in stems]
        if self._rnd.random() < 0.4:
            words.insert(3, str(self._rnd.randint(2, 900)))
        words[0] = words[0].capitalize()
        for at in range(4, len(words), 6):  # names, as many as in news
            words[at] = self._rnd.choice(self._stems[100:3000]).capitalize()
        return f"{' '.join(words)}."


def _running(values: Iterator[float]) -> Iterator[float]:
    total = 0.0
    for value in values:
        total += value
        yield total


def edited(text: str, rnd: random.Random) -> str:
    words = text.split()
    kind = rnd.randrange(4)
    if kind == 0:
        return text + FOOTER
    if kind == 1:
        return " ".join(words[: int(len(words) * 0.6)]) + "…"
    if kind == 2:
        return "".join(rnd.choice("аеиост") if c.isalpha() and rnd.random() < 0.02 else c for c in text)
    return text + COMMENT


def stream(count: int, seed: int) -> list[Made]:
    """Posts in order of time, a third of them reposts of one of the last 5,000."""
    rnd = random.Random(seed)
    language = Language(rnd)
    made: list[Made] = []
    for number in range(count):
        if made and rnd.random() < 1 / 3:
            source = made[rnd.randrange(max(0, number - 5000), number)]
            original = made[source.original]
            text, first = edited(original.post.text, rnd), original.number
        else:
            text, first = language.text(), number
        made.append(Made(Post(source=f"channel-{number % 997}", id=str(number), text=text), number, first))
    return made


Put = Callable[[Made], int]
"""Takes a post, gives the number of the post it is put with; its own, if none."""


def placewire(_: int) -> Put:
    grouper = Grouper()
    numbers: dict[str, int] = {}

    def put(made: Made) -> int:
        numbers[made.post.key] = made.number
        when = START + timedelta(seconds=made.number)
        return numbers[grouper.place(made.post, when=when).story]

    return put


def plain(_: int) -> Put:
    seen: dict[str, int] = {}

    def put(made: Made) -> int:
        key = "".join(filter(str.isalnum, made.post.text.casefold()))[:200]
        return seen.setdefault(key, made.number)

    return put


def slices(text: str) -> set[str]:
    folded = " ".join(text.casefold().split())
    return {folded[at : at + 5] for at in range(len(folded) - 4)}


def datasketch(_: int) -> Put:
    library: Any = importlib.import_module("datasketch")
    index = library.MinHashLSH(threshold=0.5, num_perm=128)

    def put(made: Made) -> int:
        sketch = library.MinHash(num_perm=128)
        sketch.update_batch([piece.encode() for piece in slices(made.post.text)])
        found = min(index.query(sketch), default=made.number)
        index.insert(made.number, sketch)
        return int(found)

    return put


def rensa(_: int) -> Put:
    library: Any = importlib.import_module("rensa")
    index = library.RMinHashLSH(threshold=0.5, num_perm=128, num_bands=32)

    def put(made: Made) -> int:
        sketch = library.RMinHash(num_perm=128, seed=1)
        sketch.update(sorted(slices(made.post.text)))
        found = min(index.query(sketch), default=made.number)
        index.insert(made.number, sketch)
        return int(found)

    return put


def memory() -> float:
    """The most that the process has held so far, in MB; on Linux, kilobytes are given."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measured(name: str, made: list[Made], live: int, put: Put) -> str:
    before = memory()
    # Not timed: the filling. The rate is that of the posts that come while so many are held.
    put_with = {each.number: put(each) for each in made[:live]}
    began = process_time()
    put_with |= {each.number: put(each) for each in made[live:]}
    seconds = process_time() - began
    timed = made[live:]
    reposts = [each for each in timed if each.original != each.number]
    joined = sum(_together(made, each, put_with[each.number]) for each in reposts)
    false = sum(made[put_with[each.number]].original != each.original for each in timed)
    return (
        f"{name:12} {len(timed) / seconds:9.0f} posts/s   recall {joined / len(reposts):.4f}   "
        f"false {false / len(timed):.4f}   memory at most +{memory() - before:.0f} MB"
    )


def _together(made: list[Made], each: Made, other: int) -> bool:
    return other != each.number and made[other].original == each.original


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--live", type=int, default=100_000)
    options.add_argument("--posts", type=int, default=4_000)
    options.add_argument("--seed", type=int, default=1)
    chosen = options.parse_args()
    made = stream(chosen.live + chosen.posts, chosen.seed)
    gc.freeze()  # what we hold for all of them is not theirs to be looked through for garbage
    print(f"{chosen.live} live posts, {chosen.posts} posts timed, {sys.version.split()[0]}")
    for maker in (placewire, plain, datasketch, rensa):
        try:
            print(measured(maker.__name__, made, chosen.live, maker(chosen.live)), flush=True)
        except ModuleNotFoundError as error:
            print(f"{maker.__name__:12} not installed ({error.name})")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
