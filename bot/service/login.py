"""`login`: a conversation that ends with a session file.

In: a configuration, a reader's name, somebody who answers. Out: the file, 0600. Invariant: the session is never shown.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from bot.config import Config, ReaderSettings
from bot.errors import PlacewireError
from bot.service.telegram import keys_of
from bot.telegram import try_folder, write_session

T = TypeVar("T")
TRIES = 3
Ask = Callable[[str, bool], str]
"""Puts a question to the person; True: the answer is secret, and not shown while it is typed."""


async def login(config: Config, name: str | None, ask: Ask) -> Path:
    """Log the reader's account in and write its session. Raises PlacewireError."""
    from bot.telegram.login import Login  # noqa: PLC0415 - it brings Telethon with it

    reader = _reader(config, name)
    path = Path(reader.session_file)
    with _writing(path):
        try_folder(path)  # a code can be used once: it is not asked for before its session can be kept
    async with Login(keys_of(config, reader.api_id, reader.api_hash.reveal())) as conversation:
        phone = f"Phone number of {reader.name}, as +380..."
        await _answered(ask, phone, lambda given: conversation.send_code(given.strip()))
        if await _answered(ask, "Code that Telegram sent you", lambda given: conversation.enter_code(given.strip())):
            await _answered(ask, "Password of two-step verification", conversation.enter_password, secret=True)
        session = await conversation.session()
    with _writing(path):
        write_session(path, session)
    return path


@contextmanager
def _writing(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        remedy = "name a `session_file` in a folder that you may write to"
        raise PlacewireError(str(path), f"cannot be written ({error.strerror or error})", remedy) from error


async def _answered(ask: Ask, question: str, step: Callable[[str], Awaitable[T]], *, secret: bool = False) -> T:
    """A wrong answer may be mended twice; the next question says what was wrong with it."""
    from bot.telegram.login import WrongAnswer  # noqa: PLC0415 - as above

    asked = question
    for _ in range(TRIES - 1):
        try:
            return await step(ask(asked, secret))
        except WrongAnswer as error:
            asked = f"{error.what}: {error.remedy}\n{question}"
    return await step(ask(asked, secret))


def _reader(config: Config, name: str | None) -> ReaderSettings:
    readers = {reader.name: reader for reader in config.telegram.readers}
    if not readers:
        raise PlacewireError(
            "login", "no reader is configured", "add one under `telegram: readers` in bot.yaml: name, session_file"
        )
    if name is None and len(readers) == 1:
        return next(iter(readers.values()))
    if name not in readers:
        raise PlacewireError("login", f"which reader? {', '.join(readers)}", "placewire login NAME")
    return readers[name]
