"""What leaves this package: one frozen `Config`, in the nouns of the house and a few settings of its own.

Durations are `timedelta`, paths are as written (relative ones start at the working directory), secrets are `Secret`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from bot.config.secret import Secret, masked
from bot.errors import Fault
from bot.model import Route, SideKind, Source, Watch


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpSettings:
    """How the web is asked. `contact` is told to every server in the User-Agent."""

    allow_private_networks: bool = False
    proxy: Secret | None = None
    """A URL, perhaps with a password in it."""
    contact: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WebSettings:
    """The public preview of channels."""

    base_url: str = "https://t.me"
    min_interval: timedelta = timedelta(seconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderSettings:
    """A user session that reads channels. `session` is None until `login` has written `session_file`."""

    name: str
    api_id: int
    api_hash: Secret
    session_file: Path
    session: Secret | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PublisherSettings:
    """The bot that sends. Without `api_id` it uses the HTTPS Bot API, with its weaker promise."""

    bot_token: Secret
    api_id: int | None = None
    api_hash: Secret | None = None
    bot_api: str = "https://api.telegram.org"


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerSettings:
    """Telegram's test servers, or a server of one's own. The key is PEM, PKCS#1; None for Telegram's own."""

    dc_id: int
    host: str
    port: int
    public_key_file: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProxySettings:
    """A proxy to Telegram: socks5, http or mtproxy, whose secret is its `user`."""

    kind: str
    host: str
    port: int
    user: Secret | None = None
    password: Secret | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TelegramSettings:
    web: WebSettings = WebSettings()
    readers: tuple[ReaderSettings, ...] = ()
    publisher: PublisherSettings | None = None
    server: ServerSettings | None = None
    proxy: ProxySettings | None = None
    """The way for MTProto: its own proxy, else the one of `http`."""

    @property
    def has_accounts(self) -> bool:
        """Whether MTProto is spoken at all: a bot token alone goes over HTTPS."""
        return bool(self.readers) or (self.publisher is not None and self.publisher.api_id is not None)


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchingSettings:
    """`learn`: count in the stored posts how the watched words are written."""

    learn: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewSettings:
    """The page for maintainers."""

    host: str = "127.0.0.1"
    port: int = 8080
    users_file: Path | None = None
    public_url: str | None = None
    write_config: bool = False
    tiles: str | None = None
    """Where the map's background comes from, with {z}, {x} and {y}."""
    tiles_credit: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepSettings:
    """How long what is stored is kept."""

    unmatched: timedelta = timedelta(days=90)
    posts: timedelta = timedelta(days=365)
    deleted_by_author: timedelta = timedelta(days=30)


OPS = "@ops"
"""The name under which the operator's messages are sent; no route of routes.yaml can have it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpsSettings:
    """The operator's own destination. Its route's digest is the daily line; news wait `interval` for each other."""

    route: Route
    interval: timedelta = timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupSettings:
    """Where copies of the database go, when, and how many stay."""

    folder: Path
    cron: str = "30 3 * * *"
    timezone: str = "UTC"
    keep: int = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """Everything the operator decided, checked. `warnings` are worth reading, and stop nothing."""

    folder: Path
    database: str = field(repr=False)
    """The URL as it is to be opened; show `shown_database` instead."""
    engine: str = "local"
    http: HttpSettings = HttpSettings()
    telegram: TelegramSettings = TelegramSettings()
    matching: MatchingSettings = MatchingSettings()
    review: ReviewSettings = ReviewSettings()
    keep: KeepSettings = KeepSettings()
    backup: BackupSettings | None = None
    sides: Mapping[str, SideKind] = field(default_factory=dict)
    sources: tuple[Source, ...] = ()
    watches: tuple[Watch, ...] = ()
    routes: tuple[Route, ...] = ()
    ops: OpsSettings | None = None
    warnings: tuple[Fault, ...] = ()

    @property
    def delivered(self) -> tuple[Route, ...]:
        """Everything that has a destination: the routes, and the operator's own."""
        return (*self.routes, self.ops.route) if self.ops else self.routes

    @property
    def shown_database(self) -> str:
        """The database URL without its password."""
        return masked(self.database)
