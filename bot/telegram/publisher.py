"""Posting as a bot over MTProto: a message carries a random_id that Telegram remembers.

In: a chat, a message, its key. Out: the message's id. Invariant: a repeat under the same key makes no second message,
so a lost answer is asked for again, with the same key, and nothing is ever sent under another one.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from hashlib import md5
from typing import Any

from telethon.tl import functions, types

from bot.errors import DeliveryError, DestinationBusy, DestinationClosed, MessageGone
from bot.model import EntityKind, Message
from bot.slots import Clock
from bot.telegram.account import Account
from bot.telegram.history import public_name
from bot.telegram.proxy import NETWORK
from bot.telegram.trouble import OPEN, TelegramError, Trouble
from bot.telegram.values import Chat, bare, sendable, utf16_span

TRIES = 3
PAUSE = 1.0
"""Seconds before a lost answer is asked for again."""
LATER = timedelta(minutes=1)
PIECE = 128 * 1024
"""Bytes of a picture that one request carries; Telegram takes up to 512 KB."""
KINDS = {
    EntityKind.BOLD: types.MessageEntityBold,
    EntityKind.ITALIC: types.MessageEntityItalic,
    EntityKind.QUOTE: types.MessageEntityBlockquote,
}
RIGHTS = "make the bot an administrator of the channel, with the right to post"
EDITOR = "give the bot, as an administrator of the channel, the right to edit messages too"
REMEDIES = {
    "CHAT_WRITE_FORBIDDEN": RIGHTS,
    "CHAT_ADMIN_REQUIRED": RIGHTS,
    "MESSAGE_AUTHOR_REQUIRED": EDITOR,
    "RIGHT_FORBIDDEN": EDITOR,
    "CHANNEL_PRIVATE": f"the bot is not in this channel: {RIGHTS}",
    "CHANNEL_INVALID": f"the bot does not know this channel: {RIGHTS}",
    "USER_BANNED_IN_CHANNEL": "the bot is banned in this channel: unban it",
    "USERNAME_NOT_OCCUPIED": "no channel has this name: write the name it has now",
    "USERNAME_INVALID": "this cannot be a channel's name: mend `to` in routes.yaml",
    "ACCESS_TOKEN_INVALID": "the bot token is wrong: ask @BotFather for it",
    "ACCESS_TOKEN_EXPIRED": "the bot token was revoked: ask @BotFather for the new one",
    "API_ID_INVALID": "api_id and api_hash do not fit: see my.telegram.org",
}
SO_ALREADY = frozenset({"MESSAGE_NOT_MODIFIED", "CHAT_NOT_MODIFIED"})
"""The message has these words, or is pinned, already."""
GONE = "MESSAGE_ID_INVALID"


class Publisher:
    """Posts through one bot account."""

    promise = "exactly once: a repeat carries the random_id of the first try, which Telegram remembers"
    remembers = timedelta(hours=12)
    """How long we rely on Telegram to know a random_id again; after that we look before we repeat."""

    def __init__(self, account: Account, clock: Clock) -> None:
        self._account = account
        self._clock = clock

    async def close(self) -> None:
        await self._account.close()

    async def chat(self, resource: str, address: str, pinned: int | None = None) -> Chat:
        """The chat of `address`, "@name" or "-100..."; of a pinned name the very chat that it meant at first."""
        number = pinned if pinned is not None else bare(address)
        if number is None:
            request: Any = functions.contacts.ResolveUsernameRequest(address.lstrip("@"))
        else:  # a bot knows the channels that it is in without an access hash
            request = functions.channels.GetChannelsRequest([types.InputChannel(number, 0)])
        found = [each for each in (await self._ask(resource, request)).chats if isinstance(each, types.Channel)]
        if not found:
            raise DestinationClosed(resource, "is no channel that the bot can post to", RIGHTS)
        return Chat(
            id=found[0].id,
            access_hash=found[0].access_hash or 0,
            name=public_name(found[0]),
            can_post=_can_post(found[0]),
        )

    async def name(self, resource: str) -> str:
        """The bot's own name, which shows that its token is good. Raises DeliveryError."""
        (me,) = await self._ask(resource, functions.users.GetUsersRequest([types.InputUserSelf()]))
        return str(me.username)

    async def may_post(self, resource: str, chat: Chat) -> bool:  # noqa: ARG002 - the chat came with it
        return chat.can_post

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
        """Send the message, or find that it was sent under this key; gives its id. Raises DeliveryError."""
        number = random_id(key)
        content: dict[str, Any] = {
            "peer": types.InputPeerChannel(chat.id, chat.access_hash),
            "message": sendable(message.text),
            "random_id": number,
            "silent": silent or None,
            "entities": list(entities(message)) or None,
            "reply_to": types.InputReplyToMessage(reply_to_msg_id=thread, top_msg_id=thread) if thread else None,
        }
        request: Any
        if picture is None:
            request = functions.messages.SendMessageRequest(no_webpage=True, **content)
        else:
            photo = types.InputMediaUploadedPhoto(await self._uploaded(resource, picture, number))
            request = functions.messages.SendMediaRequest(media=photo, **content)
        return _message_id(await self._ask(resource, request), number)

    async def _uploaded(self, resource: str, picture: bytes, number: int) -> Any:
        """The picture as a file that Telegram holds for a while; uploading it again does no harm."""
        pieces = [picture[start : start + PIECE] for start in range(0, len(picture), PIECE)]
        for at, piece in enumerate(pieces):
            await self._ask(resource, functions.upload.SaveFilePartRequest(number, at, piece))
        check = md5(picture, usedforsecurity=False).hexdigest()
        return types.InputFile(id=number, parts=len(pieces), name="card.png", md5_checksum=check)

    async def edit(self, resource: str, chat: Chat, number: int, message: Message) -> None:
        """Give the message `number` other words. Raises DeliveryError."""
        request = functions.messages.EditMessageRequest(
            peer=types.InputPeerChannel(chat.id, chat.access_hash),
            id=number,
            message=sendable(message.text),
            no_webpage=True,
            entities=list(entities(message)) or None,
        )
        await self._change(resource, request)

    async def pin(self, resource: str, chat: Chat, number: int) -> None:
        """Pin the message `number`, without a sound. Raises DeliveryError."""
        peer = types.InputPeerChannel(chat.id, chat.access_hash)
        await self._change(resource, functions.messages.UpdatePinnedMessageRequest(peer=peer, id=number, silent=True))

    async def _change(self, resource: str, request: Any) -> None:
        try:
            await self._answer(request)
        except TelegramError as error:
            if error.name == GONE:
                raise MessageGone(resource, f"the message was deleted ({error.name})") from error
            if error.name not in SO_ALREADY:
                raise fault(resource, error) from error

    async def _ask(self, resource: str, request: Any) -> Any:
        try:
            return await self._answer(request)
        except TelegramError as error:
            raise fault(resource, error) from error

    async def _answer(self, request: Any) -> Any:
        """The answer; one that was lost is asked for again, which a random_id makes harmless."""
        for _ in range(TRIES - 1):
            try:
                return await self._account.ask(request)
            except TelegramError as error:
                if error.trouble not in OPEN:
                    raise
            await self._clock.sleep(PAUSE)
        return await self._account.ask(request)


