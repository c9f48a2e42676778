"""Logging a person's account in: phone, code, perhaps a password; at the end a session string.

In: answers of the person, one after the other. Out: the session. Raises `PlacewireError` in words that say what to do;
a wrong code or password may be given again.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from types import TracebackType
from typing import Any, Self

from telethon import TelegramClient, errors, utils

from bot.errors import PlacewireError
from bot.telegram.account import PATIENCE, Account, Keys
from bot.telegram.trouble import FAULTS, TelegramError, Trouble, translated

WORDS = {
    "PHONE_NUMBER_INVALID": ("this is no phone number of Telegram", "write it with + and the country's code"),
    "PHONE_NUMBER_BANNED": ("Telegram has banned this number", "another account is needed"),
    "PHONE_CODE_INVALID": ("the code is wrong", "write the newest code that Telegram sent you"),
    "PHONE_CODE_EXPIRED": ("the code is too old", "run `placewire login` again for a new one"),
    "PASSWORD_HASH_INVALID": ("the password is wrong", "it is the one of two-step verification in Telegram's settings"),
    "API_ID_INVALID": ("api_id and api_hash do not fit", "copy both from my.telegram.org"),
}
AGAIN = frozenset({"PHONE_NUMBER_INVALID", "PHONE_CODE_INVALID", "PASSWORD_HASH_INVALID"})


class WrongAnswer(PlacewireError):
    """The person may answer again."""


class Login:
    """`async with Login(keys) as login`: `send_code`, `enter_code`, if that says so `enter_password`, `session`."""

    def __init__(self, keys: Keys) -> None:
        self._account = Account(keys, patience=PATIENCE)
        self._phone = ""
        self._hash = ""
        """What a code belongs to: it may come over another connection than the one that asked for it."""

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._account.close()

    async def send_code(self, phone: str) -> None:
        """Telegram sends the person a code."""
        if utils.parse_phone(phone) is None:
            raise WrongAnswer("login", *WORDS["PHONE_NUMBER_INVALID"])
        self._phone = phone
        self._hash = (await self._say(lambda client: client.send_code_request(phone))).phone_code_hash

    async def enter_code(self, code: str) -> bool:
        """Whether a password is needed too."""
        _given(code, "PHONE_CODE_INVALID")  # for a blank one Telethon would send a further code, and be content
        try:
            await self._say(lambda client: client.sign_in(self._phone, code, phone_code_hash=self._hash))
        except errors.SessionPasswordNeededError:
            return True
        return False

    async def enter_password(self, password: str) -> None:
        _given(password, "PASSWORD_HASH_INVALID")
        await self._say(lambda client: client.sign_in(password=password))

    async def session(self) -> str:
        """The StringSession: whoever has it is the account. Telegram has accepted it."""
        try:
            await self._account.me()
        except TelegramError as error:
            raise _in_words(error) from error
        return str(await self._say(_session))

    async def _say(self, step: Callable[[TelegramClient], Coroutine[Any, Any, Any]]) -> Any:
        try:
            return await self._account.step(step)
        except errors.SessionPasswordNeededError:
            raise
        except TelegramError as error:
            raise _in_words(error) from error
        except FAULTS as error:
            raise _in_words(translated(error, connected=True)) from error


def _given(answer: str, otherwise: str) -> None:
    if not answer.strip():
        raise WrongAnswer("login", *WORDS[otherwise])


async def _session(client: TelegramClient) -> str:
    return str(client.session.save())


def _in_words(error: TelegramError) -> PlacewireError:
    if error.trouble is Trouble.BUSY:
        minutes = int(error.delay.total_seconds()) // 60 + 1
        return PlacewireError("login", "Telegram asks for patience", f"try again in {minutes} min")
    what, remedy = WORDS.get(error.name, (str(error), "try again; if it stays, check the network and the keys"))
    return (WrongAnswer if error.name in AGAIN else PlacewireError)("login", what, remedy)
