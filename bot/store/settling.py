"""What people say of deliveries that nobody can settle by himself: it arrived, or it is to be sent again.

In: an act on deliveries ("o7"), perhaps with the message that was found. Out: the state that each is to have.
Invariant: only what is parked or of unknown outcome is a person's to settle; what waits, is being sent or was sent is
left alone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Row, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import Overtaken, StoreError, WrongUsage
from bot.model import Action, DestinationKind, Outcome
from bot.store.keys import number, rows_of
from bot.store.outbox import NOTHING_LEFT, release
from bot.store.reviewed import Act
from bot.store.said import Said
from bot.store.states import State, States, moment_of, text_of
from bot.store.tables import outbox

OPEN = frozenset({Outcome.PARKED, Outcome.UNKNOWN})

_MESSAGE = re.compile(
    r"(?:(?:https?://)?t\.me/(?:s/)?(?:c/(?P<id>\d{1,18})|(?P<name>\w+))/(?:\d+/)?)?(?P<number>[1-9]\d{0,17})(?:\?\S*)?",
    re.IGNORECASE | re.ASCII,
)
_BY_ITSELF: Mapping[Outcome, Said] = {
    Outcome.WAITING: Said("waits, and is sent when its turn comes"),
    Outcome.SENDING: Said("is being sent"),
    Outcome.SENT: Said("was sent"),
    Outcome.DROPPED: Said("has nothing left to do"),
}


async def arrived(conn: AsyncConnection, wanted: Act, now: datetime) -> States:
    """The messages are there; `to` is the address of the one that is, or its number, so that edits find it."""
    if wanted.to and len(wanted.targets) > 1:
        raise WrongUsage("link", Said("is that of one message"), Said("settle one delivery at a time with it"))
    after = {}
    for key, row in (await _named(conn, wanted.targets)).items():
        if row.action != Action.SEND:
            what = Said("is a change of a message, and may be made twice")
            raise StoreError(key, what, Said("let it be sent again"))
        nameless = row.outcome == Outcome.SENT and row.receipt is None and wanted.to
        if not nameless:
            _refuse_settled(key, row)
        receipt = await _receipt(conn, row, wanted.to) if wanted.to else row.receipt
        reason = _says(wanted, "arrived", now)
        sent = text_of(row.sent or row.tried or now)
        after[key] = _state(row) | {"outcome": Outcome.SENT.value, "reason": reason, "receipt": receipt, "sent": sent}
    return after


async def again(conn: AsyncConnection, wanted: Act, now: datetime) -> States:
    """The messages are not there: each is sent as if no try had been made, under the key that it had."""
    after = {}
    for key, row in (await _named(conn, wanted.targets)).items():
        _refuse_settled(key, row)
        if row.reason in NOTHING_LEFT:
            raise StoreError(key, Said("holds no words any more"), Said("`trace` says which stories it told"))
        reason = _says(wanted, "to be sent again", now)
        after[key] = _state(row) | {"outcome": Outcome.WAITING.value, "reason": reason, "tried": None}
    return after


async def states(conn: AsyncConnection, wanted: States) -> dict[str, State]:
    """The present state of the deliveries among these."""
    return {f"o{row.row}": _state(row) for row in await _rows(conn, rows_of("o", wanted))}


async def apply(conn: AsyncConnection, after: States) -> None:
    """Put each delivery into its state. Changes of its message, which were parked for its sake, are tried again."""
    for row in rows_of("o", after):
        state = after[f"o{row}"]
        moments = {name: moment_of(state[name]) for name in ("tried", "sent")}
        await conn.execute(update(outbox).where(outbox.c.row == row).values(**{**state, **moments}, not_before=None))
        await release(conn, row)


def refuse_moved_on(was: States, now: States) -> None:
    """An act on a delivery that the service has carried out since cannot be taken back."""
    for key in (f"o{row}" for row in rows_of("o", was)):
        if now[key]["outcome"] != was[key]["outcome"]:
            done = _BY_ITSELF.get(Outcome(now[key]["outcome"]), Said("was tried since"))
            raise Overtaken(key, done, Said("this cannot be taken back; `outbox` says how it stands"))


async def _named(conn: AsyncConnection, keys: Sequence[str]) -> dict[str, Row[Any]]:
    found = {f"o{row.row}": row for row in await _rows(conn, rows_of("o", keys))}
    for key in keys:
        if number(key, "o") is None or f"o{number(key, 'o')}" not in found:
            raise StoreError(key, Said("is no delivery"), Said("`outbox` prints the ids there are"))
    return found


async def _rows(conn: AsyncConnection, rows: Sequence[int]) -> Sequence[Row[Any]]:
    """Held until the act is written down: the service may be about to send one."""
    return (await conn.execute(select(outbox).where(outbox.c.row.in_(rows)).with_for_update())).all() if rows else ()


def _refuse_settled(key: str, row: Row[Any]) -> None:
    if row.outcome not in OPEN:
        remedy = Said("only what is parked or of unknown outcome is settled by a person: `outbox` says which")
        raise StoreError(key, _BY_ITSELF[Outcome(row.outcome)], remedy)


async def _receipt(conn: AsyncConnection, row: Row[Any], link: str) -> str:
    """The number of the message. Raises `WrongUsage` for one that cannot be it."""
    if not DestinationKind(row.kind).can_change:
        what = Said("leads to a message, and %(kind)s keeps none that could be changed", kind=row.kind)
        raise WrongUsage(link, what, Said("leave it out"))
    found = _MESSAGE.fullmatch(link.strip())
    if found is None:
        what = Said("is no message of a channel")
        raise WrongUsage(link, what, Said("give its number, or its address: https://t.me/NAME/123"))
    name, chat = found["name"], found["id"]
    address = row.address.casefold()
    other = (name and address.startswith("@") and address != f"@{name}".casefold()) or (
        chat and not address.startswith("@") and address.removeprefix("-100") != chat
    )
    if other:
        what = Said("is in another chat than %(to)s", to=f"{row.kind}:{row.address}")
        raise WrongUsage(link, what, Said("give the message that stands there"))
    mine = (outbox.c.kind == row.kind, func.lower(outbox.c.address) == address, outbox.c.row != row.row)
    taken = select(outbox.c.row).where(*mine, outbox.c.action == Action.SEND, outbox.c.receipt == found["number"])
    if (by := (await conn.execute(taken)).scalar()) is not None:
        what = Said("is the message of %(row)s", row=f"o{by}")
        raise WrongUsage(link, what, Said("look for the one with the words of this delivery"))
    return found["number"]


def _says(wanted: Act, what: str, now: datetime) -> str:
    return f"{what}, says {wanted.who or 'a person'} ({now.astimezone(UTC):%d %b %H:%M} UTC)"


def _state(row: Row[Any]) -> dict[str, Any]:
    return {
        "outcome": row.outcome,
        "reason": row.reason,
        "receipt": row.receipt,
        "tried": text_of(row.tried),
        "sent": text_of(row.sent),
    }
