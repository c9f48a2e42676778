"""The configuration of the demonstration is read like any other, without a fault or a warning."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.config import Config, load
from bot.demo.config import write_config
from bot.demo.newsroom import Newsroom, load as load_newsroom
from bot.model import DestinationKind, Place, SourceKind


@pytest.fixture(scope="module")
def newsroom() -> Newsroom:
    return load_newsroom()


@pytest.fixture
def config(newsroom: Newsroom, tmp_path: Path) -> Config:
    write_config(tmp_path / "demo", newsroom, "http://127.0.0.1:8123")
    return load(tmp_path / "demo", {})


def test_every_source_of_the_newsroom_is_watched(newsroom: Newsroom, config: Config) -> None:
    assert {source.name for source in config.sources} == set(newsroom.by_name)
    assert {source.name: source.side for source in config.sources} == {o.name: o.side for o in newsroom.outlets}
    channels = {source.name: source.id for source in config.sources if source.kind is SourceKind.CHANNEL}
    assert channels == {outlet.name: outlet.number for outlet in newsroom.outlets if outlet.number}


def test_the_nine_places_are_watched(config: Config) -> None:
    assert [watch.name for watch in config.watches if isinstance(watch, Place)] == [
        "Суджа",
        "Бердин",
        "Черкасское Поречное",
        "Мартыновка",
        "Михайловка",
        "Новосотницкий",
        "Ямская Степь",
        "Новая Сорочина",
        "Покровск",
    ]


def test_one_route_prints_digests_through_the_morning(config: Config) -> None:
    (route,) = config.routes
    assert route.to.kind is DestinationKind.CONSOLE
    assert route.digest
    assert route.digest.timezone == "Europe/Kyiv"


def test_it_stays_on_loopback_and_in_its_folder(config: Config) -> None:
    assert config.http.allow_private_networks
    assert config.telegram.web.base_url == "http://127.0.0.1:8123"
    assert str(config.folder) in config.database
    addresses = [source.address for source in config.sources if source.kind is SourceKind.FEED]
    assert all(address.startswith("http://127.0.0.1:8123/feeds/") for address in addresses)


def test_there_is_nothing_to_warn_about(config: Config) -> None:
    assert config.warnings == ()
