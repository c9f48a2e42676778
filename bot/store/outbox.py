"""The outbox: what is sent was first written here, and each try is claimed before it is made.

Invariants: at each destination the messages go in the order of their rows; a head that has to wait holds back its own
destination and no other. What is parked holds back the later parts of its digest, and nothing else. Of several edits of
one message that wait, only the last is made: an earlier one never undoes it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, and_, case, exists, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import StoreBusy
from bot.model import SETTLED, Action, Delivery, Destination, DestinationKind, Message, Outcome
from bot.store.codec import dump, load
from bot.store.quoted import outdated
from bot.store.sql import gather, insert, many
from bot.store.steps import Outgoing
from bot.store.tables import UNSENT, outbox

FORGOTTEN = "held the words of a post that was forgotten, and may have been sent: it is not told again"
EXPIRED = "held the words of a post that is kept no longer (keep: in bot.yaml)"
_FORMERLY = "held the words of a post that was forgotten: send another with `digest ROUTE --since`"
NOTHING_LEFT = (FORGOTTEN, EXPIRED, _FORMERLY)
"""Such rows stay parked for good: there is nothing left in them to send."""
TAKEN_BACK = "held words that are gone, and was not sent: what else it told is told anew"
OVERTAKEN = "a later edit of the same message replaced it"
READY = 100
"""So many deliveries are handed out at once, over all destinations."""
_changed, _later = outbox.alias("changed"), outbox.alias("later")
CHANGED = select(_changed.c.row).where(_changed.c.idempotency == outbox.c.of).scalar_subquery().label("changed")
"""The row whose message an edit or a pin changes."""
_TARGET = (
    select(_changed.c.receipt)
    .where(_changed.c.idempotency == outbox.c.of, _changed.c.outcome == Outcome.SENT)
    .scalar_subquery()
    .label("target")
)
_WHOLE = select(outbox, _TARGET)


async def queue(
    conn: AsyncConnection,
    route: str,
    messages: Sequence[Outgoing],
    now: datetime,
    *,
    digest: int | None = None,
    notice: int | None = None,
) -> None:
    """Put messages at the end; passed over are a key that is there already, and what holds words that are gone."""
    gone = await outdated(conn, messages)
    statement = insert(conn, outbox).on_conflict_do_nothing(index_elements=["idempotency"])
    await many(
        conn,
        statement,
        [
            {
                "idempotency": item.idempotency,
                "route": route,
                "kind": item.to.kind,
                "address": item.to.address,
                "thread": item.thread,
                "action": item.action,
                "of": item.of,
                "digest": digest,
                "notice": notice,
                "payload": dump(item.message),
                "outcome": Outcome.WAITING,
                "reason": "",
                "attempts": 0,
                "created": now,
            }
            for item in messages
            if item.idempotency not in gone
        ],
    )
    if any(item.action is Action.EDIT for item in messages):
        await _drop_overtaken(conn)


async def _drop_overtaken(conn: AsyncConnection) -> None:
    """Edits that are not made yet and have a later one of the same message; what is being sent is left to end."""
    newer = exists().where(_later.c.of == outbox.c.of, _later.c.action == Action.EDIT, _later.c.row > outbox.c.row)
    idle = (UNSENT, outbox.c.outcome != Outcome.SENDING, outbox.c.action == Action.EDIT)
    await conn.execute(update(outbox).where(*idle, newer).values(outcome=Outcome.DROPPED, reason=OVERTAKEN))


async def ready(conn: AsyncConnection, now: datetime) -> list[Delivery]:
    """What may go now: from each destination's head on, up to the first message that has to wait."""
    light = select(
        outbox.c.row,
        outbox.c.kind,
        outbox.c.address,
        outbox.c.digest,
        outbox.c.outcome,
        outbox.c.reason,
        outbox.c.not_before,
    )
    rows = (await conn.execute(_unsent(light))).all()
    chosen = list(_from_the_heads(rows, now))[:READY]
    return [to_delivery(row) for row in await gather(conn, _unsent(_WHOLE), outbox.c.row, chosen)]


async def stuck(conn: AsyncConnection) -> list[Delivery]:
    """Tries that were claimed and never settled: the process ended in the middle."""
    query = _unsent(_WHOLE).where(outbox.c.outcome == Outcome.SENDING)
    return [to_delivery(row) for row in await conn.execute(query)]


async def rivals(conn: AsyncConnection, delivery: Delivery, receipts: Sequence[str]) -> list[Delivery]:
    """Other messages to this kind of destination: sent with one of these receipts, or perhaps sent."""
    others = (outbox.c.kind == delivery.to.kind, outbox.c.action == Action.SEND, outbox.c.row != delivery.row)
    open_ = and_(UNSENT, or_(outbox.c.tried.is_not(None), outbox.c.outcome == Outcome.UNKNOWN))
    known = and_(outbox.c.outcome == Outcome.SENT, outbox.c.receipt.in_(receipts))
    query = _WHOLE.where(*others, or_(open_, known)).order_by(outbox.c.row)
    return [to_delivery(row) for row in await conn.execute(query)]


