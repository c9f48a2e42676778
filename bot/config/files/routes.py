"""routes.yaml: who gets what, where and when."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Annotated, Final, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from pydantic import Field, PlainValidator, WithJsonSchema

from bot.config.files.base import Entry
from bot.config.nearest import did_you_mean
from bot.config.words import Duration, Name, Text, Texts, need_text, refused
from bot.model import Destination, DestinationKind, Quiet
from bot.slots import check_cron

_CHANNEL: Final = re.compile(r"@[A-Za-z][A-Za-z0-9_]{3,31}\Z|-100[0-9]{5,15}\Z")
_WHERE: Final = "write console, file:PATH, telegram:@channel, telegram:-100... or webhook"
_QUIET: Final = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]-([01][0-9]|2[0-3]):[0-5][0-9]\Z")


def destination(value: object) -> Destination:
    """Where to deliver; a webhook's address is in its own file."""
    text = need_text(value, "console")
    kind, _, address = text.partition(":")
    if text in {"console", "webhook"}:
        return Destination(DestinationKind(text))
    if kind == "file" and address.strip():
        return Destination(DestinationKind.FILE, address.strip())
    if kind == "telegram":
        return _channel(address)
    if kind in {"webhook", "http", "https"}:
        raise refused(
            "a webhook's address is a secret and stands in a file of its own",
            "write webhook, and url_file: PATH beside it",
        )
    raise refused(f"{text!r} is no destination", _WHERE)


def _channel(address: str) -> Destination:
    if not _CHANNEL.match(address):
        raise refused(
            "is neither @channel nor -100...", "write telegram:@channel, or telegram:-100... with its numeric id"
        )
    return Destination(DestinationKind.TELEGRAM, address)


def cron(value: object) -> str:
    """Five fields, as cron has them."""
    text = need_text(value, '"0 9,18 * * *"')
    wrong = check_cron(text)
    if wrong is not None:
        raise refused(
            f"{text!r} is not a cron line: {wrong}", 'write minute, hour, day, month, weekday, such as "0 9,18 * * *"'
        )
    return text


def timezone(value: object) -> str:
    """A zone of the IANA database."""
    text = need_text(value, "Europe/Kyiv")
    try:
        return ZoneInfo(text).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        meant = did_you_mean(text, available_timezones()) or "write a name such as Europe/Kyiv"
        raise refused(f"{text!r} is not a time zone", meant) from None


def quiet(value: object) -> Quiet:
    """Two times of day."""
    text = need_text(value, '"23:00-07:00"')
    if not _QUIET.match(text):
        raise refused(f"{text!r} are no hours", 'write "23:00-07:00"')
    start, _, end = text.partition("-")
    if start == end:
        raise refused("begins when it ends", "leave the key out, or write two different times")
    return Quiet(start, end)


_PLAIN: Final = WithJsonSchema({"type": "string"})
To = Annotated[Destination, PlainValidator(destination), _PLAIN]
Cron = Annotated[str, PlainValidator(cron), _PLAIN]
Timezone = Annotated[str, PlainValidator(timezone), _PLAIN]
Hours = Annotated[
    Quiet, PlainValidator(quiet), WithJsonSchema({"type": "string", "pattern": _QUIET.pattern[:-2] + "$"})
]


class Filter(Entry):
    """What a route takes: everything named must fit, nothing named takes all."""

    tags: Texts = Field(
        default=[], examples=[["kursk"]], description="Watches that have one of these tags, and the places in them."
    )
    places: Texts = Field(
        default=[], examples=[["sudzha"]], description="Watches with one of these ids, and the places in them."
    )
    sides: Texts = Field(
        default=[], examples=[["ua"]], description="Stories that a source of one of these sides tells."
    )


class Schedule(Entry):
    """When digests are due."""

    cron: Cron = Field(examples=["0 9,18 * * *"], description="Minute, hour, day of month, month, day of week.")
    timezone: Timezone = Field(
        default="UTC", examples=["Europe/Kyiv"], description="The zone of `cron` and `quiet`, and of the times shown."
    )
    max_stories: int = Field(default=20, ge=1, le=1000, description="More than these go into the next digest.")
    empty: bool = Field(default=False, description="Send a digest that has no story.")


class Urgent(Entry):
    """A story of many sources in a short time is told at once."""

    sources: int = Field(
        default=2,
        ge=1,
        le=1000,
        description="From so many independent sources on, each in its own words (one, where a watch has "
        "`priority: urgent`),",
    )
    within: Duration = Field(default=timedelta(minutes=30), description="within so long,")
    repeat: Duration = Field(
        default=timedelta(hours=4),
        description="and the same story again after so long, at the earliest, and only for a new side or a new source.",
    )
    group: Literal["story", "place", "route"] = Field(
        default="story",
        description="What shares one card: the reports of one event; the urgent events of a place; or those of the "
        "route. Reports count together where they are of one event, in whatever language.",
    )
    wait: Duration | None = Field(
        default=None, examples=["2m"], description="Wait so long for further reports before a card is first sent."
    )
    interval: Duration = Field(
        default=timedelta(minutes=1),
        description="Change a card at most so often.",
    )
    quiet: Literal["hold", "send"] = Field(
        default="hold",
        description="In quiet hours: hold it until they end, or send it at once, without a sound where that can be.",
    )


