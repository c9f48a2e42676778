"""Muting, as the page and scripts ask for it: a place or a source does not ring for a while.

In: what is named, and until when. Out: the act of a person that keeps the silence; 400 in words for what cannot be.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from starlette.exceptions import HTTPException
from starlette.requests import Request

from bot.model import Silence
from bot.review.desk import desk_of, who
from bot.store import Act, Acted, ActKind, How

LONGEST = timedelta(days=31)
"""So long something may be muted for at once."""


async def mute(
    request: Request, how: How, *, place: str | None, source: str | None, until: datetime | None, comment: str = ""
) -> Acted:
    """Let the place or the source be quiet; with both, what this source says of this place."""
    desk = desk_of(request)
    known = place in {None, *desk.watches} and source in {None, *desk.sources} and (place or source)
    if not known or until is None or not desk.now < until <= desk.now + LONGEST:
        raise HTTPException(400, "Choose a place or a source, and for how long: until a time to come, 31 days at most.")
    until = until.astimezone(UTC)
    about = Silence(since=desk.now, until=until, author=who(request), comment=comment, place=place, source=source)
    note = f"{', '.join(filter(None, (place, source)))}, until {until:%Y-%m-%d %H:%M} UTC"
    wanted = Act(kind=ActKind.MUTE, who=who(request), how=how, note=note)
    return await desk.store.reviews.mute(wanted, about, desk.now)
