"""Silences by command: checked against the configuration, kept in the store.

In: what a person wants to be quiet. Out: silences. Invariant: a silence names something that exists, ends, and has an
author and a comment.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.config import Config, did_you_mean
from bot.errors import WrongUsage
from bot.model import Silence
from bot.service.memory import changing, looking
from bot.service.spans import date, length
from bot.store import SilenceRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What was asked for, as it was written."""

    place: str | None
    tag: str | None
    source: str | None
    route: str | None
    length: str | None
    until: str | None
    author: str
    comment: str


async def add(config: Config, wanted: Wanted, now: datetime) -> Silence:
    """Keep a silence that begins now. Raises `WrongUsage` for what does not exist, or does not end."""
    silence = Silence(
        since=now,
        until=_end(wanted, now),
        author=wanted.author,
        comment=_comment(wanted.comment),
        place=_place(config, wanted.place),
        tag=_known("--tag", wanted.tag, {tag for watch in config.watches for tag in watch.tags}),
        source=_known("--source", wanted.source, {source.name for source in config.sources}),
        route=_known("--route", wanted.route, {route.name for route in config.routes}),
    )
    if not silence.named:
        raise WrongUsage("silence", "names nothing", "give --place, --tag, --source or --route")
    async with changing(config, now) as store:
        return await store.notices.add_silence(silence)


async def listed(config: Config, now: datetime, *, every: bool) -> Sequence[SilenceRow]:
    """Those that last, or all there ever were."""
    async with looking(config) as store:
        return [SilenceRow.of(each) for each in await store.notices.silences(None if every else now)]


async def expire(config: Config, key: str, now: datetime) -> bool:
    """End one now; False if it had ended."""
    async with changing(config, now) as store:
        return await store.notices.expire_silence(key, now)


def _end(wanted: Wanted, now: datetime) -> datetime:
    if (wanted.length is None) == (wanted.until is None):
        raise WrongUsage("silence", "needs one end", "write --for 8h, or --until 2026-01-31T18:00")
    until = date(wanted.until, "--until") if wanted.until else now + length(wanted.length or "", "--for")
    if until <= now:
        raise WrongUsage("--until", "has passed", "name a moment to come, in UTC")
    return until


def _comment(text: str) -> str:
    if not text.strip():
        raise WrongUsage("--comment", "is empty", "say why: others will read it")
    return text.strip()


def _place(config: Config, wanted: str | None) -> str | None:
    """The id of the watch with this id or name."""
    if wanted is None:
        return None
    ids = {watch.id: watch.id for watch in config.watches} | {watch.name: watch.id for watch in config.watches}
    return ids.get(wanted) or _known("--place", wanted, {watch.id for watch in config.watches})


def _known(option: str, wanted: str | None, known: set[str]) -> str | None:
    if wanted is None or wanted in known:
        return wanted
    remedy = did_you_mean(wanted, known) or f"there are: {', '.join(sorted(known)[:20]) or 'none'}"
    raise WrongUsage(option, f"{wanted!r} is not in the configuration", remedy)
