"""The nouns of the house, as frozen values.

Source -> Post -> Hit -> Story -> Digest -> Delivery, and beside them Watch (Place or Term), Route and Cursor.
Nothing here reads, writes or waits. Every `datetime` is aware and in UTC; every span counts Unicode code points.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from pathlib import PurePath
from typing import Any

# ---------------------------------------------------------------- sources


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
        if not self.title:
            return self.text
        return f"{self.title}\n{self.text}" if self.text else self.title

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


# ---------------------------------------------------------------- watches


class Priority(StrEnum):
    NORMAL = "normal"
    URGENT = "urgent"


@dataclass(frozen=True, slots=True)
class Near:
    """At least one of `any` must stand within so many words of the name."""

    any: tuple[str, ...]
    within: int = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A settlement to watch: the name as a person writes it, and what the operator knows of it."""

    id: str
    name: str
    language: str | None = None
    names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    within: str | None = None
    """The region, `in:` in the file."""
    at: tuple[float, float] | None = None
    """Latitude and longitude in degrees."""
    also: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    """`not:` in the file."""
    near: Near | None = None
    adjectives: bool = False
    added: tuple[str, ...] = ()
    """Forms as they stand, `forms: {add: ...}` in the file."""
    dropped: tuple[str, ...] = ()
    """Forms that are not this place's, `forms: {drop: ...}` in the file."""
    tags: tuple[str, ...] = ()
    priority: Priority = Priority.NORMAL


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """Plain words to watch, with their inflections."""

    id: str
    name: str
    any: tuple[str, ...]
    query: str | None = None
    """Beside `any` or instead of it: words joined by AND, OR, NOT and NEAR/n; see `bot.language.query`."""
    tags: tuple[str, ...] = ()
    priority: Priority = Priority.NORMAL


Watch = Place | Term

# ---------------------------------------------------------------- hits


class Origin(StrEnum):
    """The rule that made a form: why the matcher knows this spelling."""

    BASE = "base"
    RULE = "rule"
    DICTIONARY = "dictionary"
    TRANSLITERATION = "transliteration"
    ALIAS = "alias"
    ADJECTIVE = "adjective"
    KEY = "key"
    TERM = "term"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A mention of a watch: `text` is exactly the body from `start` to `end`; form, origin and evidence say why."""

    watch: str
    start: int
    end: int
    text: str
    form: str
    origin: Origin
    confidence: float
    evidence: tuple[str, ...] = ()
    """The words of the evidence, strongest first."""
    candidates: tuple[str, ...] = ()
    """Other watches of the same name that it may be instead; not empty means unresolved."""

    @property
    def why(self) -> tuple[str, ...]:
        return (self.origin.value, *self.evidence)


@dataclass(frozen=True, slots=True)
class Preference:
    """A maintainer's decision on two places of one name: where a text does not tell, `prefer` is meant, not `over`.

    It holds for posts of one source, or of all.
    """

    prefer: str
    over: str
    source: str | None = None


class HitState(StrEnum):
    LIVE = "live"
    EDITED_OUT = "edited_out"
    DELETED = "deleted"
    RULED_OUT = "ruled_out"
    """`rematch` did not find it by today's rules."""
    EXPIRED = "expired"
    """Its post is so old that its words are no longer kept; what was found, and where, stays known."""


class Verdict(StrEnum):
    """What a person decided on a hit."""

    CONFIRMED = "confirmed"
    REJECTED = "rejected"


class Rejection(StrEnum):
    """Why a person rejected a hit."""

    HOMONYM = "homonym"
    PERSON = "person"
    WORD = "word"
    PART = "part"
    BACKGROUND = "background"
    OLD = "old"
    ADVERTISEMENT = "advertisement"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredHit:
    """A hit with what the store knows of it. `row` is its number there; `key` is what every command prints."""

    row: int
    hit: Hit
    revision: int = 1
    state: HitState = HitState.LIVE
    late: bool = False
    found: datetime
    verdict: Verdict | None = None
    meant: str | None = None
    """The watch that a person chose instead of the matcher's."""

    @property
    def key(self) -> str:
        return f"h{self.row}"


