"""One world of channels, accounts and messages, whichever front end is asked.

A channel gives out ids in order and never twice. Messages that bots sent are posts too, and stand in `sent`, the log
that tells whether something was sent twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any


@dataclass
class Post:
    id: int
    text: str = ""
    date: datetime = datetime(2026, 1, 1, tzinfo=UTC)
    entities: tuple[Any, ...] = ()
    """TL objects, as a client sent them or a test wrote them."""
    edited: datetime | None = None
    album: int | None = None
    forward: tuple[str, int] | None = None
    """The original's channel and id; a channel that the world does not know has no public name."""
    reply_to: int | None = None
    author: str | None = None
    poll: tuple[str, ...] = ()
    """The question, then the options."""
    photo: bool = False
    unsupported: bool = False
    unknown: bool = False
    """Has something in it that the client's library has no constructor for."""
    service: bool = False


@dataclass
class Channel:
    id: int
    name: str | None
    title: str = ""
    posts: dict[int, Post] = field(default_factory=dict)
    last: int = 0
    preview: bool = True
    frozen: int | None = None
    """The preview shows nothing newer than this id, as a cache that nobody renews."""
    private: bool = False
    megagroup: bool = False
    restricted: str | None = None
    posters: set[int] = field(default_factory=set)
    """Ids of accounts that may post here."""
    members: set[int] = field(default_factory=set)
    """Ids of accounts that have joined: only they are told of changes unasked."""
    banned: set[int] = field(default_factory=set)
    pinned: list[int] = field(default_factory=list)

    def access_hash(self, account: int) -> int:
        return self.id * 1_000_003 + account

    def before(self, number: int | None, limit: int) -> list[Post]:
        """The newest posts below `number`, newest first."""
        ids = sorted((each for each in self.posts if number is None or each < number), reverse=True)
        return [self.posts[each] for each in ids[:limit]]


@dataclass
class Account:
    id: int
    name: str
    phone: str | None = None
    code: str = "12345"
    password: str | None = None
    token: str | None = None
    banned: bool = False


@dataclass(frozen=True, slots=True)
class Sent:
    """A message that a client sent. `key` is its random_id, None over the Bot API."""

    channel: int
    id: int
    text: str
    entities: tuple[Any, ...] = ()
    key: int | None = None
    silent: bool = False
    thread: int | None = None
    preview: bool = False
    picture: bytes | None = None


@dataclass
class World:
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    channels: list[Channel] = field(default_factory=list)
    accounts: list[Account] = field(default_factory=list)
    sent: list[Sent] = field(default_factory=list)
    keys: dict[tuple[int, int, int], int] = field(default_factory=dict)
    """The memory of random ids: account, channel, random_id -> message id."""
    files: dict[tuple[int, int], dict[int, bytes]] = field(default_factory=dict)
    """What was uploaded: account, file id -> its pieces by number."""
    watchers: list[Callable[[str, Channel, Post], None]] = field(default_factory=list)
    """Told of every "new", "edited" and "deleted" post."""

    def channel(self, name: str | None, number: int = 0, **more: Any) -> Channel:
        made = Channel(number or 1_700_000_001 + len(self.channels), name, title=(name or "Private").title(), **more)
        self.channels.append(made)
        return made

    def account(self, name: str, **more: Any) -> Account:
        made = Account(7_000_001 + len(self.accounts), name, **more)
        self.accounts.append(made)
        return made

    def bot(self, token: str = "7000:fake-token") -> Account:
        return self.account("wire_bot", token=token)

    def named(self, name: str) -> Channel | None:
        return next((each for each in self.channels if (each.name or "").casefold() == name.casefold()), None)

    def by_id(self, number: int) -> Channel | None:
        return next((each for each in self.channels if each.id == number), None)

    # -------------------------------------------------------- what happens

    def write(self, channel: Channel, text: str = "", **more: Any) -> Post:
        channel.last += 1
        post = Post(channel.last, text, date=more.pop("date", None) or self._second(), **more)
        channel.posts[post.id] = post
        self._tell("new", channel, post)
        return post

    def album(self, channel: Channel, text: str, parts: int) -> list[Post]:
        number = 9_000_000_000 + channel.last
        return [self.write(channel, "" if part else text, album=number, photo=True) for part in range(parts)]

    def edit(self, channel: Channel, number: int, text: str, entities: tuple[Any, ...] = ()) -> None:
        post = channel.posts[number]
        post.text, post.edited, post.entities = text, self._second(), entities
        self._tell("edited", channel, post)

    def delete(self, channel: Channel, *numbers: int) -> None:
        for number in numbers:
            self._tell("deleted", channel, channel.posts.pop(number))

    def send(self, account: Account, channel: Channel, text: str, *, key: int | None = None, **more: Any) -> Post:
        """What a client sends; a key that is remembered gives the message of the first time."""
        known = self.keys.get((account.id, channel.id, key)) if key is not None else None
        if known is not None:
            return channel.posts.get(known) or Post(known, text)
        post = self.write(
            channel, text, entities=tuple(more.get("entities", ())), photo=more.get("picture") is not None
        )
        if key is not None:
            self.keys[account.id, channel.id, key] = post.id
        self.sent.append(Sent(channel.id, post.id, text, key=key, **more))
        return post

    def texts(self, channel: Channel) -> list[str]:
        """What clients sent to a channel, in order."""
        return [each.text for each in self.sent if each.channel == channel.id]

    def _second(self) -> datetime:
        return self.now().replace(microsecond=0)

    def _tell(self, what: str, channel: Channel, post: Post) -> None:
        for watcher in self.watchers:
            watcher(what, channel, post)


def albums(posts: list[Post]) -> Iterator[list[Post]]:
    """The posts in order of id, the parts of an album together."""
    groups: dict[int, list[Post]] = {}
    for post in sorted(posts, key=lambda each: each.id):
        groups.setdefault(post.album or -post.id, []).append(post)
    yield from groups.values()
