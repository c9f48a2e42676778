"""bot.yaml: the service itself. Every key may be left out, and so may the file."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Annotated, Literal

from pydantic import Field, PlainValidator, WithJsonSchema

from bot.config.files.base import Entry
from bot.config.files.routes import Cron, Timezone, To
from bot.config.proxies import open_way_to_telegram, way_to_telegram
from bot.config.settings import ProxySettings
from bot.config.words import Duration, Name, Text, WebAddress, need_text, refused, split_url, web_address

DATABASE = "sqlite:///data/placewire.db"


def database(value: object) -> str:
    """The URL of an engine we know."""
    text = need_text(value, DATABASE)
    if text.startswith("sqlite:///") and text.removeprefix("sqlite:///").strip("/"):
        return text
    if text.startswith("postgresql://") and split_url(text).path.strip("/"):
        return text
    if text.startswith(("postgres://", "postgresql")):
        raise refused("is not an address of a PostgreSQL database", "write postgresql://USER@HOST/DATABASE")
    raise refused("names no database that placewire knows", f"write {DATABASE} or postgresql://USER@HOST/DATABASE")


def proxy(value: object) -> str:
    """An http proxy, without a password."""
    text = need_text(value, "http://proxy.example.org:3128")
    parts = split_url(text)
    if parts.scheme != "http" or not parts.hostname:
        raise refused("is not an http proxy", "write http://HOST:PORT")
    if "@" in parts.netloc:
        raise refused(
            "holds a password in a file", "set PLACEWIRE_PROXY in the environment instead, and delete this key"
        )
    way_to_telegram(text)  # MTProto may go there, too
    return text


Database = Annotated[str, PlainValidator(database), WithJsonSchema({"type": "string"})]
Proxy = Annotated[str, PlainValidator(proxy), WithJsonSchema({"type": "string"})]
WayToTelegram = Annotated[ProxySettings, PlainValidator(open_way_to_telegram), WithJsonSchema({"type": "string"})]


class Http(Entry):
    """How the web is asked."""

    allow_private_networks: bool = Field(
        default=False,
        description="Let feeds and webhooks reach addresses of private networks and of this machine. Off, a feed "
        "cannot make placewire fetch from the network it runs in.",
    )
    proxy: Proxy | None = Field(
        default=None,
        examples=["http://proxy.example.org:3128"],
        description="An HTTP proxy for all requests. One that needs a password is given as PLACEWIRE_PROXY.",
    )
    contact: Text | None = Field(
        default=None,
        examples=["desk@example.org"],
        description="An address or a page where the owner of a site can reach you; it is part of the User-Agent.",
    )


class Web(Entry):
    """The public preview of channels: no account is needed."""

    base_url: WebAddress = Field(default="https://t.me", description="Where the previews are read.")
    min_interval: Duration = Field(
        default=timedelta(seconds=1), description="The time between two requests for previews, at least."
    )


class Reader(Entry):
    """A user session, for channels without a preview and for speed. Optional."""

    name: Name = Field(examples=["reader-1"], description="What you call it; unique among readers.")
    api_id: int | None = Field(
        default=None,
        ge=1,
        examples=[12345],
        description="From my.telegram.org. If left out: PLACEWIRE_API_ID of the environment.",
    )
    api_hash: Text | None = Field(
        default=None,
        examples=["0123456789abcdef0123456789abcdef"],
        description="From my.telegram.org. Better: api_hash_file, or PLACEWIRE_API_HASH of the environment.",
    )
    api_hash_file: Text | None = Field(
        default=None, examples=["secrets/api_hash"], description="A file, mode 0600, that holds the api_hash."
    )
    session_file: Text = Field(
        examples=["secrets/reader-1.session"],
        description="A file, mode 0600, that holds one line: a Telethon StringSession, as `login` writes it.",
    )


class Publisher(Entry):
    """The bot that sends to Telegram."""

    bot_token_file: Text | None = Field(
        default=None,
        examples=["secrets/bot_token"],
        description="A file, mode 0600, that holds the token @BotFather gave. If left out: PLACEWIRE_BOT_TOKEN.",
    )
    api_id: int | None = Field(
        default=None,
        ge=1,
        examples=[12345],
        description="From my.telegram.org, or PLACEWIRE_API_ID. Without it the HTTPS Bot API is used, with its weaker "
        "promise: when an answer is lost, a message may have to wait for you.",
    )
    api_hash: Text | None = Field(
        default=None,
        examples=["0123456789abcdef0123456789abcdef"],
        description="From my.telegram.org. Better: api_hash_file, or PLACEWIRE_API_HASH of the environment.",
    )
    api_hash_file: Text | None = Field(
        default=None, examples=["secrets/api_hash"], description="A file, mode 0600, that holds the api_hash."
    )
    bot_api: WebAddress = Field(
        default="https://api.telegram.org",
        description="Where the Bot API is: a server of one's own, or one for tests. The token goes there.",
    )


class Server(Entry):
    """Telegram's test servers, or a server of one's own; leave it out for Telegram itself."""

    dc_id: int = Field(ge=1, le=9_999, examples=[2], description="The number of the data centre.")
    host: Text = Field(examples=["149.154.167.40"], description="Its address.")
    port: int = Field(ge=1, le=65_535, examples=[443], description="Its port.")
    public_key_file: Text | None = Field(
        default=None,
        examples=["secrets/server.pem"],
        description="Its public key in PEM, PKCS#1 (BEGIN RSA PUBLIC KEY). Telegram's own keys are known.",
    )


class Telegram(Entry):
    """How channels are read and digests are sent."""

    web: Web = Field(default_factory=Web, description="The public preview of channels: no account is needed.")
    readers: list[Reader] = Field(
        default=[], description="User sessions, for channels without a preview and for speed. Optional."
    )
    publisher: Publisher | None = Field(
        default=None, description="The bot that sends to Telegram. Only `telegram:` routes need it."
    )
    server: Server | None = Field(default=None, description="Telegram's test servers, or a server of one's own.")
    proxy: WayToTelegram | None = Field(
        default=None,
        examples=["socks5://127.0.0.1:1080"],
        description="A proxy for MTProto alone: socks5://HOST:PORT or http://HOST:PORT. Left out, MTProto goes through "
        "`http.proxy` too. One with a password, and an MTProxy with its secret, is given as PLACEWIRE_TELEGRAM_PROXY.",
    )


def tiles(value: object) -> str:
    """Where the tiles of a map come from: one host, so that the page's policy can name exactly that."""
    text = web_address(value)
    if "{s}" in split_url(text).netloc or not all(part in text for part in ("{z}", "{x}", "{y}")):
        raise refused("is no address of tiles", f"write {TILES}")
    if not re.fullmatch(r"[\w.-]+(:\d+)?", split_url(text).netloc, re.ASCII):
        raise refused("has a host that a browser may not know", f"write {TILES}")
    return text