# ---------------------------------------------------------------- stories


class Relation(StrEnum):
    """How a post belongs to its story."""

    FIRST = "first"
    FORWARD = "forward"
    COPY = "copy"
    INCLUDED = "included"


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """Where grouping put a post. `story` is the key of the story's first post; `reason` says by what it was joined."""

    post: str
    story: str
    relation: Relation
    reason: str
    within: str | None = None
    """For an included post, the story of the round-up it is part of, or of the report it includes."""
    related: tuple[str, ...] = ()
    sketch: bytes = field(default=b"", compare=False, repr=False)
    """What grouping wants to be given back of the post, when later ones are compared with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One post of a story, with all that a digest tells of it."""

    stored: StoredPost
    source: Source
    relation: Relation
    within: int | None = None
    """For an included report, the row of the story that it is part of, or that is part of it."""
    hits: tuple[StoredHit, ...] = ()

    @property
    def when(self) -> datetime:
        return self.stored.post.published or self.stored.seen


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """Reports of one thing, the first report first. `row` is its number in the store."""

    row: int
    reports: tuple[Report, ...]

    @property
    def key(self) -> str:
        return f"s{self.row}"

    @property
    def first(self) -> Report:
        return self.reports[0]


# ---------------------------------------------------------------- routes, digests, deliveries


class DestinationKind(StrEnum):
    CONSOLE = "console"
    FILE = "file"
    TELEGRAM = "telegram"
    WEBHOOK = "webhook"

    @property
    def can_change(self) -> bool:
        """Whether what was sent there can be edited and pinned."""
        return self is DestinationKind.TELEGRAM


@dataclass(frozen=True, slots=True)
class Destination:
    """Where a route delivers: `address` is a path, @name or -100id; for a webhook the file that holds its URL."""

    kind: DestinationKind
    address: str = ""

    @property
    def feed(self) -> bool:
        """Whether it is a file that holds one Atom feed: its name ends in `.xml`."""
        return self.kind is DestinationKind.FILE and PurePath(self.address).suffix == ".xml"

    def __str__(self) -> str:
        return f"{self.kind}:{self.address}" if self.address else self.kind.value


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """When digests of a route are due: a cron line in a time zone."""

    cron: str
    timezone: str = "UTC"
    max_stories: int = 20
    empty: bool = False
    """Send a digest that has no story."""


class Grouping(StrEnum):
    """What one urgent card holds: a story with its like, all of a place, or all of the route."""

    STORY = "story"
    PLACE = "place"
    ROUTE = "route"


@dataclass(frozen=True, slots=True, kw_only=True)
class Urgent:
    """A story of so many sources within so long is told at once; again at the earliest after `repeat`."""

    sources: int = 2
    within: timedelta = timedelta(minutes=30)
    repeat: timedelta = timedelta(hours=4)
    group: Grouping = Grouping.STORY
    wait: timedelta = timedelta(0)
    """A card waits so long for further reports before it is first sent."""
    interval: timedelta = timedelta(minutes=1)
    """A card is changed at most so often."""
    held: bool = True
    """Whether quiet hours hold it; if not, it arrives in them without a sound."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spike:
    """Far more posts of a place `within` a time than are usual `over` a longer one."""

    within: timedelta = timedelta(hours=1)
    times: float = 5.0
    least: int = 10
    over: timedelta = timedelta(days=7)
    repeat: timedelta = timedelta(hours=6)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lull:
    """No post `after` so long of a place that usually has at least `usual` a day, `over` the time before."""

    after: timedelta = timedelta(hours=36)
    usual: float = 5.0
    over: timedelta = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Quiet:
    """Hours of the route's local day, as "23:00-07:00", in which messages are held."""

    start: str
    end: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """What a route takes: everything that is named must fit; nothing named takes all."""

    tags: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    sides: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Translation:
    """A command of the operator's that reads a text and writes its translation, within so long."""

    command: tuple[str, ...]
    timeout: timedelta = timedelta(seconds=10)