async def oldest_waiting(conn: AsyncConnection) -> datetime | None:
    query = select(outbox.c.created).where(UNSENT, outbox.c.outcome.in_((Outcome.WAITING, Outcome.SENDING)))
    moment: datetime | None = (await conn.execute(query.order_by(outbox.c.row).limit(1))).scalar()
    return moment


async def unpark(conn: AsyncConnection) -> None:
    await _drop_overtaken(conn)  # one that was under way when the later one came, and was parked then
    parked = (outbox.c.outcome == Outcome.PARKED, outbox.c.reason.not_in(NOTHING_LEFT))
    await conn.execute(update(outbox).where(*parked).values(outcome=Outcome.WAITING))


async def release(conn: AsyncConnection, row: int) -> None:
    """Let changes of this row's message be tried again that were parked because it was not sent."""
    await _drop_overtaken(conn)
    key = select(outbox.c.idempotency).where(outbox.c.row == row).scalar_subquery()
    parked = (outbox.c.outcome == Outcome.PARKED, outbox.c.reason.not_in(NOTHING_LEFT))
    await conn.execute(update(outbox).where(outbox.c.of == key, *parked).values(outcome=Outcome.WAITING))


async def begin(conn: AsyncConnection, delivery: Delivery, now: datetime, offset: int | None) -> Delivery:
    """Claim one try. Offset and time of the first that may have arrived stay. Raises `StoreBusy` if it is claimed."""
    mine = (outbox.c.row == delivery.row, outbox.c.attempts == delivery.attempts)
    kept = delivery.offset if delivery.offset is not None else offset
    statement = (
        update(outbox)
        .where(*mine, outbox.c.outcome.in_((Outcome.WAITING, Outcome.SENDING)))
        .values(
            outcome=Outcome.SENDING,
            attempts=delivery.attempts + 1,
            tried=func.coalesce(outbox.c.tried, now),
            offset=kept,
        )
        .returning(outbox.c.row)
    )
    if (await conn.execute(statement)).one_or_none() is None:
        raise StoreBusy(delivery.key, "somebody else is sending it", "it is left to them")
    return to_delivery((await conn.execute(_WHOLE.where(outbox.c.row == delivery.row))).one())


async def settle(  # noqa: PLR0913 - as the Outbox protocol has it
    conn: AsyncConnection,
    delivery: Delivery,
    outcome: Outcome,
    *,
    reason: str,
    receipt: str | None,
    not_before: datetime | None,
    lost: bool,
    now: datetime,
) -> None:
    """Write down how a try ended; `lost`: it, or an earlier one, may have arrived. What was sent stays sent.

    What lost its words meanwhile is not tried again.
    """
    values: dict[str, Any] = {"outcome": outcome, "reason": reason, "not_before": not_before}
    if outcome is not Outcome.SENT:
        emptied = outbox.c.reason.in_(NOTHING_LEFT)
        values["outcome"] = case((emptied, Outcome.PARKED), else_=outcome)
        values["reason"] = case((emptied, outbox.c.reason), else_=reason)
    if outcome in {Outcome.WAITING, Outcome.PARKED} and not lost:
        values["tried"] = None
    if receipt is not None:
        values["receipt"] = receipt
    if outcome is Outcome.SENT:
        values["sent"] = now
    await conn.execute(
        update(outbox).where(outbox.c.row == delivery.row, outbox.c.outcome.not_in(SETTLED)).values(**values)
    )


def to_delivery(row: Row[Any]) -> Delivery:
    return Delivery(
        row=row.row,
        route=row.route,
        to=Destination(DestinationKind(row.kind), row.address),
        message=load(Message, row.payload),
        idempotency=row.idempotency,
        action=Action(row.action),
        of=row.of,
        target=row.target,
        thread=row.thread,
        digest=row.digest,
        outcome=Outcome(row.outcome),
        reason=row.reason,
        attempts=row.attempts,
        not_before=row.not_before,
        tried=row.tried,
        offset=row.offset,
        receipt=row.receipt,
    )


def _unsent(query: Select[Any]) -> Select[Any]:
    return query.where(UNSENT).order_by(outbox.c.row)


def _from_the_heads(rows: Iterable[Row[Any]], now: datetime) -> Iterable[int]:
    held: set[tuple[str, str]] = set()
    broken: set[tuple[str, str, int | None]] = set()
    for row in rows:
        destination = (row.kind, row.address)
        if row.outcome in {Outcome.PARKED, Outcome.UNKNOWN}:
            # What is unknown is never sent again, and so cannot come out of order.
            if row.outcome == Outcome.PARKED and row.digest is not None and row.reason not in NOTHING_LEFT:
                broken.add((*destination, row.digest))
            continue  # these wait for a person, and each of those behind them shall say for itself why it cannot go
        if (*destination, row.digest) in broken:
            continue  # but a digest is read from its first part on
        if row.outcome != Outcome.WAITING or (row.not_before is not None and row.not_before > now):
            held.add(destination)
        if destination not in held:
            yield row.row
