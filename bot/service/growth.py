"""How the store grows, for `doctor`: sizes, age, copies, what is searched for, and whether there is room.

In: an open store, its counts and the room on its disk. Out: findings, with the figures apart for scripts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from bot.config import Config
from bot.service.backups import LastBackup, copies, last_backup
from bot.service.findings import Finding, Verdict
from bot.service.room import LEAST_FREE, LOW
from bot.service.upkeep import SWEPT, rest
from bot.store import Counts, Store

LARGEST = 4
LONG_LOG = 500_000_000
"""Bytes; a write-ahead log is emptied again and again, unless something keeps reading."""
LATE_SWEEP = timedelta(days=2)


async def growth(config: Config, store: Store, counts: Counts, now: datetime) -> list[Finding]:
    """What the database holds and how it is kept."""
    sizes = await store.sizes()
    return [
        _size(counts, sizes),
        *_log(counts),
        _age(counts, await store.remembered(SWEPT), config, now),
        *_backup(config, await last_backup(store)),
        *_searching(len(await store.upkeep.sought())),
    ]


def disk(free: int | None) -> Iterator[Finding]:
    """Whether there is room beside the database; nothing for one on a server."""
    if free is None:
        return
    verdict = Verdict.OK if free > LOW else Verdict.LOOK if free > LEAST_FREE else Verdict.BAD
    full = ": no source is read, what is stored is still sent" if verdict is Verdict.BAD else ""
    remedy = "" if verdict is Verdict.OK else "make room"
    yield Finding(verdict, "disk", f"{megabytes(free)} free beside the database{full}", remedy, {"free": free})


def megabytes(size: int) -> str:
    return f"{size / 1e9:.1f} GB" if size >= 1e9 else f"{size / 1e6:.1f} MB"


def _size(counts: Counts, sizes: Mapping[str, int]) -> Finding:
    parts = ", ".join(f"{name} {megabytes(size)}" for name, size in list(sizes.items())[:LARGEST])
    log = "" if counts.log_size is None else f", write-ahead log {megabytes(counts.log_size)}"
    whole = f"{megabytes(counts.size)}{log}"
    text = f"{whole}; {parts}" if parts else whole
    figures = {"size": counts.size, "log": counts.log_size, "gaps": counts.gaps, "tables": dict(sizes)}
    return Finding(Verdict.OK, "size", text, "", figures)


def _log(counts: Counts) -> Iterator[Finding]:
    if counts.log_size is not None and counts.log_size > LONG_LOG:
        text = f"the write-ahead log has {megabytes(counts.log_size)}"
        yield Finding(Verdict.LOOK, "size", text, "end what has been reading the database for long")


def _age(counts: Counts, swept: str | None, config: Config, now: datetime) -> Finding:
    oldest = f"the oldest post is of {counts.oldest_post:%Y-%m-%d}" if counts.oldest_post else "no posts yet"
    gone = f"; {counts.expired} of {counts.posts} posts are so old that their words were removed"
    last = datetime.fromisoformat(swept) if swept else None
    when = f"; all were gone through on {last:%d %b %H:%M} UTC" if last else "; none was gone through yet"
    late = last is not None and now - last > rest(config.keep) + LATE_SWEEP
    return Finding(
        Verdict.LOOK if late else Verdict.OK,
        "keep",
        f"{oldest}{gone}{when}",
        "retention works while `run` runs, and in `once`" if late else "",
        {"oldest": counts.oldest_post.isoformat() if counts.oldest_post else None, "expired": counts.expired},
    )


def _backup(config: Config, last: LastBackup | None) -> Iterator[Finding]:
    if config.backup is None:
        yield Finding(Verdict.OK, "backup", "none is scheduled (backup: in bot.yaml); `db backup FILE` makes one")
        return
    there = len(copies(config, config.backup))
    made = f"the last copy is {last.file}, of {last.made[:16]} UTC" if last and last.made else "there is no copy yet"
    figures = {"copies": there, "made": last.made if last else None, "size": last.size if last else 0}
    if last is not None and last.fault:
        yield Finding(Verdict.BAD, "backup", f"failed: {last.fault}; {made}", last.remedy, figures)
    else:
        text = f"{made}; {there} in {config.backup.folder}" if last else f"{made}: the first is made by `run` or `once`"
        yield Finding(Verdict.OK, "backup", text, "", figures)


def _searching(waiting: int) -> Iterator[Finding]:
    if waiting:
        text = f"{waiting} new or changed places and terms are still searched for in older posts"
        yield Finding(Verdict.OK, "back-search", text, "", {"waiting": waiting})
