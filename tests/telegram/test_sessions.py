from pathlib import Path

import pytest
from telethon.crypto import AuthKey
from telethon.sessions import StringSession

from bot.telegram import SessionFault, check_session


def session(path: Path, text: str, mode: int = 0o600) -> Path:
    path.write_text(text, encoding="utf-8")
    path.chmod(mode)
    return path


def valid() -> str:
    made = StringSession()
    made.set_dc(2, "149.154.167.51", 443)
    made.auth_key = AuthKey(bytes(range(256)))
    return str(made.save())


def test_a_private_session_is_accepted(tmp_path: Path) -> None:
    assert check_session(session(tmp_path / "a", valid() + "\n")) is None


@pytest.mark.parametrize("text", ["", "hello", "1abc", "2" + valid()[1:], "ключ", valid()[:-40]])
def test_what_is_no_session_is_named(tmp_path: Path, text: str) -> None:
    assert check_session(session(tmp_path / "a", text)) is SessionFault.BROKEN


def test_a_session_that_others_can_read_is_refused(tmp_path: Path) -> None:
    assert check_session(session(tmp_path / "a", valid(), 0o640)) is SessionFault.SHARED


def test_a_missing_session_says_how_to_make_one(tmp_path: Path) -> None:
    assert check_session(tmp_path / "none") is SessionFault.MISSING
    assert "login" in SessionFault.MISSING
