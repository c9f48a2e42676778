"""Reading channels with user accounts: the same walk, the same posts as by the preview, for channels without one.

In: a source and what is remembered of it. Out: a `Reading`; SourceError where no page could be read. Invariants: a
channel stays with its account, also when that account is banned: its load is not moved to evade a ban. A name is
resolved once for each account; from then on the channel is known by its id, whatever it calls itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from itertools import groupby, takewhile
from typing import Protocol

from bot.errors import SourceBusy, SourceDown, SourceError, SourceGone
from bot.model import Access, Condition, Reading, Source, SourceMemory
from bot.sources import condition
from bot.sources.pace import account_of, kept_by
from bot.sources.page import BLANKS, Message, Page
from bot.sources.parsing.plain import clean
from bot.sources.rereading import Known, batch, reread
from bot.sources.standing import GROUP, parked
from bot.sources.walk import Walk, accepted, channel_of, empty
from bot.sources.window import Plan, Span
from bot.telegram import NETWORK, Chat, Leaf, Said, TelegramError, Trouble

STALE = frozenset({"CHANNEL_INVALID", "CHANNEL_PRIVATE"})
"""What Telegram says to an access hash that it does not know, and of a channel that is no longer public."""
PRIVATE = ("private", "it is no longer public", "remove it: only public broadcast channels are read")
GONE = {
    "USERNAME_NOT_OCCUPIED": ("not_found", "no channel has this name", "check the name in t.me/NAME"),
    "USERNAME_INVALID": ("not_found", "this cannot be a channel's name", "check the name in t.me/NAME"),
    "CHANNEL_PRIVATE": PRIVATE,
    "CHANNEL_INVALID": PRIVATE,
    "CHANNEL_PUBLIC_GROUP_NA": PRIVATE,
    "USER_BANNED_IN_CHANNEL": (
        "banned",
        "the account is banned in this channel",
        "read it by `via: web`, or remove it",
    ),
}
LOGIN = "run `placewire login {}`"
OTHER = "another account is needed: `placewire login {}`"
ACCOUNTS = {
    "USER_DEACTIVATED_BAN": ("account_banned", "Telegram has banned the account", OTHER),
    "USER_DEACTIVATED": ("account_banned", "the account was deleted", OTHER),
    "AUTH_KEY_DUPLICATED": ("session_in_use", "the session was used from two places at once, and is dead", LOGIN),
}

NEWER = "if it stays, look for a newer placewire"
OTHERWISE = {
    Trouble.DOWN: ("connect", NETWORK),
    Trouble.LOST: ("timeout", NETWORK),
    Trouble.UNDECODED: ("not_understood", NEWER),
}


class History(Protocol):
    """One account's reading. Raises TelegramError."""

    async def resolve(self, name: str) -> Chat: ...

    async def page(self, chat: Chat, before: int | None = None) -> Leaf: ...

    async def messages(self, chat: Chat, ids: Sequence[int]) -> Leaf: ...


Opened = Callable[[], History | Condition]
"""An account, opened at its first use; or why it cannot be used now."""


@dataclass(frozen=True, slots=True)
class AccountChannels:
    """An `AccountReader` that shares channels out over accounts, by name, whether these can be used now or not."""

    accounts: Mapping[str, Opened]

    def closed(self, source: Source, memory: SourceMemory) -> Condition | None:
        opened = self.accounts[self._chosen(source, memory)]()
        return opened if isinstance(opened, Condition) else None

    async def read(self, source: Source, memory: SourceMemory, now: datetime) -> Reading:
        name = self._chosen(source, memory)
        history = self.accounts[name]()
        if isinstance(history, Condition):
            return condition.failed(source, memory, history)
        try:
            return await _Channel(source, name, history).read(memory, now)
        except TelegramError as error:
            raise fault(source.name, name, error) from error

    async def reread(self, source: Source, memory: SourceMemory, known: Known) -> Reading | None:
        name = self._chosen(source, memory)
        history = self.accounts[name]()
        if isinstance(history, Condition):
            return None
        try:
            return await _Channel(source, name, history).reread(memory, batch(known))
        except TelegramError as error:
            raise fault(source.name, name, error) from error

    def _chosen(self, source: Source, memory: SourceMemory) -> str:
        """The account that has resolved the name already, else the one that the name itself falls to."""
        return kept_by(memory, self.accounts) or account_of(source.name, self.accounts)