@dataclass(frozen=True, slots=True)
class Foreign:
    """A quote in another language than its digest's; `story` is the row of its story."""

    story: int
    text: str
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """From watches to a destination, and when."""

    name: str
    to: Destination
    title: str = ""
    thread: int | None = None
    watch: Filter = Filter()
    language: str = "en"
    confidence: float = 0.5
    digest: Schedule | None = None
    urgent: Urgent | None = None
    spike: Spike | None = None
    lull: Lull | None = None
    quiet: Quiet | None = None
    delay: timedelta = timedelta(0)
    card: bool = False
    """Whether a digest comes with a picture: its places on a map, and its times."""
    translate: Translation | None = None
    """What translates quotes in other languages; they stand in their own all the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """A time in which what it names does not ring: everything that is named must fit, and something is."""

    row: int = 0
    since: datetime
    until: datetime
    author: str
    comment: str
    place: str | None = None
    tag: str | None = None
    source: str | None = None
    route: str | None = None

    @property
    def key(self) -> str:
        return f"m{self.row}"

    @property
    def named(self) -> str:
        """What it silences, in words."""
        kinds = ("place", "tag", "source", "route")
        return ", ".join(f"{kind} {value}" for kind in kinds if (value := getattr(self, kind)))

    def lasts(self, now: datetime) -> bool:
        return self.since <= now < self.until


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One watch of a digest with its stories, in the order they are told."""

    watch: Watch
    stories: tuple[Story, ...]


@dataclass(frozen=True, slots=True)
class District:
    """A watch that is the `in:` of others: how many of the stories told name so many of its places."""

    watch: Watch
    stories: int
    places: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """What one route tells at one slot: every story exactly once, under one watch."""

    route: Route
    slot: datetime
    since: datetime
    sections: tuple[Section, ...] = ()
    earlier: tuple[Section, ...] = ()
    """Stories that only a backfill brought: told in a section of their own, marked late."""
    again: tuple[Story, ...] = ()
    """Round-ups of what was told, and parts of them: named, and not told a second time."""
    districts: tuple[District, ...] = ()
    """Watches of the route whose places are named."""
    quiet: tuple[Watch, ...] = ()
    """Watches of the route that nobody reported on, nor on a place of theirs."""
    working: int = 0
    sources: int = 0
    troubles: tuple[str, ...] = ()
    """Sources that do not work, each in words: "DeepState: no answer for 40 min"."""
    waiting: int = 0
    """Stories beyond `max_stories`, left for the next digest."""
    settled: tuple[tuple[Watch, int], ...] = ()
    """Stories of a flood that are told by their number alone, for each watch; most first."""
    ends: datetime | None = None
    """When it was composed, where that was long after its slot: it holds what came until then."""
    missed: tuple[datetime, ...] = ()
    """Earlier slots that passed without a digest; this one covers them."""
    watches: tuple[Watch, ...] = ()
    """Every watch that a hit of these stories names: for "also", and for names shared by several places."""
    translations: Mapping[int, str] = field(default_factory=dict)
    """By story row, what a machine made of its quote."""
    together: Mapping[int, int] = field(default_factory=dict)
    """By story row, the earlier story of its section with which it is told, perhaps of one event."""
    remarks: tuple[str, ...] = ()
    """Corrections of what was told before, and what was told at once, each in words."""
    review: str | None = None
    """Where readers find every report of these stories, and why each was found: our page, if it is public."""


class Reason(StrEnum):
    """Why a story was told on a route, or held."""

    TOLD = "told"
    URGENT = "told at once, as urgent"
    WAITS = "held for the route's `wait`: further reports may come"
    QUIET_HOURS = "held until the quiet hours end"
    SILENCED = "held while it is silenced"
    FLOOD = "held for the digest: too many at once to ring for each"
    DELAYED = "held until the route's delay has passed"
    FULL = "held for the next digest: this one has max_stories"
    SETTLED = "told by number alone: too many came at once; it is in the archive"
    BASELINE = "not announced: read before the watch began (first reading)"
    UNSURE = "not announced: below the route's confidence"
    OTHER_WATCH = "not for this route: it watches other places"
    OTHER_SIDE = "not for this route: it takes other sides"
    AGAIN = "not told again: a round-up of what was told, or a part of one"
    RESTORED = "not announced: it may have been told before the store was restored from a copy"
    WITHDRAWN = "not announced: deleted or edited out before the digest"
    REJECTED = "not announced: a person rejected every hit of it"


