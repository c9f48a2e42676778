"""Logging a person's account in: phone, code, perhaps a password; at the end a session string.

In: answers of the person, one after the other. Out: the session. Raises `PlacewireError` in words that say what to do;
a wrong code or password may be given again.
"""

from __future__ import annotations

from types import TracebackType
from typing import Any, Self

from telethon import TelegramClient, errors, utils

from bot.errors import PlacewireError
from bot.telegram.account import Account, Keys
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
        self._account = Account(keys)
        self._phone = ""

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
        await self._say(lambda client: client.send_code_request(phone))

    async def enter_code(self, code: str) -> bool:
        """Whether a password is needed too."""
        try:
            await self._say(lambda client: client.sign_in(self._phone, code))
        except errors.SessionPasswordNeededError:
            return True
        return False

    async def enter_password(self, password: str) -> None:
        await self._say(lambda client: client.sign_in(password=password))

    async def session(self) -> str:
        """The StringSession: whoever has it is the account."""
        return str((await self._client()).session.save())

    async def _say(self, call: Any) -> None:
        client = await self._client()
        try:
            await call(client)
        except errors.SessionPasswordNeededError:
            raise
        except FAULTS as error:
            raise _in_words(translated(error, connected=True)) from error

    async def _client(self) -> TelegramClient:
        try:
            return await self._account.client()
        except TelegramError as error:
            raise _in_words(error) from error


def _in_words(error: TelegramError) -> PlacewireError:
    if error.trouble is Trouble.BUSY:
        minutes = int(error.delay.total_seconds()) // 60 + 1
        return PlacewireError("login", "Telegram asks for patience", f"try again in {minutes} min")
    what, remedy = WORDS.get(error.name, (str(error), "try again; if it stays, check the network and the keys"))
    return (WrongAnswer if error.name in AGAIN else PlacewireError)("login", what, remedy)
