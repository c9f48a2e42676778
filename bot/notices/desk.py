"""What every notice is made with, and how its messages get their keys."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.config import Config
from bot.delivery import idempotency_key
from bot.model import Action, DestinationKind, Message, Notice, NoticeKind, Route, Watch
from bot.store import RESTORED, Outgoing, Store

MINUTE = timedelta(minutes=1)
OVERLAP = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class Desk:
    """The configuration, the store and the secret of all keys."""

    config: Config
    store: Store
    secret: bytes

    @property
    def watches(self) -> Mapping[str, Watch]:
        return {watch.id: watch for watch in self.config.watches}

    async def restored(self) -> datetime | None:
        """When the database was restored from a copy: of what was sent until then it knows not all."""
        mark = await self.store.remembered(RESTORED)
        return datetime.fromisoformat(mark) if mark else None

    async def cards(self, route: Route, since: datetime) -> list[Notice]:
        """The last revisions of urgent cards since then. What was sent before a restore rests: it may hold more now."""
        restored = await self.restored()
        since = max(since, restored) if restored else since
        return await self.store.notices.since(route.name, NoticeKind.URGENT, since)


@dataclass(frozen=True, slots=True)
class Pending:
    """When a card may change or ring again, and the stories that wait to join it."""

    due: datetime
    stories: tuple[int, ...] = ()


@dataclass(slots=True)
class Rounds:
    """When each step looked last. Only a saving of work: after a restart everything is looked at again."""

    looked: dict[str, datetime] = field(default_factory=dict)
    pending: dict[tuple[str, str], Pending] = field(default_factory=dict)
    """By route and card."""
    unsent: dict[str, set[int]] = field(default_factory=dict)
    """By route, stories that are corrected once a message that told them has arrived."""

    def since(self, what: str, now: datetime, horizon: timedelta) -> datetime:
        """When it was looked at last; at the first look, and with the clock set back, as long ago as `horizon`.

        A little earlier: a transaction under way then may have ended since.
        """
        last = self.looked.get(what)
        return last - OVERLAP if last is not None and last <= now else now - horizon

    def due(self, what: str, now: datetime, every: timedelta = MINUTE) -> bool:
        """Whether a step that is not for every tick has its turn; it is taken."""
        last = self.looked.get(what)
        if last is not None and last <= now < last + every:
            return False
        self.looked[what] = now
        return True


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys of one subject's messages: destination, subject, part and revision."""

    secret: bytes
    route: Route
    kind: NoticeKind
    subject: str

    def key(self, revision: int, part: int = 1) -> str:
        place = f"{self.route.name}|{self.route.to}"
        return idempotency_key(self.secret, place, f"{self.kind}:{self.subject}", part, revision)

    def send(self, message: Message, revision: int, words_of: frozenset[int], part: int = 1) -> Outgoing:
        """A message that holds words of these posts."""
        return Outgoing(
            idempotency=self.key(revision, part),
            to=self.route.to,
            message=message,
            words_of=words_of,
            thread=self.route.thread,
        )

    def change(
        self, message: Message, of: str, revision: int, words_of: frozenset[int] | None, action: Action = Action.EDIT
    ) -> Outgoing:
        """An edit or a pin of an earlier message. It holds words of these posts; None: those of the message."""
        return Outgoing(
            idempotency=self.key(revision, part=2 if action is Action.PIN else 1),
            to=self.route.to,
            message=message,
            words_of=words_of,
            thread=self.route.thread,
            action=action,
            of=of,
        )


def can_edit(route: Route) -> bool:
    """Whether a card is changed in place."""
    return route.to.kind.can_change


def follows(route: Route) -> bool:
    """Whether each change is a further entry that replaces the one before it, by its id: webhooks and Atom feeds."""
    return route.to.kind is DestinationKind.WEBHOOK or route.to.feed
