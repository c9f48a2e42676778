"""Sources and what is read of them: Source -> Reading -> Post, with the cursor and what else is remembered of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256


class SourceKind(StrEnum):
    FEED = "feed"
    CHANNEL = "channel"


class Via(StrEnum):
    """How a channel is read."""

    AUTO = "auto"
    WEB = "web"
    MTPROTO = "mtproto"


class SideKind(StrEnum):
    """Two parties make "both sides"; observers are named, and make no side."""

    PARTY = "party"
    OBSERVER = "observer"


class Identity(StrEnum):
    """What tells one item of a feed from another."""

    GUID = "guid"
    LINK = "link"
    CONTENT = "content"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A feed or a public channel that is read. `address` is the feed's URL, or the channel's https://t.me/NAME."""

    name: str
    kind: SourceKind
    address: str
    title: str = ""
    side: str | None = None
    side_kind: SideKind | None = None
    poll: timedelta = timedelta(minutes=10)
    backfill: int | None = None
    via: Via = Via.AUTO
    id: int | None = None
    """A channel's numeric id, if the operator pinned it."""
    identity: Identity | None = None
    """A feed's identity policy, if the operator chose it; else it is chosen at the first reading and kept."""
    region: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def shown(self) -> str:
        return self.title or self.name


@dataclass(frozen=True, slots=True, order=True)
class Gap:
    """Message ids `low` to `high`, both included, that a channel may have and we could not read yet."""

    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Access:
    """The hash under which Telegram lets an account read a channel: a name is resolved once for each account."""

    account: str
    hash: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Cursor:
    """How far a source is read. It only moves in the transaction that stores what was read.

    For a channel everything up to `newest` is stored, or lies in one of `gaps`. For a feed the validators belong to
    the last *complete* document.
    """

    newest: int | None = None
    gaps: tuple[Gap, ...] = ()
    channel_id: int | None = None
    access: tuple[Access, ...] = ()
    etag: str | None = None
    last_modified: str | None = None
    body_hash: str | None = None
    identity: Identity | None = None
    marks: tuple[str, ...] = ()
    """Of a feed's last document, each item's id beside its words, hashed: shows ids that change at each fetch."""
    known: tuple[str, ...] = ()
    """Ids, hashed, of items that a feed's earlier identity stored under other ids: they are not taken again."""
    full_at: datetime | None = None
    """When the whole document was last asked for without conditions."""
    swept_at: datetime | None = None
    """When more than the newest page was last compared with the store."""
    again: int | None = None
    """Down to which message the slow round through older posts has come."""
    worded: float | None = None
    """The share of blocks with words on the newest page of a channel's preview, as last seen: a canary."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """What a source's last poll came to, in words: ok, empty, not_modified, rate_limited, no_preview, http_503, ..."""

    state: str = "new"
    detail: str = ""
    remedy: str = ""
    since: datetime | None = None
    until: datetime | None = None
    """Not asked again before this, because the source said so."""


NO_ROOM = "disk_full"
"""The state of sources that are not read because the disk of the database is nearly full."""
WORKING = frozenset({"ok", "empty", "not_modified", "slow"})


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceMemory:
    """All that the store remembers of a source between two polls."""

    name: str
    cursor: Cursor = Cursor()
    condition: Condition = Condition()
    first_read: datetime | None = None
    last_ok: datetime | None = None
    failures: int = 0
    """Polls in a row that did not work."""
    interval: timedelta | None = None
    """The adapted interval; None until the first poll."""
    due: datetime | None = None


def body_of(title: str, text: str) -> str:
    """Title and text as one, a line each; what is empty is left out."""
    return f"{title}\n{text}" if title and text else title or text


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """One post as its source showed it. `id` is unique within the source; an album is one post, under its first id."""

    source: str
    id: str
    url: str | None = None
    title: str = ""
    text: str = ""
    published: datetime | None = None
    edited: datetime | None = None
    author: str | None = None
    forwarded_from: str | None = None
    """The original as "channel/id", or the channel alone where the source does not show the id."""
    reply_to: str | None = None
    album: str | None = None
    parts: tuple[str, ...] = ()
    """Further message ids that belong to this post (the rest of an album)."""
    complete: bool = True
    """False when the source showed only a part of it."""
    language: str | None = None
    """What the source says: it counts where the letters do not tell."""

    @property
    def key(self) -> str:
        """The post's id over all sources, as every command prints it."""
        return f"{self.source}/{self.id}"

    @property
    def body(self) -> str:
        """What is matched, searched and quoted; spans of hits count from its start."""
        return body_of(self.title, self.text)

    @property
    def content_hash(self) -> str:
        """Changes exactly when a reader would see other words."""
        return sha256(f"{self.title}\x00{self.text}".encode(errors="surrogatepass")).hexdigest()


class Arrival(StrEnum):
    """How a post came: only what arrives live rings; a first reading is a baseline."""

    LIVE = "live"
    BASELINE = "baseline"
    BACKFILL = "backfill"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What one poll of one source came to: everything the store commits in one transaction.

    `posts` holds every post that was seen, known or not: the store finds what is new or changed by id and content.
    `window` is the span of message ids that was read without a hole: a stored post inside it that is not among
    `posts` was deleted.
    """

    source: str
    condition: Condition
    cursor: Cursor
    posts: tuple[Post, ...] = ()
    window: Gap | None = None
    arrival: Arrival = Arrival.LIVE
    """How posts come that the store did not have; BASELINE at a first reading."""
    backfilled: frozenset[str] = frozenset()
    """Ids among `posts` that `backfill` asked for: they arrive as BACKFILL."""
    dropped: int = 0
    """Items or blocks that could not be read."""
    moved_to: str | None = None
    """Where a permanent redirect points."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredPost:
    """A post with what the store knows of it. `row` is its number in the store."""

    row: int
    post: Post
    revision: int = 1
    arrival: Arrival = Arrival.LIVE
    seen: datetime
    deleted: datetime | None = None

    @property
    def happened(self) -> datetime:
        """When it was reported. A source may write any date, but nothing was reported after we saw it."""
        return min(self.post.published or self.seen, self.seen)
