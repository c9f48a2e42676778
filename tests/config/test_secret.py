"""A secret shows itself nowhere: not in text, JSON, a fault or a whole configuration."""

from __future__ import annotations

import dataclasses
import json
import pickle
import tomllib
from pathlib import Path

import pytest

from bot.config import Secret, examine, load, masked
from bot.config.secret import Headers, Refusal, read_secret

CASES = Path(__file__).parents[1] / "cases" / "config"


def test_it_shows_as_stars() -> None:
    secret = Secret("SEKRET")
    shown = f"{secret} {secret!r} {secret:>9} {[secret]} %s" % secret
    assert "SEKRET" not in shown + json.dumps({"token": secret}, default=str)
    assert shown.count("***") == 5
    assert secret.reveal() == "SEKRET"


def test_it_is_not_json_by_accident() -> None:
    with pytest.raises(TypeError):
        json.dumps(Secret("SEKRET"))


def test_it_compares_and_travels() -> None:
    assert Secret("a") == Secret("a") != Secret("b")
    assert len({Secret("a"), Secret("a")}) == 1
    assert pickle.loads(pickle.dumps(Secret("a"))).reveal() == "a"


def test_headers_show_only_their_names() -> None:
    headers = Headers({"Authorization": "SEKRET"})
    assert repr(headers) == "{'Authorization': '***'}"
    assert dict(headers) == {"Authorization": "SEKRET"}


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("postgresql://user:SEKRET@host:5432/db", "postgresql://user:***@host:5432/db"),
        ("postgresql://:SEKRET@host/db", "postgresql://:***@host/db"),
        ("http://user:SEK@RET@proxy:1", "http://user:***@proxy:1"),
        ("postgresql://user@host/db", "postgresql://user@host/db"),
        ("sqlite:///data/placewire.db", "sqlite:///data/placewire.db"),
    ],
)
def test_a_password_in_an_address_is_masked(address: str, shown: str) -> None:
    assert masked(address) == shown


def test_no_case_of_the_tests_shows_its_secrets() -> None:
    for case in tomllib.loads((CASES / "secrets.toml").read_text(encoding="utf-8"))["case"]:
        assert not [line for line in (*case.get("faults", ()), *case.get("warnings", ())) if "SEKRET" in line]


def test_a_whole_configuration_shows_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    feed = "{name: a, url: https://a.example/f, headers: {Authorization: 'Bearer ${TOKEN}'}}"
    Path("sources.yaml").write_text(f"feeds: [{feed}]", encoding="utf-8")
    Path("bot.yaml").write_text(
        "telegram: {publisher: {api_id: 1, api_hash: SEKRET}, readers: [{name: r, session_file: s}]}", encoding="utf-8"
    )
    Path("s").write_text("SEKRET", encoding="utf-8")
    Path("s").chmod(0o600)
    environ = {
        "TOKEN": "SEKRET",
        "PLACEWIRE_DATABASE": "postgresql://u:SEKRET@h/d",
        "PLACEWIRE_BOT_TOKEN": "1:SEKRET",
        "PLACEWIRE_PROXY": "http://u:SEKRET@p:1",
        "PLACEWIRE_API_ID": "1",
        "PLACEWIRE_API_HASH": "SEKRET",
    }
    config = load(Path(), environ)
    shown = dataclasses.asdict(config)
    del shown["database"]
    assert "SEKRET" not in repr(config) + str(config.sources) + repr(shown) + config.shown_database
    assert "SEKRET" not in repr(examine(Path(), environ))


def test_a_secret_is_the_text_without_the_space_around_it(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_bytes(b"\xef\xbb\xbf 1:abc \r\n")
    file.chmod(0o600)
    assert read_secret(file) == Secret("1:abc")


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"", "is empty"),
        (b" \n", "is empty"),
        (b"\xff\xfe", "is not text in UTF-8"),
        (b"x" * 70_000, "is larger than 64 KB"),
    ],
)
def test_a_file_that_holds_no_secret(tmp_path: Path, content: bytes, what: str) -> None:
    file = tmp_path / "token"
    file.write_bytes(content)
    file.chmod(0o600)
    found = read_secret(file)
    assert isinstance(found, Refusal)
    assert found.what == f"{file} {what}"
