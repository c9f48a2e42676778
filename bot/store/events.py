"""What a row of a table says of something, as an event in words. Pure; `trace` finds the rows.

In: rows of the tables, or nouns of the house. Out: events whose texts are `Said`, so that a page can say them anew.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from bot.model import Action, Arrival, Cursor, HitState, Message, Outcome, Reason, Relation, Silence, StoredHit
from bot.store.codec import load
from bot.store.rows import Event
from bot.store.said import Said, joined
from bot.store.steps import DigestState

_SEEN: Mapping[str, Said] = {
    Arrival.LIVE: Said("seen live"),
    Arrival.BASELINE: Said("seen in the first reading of its source: stored, not announced"),
    Arrival.BACKFILL: Said("asked for by backfill: stored, told as late"),
}
_RELATION: Mapping[str, Said] = {
    Relation.FIRST: Said("the first report of"),
    Relation.FORWARD: Said("a forward, in"),
    Relation.COPY: Said("a copy, in"),
    Relation.INCLUDED: Said("part of a round-up, with a story of its own:"),
}
_OUTCOME: Mapping[str, Said] = {
    Outcome.WAITING: Said("waits"),
    Outcome.SENDING: Said("is being sent"),
    Outcome.SENT: Said("sent"),
    Outcome.PARKED: Said("parked until the operator acts"),
    Outcome.DROPPED: Said("nothing is left to do"),
    Outcome.UNKNOWN: Said("sent or not: unknown; it is settled before any repeat"),
}
_STATE: Mapping[HitState, Said] = {
    HitState.EDITED_OUT: Said("; edited out since"),
    HitState.DELETED: Said("; its post was deleted"),
    HitState.RULED_OUT: Said("; not found by today's rules (rematch)"),
    HitState.EXPIRED: Said("; its words are no longer kept"),
}
_DIGEST: Mapping[str, Said] = {
    DigestState.COMPOSED: Said("composed"),
    DigestState.EMPTY: Said("nothing to tell, nothing sent"),
    DigestState.COVERED: Said("missed; a later digest covers it"),
}
_GONE: Mapping[str, Said] = {
    "deleted": Said("no longer at its source"),
    "expired": Said("its words were removed by age (keep: in bot.yaml); it stays known, and never comes back as new"),
    "forgotten": Said("its words were removed for good; it stays known, and never comes back as new"),
}
"""By the column of the post that has the moment."""


def seen(row: Row[Any]) -> Event:
    """The first sight of a post."""
    published = Said("; published %(when)s UTC", when=_minute(row.published)) if row.published else ""
    return Event(at=row.seen, step="seen", text=joined(_SEEN[row.arrival], published))


def edited(row: Row[Any]) -> Event:
    """A later revision of a post."""
    when = Said(", edited %(when)s UTC", when=_minute(row.edited)) if row.edited else ""
    text = Said("other words: revision %(number)s%(edited)s", number=row.number, edited=when)
    return Event(at=row.seen, step="edited", text=text)


def gone(row: Row[Any]) -> list[Event]:
    """That a post, or its words, are no longer there."""
    return [Event(at=moment, step=step, text=text) for step, text in _GONE.items() if (moment := getattr(row, step))]


def mention(found: StoredHit) -> Event:
    """A hit, with what became of it."""
    text = Said(
        "%(hit)s: %(watch)s at %(start)s-%(end)s, “%(text)s” as %(form)s: %(why)s; confidence %(confidence)s%(more)s",
        hit=found.key,
        watch=found.hit.watch,
        start=found.hit.start,
        end=found.hit.end,
        text=found.hit.text,
        form=found.hit.form,
        why=joined(*map(Said, found.hit.why), by=", "),
        confidence=f"{found.hit.confidence:.2f}",
        more=joined(*_more(found)),
    )
    return Event(at=found.found, step="matched", text=text)


def _more(found: StoredHit) -> Iterator[str]:
    if found.late:
        yield Said(", late")
    if found.hit.candidates:
        yield Said("; or %(others)s", others=", ".join(found.hit.candidates))
    if found.state in _STATE:
        yield _STATE[found.state]
    if found.verdict and found.meant:
        yield Said("; %(verdict)s as %(meant)s", verdict=Said(found.verdict.value), meant=found.meant)
    elif found.verdict:
        yield Said("; %(verdict)s", verdict=Said(found.verdict.value))


def unmatched(row: Row[Any], *, mentioned: bool) -> list[Event]:
    """That a post has no mention, and what it still waits for."""
    events = []
    if row.matched and not mentioned:
        text = Said("no watched place or term in revision %(number)s", number=row.matched)
        events.append(Event(at=row.matched_at, step="matched", text=text))
    if row.matched < row.revision:
        events.append(waits(Said("revision %(number)s is to be matched", number=row.revision)))
    if row.ungrouped:
        events.append(waits(Said("its story is to be found")))
    return events


def waits(text: Said) -> Event:
    """What still has to happen."""
    return Event(at=None, step="waits", text=text)


def placed(row: Row[Any], keys: Mapping[int, str]) -> Event:
    """That a post joined its story. `keys`: the posts with which other stories begin, by the row of the story."""
    text = Said("%(relation)s s%(story)s: %(reason)s", relation=_RELATION[row.relation], story=row.story,
                reason=Said(row.reason))  # fmt: skip
    within = [Said("; within s%(row)s (%(key)s)", row=row.within, key=keys[row.within])] if row.within else []
    related = [Said("; like s%(row)s (%(key)s)", row=each, key=keys[each]) for each in row.related if each in keys]
    return Event(at=row.placed, step="grouped", text=joined(text, *within, *related))


def decided(row: Row[Any]) -> Event:
    """What a route decided on a story."""
    home = f"d{row.digest}" if row.digest else f"n{row.notice}" if row.notice else None
    told = Said(" in %(home)s", home=home) if home else ""
    text = Said("route %(route)s: %(reason)s%(told)s", route=row.route, reason=_reason(row), told=told)
    return Event(at=row.at, step="decided", text=text)


def told(row: Row[Any]) -> Event:
    """A decision, as one of those that its digest or notice made."""
    return Event(at=row.at, step="decided", text=joined(f"s{row.story}: ", _reason(row)))


def _reason(row: Row[Any]) -> Said:
    reason = Said(Reason[row.reason].value)
    return joined(reason, f" ({row.note})") if row.note else reason


def composed(row: Row[Any]) -> Event:
    """A digest."""
    text = Said("route %(route)s, slot %(slot)s UTC: %(state)s", route=row.route, slot=_minute(row.slot),
                state=_DIGEST[row.state])  # fmt: skip
    return Event(at=row.composed, step="composed", text=text)


def slot(row: Row[Any]) -> Event:
    """A digest, as one of its route's."""
    text = Said("d%(row)s: slot %(slot)s UTC: %(state)s", row=row.row, slot=_minute(row.slot), state=_DIGEST[row.state])
    return Event(at=row.composed, step="composed", text=text)


