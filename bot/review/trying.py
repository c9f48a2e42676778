"""Trying a watch on what is stored, before it is one: which hits it would bring and which it would take.

In: a watch as it is, and as it would be. Out: hits gained and lost, also by confidence, and of the lost those that
people confirmed. Invariant: nothing is changed. Each try costs a child process and many posts.
"""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.config.cache import cache_folder
from bot.matching import Matcher, load_matcher
from bot.model import Hit, Rejection, StoredHit, StoredPost, Verdict, Watch
from bot.pipeline import knowledge
from bot.rematching import hits as found
from bot.review.desk import Desk
from bot.review.excerpt import GONE, Piece, around

PAGE = 200
SURE = 0.5
"""A route's confidence, where it says nothing else: what falls below it is no longer told."""
WITHIN = 12
"""Words on each side of a name that are near it, where a rule says nothing else."""
LONG, PROPOSED = 5, 5
"""A word of fewer letters tells little; so many are proposed."""
MOST = 2_000
"""Posts of one try, the oldest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One mention that the rule would change."""

    stored: StoredPost
    pieces: Sequence[Piece]
    text: str
    confirmed: bool = False
    rejected: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """`posts` were looked at, all of those that may hold the name if `whole`."""

    gained: Sequence[Outcome]
    lost: Sequence[Outcome]
    posts: int
    whole: bool

    @property
    def confirmed(self) -> int:
        return sum(each.confirmed for each in self.lost)


_ONE = asyncio.Semaphore(1)
"""Trying starts a process with dictionaries in it: one at a time."""


@dataclass(slots=True)
class Known:
    """The matcher of the present watches, made when it is first asked for."""

    watches: Sequence[Watch] = ()
    matcher: Matcher | None = None

    async def of(self, desk: Desk) -> Matcher:
        async with _ONE:
            if self.matcher is None or self.watches != desk.config.watches:
                self.watches = desk.config.watches
                self.matcher = await load_matcher(self.watches, cache_folder())
            return self.matcher


async def try_watch(desk: Desk, known: Matcher, new: Watch) -> Trial:
    """Match again the posts that may name the watch, as it is and as it would be; `known` has those of now."""
    others = [watch for watch in desk.config.watches if watch.id != new.id]
    async with _ONE:
        made = await load_matcher([*others, new], None)
        matcher = made.knowing(await knowledge(desk.config, desk.store))
        names = sorted({*made.forms_of({new.id}), *known.forms_of({new.id})})
        return await _tried(desk, matcher, names, new)


async def _tried(desk: Desk, matcher: Matcher, names: Sequence[str], watch: Watch) -> Trial:
    gained: list[Outcome] = []
    lost: list[Outcome] = []
    after: int | None = 0
    looked = 0
    while after is not None and looked < MOST:
        page = await desk.store.holding(names, after, PAGE)
        after, looked = page.after, looked + len(page.posts)
        matches = [(stored, found(matcher, desk.sources, stored)) for stored in page.posts]
        for each in await desk.store.upkeep.compare(matches, [watch.id]):
            gained += [_gained(each.stored, hit) for hit in each.hits.fresh]
            lost += [_lost(each.stored, hit) for hit in each.hits.gone if hit.state not in GONE]
            gained += [_gained(each.stored, new) for old, new in each.hits.kept if _crosses(old.hit, new)]
            lost += [_lost(each.stored, old) for old, new in each.hits.kept if _crosses(new, old.hit)]
    return Trial(gained=gained, lost=lost, posts=looked, whole=after is None)


def _crosses(weak: Hit, sure: Hit) -> bool:
    """Whether the one was held for a person, and the other would be told."""
    return weak.confidence < SURE <= sure.confidence


def _gained(stored: StoredPost, hit: Hit) -> Outcome:
    found = StoredHit(row=0, hit=hit, found=stored.seen)
    return Outcome(stored=stored, pieces=around(stored.post.body, [found], found), text=hit.text)


def _lost(stored: StoredPost, found: StoredHit) -> Outcome:
    return Outcome(
        stored=stored,
        pieces=around(stored.post.body, [found], found),
        text=found.hit.text,
        confirmed=found.verdict is Verdict.CONFIRMED,
        rejected=found.verdict is Verdict.REJECTED,
    )


def proposed(body: str, hit: Hit, reason: Rejection | None) -> tuple[str, ...]:
    """Texts that hold the name and do not mean the place, as the sentence has them: the words before and behind it.

    For a person the name before it, for a longer name both sides, for other reasons the longer of both.
    """
    before = re.search(r"[\w'’-]+\s+$", body[: hit.start])
    behind = re.match(r"\s+[\w'’-]+", body[hit.end :])
    left = f"{before[0]}{hit.text}" if before else ""
    right = f"{hit.text}{behind[0]}" if behind else ""
    wanted = (left,) if reason is Rejection.PERSON else (left, right)
    return tuple(dict.fromkeys(" ".join(text.split()) for text in wanted if text))


def told_apart(judged: Iterable[tuple[str, Hit, bool]]) -> tuple[str, ...]:
    """Words that stand near hits that were right and near none that was wrong, the commonest first, for a `near`.

    In: bodies with a hit each, and whether it was right. Of a word that was seen once nothing is known.
    """
    right: Counter[str] = Counter()
    wrong: set[str] = set()
    for body, hit, is_right in judged:
        near = _near(body, hit)
        if is_right:
            right.update(near)
        else:
            wrong |= near
    usual = [word for word, count in right.most_common() if count > 1 and word not in wrong]
    return tuple(usual[:PROPOSED])


def _near(body: str, hit: Hit) -> set[str]:
    before, behind = re.findall(r"\w+", body[: hit.start]), re.findall(r"\w+", body[hit.end :])
    words = [word.casefold() for word in (*before[-WITHIN:], *behind[:WITHIN])]
    return {word for word in words if len(word) >= LONG and not word.isdecimal()}
