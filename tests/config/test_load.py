"""What a sound folder comes to."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from bot.config import (
    Config,
    PublisherSettings,
    ReaderSettings,
    Secret,
    ServerSettings,
    faults,
    load,
    load_watchlists,
)
from bot.errors import ConfigError
from bot.model import (
    Destination,
    DestinationKind,
    Filter,
    Identity,
    Near,
    Place,
    Priority,
    Quiet,
    Route,
    Schedule,
    SideKind,
    Source,
    SourceKind,
    Term,
    Urgent,
    Via,
)

SOURCES = """
sides: {ru: party, think-tank: observer}
feeds:
  - {name: isw, url: https://example.org/feed.xml, title: ISW, side: think-tank, poll: 10m, backfill: 5,
     identity: link, region: Kursk, headers: {Authorization: "Bearer ${NEWS_TOKEN}"}}
channels:
  - {name: rybar, title: Рыбарь, side: ru, via: web, poll: 90s, backfill: 200, id: 77, region: Курская область}
"""
WATCHLIST = """
places:
  - name: Суджа
    id: sudzha
    language: ru
    names: {ru: Суджа, uk: Суджа, en: [Sudzha, Soudja]}
    in: Курская область
    at: [51.19, 35.27]
    also: []
    not: [Суджанская улица]
    near: {any: [бои, обстрел], within: 12}
    adjectives: true
    forms: {add: [Судженці], drop: Soudja}
    tags: [kursk]
    priority: urgent
  - name: Ямская Степь
terms:
  - {name: РЭБ, any: [РЭБ, electronic warfare], tags: kursk}
  - {name: дрон}
"""
ROUTES = """
routes:
  - name: kursk
    to: telegram:@kursk_wire
    title: Курск
    thread: 7
    watch: {tags: [kursk], places: sudzha, sides: [ru]}
    language: uk
    confidence: 0.7
    digest: {cron: "0 9,18 * * *", timezone: Europe/Kyiv, max_stories: 5, empty: true}
    urgent: {sources: 3, within: 20m, repeat: 2h}
    quiet: "23:00-07:00"
    delay: 30m
  - {name: hook, to: webhook, url_file: hook, urgent: {}}
  - {name: out, to: "file:out/a b.xml", digest: {cron: "@daily"}}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    config = tmp_path / "config"
    (config / "watchlists").mkdir(parents=True)
    (config / "sources.yaml").write_text(SOURCES, encoding="utf-8")
    (config / "watchlists" / "kursk.yaml").write_text(WATCHLIST, encoding="utf-8")
    (config / "routes.yaml").write_text(ROUTES.replace('"@daily"', '"0 9 * * *"'), encoding="utf-8")
    secret(tmp_path / "hook", "https://hooks.example/abc")
    return config


def secret(file: Path, text: str) -> None:
    file.write_text(text, encoding="utf-8")
    file.chmod(0o600)


def loaded(folder: Path, bot: str = "", **environ: str) -> Config:
    (folder / "bot.yaml").write_text(bot, encoding="utf-8")
    return load(folder, {"NEWS_TOKEN": "token", **environ})


def test_null_is_a_value_where_something_else_is_assumed(folder: Path) -> None:
    ops = loaded(folder, "ops: {to: console, daily: null}").ops
    assert ops
    assert ops.route.digest is None
    assert loaded(folder, "ops: {to: console, language: null}").ops == loaded(folder, "ops: {to: console}").ops


def test_sources_are_as_written(folder: Path) -> None:
    feed, channel = loaded(folder).sources
    assert feed == Source(
        name="isw",
        kind=SourceKind.FEED,
        address="https://example.org/feed.xml",
        title="ISW",
        side="think-tank",
        side_kind=SideKind.OBSERVER,
        poll=timedelta(minutes=10),
        backfill=5,
        identity=Identity.LINK,
        region="Kursk",
        headers=feed.headers,
    )
    assert dict(feed.headers) == {"Authorization": "Bearer token"}
    assert channel == Source(
        name="rybar",
        kind=SourceKind.CHANNEL,
        address="https://t.me/rybar",
        title="Рыбарь",
        side="ru",
        side_kind=SideKind.PARTY,
        poll=timedelta(seconds=90),
        backfill=200,
        via=Via.WEB,
        id=77,
        region="Курская область",
        headers=channel.headers,
    )


def test_watches_are_as_written(folder: Path) -> None:
    assert loaded(folder).watches == (
        Place(
            id="sudzha",
            name="Суджа",
            language="ru",
            names={"ru": ("Суджа",), "uk": ("Суджа",), "en": ("Sudzha", "Soudja")},
            within="Курская область",
            at=(51.19, 35.27),
            never=("Суджанская улица",),
            near=Near(("бои", "обстрел"), 12),
            adjectives=True,
            added=("Судженці",),
            dropped=("Soudja",),
            tags=("kursk",),
            priority=Priority.URGENT,
        ),
        Place(id="yamskaya-step", name="Ямская Степь"),
        Term(id="reb", name="РЭБ", any=("РЭБ", "electronic warfare"), tags=("kursk",)),
        Term(id="dron", name="дрон", any=("дрон",)),
    )


