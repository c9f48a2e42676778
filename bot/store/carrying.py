"""What people silenced and decided after a copy was made, taken over from the database that the copy replaces.

In: a connection to the replaced database, then one to the copy. Out: how much was carried over, and how much stays
behind. Invariant: a number means the same in both (`numbering`), so what the copy lacks is added under its own; an act
goes over with all that it names, or stays behind.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, RowMapping, inspect, select, update

from bot.errors import StoreError
from bot.store.faults import translated
from bot.store.keys import rows_of
from bot.store.sql import pieces
from bot.store.tables import act, act_on, hit, meta, silence

_INSTANCE = select(meta.c.value).where(meta.c.name == "instance")
_CHANCES = select(hit.c.row, hit.c.chance).where(hit.c.chance.is_not(None))


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """What became of it: silences, new or with another end; acts; and acts on what the copy does not have."""

    silences: int = 0
    acts: int = 0
    left: int = 0
    readable: bool = True
    """False where the replaced database cannot be read: then nothing is known of what was lost with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """All that people did in a database; `targets` are the rows of `act_on`, by act."""

    instance: str
    silences: Sequence[RowMapping]
    acts: Sequence[RowMapping]
    targets: Mapping[int, Sequence[RowMapping]]
    chances: Mapping[int, float]
    """How likely each hit was to be asked about (`sampling`), by row."""

    def named(self, done: RowMapping) -> Sequence[RowMapping]:
        return self.targets.get(done["row"], ())


NOTHING = Work(instance="", silences=(), acts=(), targets={}, chances={})


def read(build: Engine, name: str) -> Work | None:
    """What the database holds of it; None where it cannot be read, and a copy takes its place for that."""
    try:
        with translated(name), build.connect() as conn:
            return _read(conn) if inspect(conn).has_table(meta.name) else NOTHING
    except StoreError:
        return None
    finally:
        build.dispose()


def _read(conn: Connection) -> Work:
    targets = defaultdict(list)
    for row in conn.execute(select(act_on)).mappings():
        targets[row["act"]].append(row)
    return Work(
        instance=conn.execute(_INSTANCE).scalar_one(),
        silences=conn.execute(select(silence).order_by(silence.c.row)).mappings().all(),
        acts=conn.execute(select(act).order_by(act.c.row)).mappings().all(),
        targets=targets,
        chances={row.row: row.chance for row in conn.execute(_CHANCES)},
    )


def carry(work: Work | None, new: Connection) -> Carried:
    """Add to the copy what it lacks of it; nothing of another database's."""
    if work is None:
        return Carried(readable=False)
    if work.instance != new.execute(_INSTANCE).scalar():
        return Carried()
    return _acts(work, new, _silences(work, new))


def _silences(work: Work, new: Connection) -> int:
    known = {row.row: row.until for row in new.execute(select(silence))}
    lost = [dict(row) for row in work.silences if row["row"] not in known]
    ended = [row for row in work.silences if row["row"] in known and known[row["row"]] != row["until"]]
    if lost:
        new.execute(silence.insert(), lost)
    for row in ended:
        new.execute(update(silence).where(silence.c.row == row["row"]).values(until=row["until"]))
    return len(lost) + len(ended)


def _acts(work: Work, new: Connection, silences: int) -> Carried:
    there = set(new.execute(select(act.c.row)).scalars())
    lost = [each for each in work.acts if each["row"] not in there]
    known = _known(new, [target["target"] for each in lost for target in work.named(each)])
    carried = []
    for each in lost:
        whole = all(target["target"] in known for target in work.named(each))
        if whole and (each["undoes"] is None or each["undoes"] in there):
            there.add(each["row"])
            carried.append(each)
            _do(work, new, each)
    return Carried(silences=silences, acts=len(carried), left=len(lost) - len(carried))


def _do(work: Work, new: Connection, done: RowMapping) -> None:
    new.execute(act.insert().values(**done))
    for target in work.named(done):
        new.execute(act_on.insert().values(**target))
        for row in rows_of("h", [target["target"]]):
            judged = {**target["after"], "chance": work.chances.get(row)}
            new.execute(update(hit).where(hit.c.row == row).values(judged))


def _known(new: Connection, targets: Sequence[str]) -> set[str]:
    """The silences and those hits that the copy has. Acts on stories and deliveries stay behind: those are settled."""
    silenced = {f"m{row}" for row in new.execute(select(silence.c.row)).scalars()}
    found = (new.execute(select(hit.c.row).where(hit.c.row.in_(piece))) for piece in pieces(rows_of("h", targets)))
    return silenced | {f"h{row}" for rows in found for row in rows.scalars()}