TILES = "https://tile.example.org/{z}/{x}/{y}.png"
Tiles = Annotated[str, PlainValidator(tiles), WithJsonSchema({"type": "string", "pattern": "^https?://"})]


class Review(Entry):
    """The page for maintainers."""

    host: Text = Field(
        default="127.0.0.1",
        description="The address it listens on. Another one than this machine's own needs users_file.",
    )
    port: int = Field(default=8080, ge=0, le=65_535, description="The port it listens on; 0 takes a free one.")
    users_file: Text | None = Field(
        default=None,
        examples=["secrets/users"],
        description="A file, mode 0600, with users, hashed passwords and roles.",
    )
    public_url: WebAddress | None = Field(
        default=None,
        examples=["https://wire.example.org"],
        description="Where others reach the page; digests link to it.",
    )
    write_config: bool = Field(default=False, description="Let the page write rules into the watchlists.")
    tiles: Tiles | None = Field(
        default=None,
        examples=[TILES],
        description="Where the map's background comes from. Left out, nothing is fetched; set, its owner learns where "
        "people look.",
    )
    tiles_credit: Text | None = Field(
        default=None, examples=["© OpenStreetMap contributors"], description="Whom the map names for its tiles."
    )


class Keep(Entry):
    """How long what is stored is kept. Deduplication outlives it."""

    unmatched: Duration = Field(default=timedelta(days=90), description="Posts that no watch has found.")
    posts: Duration = Field(default=timedelta(days=365), description="Posts with hits, their stories and digests.")
    deleted_by_author: Duration = Field(
        default=timedelta(days=30), description="Posts that their author has deleted, from then on."
    )


