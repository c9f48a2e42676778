"""The one package that imports Telethon: sessions, accounts, publishing and history, its errors translated once.

In: keys, and files that hold a session. Out: values that the rooms understand, or typed errors. Invariant: a session
string is never shown, logged or written anywhere but where the operator keeps it.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from bot.telegram.proxy import NETWORK, Proxy
from bot.telegram.sessions import SessionFault, check_session, owned, try_folder, user_of, write_session
from bot.telegram.values import MARK, Chat, Leaf, Said, bare, sendable, utf16_span

if TYPE_CHECKING:
    from bot.telegram.account import Account, Keys, Server
    from bot.telegram.history import History
    from bot.telegram.publisher import Publisher
    from bot.telegram.trouble import TelegramError, Trouble

__all__ = [
    "MARK",
    "NETWORK",
    "Account",
    "Chat",
    "History",
    "Keys",
    "Leaf",
    "Proxy",
    "Publisher",
    "Said",
    "Server",
    "SessionFault",
    "TelegramError",
    "Trouble",
    "bare",
    "check_session",
    "owned",
    "sendable",
    "try_folder",
    "user_of",
    "utf16_span",
    "write_session",
]

HOMES = {
    "Account": "account",
    "Keys": "account",
    "Server": "account",
    "History": "history",
    "Publisher": "publisher",
    "TelegramError": "trouble",
    "Trouble": "trouble",
}


def __getattr__(name: str) -> Any:
    """Loaded at first use: Telethon costs 26 MB, and only a configuration with accounts pays for it."""
    if name not in HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{HOMES[name]}"), name)