def notice(row: Row[Any]) -> Event:
    """What a route sent outside of its digests."""
    text = Said("n%(row)s: route %(route)s, %(subject)s, revision %(revision)s", row=row.row, route=row.route,
                subject=row.subject, revision=row.revision)  # fmt: skip
    return Event(at=row.at, step=row.kind, text=joined(text, f": {row.text}") if row.text else text)


def silence(found: Silence) -> Event:
    text = Said(
        "%(key)s: %(named)s, until %(until)s UTC, by %(author)s: %(comment)s",
        key=found.key,
        named=found.named,
        until=_minute(found.until),
        author=found.author,
        comment=found.comment,
    )
    return Event(at=found.since, step="silence", text=text)


def registered(row: Row[Any]) -> Event:
    """Since when a route is known."""
    return Event(at=row.first_seen, step="route", text=Said("%(name)s is known since then", name=row.name))


def delivery(row: Row[Any]) -> tuple[Event, Event]:
    """That a message was queued, and how it fared."""
    to = f"{row.kind}:{row.address}" if row.address else row.kind
    what = Said("o%(row)s: %(what)s for %(to)s", row=row.row, what=_what(row, load(Message, row.payload)), to=to)
    tries = Said(" at try %(count)s", count=row.attempts) if row.attempts > 1 else ""
    moment = f"{row.not_before:%Y-%m-%d %H:%M:%S}" if row.not_before and not row.sent else ""
    wait = Said(", not before %(when)s UTC", when=moment) if moment else ""
    details = "".join(f": {part}" for part in (row.reason, row.receipt) if part)
    fared = joined(f"o{row.row}: ", _OUTCOME[row.outcome], tries, wait, details)
    return (
        Event(at=row.created, step="queued", text=what),
        Event(at=row.sent or row.tried, step="delivery", text=fared),
    )


def _what(row: Row[Any], message: Message) -> Said:
    if row.action == Action.SEND:
        return Said("part %(part)s of %(parts)s", part=message.part, parts=message.parts)
    if row.action == Action.EDIT:
        return Said("an edit of o%(row)s", row=row.changed)
    return Said("a pin of o%(row)s", row=row.changed)


def first_reading(row: Row[Any]) -> list[Event]:
    """When a source was read for the first time, if it was."""
    return [Event(at=row.first_read, step="first reading", text=row.address)] if row.first_read else []


def change(row: Row[Any]) -> Event:
    """A source passed from one state to another."""
    return Event(at=row.at, step="state", text=f"{row.previous} to {row.state}: {row.detail}".rstrip(": "))


def standing(row: Row[Any]) -> Iterator[Event]:
    """The state of a source, and what of it could not be read yet."""
    yield Event(at=row.since, step="now", text=f"{row.state}: {row.detail}".rstrip(": "))
    for gap in load(Cursor, row.cursor).gaps:
        text = Said("messages %(low)s to %(high)s are still to be read", low=gap.low, high=gap.high)
        yield Event(at=None, step="gap", text=text)


def _minute(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M}"
