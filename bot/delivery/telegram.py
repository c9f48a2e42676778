"""Messages to Telegram, whichever way they are posted: each part exists once.

In: a row for a channel, whose try may be a repeat. Out: the message's id as receipt. Invariant: a repeat is made only
where Telegram still knows the key of the first try, or where the channel itself proves that it did not arrive.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from bot.delivery.picture import png
from bot.delivery.quiet import quiet_of
from bot.delivery.traces import SKEW, Look, Trace, looked
from bot.errors import DeliveryUnknown, DestinationBusy, DestinationClosed, NotArrived
from bot.model import Action, Delivery, Message, Outcome, Post, Route
from bot.slots import Clock
from bot.telegram import Chat, bare

PACE = 20
"""Messages and changes a minute that a channel takes without a flood wait."""
MINUTE = timedelta(minutes=1)
SHOWN_AFTER = timedelta(minutes=2)
"""By then the public preview mostly shows a message that arrived."""
LOOKED_FOR = SKEW + timedelta(minutes=5)
"""So long it is looked for: a preview may lag behind, and only a post from after the try can prove anything."""
ENOUGH = 40
"""So many of the newest posts are looked through for a message that may have arrived."""

PINNED = "telegram.chat.{}"
"""Under this name it is remembered which chat an address meant when it was first used."""

Seen = Callable[[str], Awaitable[Sequence[Post] | None]]
"""The newest posts of a public channel, ENOUGH of them or all; None where its preview cannot be read."""


class Memory(Protocol):
    """What is kept between two starts; the store fits."""

    async def remembered(self, name: str) -> str | None: ...

    async def remember(self, name: str, value: str) -> None: ...

    async def rivals(self, delivery: Delivery, receipts: Sequence[str]) -> Sequence[Delivery]:
        """Other messages to this kind of destination: sent with one of these receipts, or tried and still open."""


class Poster(Protocol):
    """A way to post: MTProto or the Bot API. Raises DeliveryError."""

    @property
    def promise(self) -> str: ...

    @property
    def remembers(self) -> timedelta:
        """How long Telegram knows a repeat by its key."""

    async def name(self, resource: str) -> str:
        """The bot's own name, which shows that its token is good."""

    async def chat(self, resource: str, address: str, pinned: int | None = None) -> Chat: ...

    async def may_post(self, resource: str, chat: Chat) -> bool:
        """Whether the bot has the right to; for the doctor, as a post finds out by itself."""

    async def post(
        self,
        resource: str,
        chat: Chat,
        message: Message,
        *,
        key: str,
        thread: int | None,
        silent: bool,
        picture: bytes | None = None,
    ) -> int:
        """Send the message, and give its id; with a picture, a PNG, it is a photo whose caption the text is."""

    async def edit(self, resource: str, chat: Chat, number: int, message: Message) -> None:
        """Give a message other words. That it has them already is success; MessageGone if it was deleted."""

    async def pin(self, resource: str, chat: Chat, number: int) -> None:
        """Pin a message without a sound. That it is pinned already is success; MessageGone if it was deleted."""