def random_id(key: str) -> int:
    """The delivery's key as the signed 64-bit number that Telegram remembers."""
    return int.from_bytes(bytes.fromhex(key[:16]), "big", signed=True) or 1


def entities(message: Message) -> Iterator[Any]:
    """The formatting, counted in UTF-16 units as Telegram counts."""
    for entity in message.entities:
        start, length = utf16_span(message.text, entity)
        if length <= 0:
            continue
        if entity.kind is EntityKind.LINK:
            yield types.MessageEntityTextUrl(start, length, entity.url or "")
        else:
            yield KINDS[entity.kind](start, length)


def fault(resource: str, error: TelegramError) -> DeliveryError:
    """What the outbox makes of it: wait, wait with an open outcome, or park."""
    if error.trouble is Trouble.BUSY:
        return DestinationBusy(resource, f"Telegram asks for patience ({error.name})", "", delay=error.delay)
    if error.trouble in {Trouble.DOWN, *OPEN}:
        lost = error.trouble in OPEN
        return DestinationBusy(resource, str(error), NETWORK, delay=LATER, lost=lost)
    remedy = REMEDIES.get(error.name, "see what it means, then `outbox`")
    return DestinationClosed(resource, f"Telegram refuses ({error.name})", remedy)


def _can_post(channel: Any) -> bool:
    """In a group every member may, in a channel its administrators with this right."""
    return bool(channel.megagroup or channel.creator or (channel.admin_rights and channel.admin_rights.post_messages))


def _message_id(updates: Any, number: int) -> int:
    """The id that the server gave the message of this random_id."""
    if isinstance(updates, types.UpdateShortSentMessage):
        return int(updates.id)
    found = (each for each in updates.updates if isinstance(each, types.UpdateMessageID) and each.random_id == number)
    return int(next(found).id)
