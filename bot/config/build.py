"""From the models of the files to the nouns of the house. Nothing is decided here; what was left out gets its default.

Enters: checked models, and the vault that holds what they name. Leaves: sources, watches, routes and settings, all
frozen. A secret that cannot be had is a fault before this, so that what is built then is thrown away.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

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
from bot.config.proxies import way_to_telegram
from bot.config.secret import Secret
from bot.config.settings import (
    OPS,
    BackupSettings,
    HttpSettings,
    KeepSettings,
    MatchingSettings,
    OpsSettings,
    ProxySettings,
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
    Grouping,
    Lull,
    Near,
    Place,
    Route,
    Schedule,
    SideKind,
    Source,
    SourceKind,
    Spike,
    Term,
    Translation,
    Urgent,
    Watch,
)

# ---------------------------------------------------------------- sources


def build_sources(file: SourcesFile, vault: Vault) -> tuple[Source, ...]:
    """Feeds, then channels, in their order."""
    feeds = (_feed(feed, file.sides, vault) for feed in file.feeds)
    return (*feeds, *(_channel(channel, file.sides) for channel in file.channels))


def _feed(feed: sourcing.Feed, sides: dict[str, SideKind], vault: Vault) -> Source:
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
        headers=vault.headers(feed.headers),
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
        added=tuple(place.forms.add),
        dropped=tuple(place.forms.drop),
        tags=tuple(place.tags),
        priority=place.priority,
    )


def _term(term: watchlist.Term) -> Term:
    return Term(
        id=term.id or slug(term.name),
        name=term.name,
        any=tuple(term.any) or (() if term.query else (term.name,)),
        query=term.query,
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
        urgent=_urgent(route.urgent) if route.urgent else None,
        spike=Spike(**route.spike.model_dump()) if route.spike else None,
        lull=Lull(**route.lull.model_dump()) if route.lull else None,
        quiet=route.quiet,
        delay=route.delay or timedelta(0),
        card=route.card,
        translate=Translation(tuple(route.translate.command), route.translate.timeout) if route.translate else None,
    )


def _urgent(urgent: routing.Urgent) -> Urgent:
    return Urgent(
        sources=urgent.sources,
        within=urgent.within,
        repeat=urgent.repeat,
        group=Grouping(urgent.group),
        wait=urgent.wait or timedelta(0),
        interval=urgent.interval,
        held=urgent.quiet == "hold",
    )


def _destination(route: routing.Route | bot.Ops) -> Destination:
    if route.to.kind is DestinationKind.WEBHOOK:
        return replace(route.to, address=route.url_file or "")
    return route.to


def build_ops(file: BotFile) -> OpsSettings | None:
    ops = file.ops
    if ops is None:
        return None
    hour, _, minute = (ops.daily or "").partition(":")
    daily = Schedule(cron=f"{int(minute)} {int(hour)} * * *", timezone=ops.timezone) if ops.daily else None
    route = Route(name=OPS, to=_destination(ops), thread=ops.thread, language=ops.language, digest=daily)
    return OpsSettings(route=route, interval=ops.interval)


# ---------------------------------------------------------------- settings


def build_http(file: BotFile, vault: Vault) -> HttpSettings:
    proxy = vault.environment.proxy or (Secret(file.http.proxy) if file.http.proxy else None)
    return HttpSettings(allow_private_networks=file.http.allow_private_networks, proxy=proxy, contact=file.http.contact)


def build_matching(file: BotFile) -> MatchingSettings:
    return MatchingSettings(**file.matching.model_dump())


def build_review(file: BotFile) -> ReviewSettings:
    review = file.review
    return ReviewSettings(
        host=review.host,
        port=review.port,
        users_file=Path(review.users_file) if review.users_file else None,
        public_url=review.public_url,
        write_config=review.write_config,
        tiles=review.tiles,
        tiles_credit=review.tiles_credit,
    )


def build_keep(file: BotFile) -> KeepSettings:
    return KeepSettings(**file.keep.model_dump())


def build_backup(file: BotFile) -> BackupSettings | None:
    given = file.backup
    if given is None:
        return None
    return BackupSettings(folder=Path(given.folder), cron=given.cron, timezone=given.timezone, keep=given.keep)


def build_telegram(file: BotFile, vault: Vault) -> TelegramSettings:
    telegram = file.telegram
    return TelegramSettings(
        web=WebSettings(base_url=telegram.web.base_url.rstrip("/"), min_interval=telegram.web.min_interval),
        readers=tuple(_reader(reader, vault) for reader in telegram.readers),
        publisher=_publisher(telegram.publisher or bot.Publisher(), vault),
        server=_server(telegram.server) if telegram.server else None,
        proxy=_way_to_telegram(file, vault),
    )


def _way_to_telegram(file: BotFile, vault: Vault) -> ProxySettings | None:
    http = build_http(file, vault).proxy
    return vault.environment.telegram_proxy or file.telegram.proxy or (way_to_telegram(http.reveal()) if http else None)


def _reader(reader: bot.Reader, vault: Vault) -> ReaderSettings:
    return ReaderSettings(
        name=reader.name,
        api_id=reader.api_id or vault.environment.api_id or 0,
        api_hash=_api_hash(reader, vault) or Secret(""),
        session_file=Path(reader.session_file),
        session=vault.secret(reader.session_file),
    )


def _publisher(publisher: bot.Publisher, vault: Vault) -> PublisherSettings | None:
    token = vault.environment.bot_token or vault.secret(publisher.bot_token_file)
    if token is None:
        return None
    api_id = publisher.api_id or vault.environment.api_id
    bot_api = publisher.bot_api.rstrip("/")
    return PublisherSettings(bot_token=token, api_id=api_id, api_hash=_api_hash(publisher, vault), bot_api=bot_api)


def _api_hash(account: bot.Reader | bot.Publisher, vault: Vault) -> Secret | None:
    written = Secret(account.api_hash) if account.api_hash else None
    return written or vault.secret(account.api_hash_file) or vault.environment.api_hash


def _server(server: bot.Server) -> ServerSettings:
    key = Path(server.public_key_file) if server.public_key_file else None
    return ServerSettings(dc_id=server.dc_id, host=server.host, port=server.port, public_key_file=key)
