"""Where reports go, and when: routes with their schedules and filters, and silences."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import PurePath


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
    alone: bool = False
    """Whether places are taken without those that lie in them: for the card of one place."""


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
