"""The plan of the house: the five rooms in order.

    poll | match | group | announce | compose | deliver

Each step takes from the store what has not passed it yet and commits the result with its mark, so that every step may
be interrupted anywhere and run again with the same result. Invariant: the rooms meet only here.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, TypeVar

import structlog

from bot.config import Config
from bot.delivery import Delivered, Destinations, idempotency_key
from bot.delivery.quiet import quiet_of
from bot.digests import (
    Composition,
    Health,
    compose as compose_digest,
    flavour_of,
    foreign,
    gathers,
    illustrated,
    render,
    trouble,
)
from bot.errors import SourceDown, StoreError
from bot.matching import Knowledge, Matcher
from bot.model import (
    NO_ROOM,
    WORKING,
    Condition,
    Hit,
    Place,
    Placement,
    Reading,
    Reason,
    Relation,
    Route,
    Schedule,
    Source,
    SourceMemory,
    StoredPost,
    Story,
)
from bot.notices import Desk, Rounds, announce, due_corrections, hold_digest, quiet_hold, told_at_once
from bot.slots import Clock, due_slots
from bot.sources import BATCH as BATCH_AGAIN, HORIZON, Reader, after
from bot.store import OUR_OWN, Committed, DigestState, Letters, NewDigest, Outgoing, Store
from bot.stories import Grouper, Memory, certain
from bot.translate import translations

T = TypeVar("T")
BATCH = 200
LIFE = timedelta(hours=48)
COVERED = 99
"""Missed slots that get a row of their own; a digest that covers more of them counts the rest."""
LEARNT_FROM = 50_000
"""So many posts are counted again when other words are watched: they tell enough, and are quickly read."""
log = structlog.get_logger()


@dataclass(slots=True)
class House:
    """Everything that the steps work with, built once by the service."""

    config: Config
    clock: Clock
    store: Store
    reader: Reader
    matcher: Matcher
    memory: Memory
    destinations: Destinations
    secret: bytes
    short_of_room: Callable[[], str] = str
    """Says in words that the disk is nearly full; nothing while there is room."""
    stopping: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when it is told to stop: a long step then ends after its batch, and goes on at the next start."""
    rounds: Rounds = field(default_factory=Rounds)
    sources: dict[str, Source] = field(init=False)

    @property
    def desk(self) -> Desk:
        return Desk(self.config, self.store, self.secret)

    def __post_init__(self) -> None:
        self.sources = {source.name: source for source in self.config.sources}


# ---------------------------------------------------------------- source -> post


async def poll(house: House, name: str) -> Committed:
    """First step, for one source: read it, and commit posts, cursor and condition in one transaction.

    When more than its newest page was compared, some posts that are older still are, too.
    """
    source = house.sources[name]
    memory = await house.store.memory(name)
    short = house.short_of_room()
    reading = _without_room(source, memory, short) if short else await _read(house, source, memory)
    now = house.clock.now()
    kept = after(source, memory, reading, now)
    committed = await _whole(house.store.commit_reading(reading, kept, now))
    if reading.window and reading.cursor.swept_at != memory.cursor.swept_at:
        committed += await _reread(house, source, kept, reading.window.low)
    return committed


async def _reread(house: House, source: Source, memory: SourceMemory, below: int) -> Committed:
    """A step of the slow round through older posts, which begins `below` what every sweep compares."""
    at, now = memory.cursor.again, house.clock.now()
    known = await _older(house, source, at, now) if at else []
    known = known or await _older(house, source, below, now)
    reading = await house.reader.reread(source, memory, known, now) if known else None
    return await _whole(house.store.commit_reading(reading, memory, now)) if reading else Committed()


async def _older(house: House, source: Source, below: int, now: datetime) -> list[tuple[int, ...]]:
    return await house.store.upkeep.ids_below(source.name, below, now - HORIZON, BATCH_AGAIN)


async def _whole(transaction: Coroutine[Any, Any, T]) -> T:
    """Let a transaction that has begun come to its end, also when we are told to stop meanwhile."""
    task = asyncio.ensure_future(transaction)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([task])
        raise


def _without_room(source: Source, memory: SourceMemory, short: str) -> Reading:
    """Nothing is fetched while the disk is nearly full: what is left of it is for what is still to be sent."""
    condition = Condition(state=NO_ROOM, detail=short, remedy="make room; it goes on by itself then")
    return Reading(source=source.name, condition=condition, cursor=memory.cursor)


async def _read(house: House, source: Source, memory: SourceMemory) -> Reading:
    try:
        return await house.reader.read(source, memory, house.clock.now())
    except Exception as error:
        # Invariant 9: a fault of ours in reading one source must not stop the others, so it becomes its condition.
        log.exception("reading a source failed", source=source.name)
        fault = SourceDown(source.name, f"{type(error).__name__}: {error}", "report it", state="fault")
        condition = Condition(state=fault.state, detail=fault.what, remedy=fault.remedy)
        return Reading(source=source.name, condition=condition, cursor=memory.cursor)


