"""From the models of the files to the nouns of the house. Nothing is decided here; what was left out gets its default.

Enters: checked models and the documents they came from, for the place of a secret that cannot be had. Leaves: sources,
watches, routes and settings, all frozen.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from bot.config.environment import Environment
from bot.config.files import (
    BotFile,
    RoutesFile,
    SourcesFile,
    WatchlistFile,
    bot,
    routes as routing,
    sources as sourcing,
    watchlist,
)
from bot.config.nodes import Document, Loc
from bot.config.secret import Secret
from bot.config.settings import (
    HttpSettings,
    KeepSettings,
    PublisherSettings,
    ReaderSettings,
    ReviewSettings,
    ServerSettings,
    TelegramSettings,
    WebSettings,
)
from bot.config.vault import Vault
from bot.language import slug
from bot.model import (
    Destination,
    DestinationKind,
    Filter,
    Near,
    Place,
    Route,
    Schedule,
    SideKind,
    Source,
    SourceKind,
    Term,
    Urgent,
    Watch,
)

# ---------------------------------------------------------------- sources


def build_sources(document: Document, file: SourcesFile, vault: Vault) -> tuple[Source, ...]:
    """Feeds, then channels, in their order."""
    feeds = (_feed(document, ("feeds", n), feed, file.sides, vault) for n, feed in enumerate(file.feeds))
    return (*feeds, *(_channel(channel, file.sides) for channel in file.channels))


def _feed(document: Document, loc: Loc, feed: sourcing.Feed, sides: dict[str, SideKind], vault: Vault) -> Source:
    return Source(
        name=feed.name,
        kind=SourceKind.FEED,
        address=feed.url,
        title=feed.title or "",
        side=feed.side,
        side_kind=sides.get(feed.side or ""),
        poll=feed.poll,
        backfill=feed.backfill,
        identity=feed.identity,
        region=feed.region,
        headers=vault.headers(document, (*loc, "headers"), feed.headers),
    )


def _channel(channel: sourcing.Channel, sides: dict[str, SideKind]) -> Source:
    return Source(
        name=channel.name,
        kind=SourceKind.CHANNEL,
        address=f"https://t.me/{channel.name}",
        title=channel.title or "",
        side=channel.side,
        side_kind=sides.get(channel.side or ""),
        poll=channel.poll,
        backfill=channel.backfill,
        via=channel.via,
        id=channel.id,
        region=channel.region,
    )


# ---------------------------------------------------------------- watches


def build_watches(file: WatchlistFile) -> tuple[Watch, ...]:
    """Places, then terms, in their order."""
    return (*map(_place, file.places), *map(_term, file.terms))


def _place(place: watchlist.Place) -> Place:
    return Place(
        id=place.id or slug(place.name),
        name=place.name,
        language=place.language,
        names={language: tuple(names) for language, names in place.names.items()},
        within=place.within,
        at=place.at,
        also=tuple(place.also),
        never=tuple(place.never),
        near=Near(tuple(place.near.any), place.near.within) if place.near else None,
        adjectives=place.adjectives,
        tags=tuple(place.tags),
        priority=place.priority,
    )


def _term(term: watchlist.Term) -> Term:
    return Term(
        id=term.id or slug(term.name),
        name=term.name,
        any=tuple(term.any) or (term.name,),
        tags=tuple(term.tags),
        priority=term.priority,
    )


# ---------------------------------------------------------------- routes


def build_routes(file: RoutesFile) -> tuple[Route, ...]:
    return tuple(map(_route, file.routes))


def _route(route: routing.Route) -> Route:
    return Route(
        name=route.name,
        to=_destination(route),
        title=route.title or "",
        thread=route.thread,
        watch=Filter(tags=tuple(route.watch.tags), places=tuple(route.watch.places), sides=tuple(route.watch.sides)),
        language=route.language,
        confidence=route.confidence,
        digest=Schedule(**route.digest.model_dump()) if route.digest else None,
        urgent=Urgent(**route.urgent.model_dump()) if route.urgent else None,
        quiet=route.quiet,
        delay=route.delay or timedelta(0),
    )


def _destination(route: routing.Route) -> Destination:
    if route.to.kind is DestinationKind.WEBHOOK:
        return replace(route.to, address=route.url_file or "")
    return route.to


def check_webhooks(document: Document, file: RoutesFile, vault: Vault) -> None:
    """Each webhook's file holds an address, and nobody else can read it. The address itself is read when it is used."""
    for index, route in enumerate(file.routes):
        loc = ("routes", index, "url_file")
        secret = vault.file(document, loc, route.url_file) if route.to.kind is DestinationKind.WEBHOOK else None
        if secret is not None and not secret.reveal().startswith(("https://", "http://")):
            document.refuse(loc, f"{route.url_file} holds no http or https address", "write one into its first line")