def time_of_day(value: object) -> str:
    """Hour and minute."""
    text = need_text(value, '"08:00"')
    if not re.fullmatch(r"([01][0-9]|2[0-3]):[0-5][0-9]", text):
        raise refused(f"{text!r} is no time of day", 'write "08:00"')
    return text


TimeOfDay = Annotated[str, PlainValidator(time_of_day), WithJsonSchema({"type": "string"})]


class Ops(Entry):
    """The operator's own destination: what ails sources and deliveries, and a daily line."""

    to: To = Field(
        examples=["console", "file:data/ops.txt", "telegram:-1001234567890", "webhook"],
        description="Where it goes, written as in routes.yaml. Sources that change their state, parked deliveries and "
        "those of unknown outcome; never a secret.",
    )
    url_file: Text | None = Field(
        default=None, examples=["secrets/ops_url"], description="For a webhook: a file, mode 0600, with its address."
    )
    thread: int | None = Field(default=None, ge=1, examples=[7], description="A topic of a Telegram forum.")
    language: Literal["en", "uk", "ru"] = Field(default="en", description="The language of its words.")
    daily: TimeOfDay | None = Field(
        default="08:00",
        description="When the daily line is due: posts seen and matched, messages delivered, gaps. null for none.",
    )
    timezone: Timezone = Field(default="UTC", examples=["Europe/Kyiv"], description="The zone of `daily`.")
    interval: Duration = Field(
        default=timedelta(minutes=10),
        description="Between two messages at least; what happens meanwhile is put together.",
    )


class Backup(Entry):
    """Copies of the database, made while the service runs."""

    folder: Text = Field(
        examples=["data/backups"],
        description="Where the copies go, readable by their owner only. A relative path starts at the working "
        "directory. Best on another disk.",
    )
    cron: Cron = Field(
        default="30 3 * * *", description="When a copy is due: minute, hour, day of month, month, day of week."
    )
    timezone: Timezone = Field(default="UTC", examples=["Europe/Kyiv"], description="The zone of `cron`.")
    keep: int = Field(default=7, ge=1, le=1000, description="So many copies stay; the oldest ones are removed.")


class Matching(Entry):
    """How mentions are weighed."""

    learn: bool = Field(
        default=True,
        description="Count, in the stored posts, how often each watched word stands in small letters and with a "
        "capital: that tells Мир the town from peace. The counts stay in the database.",
    )


class BotFile(Entry):
    """The service itself. Every key may be left out, and so may the file."""

    database: Database = Field(
        default=DATABASE,
        examples=["postgresql://placewire@db.example.org/placewire"],
        description="Where everything is stored. A relative path starts at the working directory. PLACEWIRE_DATABASE "
        "of the environment goes first; give a password there, not here.",
    )
    engine: Literal["local", "procrastinate"] = Field(
        default="local", description="What runs the work: one process, or many machines (needs PostgreSQL)."
    )
    http: Http = Field(default_factory=Http, description="How the web is asked.")
    telegram: Telegram = Field(default_factory=Telegram, description="How channels are read and digests are sent.")
    matching: Matching = Field(default_factory=Matching, description="How mentions are weighed.")
    review: Review = Field(default_factory=Review, description="The page for maintainers.")
    ops: Ops | None = Field(
        default=None,
        examples=[{"to": "telegram:-1001234567890", "daily": "08:00", "timezone": "Europe/Kyiv"}],
        description="The operator's own destination: what ails sources and deliveries, and a daily line.",
    )
    keep: Keep = Field(
        default_factory=Keep,
        description="How long what is stored is kept. Deduplication outlives it: nothing is told twice.",
    )
    backup: Backup | None = Field(
        default=None,
        description="Copies of the database, made while the service runs, and verified. The first one is made at "
        "once. Without this key there are none: `db backup` makes one by hand. For PostgreSQL pg_dump must be there.",
    )
