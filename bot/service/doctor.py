"""`doctor`: what is well, what deserves a look and what is broken, each with its remedy.

In: a configuration. Out: findings, among them, for each route, why there was no digest. Nothing is changed, and nothing
asked of the network (asking.py does).
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from bot import __version__
from bot.config import Config
from bot.delivery import Destinations
from bot.errors import StoreError
from bot.model import SETTLED, WORKING, DestinationKind, Route
from bot.service.clock import SystemClock
from bot.service.findings import Finding, Verdict
from bot.service.growth import disk, growth
from bot.service.memory import looking
from bot.service.room import free_beside
from bot.service.telegram import telegram_promise
from bot.slots import next_slot
from bot.sources.silence import LEARNT_FROM, silent
from bot.store import (
    Counts,
    DigestRow,
    DigestState,
    OutboxRow,
    SourceRow,
    Store,
    ended_in_order,
    holder,
)
from bot.telegram import check_session

NEWEST = 200
SLOW_DELIVERY = timedelta(minutes=15)


async def examine(config: Config) -> list[Finding]:
    """Every finding, the installation first, then sources, routes and deliveries."""
    now = SystemClock().now()
    findings = [*_installation(config)]
    try:
        async with looking(config) as store:
            findings += await _memory(config, store, now)
            findings += await _room(config)
    except StoreError as error:
        findings.append(Finding(Verdict.BAD, "database", error.what, error.remedy))
    return findings


def _installation(config: Config) -> Iterator[Finding]:
    python = ".".join(map(str, sys.version_info[:3]))
    yield Finding(Verdict.OK, "version", f"placewire {__version__}, Python {python}")
    for warning in config.warnings:
        yield Finding(Verdict.LOOK, "configuration", str(warning))
    yield from disk(free_beside(config)())
    for reader in config.telegram.readers:
        fault = check_session(Path(reader.session_file))
        yield Finding(
            Verdict.BAD if fault else Verdict.OK, f"reader {reader.name}", fault or "session file is well formed"
        )


async def _memory(config: Config, store: Store, now: datetime) -> list[Finding]:
    counts = await store.counts()
    findings = [*_database(config, store, counts), *await growth(config, store, counts, now)]
    findings += [*_waiting(counts, now), *_sources(config, await store.sources())]
    for name, silence in silent(await store.published(LEARNT_FROM), now).items():
        remedy = "nothing to do if nobody wrote: `run` looks by another way, too, and logs what it finds"
        findings.append(Finding(Verdict.LOOK, f"source {name}", f"{silence}, while other channels speak", remedy))
    for kind in sorted({route.to.kind for route in config.delivered}):
        findings.append(Finding(Verdict.OK, f"to {kind}", _promise(config, kind)))
    newest = await store.newest_outbox(NEWEST)
    for route in config.routes:
        unsent = [row for row in newest if row.route == route.name and row.outcome not in SETTLED]
        findings.append(_last_digest(route, await store.digests(route.name, limit=1), unsent, counts, now))
    return findings


async def _room(config: Config) -> list[Finding]:
    """What a write would meet now: a lock; a disk, also that of a server, says so before it is full in the numbers."""
    try:
        await Store.try_room(config.database)
    except StoreError as error:
        return [Finding(Verdict.BAD, "database", error.what, error.remedy)]
    return []


def _promise(config: Config, kind: DestinationKind) -> str:
    if kind is DestinationKind.TELEGRAM and config.telegram.publisher is not None:
        return telegram_promise(config.telegram.publisher)
    return Destinations(config.delivered, clock=SystemClock()).promise(kind)


def _database(config: Config, store: Store, counts: Counts) -> Iterator[Finding]:
    yield Finding(
        Verdict.OK,
        "database",
        f"{config.shown_database}: {counts.posts} posts, {counts.hits} hits, {counts.stories} stories, "
        f"schema {counts.schema}, {counts.engine} ({counts.journal})",
    )
    for warning in store.warnings:
        yield Finding(Verdict.LOOK, "database", warning)
    yield _service(config)
    if counts.gaps:
        yield Finding(
            Verdict.LOOK, "gaps", f"{counts.gaps} message ids are not read yet", "they are filled while it runs"
        )


def _service(config: Config) -> Finding:
    if pid := holder(config.database):
        return Finding(Verdict.OK, "service", f"runs as process {pid}")
    if ended_in_order(config.database):
        return Finding(Verdict.OK, "service", "does not run now")
    text = "does not run now, and did not end in order: the next start checks the database"
    return Finding(Verdict.LOOK, "service", text, "see its log for why it ended")


def _waiting(counts: Counts, now: datetime) -> Iterator[Finding]:
    if counts.parked or counts.unknown:
        text = f"{counts.parked} parked, {counts.unknown} of unknown outcome"
        remedy = "; look there, then `settle ID --arrived` or `--again`" if counts.unknown else ""
        yield Finding(Verdict.LOOK, "deliveries", text, f"`outbox` says why{remedy}")
    if counts.oldest_waiting and now - counts.oldest_waiting > SLOW_DELIVERY:
        text = f"{counts.waiting} wait, the oldest since {counts.oldest_waiting:%d %b %H:%M} UTC"
        yield Finding(Verdict.LOOK, "deliveries", text, "`outbox` says why")


def _sources(config: Config, rows: Sequence[SourceRow]) -> Iterator[Finding]:
    failing = [row for row in rows if row.state not in WORKING]
    if not rows:
        yield Finding(Verdict.LOOK, "sources", "none was read yet", "start with `once --all`")
    elif len(failing) < len(rows):
        yield Finding(Verdict.OK, "sources", f"{len(rows) - len(failing)} of {len(config.sources)} work")
    for row in failing:
        yield Finding(
            Verdict.LOOK, f"source {row.id}", f"{row.state}: {row.detail}" if row.detail else row.state, row.remedy
        )


def _last_digest(
    route: Route, last: Sequence[DigestRow], unsent: Sequence[OutboxRow], counts: Counts, now: datetime
) -> Finding:
    """Why there was a digest, or none."""
    subject = f"route {route.name}"
    if route.digest is None and (route.urgent or route.spike or route.lull):
        return Finding(Verdict.OK, subject, "has no digest: it tells at once, and only that")
    if route.digest is None:
        return Finding(
            Verdict.LOOK, subject, "has no digest: only `digest --send` sends", "give it `digest: {cron: ...}`"
        )
    zone = ZoneInfo(route.digest.timezone)
    following = next_slot(route.digest.cron, route.digest.timezone, now).astimezone(zone)
    coming = f"the next slot is {following:%d %b %H:%M} ({route.digest.timezone})"
    if not last:
        never = "no source was read yet" if not counts.posts else "no slot has passed since the route was made"
        return Finding(Verdict.OK, subject, f"no digest yet: {never}; {coming}")
    row = last[0]
    held = "; ".join(f"{count} {reason}" for reason, count in row.held.items())
    at = f"{row.slot.astimezone(zone):%d %b %H:%M}"
    text = f"the slot of {at} {_told(row)}{f' ({held})' if held else ''}"
    waiting = "".join(f"; {each.id} is {each.outcome}: {each.reason or 'its turn comes'}" for each in unsent[:1])
    return Finding(Verdict.LOOK if waiting else Verdict.OK, subject, f"{text}{waiting}; {coming}")


def _told(row: DigestRow) -> str:
    if row.state is not DigestState.COMPOSED:
        return "made no digest: no new story fitted the route"
    return f"made a digest of {row.told} {'story' if row.told == 1 else 'stories'}"