class Spike(Entry):
    """Far more posts of a place than usual are a notice of their own."""

    within: Duration = Field(default=timedelta(hours=1), description="Posts of so long are counted,")
    times: float = Field(default=5.0, gt=1, le=1000, description="if they are at least so many times the usual number,")
    least: int = Field(default=10, ge=2, le=100_000, description="and at least so many.")
    over: Duration = Field(default=timedelta(days=7), description="What is usual is counted over so long before.")
    repeat: Duration = Field(default=timedelta(hours=6), description="The same place again after so long.")


class Lull(Entry):
    """No post of a place that usually has many is a notice of its own."""

    after: Duration = Field(default=timedelta(hours=36), description="Nothing for so long,")
    usual: float = Field(default=5.0, gt=0, le=100_000, description="where at least so many posts a day are usual.")
    over: Duration = Field(default=timedelta(days=14), description="What is usual is counted over so long before.")


class Translate(Entry):
    """A command that translates quotes, labelled as machine translation."""

    command: Texts = Field(
        min_length=1,
        examples=[["my-translator", "--quick"]],
        description="The program and its arguments; no shell. It reads a quote on standard input and writes the "
        "translation to standard output; TRANSLATE_FROM and TRANSLATE_TO name the languages.",
    )
    timeout: Duration = Field(default=timedelta(seconds=10), description="A slower answer is not waited for.")


class Route(Entry):
    """From watches to a destination."""

    name: Name = Field(examples=["kursk"], description="Unique. What was sent is remembered under it.")
    to: To = Field(
        examples=["console", "file:data/kursk.txt", "telegram:@my_channel", "webhook"],
        description="`console`; `file:PATH` (with .xml an Atom feed); `telegram:@channel` or `telegram:-100...`, "
        "which need a publisher; `webhook`, with `url_file`.",
    )
    url_file: Text | None = Field(
        default=None,
        examples=["secrets/hook_url"],
        description="For a webhook: a file, mode 0600, with its address on the first line and, if the receiver was "
        "given one, the key of the signature on the second.",
    )
    title: Text | None = Field(
        default=None, examples=["Kursk"], description="The head of the digest; if left out, the name."
    )
    thread: int | None = Field(default=None, ge=1, examples=[7], description="A topic of a Telegram forum.")
    watch: Filter = Field(
        default_factory=Filter, examples=[{"tags": ["kursk"]}], description="What it takes; left out: everything."
    )
    language: Literal["en", "uk", "ru"] = Field(default="en", description="The words of the digest, never the quotes.")
    confidence: float = Field(
        default=0.5, ge=0, le=1, description="Hits below it are stored and wait for review; they are not announced."
    )
    digest: Schedule | None = Field(
        default=None,
        examples=[{"cron": "0 9,18 * * *", "timezone": "Europe/Kyiv", "max_stories": 20}],
        description="When digests are due. Left out: only notices (`urgent`, `spike`, `lull`).",
    )
    urgent: Urgent | None = Field(
        default=None,
        examples=[{"sources": 2, "within": "30m", "repeat": "4h"}],
        description="Tell at once what many sources tell.",
    )
    spike: Spike | None = Field(
        default=None,
        examples=[{"within": "1h", "times": 5, "least": 10}],
        description="Tell when a place is named far more often than usual.",
    )
    lull: Lull | None = Field(
        default=None,
        examples=[{"after": "36h", "usual": 5}],
        description="Tell when a place that is usually named is named no more.",
    )
    quiet: Hours | None = Field(
        default=None,
        examples=["23:00-07:00"],
        description="Hours of the route's day in which messages are held, never dropped.",
    )
    delay: Duration | None = Field(
        default=None, examples=["30m"], description="Tell nothing younger than this (docs/responsible-use.md)."
    )
    translate: Translate | None = Field(
        default=None,
        examples=[{"command": ["my-translator"], "timeout": "10s"}],
        description="Translate quotes in other languages than `language`, beside the original. Off unless given.",
    )
    card: bool = Field(
        default=False,
        description="Draw each digest as a picture too: places with `at:` on a small map, and when they were reported. "
        'Beside the text of a `file:`, behind that in a chat; needs `pip install "placewire[card]"`.',
    )


class RoutesFile(Entry):
    """Who gets what, where and when. Without the file nothing is delivered."""

    routes: list[Route] = Field(default=[], description="The routes.")