ANNOUNCED = frozenset({Reason.TOLD, Reason.URGENT, Reason.SETTLED, Reason.AGAIN})
"""The reader knows of it, if only by number or by another report: it is never told again as new."""
IN_WORDS = frozenset({Reason.TOLD, Reason.URGENT})
"""The reader saw what it says, so that it can be corrected."""
HELD = frozenset({Reason.DELAYED, Reason.FULL, Reason.WAITS, Reason.QUIET_HOURS, Reason.SILENCED, Reason.FLOOD})
"""Taken up again by itself, changed or not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What a route decided on one story (`story` is its row), stored beside the digest or the notice."""

    story: int
    reason: Reason
    note: str = ""
    """What the reason leaves open: by whom it is silenced, and why."""
    until: datetime | None = None
    """When what is held is looked at again, without waiting for a digest."""


class NoticeKind(StrEnum):
    """What a route sends outside of its digests."""

    URGENT = "urgent"
    SPIKE = "spike"
    LULL = "lull"
    CORRECTION = "correction"
    OPS = "ops"
    PIN = "pin"


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One revision of a notice: what it is about (`subject`), and what the next revision must know (`state`)."""

    row: int
    route: str
    kind: NoticeKind
    subject: str
    revision: int
    at: datetime
    text: str = ""
    """What was sent or held, in words, for the operator."""
    state: Mapping[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> str:
        return f"n{self.row}"


class EntityKind(StrEnum):
    BOLD = "bold"
    ITALIC = "italic"
    LINK = "link"
    QUOTE = "quote"


@dataclass(frozen=True, slots=True)
class Entity:
    """Formatting of a span of a message, in code points of its text; a LINK has a `url`."""

    kind: EntityKind
    start: int
    end: int
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What one outbox row sends, frozen: text with formatting as objects, never concatenated markup."""

    text: str
    entities: tuple[Entity, ...] = ()
    part: int = 1
    parts: int = 1
    title: str = ""
    when: datetime | None = None
    links: tuple[str, ...] = ()
    """The address of each told story's first post, each exactly once over all parts."""
    silent: bool = False
    """It makes no sound where it arrives, and so quiet hours do not hold it."""
    card: str = ""
    """The digest as a picture in SVG, where the route asks for it; in a chat, a message of its own."""


class Action(StrEnum):
    """What a row of the outbox does. EDIT and PIN change the message of an earlier row; doing so twice is harmless."""

    SEND = "send"
    EDIT = "edit"
    PIN = "pin"


class Outcome(StrEnum):
    """Where a row of the outbox stands."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    PARKED = "parked"
    UNKNOWN = "unknown"
    DROPPED = "dropped"
    """Nothing is left to do: a later edit replaced it, or the message that it changes is gone."""


SETTLED = frozenset({Outcome.SENT, Outcome.DROPPED})
"""Nothing more happens to such a row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """A message on its way to one destination. `idempotency` is the same at every repeat of this very part."""

    row: int
    route: str
    to: Destination
    message: Message
    idempotency: str
    action: Action = Action.SEND
    of: str | None = None
    """For EDIT and PIN: the idempotency key of the row whose message they change."""
    target: str | None = None
    """That row's receipt; None as long as it is not sent."""
    thread: int | None = None
    digest: int | None = None
    outcome: Outcome = Outcome.WAITING
    reason: str = ""
    attempts: int = 0
    not_before: datetime | None = None
    tried: datetime | None = None
    """Since when an earlier try may have reached it; None if certainly none did."""
    offset: int | None = None
    """For a file: its length before the first try."""
    receipt: str | None = None
    """What the destination answered: a message id, a status."""

    @property
    def key(self) -> str:
        return f"o{self.row}"


def flat(row: Any) -> dict[str, Any]:
    """A noun, or a row of the store, as JSON takes it: moments in ISO 8601."""
    return {key: value.isoformat() if isinstance(value, datetime) else value for key, value in asdict(row).items()}
