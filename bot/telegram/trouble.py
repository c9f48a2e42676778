"""Telethon's errors, translated once: what is certain about the request, and Telegram's own word for it.

In: whatever a call to Telethon raised. Out: a `TelegramError`. Invariant: only what is OPEN
leaves open whether it was done.
"""

from __future__ import annotations

import re
from datetime import timedelta
from enum import StrEnum

from telethon import errors

SERVER_FAULT = 500
FLOOD = 420
UNAUTHORISED = 401
WORDS = {kind: word for word, kind in errors.rpc_errors_dict.items()}
FAULTS = (
    errors.RPCError,
    errors.AuthKeyNotFound,
    errors.InvalidBufferError,
    errors.InvalidChecksumError,
    errors.SecurityError,
    errors.TypeNotFoundError,
    errors.BadMessageError,
    OSError,
    EOFError,
    TimeoutError,
)
"""All that a call to Telethon raises when something outside goes wrong."""


class Trouble(StrEnum):
    """What is known when a request has no result."""

    BUSY = "asks for patience"
    DOWN = "no connection to Telegram"
    LOST = "no answer: it may have been done"
    UNDECODED = "an answer that this version cannot read"
    SESSION = "the session is not valid"
    REFUSED = "refused"


OPEN = frozenset({Trouble.LOST, Trouble.UNDECODED})


class TelegramError(Exception):
    """A request without a result. `name` is Telegram's word ("CHANNEL_PRIVATE"), `delay` what it asks for."""

    def __init__(self, trouble: Trouble, name: str = "", delay: timedelta = timedelta(0)) -> None:
        super().__init__(trouble, name, delay)
        self.trouble = trouble
        self.name = name
        self.delay = delay

    def __str__(self) -> str:
        return f"{self.trouble.value} ({self.name})" if self.name else self.trouble.value


def translated(error: BaseException, *, connected: bool) -> TelegramError:
    """`connected`: the request may have left before the error came."""
    if isinstance(error, errors.AuthKeyNotFound):
        return TelegramError(Trouble.SESSION, "AUTH_KEY_UNREGISTERED")
    if isinstance(error, errors.RPCError):
        return _refusal(error)
    answered = Trouble.UNDECODED if isinstance(error, errors.TypeNotFoundError) else Trouble.LOST
    return TelegramError(answered if connected else Trouble.DOWN, type(error).__name__)


def _refusal(error: errors.RPCError) -> TelegramError:
    name, code = _name(error), abs(error.code or 0)
    seconds = getattr(error, "seconds", None)
    if seconds is not None or code == FLOOD:
        return TelegramError(Trouble.BUSY, name, timedelta(seconds=seconds or 1))
    if code == UNAUTHORISED or isinstance(error, errors.AuthKeyDuplicatedError):
        return TelegramError(Trouble.SESSION, name)
    return TelegramError(Trouble.LOST if code >= SERVER_FAULT else Trouble.REFUSED, name)


def _name(error: errors.RPCError) -> str:
    """Telegram's word; Telethon keeps it only for errors that it does not know, and has classes for the others."""
    if known := WORDS.get(type(error)):
        return str(known)
    if type(error).__module__ == errors.RPCError.__module__:
        return str(error.message)
    words = re.findall(r"[A-Z][a-z0-9]*", type(error).__name__.removesuffix("Error"))
    return "_".join(word.upper() for word in words)
