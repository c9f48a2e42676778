"""Reading public channels with a user account: raw history, a page at a time.

In: a channel's name, or its id and access hash. Out: what Telegram says, as plain values. Raises `TelegramError`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import chain
from typing import Any

from telethon.tl import functions, types

from bot.telegram.account import Account
from bot.telegram.trouble import TelegramError, Trouble
from bot.telegram.values import Chat, Leaf, Said

PAGE = 100
"""Messages a page: as many as Telegram gives."""
TOP = 10
"""So many of the newest messages may be such that they cannot be decoded; no page of the channel is read beyond."""


class History:
    """One account's reading, one request at a time. A flood wait holds its kind of request for all channels."""

    def __init__(self, account: Account, now: Callable[[], datetime], *, page: int = PAGE) -> None:
        self._page = page
        self._account = account
        self._now = now
        self._turn = asyncio.Lock()
        self._not_before: dict[type, datetime] = {}
        self._undecoded: set[tuple[int, int]] = set()
        """Channel and message."""

    async def resolve(self, name: str) -> Chat:
        """The channel or group that has this public name now."""
        found = (await self._ask(functions.contacts.ResolveUsernameRequest(name))).chats
        channel = next((each for each in found if isinstance(each, types.Channel)), None)
        if channel is None:
            raise TelegramError(Trouble.REFUSED, "USERNAME_NOT_OCCUPIED")
        return Chat(id=channel.id, access_hash=channel.access_hash or 0, name=public_name(channel))

    async def page(self, chat: Chat, before: int | None = None) -> Leaf:
        """The newest messages below `before`, the newest first."""
        try:
            return _leaf(chat, [await self._ask(_history(chat, before or 0, self._page))])
        except TelegramError as error:
            if error.trouble is not Trouble.UNDECODED:
                raise
        return await self._by_ids(chat, before - 1 if before else await self._top(chat))

    async def messages(self, chat: Chat, ids: Sequence[int]) -> Leaf:
        """These messages, at most PAGE of them, as far as they are still there.

        One that cannot be decoded takes the whole answer with it: halves are asked for until it stands alone. From
        then on it is asked for by itself.
        """
        known = [each for each in ids if (chat.id, each) in self._undecoded]
        pieces = [[each] for each in known] + [[each for each in ids if each not in known]]
        answers, undecoded = [], []
        while pieces:
            if not (piece := pieces.pop()):
                continue
            self._undecoded -= {(chat.id, each) for each in piece}
            try:
                answers.append(await self._ask(_messages(chat, piece)))
            except TelegramError as error:
                if error.trouble is not Trouble.UNDECODED:
                    raise
                if len(piece) == 1:
                    undecoded += piece
                else:
                    pieces += [piece[: len(piece) // 2], piece[len(piece) // 2 :]]
        self._undecoded |= {(chat.id, each) for each in undecoded}
        return _leaf(chat, answers, undecoded)

    async def _by_ids(self, chat: Chat, high: int) -> Leaf:
        """A page of the messages up to `high`, although one of them cannot be decoded."""
        low = max(1, high - self._page + 1)
        leaf = await self.messages(chat, range(high, low - 1, -1))
        if low == 1 or any(each.published for each in leaf.said):
            return leaf
        older = await self.page(chat, low)
        return replace(older, said=leaf.said + older.said)

    async def _top(self, chat: Chat) -> int:
        """An id from which on downwards no message is missed: the newest, or beyond some that cannot be decoded."""
        for passed in range(TOP):
            try:
                answer = await self._ask(_history(chat, 0, 1, passed))
            except TelegramError as error:
                if error.trouble is not Trouble.UNDECODED or passed == TOP - 1:
                    raise
            else:
                newest = answer.messages[0].id if answer.messages else 0
                return newest + (self._page if passed else 0)
        raise AssertionError  # the last try has raised

    async def _ask(self, request: Any) -> Any:
        async with self._turn:
            self._check(type(request))
            try:
                return await self._account.ask(request)
            except TelegramError as error:
                if error.trouble is Trouble.BUSY:
                    self._not_before[type(request)] = self._now() + error.delay
                raise

    def _check(self, kind: type) -> None:
        """Asking while a flood wait runs makes it longer."""
        left = self._not_before.get(kind, self._now()) - self._now()
        if left > timedelta(0):
            raise TelegramError(Trouble.BUSY, "FLOOD_WAIT", left)


def public_name(channel: Any) -> str | None:
    """The channel's name, or the first of several that is in use."""
    if channel.username:
        return str(channel.username)
    return next((str(each.username) for each in channel.usernames or () if each.active), None)


def _history(chat: Chat, before: int, limit: int, passed: int = 0) -> Any:
    """The request for `limit` messages below `before`, the newest `passed` of them passed over."""
    return functions.messages.GetHistoryRequest(
        peer=types.InputPeerChannel(chat.id, chat.access_hash),
        offset_id=before,
        offset_date=None,
        add_offset=passed,
        limit=limit,
        max_id=0,
        min_id=0,
        hash=0,
    )


def _messages(chat: Chat, ids: Sequence[int]) -> Any:
    channel = types.InputChannel(chat.id, chat.access_hash)
    return functions.channels.GetMessagesRequest(channel, [types.InputMessageID(each) for each in ids])


def _leaf(chat: Chat, answers: Sequence[Any], undecoded: Sequence[int] = ()) -> Leaf:
    channels = {each.id: each for answer in answers for each in answer.chats if isinstance(each, types.Channel)}
    users = {each.id: each for answer in answers for each in answer.users if isinstance(each, types.User)}
    own = channels.get(chat.id)
    names = {("channel", key): public_name(each) for key, each in channels.items()}
    names |= {("user", key): each.username for key, each in users.items()}
    reasons = (
        [each.text or each.reason for each in (own.restriction_reason or ()) if each.platform == "all"] if own else []
    )
    return Leaf(
        id=chat.id,
        name=public_name(own) if own else chat.name,
        group=own is not None and not own.broadcast,
        restricted="; ".join(reasons) or None,
        said=tuple(
            sorted([*_decoded(answers, names), *map(_undecoded, undecoded)], key=lambda each: each.id, reverse=True)
        ),
    )


_Names = dict[tuple[str, int], str | None]


def _decoded(answers: Sequence[Any], names: _Names) -> Iterator[Said]:
    for each in chain.from_iterable(answer.messages for answer in answers):
        if isinstance(each, (types.Message, types.MessageService)):
            yield _said(each, names)


def _undecoded(number: int) -> Said:
    return Said(id=number, published=None, complete=False)


def _said(message: Any, names: _Names) -> Said:
    if isinstance(message, types.MessageService):
        return Said(id=message.id, published=message.date, service=True)
    return Said(
        id=message.id,
        published=message.date,
        text=message.message or "",
        edited=message.edit_date if not message.edit_hide else None,
        author=message.post_author,
        forwarded_from=_origin(message.fwd_from, names),
        reply_to=_reply(message.reply_to, names),
        album=message.grouped_id,
        poll=_poll(message.media),
        complete=not isinstance(message.media, types.MessageMediaUnsupported),
    )


def _origin(header: Any, names: _Names) -> str | None:
    """The original as "channel/id", the name alone of a person; None where it has no public name."""
    if header is None or header.from_id is None:
        return None
    name = names.get(_key(header.from_id))
    if name is None:
        return None
    return f"{name}/{header.channel_post}" if header.channel_post else name


def _reply(header: Any, names: _Names) -> str | None:
    if not isinstance(header, types.MessageReplyHeader) or not header.reply_to_msg_id:
        return None
    if header.reply_to_peer_id is None:
        return str(header.reply_to_msg_id)
    name = names.get(_key(header.reply_to_peer_id))
    return f"{name}/{header.reply_to_msg_id}" if name else None


def _key(peer: Any) -> tuple[str, int]:
    if isinstance(peer, types.PeerChannel):
        return "channel", peer.channel_id
    return "user", getattr(peer, "user_id", 0)


def _poll(media: Any) -> tuple[str, ...]:
    """The question and the options."""
    if not isinstance(media, types.MessageMediaPoll):
        return ()
    return (media.poll.question.text, *(answer.text.text for answer in media.poll.answers))
