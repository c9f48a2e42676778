"""The whole conversation of `login`, against the fake."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.config import Config, load
from bot.errors import PlacewireError
from bot.service.login import login
from bot.telegram import SessionFault, check_session
from bot.telegram.sessions import owned, write_session
from tests.fakes.telegram.script import Kind
from tests.fakes.telegram.server import Telegram, telegram


@pytest.fixture
async def fake() -> AsyncIterator[Telegram]:
    async with telegram() as here:
        here.world.account("reader", phone="+380001", password="слово")
        yield here


def configured(folder: Path, fake: Telegram, *names: str) -> Config:
    config = folder / "config"
    config.mkdir(exist_ok=True)
    readers = ", ".join(f"{{name: {name}, session_file: {folder}/{name}.session}}" for name in names)
    text = f"database: sqlite:///{folder}/x.db\ntelegram: {{server: {fake.settings(folder)}, readers: [{readers}]}}\n"
    (config / "bot.yaml").write_text(text, encoding="utf-8")
    return load(config, {"PLACEWIRE_API_ID": "1", "PLACEWIRE_API_HASH": "0" * 32})


class Person:
    """Answers in order; remembers what was asked, and what was asked in secret."""

    def __init__(self, *answers: str) -> None:
        self.answers = list(answers)
        self.asked: list[tuple[str, bool]] = []

    def __call__(self, question: str, secret: bool) -> str:
        self.asked.append((question, secret))
        return self.answers.pop(0)


async def test_phone_code_and_password_make_a_private_session(tmp_path: Path, fake: Telegram) -> None:
    person = Person("+380001", "12345", "слово")
    path = await login(configured(tmp_path, fake, "main"), None, person)
    assert check_session(path) is None
    assert path.stat().st_mode & 0o777 == 0o600
    assert [secret for _, secret in person.asked] == [False, False, True]


async def test_without_a_password_the_code_is_enough(tmp_path: Path, fake: Telegram) -> None:
    fake.world.account("other", phone="+380002")
    path = await login(configured(tmp_path, fake, "main", "second"), "second", Person("+380002", "12345"))
    assert path.name == "second.session"


async def test_wrong_answers_may_be_mended(tmp_path: Path, fake: Telegram) -> None:
    person = Person("abc", "+1", "+380001", "00000", "12345", "нет", "слово")
    assert check_session(await login(configured(tmp_path, fake, "main"), None, person)) is None
    said = [question.rpartition("\n")[0].partition(":")[0] for question, _ in person.asked]
    number, code, password = "this is no phone number of Telegram", "the code is wrong", "the password is wrong"
    assert said == ["", number, number, "", code, "", password]


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        (("+1", "abc", ""), "no phone number"),
        (("+380001", "0", "0", "0"), "code is wrong"),
        (("+380001", "", " ", "\t"), "code is wrong"),
        (("+380001", "12345", " ", "", "нет"), "password is wrong"),
        (("+380001", "12345", "a", "b", "c"), "password is wrong"),
    ],
)
async def test_what_is_wrong_is_said_and_nothing_is_written(
    tmp_path: Path, fake: Telegram, answers: tuple[str, ...], words: str
) -> None:
    with pytest.raises(PlacewireError, match=words) as caught:
        await login(configured(tmp_path, fake, "main"), None, Person(*answers))
    assert caught.value.remedy
    assert not (tmp_path / "main.session").exists()


async def test_a_session_that_telegram_does_not_accept_is_not_written_over_a_good_one(
    tmp_path: Path, fake: Telegram
) -> None:
    write_session(tmp_path / "main.session", "good")
    fake.script.on("GetUsersRequest", Kind.ERROR, times=9, code=401, text="AUTH_KEY_UNREGISTERED")
    with pytest.raises(PlacewireError, match="session is not valid"):
        await login(configured(tmp_path, fake, "main"), None, Person("+380001", "12345", "слово"))
    assert (tmp_path / "main.session").read_text(encoding="ascii") == "good\n"


async def test_where_no_file_can_be_written_nothing_is_asked(tmp_path: Path, fake: Telegram) -> None:
    (tmp_path / "file").write_text("", encoding="ascii")
    config, person = configured(tmp_path, fake, "main"), Person("+380001")
    [reader] = config.telegram.readers
    for path in (tmp_path / "file/main.session", tmp_path):
        telegram = replace(config.telegram, readers=(replace(reader, session_file=path),))
        with pytest.raises(PlacewireError, match="cannot be written") as caught:
            await login(replace(config, telegram=telegram), None, person)
        assert "session_file" in caught.value.remedy
    assert person.asked == []


async def test_patience_and_lost_connections_are_said(tmp_path: Path, fake: Telegram) -> None:
    fake.script.flood("SendCodeRequest", 600)
    with pytest.raises(PlacewireError, match="11 min"):
        await login(configured(tmp_path, fake, "main"), None, Person("+380001"))
    fake.script.on("SendCodeRequest", Kind.DROP_BEFORE)
    with pytest.raises(PlacewireError, match="network"):
        await login(configured(tmp_path, fake, "main"), None, Person("+380001"))


@pytest.mark.parametrize("word", ["code", "password"])
async def test_the_connection_may_break_while_the_person_looks_for_an_answer(
    tmp_path: Path, fake: Telegram, word: str
) -> None:
    person = Person("+380001", "12345", "слово")

    def asked(question: str, secret: bool) -> str:
        if word in question.lower():
            fake.mtproto.restart()
        return person(question, secret)

    assert check_session(await login(configured(tmp_path, fake, "main"), None, asked)) is None
    assert fake.script.count("SendCodeRequest") == 1


async def test_a_server_that_never_answers_is_said_to_be_silent(
    tmp_path: Path, fake: Telegram, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.telegram.login.PATIENCE", 0.5)
    fake.script.on("SendCodeRequest", Kind.HANG)
    with pytest.raises(PlacewireError, match="check the network"):
        await login(configured(tmp_path, fake, "main"), None, Person("+380001"))


@pytest.mark.parametrize(("names", "wanted"), [((), "no reader"), (("a", "b"), "which reader"), (("a",), "which")])
async def test_it_must_be_clear_whose_account(
    tmp_path: Path, fake: Telegram, names: tuple[str, ...], wanted: str
) -> None:
    with pytest.raises(PlacewireError, match=wanted):
        await login(configured(tmp_path, fake, *names), "x" if len(names) == 1 else None, Person())


def test_a_session_has_one_owner_at_a_time(tmp_path: Path) -> None:
    path = tmp_path / "a.session"
    write_session(path, "x")
    with owned(path) as mine, owned(path) as theirs:
        assert (mine, theirs) == (True, False)
    with owned(path) as again:
        assert again


def test_writing_a_session_closes_it_to_others(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "a.session"
    write_session(path, "x")
    path.chmod(0o644)
    assert check_session(path) is SessionFault.SHARED
    write_session(path, "y")
    assert path.stat().st_mode & 0o777 == 0o600