# ---------------------------------------------------------------- post -> hit -> story


async def match(house: House) -> int:
    """Second step: find the hits of every revision that has not been matched. Gives the number of posts."""
    done = 0
    while not house.stopping.is_set() and (posts := await house.store.unmatched(BATCH)):
        if not done:
            await learn(house)
        await house.store.save_matches([(post, await hits_of(house, post)) for post in posts], house.clock.now())
        done += len(posts)
    return done


async def learn(house: House) -> None:
    """Count how the watched words are written in posts not counted yet, and let the matcher know all that is learnt."""
    if house.config.matching.learn:
        while not house.stopping.is_set() and await _count(house):
            pass
    known = await knowledge(house.config, house.store)
    house.matcher = house.matcher.knowing(known)


async def knowledge(config: Config, store: Store) -> Knowledge:
    """What was learnt so far, for a matcher to know."""
    known = await store.letters() if config.matching.learn else None
    return Knowledge(known.cases if known else {}, frozenset(await store.preferences()))


async def _count(house: House) -> bool:
    """Count one page of posts; False if there is none. Other watches: again from the last LEARNT_FROM posts on."""
    known, vocabulary = await house.store.letters(), house.matcher.vocabulary
    after = known.upto if known.vocabulary == vocabulary else max(0, await house.store.newest_post() - LEARNT_FROM)
    posts = await house.store.upkeep.posts_after(after, BATCH)
    if not posts:
        return False
    cases: dict[str, tuple[int, int]] = {}
    for stored in posts:
        await asyncio.sleep(0)
        for form, capital in _letters(house, stored):
            small, large = cases.get(form, (0, 0))
            cases[form] = (small + (not capital), large + capital)
    await house.store.add_letters(Letters(vocabulary, posts[-1].row, cases), after)
    return True


def _letters(house: House, stored: StoredPost) -> Sequence[tuple[str, bool]]:
    try:
        return tuple(house.matcher.letters(stored.post.body))
    except Exception:
        # Invariant 9: a post that we cannot read must not hold up those behind it.
        log.exception("counting a post failed", post=stored.post.key)
        return ()


async def hits_of(house: House, stored: StoredPost) -> Sequence[Hit]:
    """What the rules of now find in a post; nothing, if that fails."""
    await asyncio.sleep(0)  # a long post takes its time: let the others have theirs in between
    post, source = stored.post, house.sources.get(stored.post.source)
    try:
        # The language that is stored is told by the letters, which the matcher sees for itself: a name in look-alike
        # Latin letters must not make an English post.
        return house.matcher.match(post.body, source=post.source, source_region=source.region if source else None)
    except Exception:
        # Invariant 9: one post that we cannot match must not hold up all those behind it.
        log.exception("matching a post failed", post=post.key)
        return ()


async def group(house: House) -> int:
    """Third step: put every post with a hit into its story. Gives the number of posts."""
    done = 0
    while not house.stopping.is_set() and (posts := await house.store.ungrouped(BATCH)):
        grouper, count = await house.memory.holding([each.happened for each in posts], house.clock.now())
        named = await places_of(house.config, house.store, posts[:count])
        placed = [(each, await _place(grouper, each, named[each.row])) for each in posts[:count]]
        await house.store.save_placements(placed, house.clock.now())
        done += count
    return done


async def places_of(config: Config, store: Store, posts: Sequence[StoredPost]) -> dict[int, tuple[str, ...]]:
    """The places that each post certainly names, by row."""
    hits = await store.hits_of([each.row for each in posts])
    places = place_ids(config)
    return {each.row: certain(hits.get(each.row, ()), places) for each in posts}


def place_ids(config: Config) -> frozenset[str]:
    """The watches that are places."""
    return frozenset(watch.id for watch in config.watches if isinstance(watch, Place))


async def _place(grouper: Grouper, stored: StoredPost, places: Sequence[str]) -> Placement:
    await asyncio.sleep(0)
    key = stored.post.key
    try:
        return grouper.place(stored.post, when=stored.happened, places=places)
    except Exception:
        # Invariant 9, as above: it stands alone then.
        log.exception("grouping a post failed", post=key)
        return Placement(post=key, story=key, relation=Relation.FIRST, reason="could not be compared with others")


# ---------------------------------------------------------------- story -> digest


async def compose(house: House) -> int:
    """Fourth step: a digest for each route whose slot is due, frozen into the outbox. Gives the number of digests."""
    composed = 0
    for route in house.config.routes:
        try:
            if route.digest:
                composed += await _compose_due(house, route, route.digest)
        except StoreError:
            raise
        except Exception:
            # Invariant 9: a route that we cannot compose for must not silence the others.
            log.exception("composing a digest failed", route=route.name)
    return composed


