"""The door: users, roles, sessions, tokens, and patience with wrong passwords; over real HTTP."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from argon2 import PasswordHasher

from bot.config.operator import operator
from bot.errors import WrongUsage
from bot.review import Page, users as people
from bot.review.users import Role, User, Users, keep, read, with_token
from bot.service.memory import writing
from tests.fakes.installation import Installation
from tests.review.browser import Browser, Shown, browsing

QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
"""As argon2, in a thousandth of the time: what is tested is the door, not the lock."""


@dataclass(frozen=True, slots=True)
class House:
    browser: Browser
    file: Path
    installed: Installation

    def another(self) -> Browser:
        return Browser(self.browser.port)


@pytest.fixture
async def house(installed: Installation, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[House]:
    monkeypatch.setattr(people, "PasswordHasher", lambda: QUICK)
    people._nobody.cache_clear()
    await installed.once()
    file = installed.folder / "users"
    keep(file, User("anna", Role.REVIEWER, QUICK.hash("correct horse")))
    keep(file, User("vira", Role.VIEWER, QUICK.hash("battery staple")))
    async with (
        writing(installed.config) as store,
        browsing(store, installed.config, installed.clock, users_file=file) as browser,
    ):
        yield House(browser, file, installed)
    people._nobody.cache_clear()


async def log_in(browser: Browser, name: str, password: str, asked: str = "/login") -> Shown:
    page = await browser.get(asked)
    return await browser.send("/login", page, name=name, password=password)


@pytest.mark.parametrize("path", ["/", "/stories", "/search?q=x", "/map/points.json", "/audit", "/sources"])
async def test_nothing_is_shown_to_somebody_unknown(house: House, path: str) -> None:
    shown = await house.browser.get(path)
    assert urlsplit(shown.address).path == "/login"
    assert "Бердин" not in shown.text
    assert (await house.browser.get("/healthz")).status == 200


async def test_a_reviewer_logs_in_decides_under_their_name_and_logs_out(house: House) -> None:
    queue = await log_in(house.browser, "anna", "correct horse")
    assert "<h1>Queue</h1>" in queue.text
    noted = await house.browser.send("/decide", queue, kind="note", targets="sudzha", note="quiet")
    assert noted.status == 200
    assert "<b>anna</b>" in (await house.browser.get("/audit")).text
    cookie = next(iter(house.browser.jar)).value
    await house.browser.send("/logout", queue)
    thief = await house.another().get("/", Cookie=f"placewire={cookie}")
    assert thief.address.endswith("/login")


async def test_a_login_leads_on_to_the_page_that_was_asked_for_and_to_no_other_site(house: House) -> None:
    asked = "/search?q=x&state=hit"
    assert (await log_in(house.another(), "anna", "guess", asked)).field("back") == asked
    browser = house.another()
    assert urlsplit((await log_in(browser, "anna", "correct horse", asked)).address)[2:4] == (
        "/search",
        "q=x&state=hit",
    )
    assert urlsplit((await browser.get("/login?back=/stories")).address).path == "/stories"
    for foreign in ("//evil.example/", "https://evil.example/", "/\\\\evil.example"):
        page = await house.another().get("/login")
        assert (await browser.get(f"/login?back={foreign}")).status == 400
        assert (await browser.send("/login", page, back=foreign)).status in {400, 403}


async def test_a_link_from_elsewhere_logs_nobody_out(house: House) -> None:
    """A browser sends a lax cookie along with a link, and keeps it back from a form of another site."""
    given = (await house.browser.get("/login")).headers["set-cookie"].lower()
    assert ("samesite=lax" in given, "httponly" in given) == (True, True)
    await log_in(house.browser, "anna", "correct horse")
    forged = await house.another().post("/decide", kind="confirm", targets="h1")
    assert (urlsplit(forged.address).path, "set-cookie" in forged.headers) == ("/login", True), "a link, in the end"
    page = await house.browser.get("/")
    assert "set-cookie" not in page.headers
    assert "<h1>Queue</h1>" in page.text


async def test_a_viewer_looks_and_changes_nothing(house: House) -> None:
    queue = await log_in(house.browser, "vira", "battery staple")
    assert "<h1>Queue</h1>" in queue.text
    house.installed.write("Бои под Суджей")
    await house.installed.once()
    for path in ("/watches/try", "/places/sudzha/rule", "/alike/h1", "/missed/front_demo/1", "/stories/h1"):
        page = await house.browser.get(path)
        assert page.status == 200
        assert not re.search(r">Try it<|>Confirm|>Reject|>Make a form", page.text), f"{path}: what a viewer cannot send"
    refused = await house.browser.send("/decide", queue, kind="note", targets="x", note="x")
    assert (refused.status, "A viewer may look" in refused.text, 'href="/">To the queue' in refused.text) == (
        403,
        True,
        True,
    )
    assert (await house.browser.send("/undo", queue)).status == 403
    assert (await house.browser.send("/language", queue, language="uk")).status == 200


async def test_wrong_passwords_say_nothing_and_close_the_door_for_a_while(house: House) -> None:
    for name in ("anna", "nobody", "anna", "anna", "anna"):
        wrong = await log_in(house.browser, name, "guess")
        assert (wrong.status, "The name or the password is wrong" in wrong.text) == (401, True)
    assert (await log_in(house.browser, "anna", "correct horse")).status == 429
    house.installed.clock.moment += timedelta(minutes=16)
    assert (await log_in(house.browser, "anna", "correct horse")).status == 200


async def test_a_cookie_that_was_planted_before_is_worth_nothing(house: House) -> None:
    await house.browser.get("/login")
    planted = next(iter(house.browser.jar)).value
    await log_in(house.browser, "anna", "correct horse")
    assert (await house.another().get("/", Cookie=f"placewire={planted}")).address.endswith("/login")


@pytest.mark.parametrize("change", ["gone", "password", "idle", "old"])
async def test_a_session_ends(house: House, change: str) -> None:
    await log_in(house.browser, "anna", "correct horse")
    match change:
        case "gone":
            house.file.write_text("", encoding="utf-8")
        case "password":
            keep(house.file, User("anna", Role.REVIEWER, QUICK.hash("another one")))
        case "idle":
            house.installed.clock.moment += timedelta(hours=12)
        case "old":
            for _ in range(15):
                house.installed.clock.moment += timedelta(hours=11, minutes=59)
                await house.browser.get("/")
    assert (await house.browser.get("/")).address.endswith("/login")


async def test_a_script_brings_a_token(house: House) -> None:
    user, token = with_token("desk-bot", Role.VIEWER)
    keep(house.file, user)
    assert token not in house.file.read_text(encoding="utf-8")
    asked = house.another()
    assert "<h1>Queue</h1>" in (await asked.get("/", Authorization=f"Bearer {token}")).text
    assert (await asked.get("/", Authorization="Bearer x")).address.endswith("/login")
    assert (await asked.get("/api/v1/hits", Authorization="Bearer x")).status == 401
    assert (await asked.get("/api/v1/hits", Authorization=f"Bearer {token}")).status == 200
    assert urlsplit((await asked.get("/metrics")).address).path == "/login"


def test_the_file_is_ones_own_and_faults_have_their_line(tmp_path: Path) -> None:
    file = tmp_path / "users"
    keep(file, User("anna", Role.VIEWER, "one"))
    keep(file, User("anna", Role.REVIEWER, "two"))
    assert (file.stat().st_mode & 0o777, read(file)) == (0o600, {"anna": User("anna", Role.REVIEWER, "two")})
    file.write_text("# who\n\nanna boss x\n", encoding="utf-8")
    with pytest.raises(WrongUsage, match=r"users:3: is no user; write it by `placewire user"):
        read(file)
    file.write_bytes(b"anna boss x\nvira viewer one\n\xff\xfe\n")
    assert list(Users(file).known) == ["vira"], "a bad line keeps nobody else out"


async def test_a_page_without_users_is_not_served(installed: Installation) -> None:
    empty = installed.folder / "nobody"
    settings = replace(installed.config.review, users_file=empty, port=0)
    config = replace(installed.config, review=settings)
    async with writing(installed.config) as store:
        for text in (None, "# nobody yet\n", "anna boss x\n"):
            if text is not None:
                empty.write_text(text, encoding="utf-8")
            async with Page(store, lambda: config, installed.clock) as page:
                assert str(page.fault) == f"{empty}: has no user; make one: placewire user NAME"
        empty.unlink()
        keep(empty, User("anna", Role.VIEWER, "one"))
        async with Page(store, lambda: config, installed.clock) as page:
            assert page.fault is None


def test_somebody_always_runs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("pwd.getpwuid", {}.__getitem__)
    assert operator() == "operator"


def test_a_real_password_is_kept_as_argon2id(tmp_path: Path) -> None:
    file = tmp_path / "users"
    keep(file, people.with_password("anna", Role.VIEWER, "слово в поле"))
    with pytest.raises(WrongUsage, match="the password: is of 9 characters; take 10"):
        people.with_password("anna", Role.VIEWER, "123456789")
    assert " $argon2id$" in file.read_text(encoding="utf-8")
    known = Users(file)
    assert known.by_password("anna", "слово в поле") is not None
    assert known.by_password("anna", "слово в полі") is None
    assert known.by_token("слово в поле") is None
