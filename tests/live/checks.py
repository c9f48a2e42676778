"""What our fakes assume of the real Telegram, each as a check that runs against either.

In: a publisher and a channel where its bot may post, edit and delete, or a reader of previews. Every message that a
check posts is deleted again.
"""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from telethon.tl import functions, types

from bot.errors import DestinationClosed, MessageGone
from bot.model import WORKING, Entity, EntityKind, Message, Source, SourceKind, SourceMemory, Via
from bot.sources import Reader
from bot.telegram import Account, Chat, Publisher

LONGEST = 4096
ENTITIES = 100
PAGE = 20
NOW = datetime.now(UTC)


@dataclass
class Room:
    """A channel, and what was posted there."""

    account: Account
    publisher: Publisher
    chat: Chat
    posted: set[int]

    async def post(self, message: Message, key: str = "") -> int:
        made = await self.publisher.post(
            "live", self.chat, message, key=key or secrets.token_hex(16), thread=None, silent=True
        )
        self.posted.add(made)
        return made

    async def messages(self, *numbers: int) -> list[Any]:
        channel = types.InputChannel(self.chat.id, self.chat.access_hash)
        asked = functions.channels.GetMessagesRequest(channel, [types.InputMessageID(each) for each in numbers])
        return list((await self.account.ask(asked)).messages)

    async def entities(self, number: int) -> int:
        """How many of a message's entities Telegram has kept."""
        return len((await self.messages(number))[0].entities or ())

    async def told_of_the_pin(self, number: int) -> list[int]:
        """Telegram itself writes below a message that it was pinned."""
        below = await self.messages(*range(number + 1, number + 4))
        return [each.id for each in below if isinstance(each, types.MessageService)]

    async def delete(self, *numbers: int) -> None:
        channel = types.InputChannel(self.chat.id, self.chat.access_hash)
        await self.account.ask(functions.channels.DeleteMessagesRequest(channel, list(numbers)))


@asynccontextmanager
async def room(account: Account, publisher: Publisher, channel: str) -> AsyncIterator[Room]:
    made = Room(account, publisher, await publisher.chat("live", channel), set())
    try:
        yield made
    finally:
        if made.posted:
            await made.delete(*made.posted)


async def a_repeat_is_answered_with_the_first_message(here: Room) -> None:
    key = secrets.token_hex(16)
    first = await here.post(Message(text="placewire: one key, one message"), key)
    assert await here.post(Message(text="placewire: one key, one message"), key) == first
    assert await here.post(Message(text="placewire: one key, one message")) != first


async def a_message_has_so_many_units(here: Room) -> None:
    await here.post(Message(text="💥" * (LONGEST // 2)))
    with pytest.raises(DestinationClosed, match="MESSAGE_TOO_LONG"):
        await here.post(Message(text="💥" * (LONGEST // 2) + "x"))


async def a_message_has_so_many_entities(here: Room) -> None:
    def bold(count: int) -> Message:
        spans = tuple(Entity(EntityKind.BOLD, 2 * place, 2 * place + 1) for place in range(count))
        return Message(text="a " * (count - 1) + "a", entities=spans)

    assert await here.entities(await here.post(bold(ENTITIES))) == ENTITIES
    assert await here.entities(await here.post(bold(ENTITIES + 1))) == ENTITIES


async def changes_may_be_repeated(here: Room) -> None:
    number = await here.post(Message(text="placewire: раз"))
    for _ in range(2):
        await here.publisher.edit("live", here.chat, number, Message(text="placewire: два"))
    for _ in range(2):
        await here.publisher.pin("live", here.chat, number)
    await here.delete(number, *await here.told_of_the_pin(number))
    with pytest.raises(MessageGone):
        await here.publisher.edit("live", here.chat, number, Message(text="placewire: три"))


async def the_preview_is_as_we_read_it(reader: Reader, name: str) -> None:
    """`name` is a channel of words, with more than two pages of posts."""
    source = Source(
        name=name,
        kind=SourceKind.CHANNEL,
        address=f"https://t.me/{name}",
        via=Via.WEB,
        poll=timedelta(minutes=1),
        backfill=2 * PAGE,
    )
    reading = await reader.read(source, SourceMemory(name=name), NOW)
    assert reading.condition.state in WORKING, reading.condition
    assert (reading.dropped, reading.cursor.channel_id is not None) == (0, True)
    assert len(reading.posts) >= 2 * PAGE
    assert all(post.published for post in reading.posts)
    assert sum(bool(post.text) for post in reading.posts) > len(reading.posts) / 2