def test_routes_are_as_written(folder: Path) -> None:
    kursk, hook, out = loaded(folder).routes
    assert kursk == Route(
        name="kursk",
        to=Destination(DestinationKind.TELEGRAM, "@kursk_wire"),
        title="Курск",
        thread=7,
        watch=Filter(tags=("kursk",), places=("sudzha",), sides=("ru",)),
        language="uk",
        confidence=0.7,
        digest=Schedule(cron="0 9,18 * * *", timezone="Europe/Kyiv", max_stories=5, empty=True),
        urgent=Urgent(sources=3, within=timedelta(minutes=20), repeat=timedelta(hours=2)),
        quiet=Quiet("23:00", "07:00"),
        delay=timedelta(minutes=30),
    )
    assert (hook.to, hook.urgent) == (Destination(DestinationKind.WEBHOOK, "hook"), Urgent())
    assert out.to == Destination(DestinationKind.FILE, "out/a b.xml")


def test_everything_but_the_sources_may_be_left_out(tmp_path: Path) -> None:
    (tmp_path / "sources.yaml").write_text("feeds:\nchannels:\n", encoding="utf-8")
    config = load(tmp_path, {})
    assert config == Config(folder=tmp_path, database="sqlite:///data/placewire.db", warnings=config.warnings)
    assert [fault.file.name for fault in config.warnings] == ["routes.yaml", "sources.yaml", "watchlists"]


def test_an_empty_folder_does_nothing_and_says_so(tmp_path: Path) -> None:
    warned = load(tmp_path, {}).warnings
    assert [fault.file.name for fault in warned] == ["routes.yaml", "sources.yaml", "watchlists"]


def test_a_missing_folder_is_one_fault(tmp_path: Path) -> None:
    (fault,) = faults(tmp_path / "nowhere", {})
    assert (fault.file, fault.what) == (tmp_path / "nowhere", "is not a folder")


def test_accounts_join_file_and_environment(folder: Path) -> None:
    secret(Path("token"), "1:abc\n")
    secret(Path("hash"), "fromfile")
    secret(Path("s1"), "session")
    Path("key.pem").write_text("-----BEGIN RSA PUBLIC KEY-----\n", encoding="ascii")
    telegram = loaded(
        folder,
        """
        telegram:
          web: {base_url: "http://127.0.0.1:8000/", min_interval: 5s}
          publisher: {bot_token_file: token, api_id: 3, api_hash_file: hash}
          readers: [{name: r1, session_file: s1}, {name: r2, api_id: 4, api_hash: literal, session_file: s2}]
          server: {dc_id: 2, host: 127.0.0.1, port: 443, public_key_file: key.pem}
        """,
        PLACEWIRE_API_ID="5",
        PLACEWIRE_API_HASH="fromenv",
    ).telegram
    assert (telegram.web.base_url, telegram.web.min_interval) == ("http://127.0.0.1:8000", timedelta(seconds=5))
    assert telegram.publisher == PublisherSettings(bot_token=Secret("1:abc"), api_id=3, api_hash=Secret("fromfile"))
    assert telegram.readers == (
        ReaderSettings(
            name="r1", api_id=5, api_hash=Secret("fromenv"), session_file=Path("s1"), session=Secret("session")
        ),
        ReaderSettings(name="r2", api_id=4, api_hash=Secret("literal"), session_file=Path("s2")),
    )
    assert telegram.server == ServerSettings(dc_id=2, host="127.0.0.1", port=443, public_key_file=Path("key.pem"))


def test_the_environment_goes_first(folder: Path) -> None:
    secret(Path("token"), "1:file")
    config = loaded(
        folder,
        "{database: 'sqlite:///x.db', telegram: {publisher: {bot_token_file: token}}, http: {proxy: 'http://a:1'}}",
        PLACEWIRE_DATABASE="postgresql://u:pw@db/x",
        PLACEWIRE_BOT_TOKEN="1:env",
        PLACEWIRE_PROXY="http://u:pw@b:2",
        PLACEWIRE_API_HASH="",
    )
    assert (config.database, config.shown_database) == ("postgresql://u:pw@db/x", "postgresql://u:***@db/x")
    assert config.telegram.publisher == PublisherSettings(bot_token=Secret("1:env"))
    assert config.http.proxy == Secret("http://u:pw@b:2")


def test_watchlists_alone(folder: Path) -> None:
    file = folder / "watchlists" / "kursk.yaml"
    assert load_watchlists([file]) == loaded(folder).watches
    with pytest.raises(ConfigError) as caught:
        load_watchlists([file, file])
    assert [fault.path for fault in caught.value.faults] == [
        "places[0].id",
        "places[1].name",
        "terms[0].name",
        "terms[1].name",
    ]


def test_a_watchlist_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read: No such file or directory"):
        load_watchlists([tmp_path / "none.yaml"])