# ---------------------------------------------------------------- settings


def build_http(file: BotFile, environment: Environment) -> HttpSettings:
    proxy = environment.proxy or (Secret(file.http.proxy) if file.http.proxy else None)
    return HttpSettings(allow_private_networks=file.http.allow_private_networks, proxy=proxy, contact=file.http.contact)


def build_review(file: BotFile) -> ReviewSettings:
    review = file.review
    return ReviewSettings(
        host=review.host,
        port=review.port,
        users_file=Path(review.users_file) if review.users_file else None,
        public_url=review.public_url,
        write_config=review.write_config,
    )


def build_keep(file: BotFile) -> KeepSettings:
    return KeepSettings(**file.keep.model_dump())


def build_telegram(document: Document, file: BotFile, environment: Environment, vault: Vault) -> TelegramSettings:
    telegram = file.telegram
    accounts = _Accounts(document, environment, vault)
    readers = (accounts.reader(("telegram", "readers", n), reader) for n, reader in enumerate(telegram.readers))
    return TelegramSettings(
        web=WebSettings(base_url=telegram.web.base_url.rstrip("/"), min_interval=telegram.web.min_interval),
        readers=tuple(reader for reader in readers if reader is not None),
        publisher=accounts.publisher(("telegram", "publisher"), telegram.publisher),
        server=accounts.server(("telegram", "server"), telegram.server),
    )


class _Accounts:
    """Joins what the file and the environment say of accounts; what is missing in both is a fault."""

    def __init__(self, document: Document, environment: Environment, vault: Vault) -> None:
        self._document = document
        self._environment = environment
        self._vault = vault

    def reader(self, loc: Loc, reader: bot.Reader) -> ReaderSettings | None:
        api_id, api_hash = self._api(loc, reader)
        session = self._vault.session(self._document, (*loc, "session_file"), reader.session_file)
        if api_id is None or api_hash is None:
            self._document.refuse(loc, "has no api_id and api_hash", "set PLACEWIRE_API_ID and PLACEWIRE_API_HASH")
            return None
        return ReaderSettings(
            name=reader.name,
            api_id=api_id,
            api_hash=api_hash,
            session_file=Path(reader.session_file),
            session=session,
        )

    def publisher(self, loc: Loc, publisher: bot.Publisher | None) -> PublisherSettings | None:
        token = self._environment.bot_token
        if publisher is None:
            publisher = bot.Publisher()
            if token is None:
                return None
        token = token or self._vault.file(self._document, (*loc, "bot_token_file"), publisher.bot_token_file)
        api_id, api_hash = self._api(loc, publisher)
        if token is None:
            if publisher.bot_token_file is None:
                remedy = "write bot_token_file: PATH, or set PLACEWIRE_BOT_TOKEN"
                self._document.refuse((*loc, "bot_token_file"), "is missing", remedy)
            return None
        if (api_id is None) != (api_hash is None):
            self._document.refuse(loc, "has only one of api_id and api_hash", "give both, or neither")
        return PublisherSettings(bot_token=token, api_id=api_id, api_hash=api_hash)

    def server(self, loc: Loc, server: bot.Server | None) -> ServerSettings | None:
        if server is None:
            return None
        return ServerSettings(
            dc_id=server.dc_id, host=server.host, port=server.port, public_key=self._public_key(loc, server)
        )

    def _public_key(self, loc: Loc, server: bot.Server) -> str | None:
        if server.public_key_file is None:
            return None
        way = (*loc, "public_key_file")
        try:
            text = Path(server.public_key_file).read_text(encoding="ascii")
        except (OSError, UnicodeDecodeError) as error:
            self._document.refuse(way, f"{server.public_key_file} cannot be read: {error}", "name a PEM file")
            return None
        if "-----BEGIN RSA PUBLIC KEY-----" not in text:
            self._document.refuse(way, "is not a PKCS#1 public key", "name a file with BEGIN RSA PUBLIC KEY")
        return text

    def _api(self, loc: Loc, account: bot.Reader | bot.Publisher) -> tuple[int | None, Secret | None]:
        written = Secret(account.api_hash) if account.api_hash else None
        filed = self._vault.file(self._document, (*loc, "api_hash_file"), account.api_hash_file)
        return account.api_id or self._environment.api_id, written or filed or self._environment.api_hash
