"""Upkeep: what the house does for its store while time passes. Retention, and the daily sample for the queue.

In: an open house. Out: nothing; the store and the log say what was done. Invariant: each step is small, may be
interrupted anywhere, and its mark is in the store, so that `run` and `once` share it.
"""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import structlog

from bot.config import KeepSettings
from bot.pipeline import House
from bot.store import Cutoffs

SWEPT = "swept"
"""Under this name the store remembers when all posts were last gone through."""
OFTEN, SELDOM = timedelta(minutes=1), timedelta(days=1)
log = structlog.get_logger()


async def keep(house: House) -> int:
    """Remove the words of posts that are older than `keep:` says, a few at a time. Gives the number of posts.

    All posts are gone through once a day, or more often where something is kept for less than a day.
    """
    now, settings = house.clock.now(), house.config.keep
    swept = await house.store.remembered(SWEPT)
    if swept and now < datetime.fromisoformat(swept) + rest(settings):
        return 0
    expired, after = 0, 0
    while not house.stopping.is_set():
        step = await house.store.upkeep.expire(cutoffs(settings, now), now, after)
        expired += step.expired
        if step.after is None:
            await house.store.remember(SWEPT, now.isoformat())
            break
        after = step.after
        await asyncio.sleep(0)
    if expired:
        log.info("words removed by age", posts=expired)
    return expired


async def sample(house: House) -> int:
    """Put a few hits of the days that are over into the queue, by lot. Gives their number; 0 if that was done."""
    return await house.store.upkeep.draw(house.secret, house.clock.now())


def rest(settings: KeepSettings) -> timedelta:
    """How long after one sweep the next begins."""
    shortest = min(settings.unmatched, settings.posts, settings.deleted_by_author)
    return min(max(shortest / 24, OFTEN), SELDOM)


def cutoffs(settings: KeepSettings, now: datetime) -> Cutoffs:
    return Cutoffs(
        unmatched=now - settings.unmatched,
        posts=now - settings.posts,
        deleted=now - settings.deleted_by_author,
    )
