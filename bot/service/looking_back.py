"""Back-search: a place that is new on the watchlist is searched for in everything that is stored.

In: an open house. Out: hits that are late, which never ring. Invariant: the mark of each watch moves in the
transaction that stores what was found, so that a search that was killed goes on where it was, and one that is done
again changes nothing. Only posts that the index says may hold the name are matched.
"""

from __future__ import annotations

import structlog

from bot.pipeline import House, hits_of, learn
from bot.store import Sought

PAGE = 1000
MANY = 5000
"""With more forms than these, as when a database is met for the first time, every post is read instead."""
log = structlog.get_logger()


async def look_back(house: House, pages: int | None = None) -> int:
    """Search stored posts for watches that wait for it; at most so many pages. Gives the number of hits.

    It runs in turn with the other steps, never beside one: a post under way would be matched without the new watch.
    """
    found = 0
    while not house.stopping.is_set() and pages != 0 and (waiting := await house.store.upkeep.sought()):
        await learn(house)
        found += await _page(house, waiting)
        pages = None if pages is None else pages - 1
    if found:
        log.info("found in older posts, late", hits=found)
    return found


async def _page(house: House, waiting: list[Sought]) -> int:
    after, until = min(each.searched for each in waiting), max(each.until for each in waiting)
    forms = house.matcher.forms_of({each.id for each in waiting})
    page = await house.store.holding(forms if len(forms) <= MANY else None, after, PAGE)
    matches = [(each, await hits_of(house, each)) for each in page.posts]
    reached = until if page.after is None else page.after
    return await house.store.upkeep.save_late(matches, waiting, reached, house.clock.now())