class Telegram:
    """Sends through a poster, at a channel's pace."""

    def __init__(self, poster: Poster, memory: Memory, *, clock: Clock, routes: Iterable[Route], seen: Seen) -> None:
        self._poster = poster
        self._memory = memory
        self._clock = clock
        self._routes = {route.name: route for route in routes}
        self._seen = seen
        self._chats: dict[str, Chat] = {}
        self._posted: dict[str, deque[datetime]] = {}

    @property
    def promise(self) -> str:
        return self._poster.promise

    def queue(self, delivery: Delivery) -> str:
        return str(delivery.to).casefold()

    def pause(self, delivery: Delivery, now: datetime) -> datetime | None:
        """Until the oldest of the last PACE messages is a minute old."""
        last = self._posted.get(self.queue(delivery), deque())
        until = last[0] + MINUTE if len(last) == PACE else now
        return until if until > now else None

    def offset(self, delivery: Delivery) -> int | None:  # noqa: ARG002 - a chat has no place to return to
        return None

    async def send(self, delivery: Delivery) -> str:
        chat = await self._chat(delivery)
        if delivery.action is not Action.SEND:
            return await self._change(delivery, chat)
        number = await self._arrived(delivery, chat) or await self._post(delivery, chat)
        return str(number)

    async def _change(self, delivery: Delivery, chat: Chat) -> str:
        assert delivery.target is not None
        resource, number = str(delivery.to), int(delivery.target)
        self._count(delivery, self._clock.now())
        if delivery.action is Action.EDIT:
            await self._poster.edit(resource, chat, number, delivery.message)
        else:
            await self._poster.pin(resource, chat, number)
        return delivery.target

    def _count(self, delivery: Delivery, now: datetime) -> None:
        self._posted.setdefault(self.queue(delivery), deque(maxlen=PACE)).append(now)

    async def _post(self, delivery: Delivery, chat: Chat) -> int:
        message = delivery.message
        picture = await asyncio.to_thread(png, message.card) if message.card else None
        route, now = self._routes.get(delivery.route), self._clock.now()
        # Neither a further part nor a picture rings a second time: the digest has just arrived.
        further = message.part > 1 or picture is not None
        self._count(delivery, now)
        return await self._poster.post(
            str(delivery.to),
            chat,
            message,
            key=delivery.idempotency,
            thread=delivery.thread,
            silent=message.silent or further or (route is not None and quiet_of(route, now) is not None),
            picture=picture,
        )

    async def _chat(self, delivery: Delivery) -> Chat:
        """The chat that the address meant when it was first used: a name may pass to somebody else."""
        address = delivery.to.address.casefold()
        if address not in self._chats:
            name = PINNED.format(address)
            pinned = await self._memory.remembered(name)
            chat = await self._poster.chat(str(delivery.to), delivery.to.address, int(pinned) if pinned else None)
            if pinned is None:
                await self._memory.remember(name, str(chat.id))
            self._chats[address] = chat
        return self._chats[address]

    # -------------------------------------------------------- sent or not?

    async def _arrived(self, delivery: Delivery, chat: Chat) -> int | None:
        """The id of what an earlier try made; None where there was none, or where a repeat is harmless.

        Raises NotArrived where it is proven that no try made anything, and DestinationBusy or DeliveryUnknown where
        nothing is: that a message is not seen proves nothing.
        """
        if delivery.tried is None:
            return None
        resource, age = str(delivery.to), self._clock.now() - delivery.tried
        overdue = age - self._poster.remembers
        if overdue < timedelta(0):
            return None
        if age < SHOWN_AFTER:
            raise _patience(resource, SHOWN_AFTER - age)
        posts = await self._seen(chat.name) if chat.name else None
        look = await self._look(delivery, chat, posts or ())
        if look.arrived is not None:
            return look.arrived
        if look.absent:
            raise NotArrived(resource, "the channel shows that it did not arrive", "it is sent anew")
        if chat.name and overdue < LOOKED_FOR:
            raise _patience(resource)
        what = f"sent or not? the answer was lost ({delivery.tried:%d %b %H:%M} UTC), and no public preview tells"
        remedy = f"look into the channel, then `settle {delivery.key} --arrived` or `settle {delivery.key} --again`"
        raise DeliveryUnknown(resource, what, remedy)

    async def _look(self, delivery: Delivery, chat: Chat, posts: Sequence[Post]) -> Look:
        assert delivery.tried is not None
        there = [
            each for each in await self._memory.rivals(delivery, [p.id for p in posts]) if await self._is_at(each, chat)
        ]
        trace = Trace(
            text=delivery.message.text,
            since=delivery.tried - SKEW,
            until=delivery.tried + self._poster.remembers + SKEW,
            taken=frozenset(int(each.receipt) for each in there if each.outcome is Outcome.SENT and each.receipt),
            open=tuple(each.message.text for each in there if each.outcome is not Outcome.SENT),
        )
        return looked(posts, trace)

    async def _is_at(self, delivery: Delivery, chat: Chat) -> bool:
        """Whether this went, or would go, to the same chat: a name and a number may mean one."""
        address = delivery.to.address.casefold()
        pinned = await self._memory.remembered(PINNED.format(address))
        return chat.id == (int(pinned) if pinned else bare(address))


def _patience(resource: str, delay: timedelta = timedelta(0)) -> DestinationBusy:
    return DestinationBusy(resource, "the answer was lost", "the channel will show", delay=delay, lost=True)


class NeedsPublisher:
    """Telegram routes while no publisher is set up: what would go there is kept, parked."""

    promise = "parked: needs publisher; kept in the outbox until one is set up"

    def queue(self, delivery: Delivery) -> str:
        return str(delivery.to)

    def pause(self, delivery: Delivery, now: datetime) -> datetime | None:  # noqa: ARG002 - parks all at once
        return None

    def offset(self, delivery: Delivery) -> int | None:  # noqa: ARG002 - a chat has no place to return to
        return None

    async def send(self, delivery: Delivery) -> str:
        raise DestinationClosed(
            str(delivery.to),
            "needs publisher: no account is set up to post to Telegram",
            "set `telegram: {publisher: ...}` in bot.yaml; the message is kept until then",
        )