@dataclass(frozen=True, slots=True)
class _Channel:
    source: Source
    account: str
    history: History

    async def read(self, memory: SourceMemory, now: datetime) -> Reading:
        chat, leaf = await self._newest(memory)
        if reason := _closed(leaf):
            return condition.failed(self.source, memory, reason)
        page = page_of(leaf, channel_of(self.source))
        if reason := parked(self.source, memory, page):
            return condition.failed(self.source, memory, reason)
        memory = self._with_access(accepted(memory, chat.id), chat)
        if not page.messages:
            return empty(self.source, memory)
        walk = Walk(self.source, partial(self._before, chat), lambda: now)
        return await walk.read(memory, Plan.of(self.source, memory, now), page, now)

    async def reread(self, memory: SourceMemory, known: Known) -> Reading | None:
        chat = self._known(memory)
        if chat is None:
            return None
        ids = sorted(number for post in known for number in post)
        leaf = await self.history.messages(chat, ids)
        if _closed(leaf):
            return None
        messages = {each.id: each for each in _messages(leaf, channel_of(self.source))}
        return reread(self.source, memory, known, Span(low=ids[0], high=known[0][0], messages=messages))

    async def _newest(self, memory: SourceMemory) -> tuple[Chat, Leaf]:
        """The newest page, by the id and hash that are kept; by name at first, and when the hash has become stale."""
        if chat := self._known(memory):
            try:
                return chat, await self.history.page(chat)
            except TelegramError as error:
                if error.name not in STALE:
                    raise
        chat = await self.history.resolve(channel_of(self.source))
        return chat, await self.history.page(chat)

    def _known(self, memory: SourceMemory) -> Chat | None:
        cursor = memory.cursor
        access = next((each.hash for each in cursor.access if each.account == self.account), None)
        if access is None or cursor.channel_id is None:
            return None
        return Chat(id=cursor.channel_id, access_hash=access, name=channel_of(self.source))

    def _with_access(self, memory: SourceMemory, chat: Chat) -> SourceMemory:
        others = tuple(each for each in memory.cursor.access if each.account != self.account)
        access = (Access(self.account, chat.access_hash), *others)
        return replace(memory, cursor=replace(memory.cursor, access=access, channel_id=chat.id))

    async def _before(self, chat: Chat, number: int) -> Page:
        try:
            return page_of(await self.history.page(chat, number), channel_of(self.source))
        except TelegramError as error:
            raise fault(self.source.name, self.account, error) from error


def _closed(leaf: Leaf) -> Condition | None:
    """Why a channel that answers is not read."""
    if leaf.group:
        return GROUP
    if leaf.restricted:
        remedy = "nothing can be done here; it is asked again now and then"
        return Condition(state="restricted", detail=f"Telegram restricts it: {leaf.restricted}"[:300], remedy=remedy)
    if leaf.name is None:
        state, what, remedy = PRIVATE
        return Condition(state=state, detail=what, remedy=remedy)
    return None


def fault(source: str, account: str, error: TelegramError) -> SourceError:
    """What a request without a result means for what was to be read."""
    if error.trouble is Trouble.BUSY:
        what = f"Telegram asks the account {account} for patience ({error.name})"
        return SourceBusy(source, what, "poll less often, or add a reader", delay=error.delay)
    if error.trouble is Trouble.SESSION:
        revoked = ("account_lost", f"the session is revoked ({error.name})", LOGIN)
        state, what, remedy = ACCOUNTS.get(error.name, revoked)
        return SourceDown(source, f"reader {account}: {what}", remedy.format(account), state=state)
    if error.name in GONE:
        state, what, remedy = GONE[error.name]
        return SourceGone(source, what, remedy, state=state)
    state, remedy = OTHERWISE.get(error.trouble, ("refused_by_telegram", NEWER))
    return SourceDown(source, f"reader {account}: {error}", remedy, state=state)


# ---------------------------------------------------------------- messages


def page_of(leaf: Leaf, name: str) -> Page:
    """The page as the walk knows it: albums put together, what a page's border may have cut off left out."""
    messages = _messages(leaf, name)
    messages = messages[_cut_off(leaf) :] or messages
    low = messages[0].id if messages else 0
    undecoded = sum(1 for each in leaf.said if each.published is None and each.id >= low)
    return Page(messages=messages, end=not messages, unreadable=undecoded)


def _cut_off(leaf: Leaf) -> int:
    """With how many messages the page begins that may be the end of an album: the page before shows it whole."""
    said = sorted(leaf.said, key=lambda each: each.id)
    undecoded = len(list(takewhile(lambda each: each.published is None, said)))
    return undecoded + 1 if undecoded < len(said) and said[undecoded].album is not None else 0


def _messages(leaf: Leaf, name: str) -> tuple[Message, ...]:
    said = _in_albums(sorted(leaf.said, key=lambda each: each.id))
    groups = groupby(said, key=lambda each: each.album or -each.id)
    return tuple(_message(leaf, leaf.name or name, list(group)) for _, group in groups)


def _in_albums(said: Sequence[Said]) -> Iterator[Said]:
    """What cannot be decoded between two parts of an album is a part of it: its ids follow one another.

    Before the first part and behind the last nobody can tell: there it stands alone.
    """
    for at, each in enumerate(said):
        before = next((other.album for other in reversed(said[:at]) if other.published), None)
        behind = next((other.album for other in said[at + 1 :] if other.published), None)
        yield replace(each, album=before) if each.published is None and before == behind else each


def _message(leaf: Leaf, name: str, parts: Sequence[Said]) -> Message:
    first, *others = parts
    return Message(
        id=first.id,
        channel=name,
        channel_id=leaf.id,
        parts=tuple(each.id for each in others),
        published=first.published,
        edited=max((each.edited for each in parts if each.edited), default=None),
        text=_words(parts),
        author=_line(first.author),
        forwarded_from=first.forwarded_from,
        reply_to=first.reply_to,
        complete=all(each.complete for each in parts),
        service=first.service,
    )


def _words(parts: Sequence[Said]) -> str:
    """As the preview shows it: captions, then a poll's question with its options."""
    captions = [BLANKS.sub("\n", clean(each.text)).strip() for each in parts]
    lines = [line for each in parts for line in _poll(each.poll)]
    return "\n".join(dict.fromkeys([*filter(None, captions), *lines]))


def _poll(poll: Sequence[str]) -> list[str]:
    question, *options = [_line(each) or "" for each in poll] or [""]
    return [question, *(f"– {option}" for option in options)] if question else []


def _line(text: str | None) -> str | None:
    return clean(text).strip() or None if text else None