async def _compose_due(house: House, route: Route, schedule: Schedule) -> bool:
    now = house.clock.now()
    mark = await house.store.route(route.name, now)
    since = mark.last_slot or mark.first_seen
    slots = due_slots(schedule.cron, schedule.timezone, since, now)
    if not slots:
        return False
    if hold := quiet_hold(route, now):
        await hold_digest(house.desk, route, house.rounds, slots[-1], hold, now)
        return False
    # Nothing of what was there before the route was: a new route does not tell the whole past.
    stories = await house.store.untold(route.name, since=mark.first_seen)
    due = Due(slot=slots[-1], since=since, now=now, missed=tuple(slots[:-1]))
    made = await composed(house.desk, route, stories, due)
    new = frozen(house.secret, route, due, made)
    if made.digest is not None:
        new = replace(new, notices=(await due_corrections(house.desk, route, now))[1])
    saved = await house.store.save_digest(new, now)
    return saved is not None and made.digest is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A digest's own time, the end of the one before it, the moment of composing, and slots that nobody told."""

    slot: datetime
    since: datetime
    now: datetime
    missed: tuple[datetime, ...] = ()


async def composed(desk: Desk, route: Route, stories: Sequence[Story], due: Due) -> Composition:
    """What the route tells of these stories, and why not the others."""
    corrections, _ = await due_corrections(desk, route, due.now)
    before = await _told_before(desk, route, stories, due)
    decided = await desk.store.decisions(route.name, [story.row for story in stories])
    made = compose_digest(
        route,
        stories,
        slot=due.slot,
        since=due.since,
        now=due.now,
        missed=tuple(slot for slot in due.missed if not quiet_of(route, slot)),
        watches=desk.config.watches,
        health=health(desk.config.sources, await desk.store.memories(), due.now, route.language),
        silences=await desk.store.notices.silences(due.now),
        corrections=corrections,
        at_once=await told_at_once(desk, route, due.since, due.now),
        told_before=before,
        retold=[row for row, reason in decided.items() if reason is Reason.AMENDED],
        review=stories_page(desk.config.review.public_url),
        related=await desk.store.notices.related([story.row for story in (*stories, *before)]),
        settles=True,
    )
    return await _translated(made, route)


async def _told_before(desk: Desk, route: Route, stories: Sequence[Story], due: Due) -> Sequence[Story]:
    """What a list among the stories may say again: no post is grouped with one of two days before."""
    if not any(gathers(story) for story in stories):
        return ()
    return await desk.store.notices.told_since(route.name, due.now - LIFE)


def stories_page(public_url: str | None) -> str | None:
    """The list of stories on our page, where it is public."""
    return f"{public_url.rstrip('/')}/stories" if public_url else None


async def _translated(made: Composition, route: Route) -> Composition:
    """With its foreign quotes translated beside the originals, where the route asks for it."""
    if route.translate is None or made.digest is None:
        return made
    found = await translations(route.translate, foreign(made.digest), route.language)
    return replace(made, digest=replace(made.digest, translations=found))


def frozen(secret: bytes, route: Route, due: Due, made: Composition) -> NewDigest:
    """The digest as the store takes it: every message with its idempotency key."""
    messages = render(made.digest, flavour=flavour_of(route.to)) if made.digest else ()
    if made.card and messages:
        messages = illustrated(messages, made.card, route.to)
    return NewDigest(
        route=route.name,
        slot=due.slot,
        since=due.since,
        state=DigestState.COMPOSED if made.digest else DigestState.EMPTY,
        covered=due.missed[-COVERED:],
        messages=tuple(
            Outgoing(
                idempotency=idempotency_key(secret, route.name, due.slot, message.part),
                to=route.to,
                message=message,
                words_of=made.digest.words_of if made.digest else OUR_OWN,
                thread=route.thread,
            )
            for message in messages
        ),
        decisions=made.decisions,
    )


def health(sources: Sequence[Source], memories: dict[str, SourceMemory], now: datetime, language: str) -> Health:
    """How many sources work, and in the words of `language` what ails the others."""
    asked = [(source, memories[source.name].condition) for source in sources if source.name in memories]
    failing = [(source, condition) for source, condition in asked if condition.state not in WORKING]
    return Health(
        working=len(asked) - len(failing),
        sources=len(sources),
        troubles=tuple(
            trouble(source.shown, condition.state, now - condition.since if condition.since else None, language)
            for source, condition in failing
        ),
    )


# ---------------------------------------------------------------- digest -> delivery


async def deliver(house: House) -> Delivered:
    """Fifth step: drain the outbox, each destination at its own pace and with its own trouble."""
    return await house.destinations.deliver(house.store, house.clock.now())


async def think(house: House) -> int:
    """The steps between the first and the last: match, group, announce, compose. Gives the number of digests."""
    await match(house)
    await group(house)
    if house.stopping.is_set():
        return 0
    await announce(house.desk, house.rounds, house.clock.now())
    return await compose(house)
