"""First room: from sources to posts.

Takes a `Source`, its `SourceMemory` and `now`; gives a `Reading`, whatever the source does, and after it the new
memory. `AccountReader` is what it asks of whoever reads channels with an account.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bot.sources.account import AccountChannels
    from bot.sources.channel import Web
    from bot.sources.lines import poll_lines
    from bot.sources.names import Refusal, channel_name, target
    from bot.sources.pace import doors, told
    from bot.sources.page import bare_id
    from bot.sources.reader import AccountReader, Reader
    from bot.sources.rereading import BATCH, HORIZON
    from bot.sources.schedule import after
    from bot.sources.standing import WAITS_FOR_LOGIN

__all__ = [
    "BATCH",
    "HORIZON",
    "WAITS_FOR_LOGIN",
    "AccountChannels",
    "AccountReader",
    "Reader",
    "Refusal",
    "Web",
    "after",
    "bare_id",
    "channel_name",
    "doors",
    "poll_lines",
    "target",
    "told",
]

HOMES = {
    "BATCH": "rereading",
    "HORIZON": "rereading",
    "WAITS_FOR_LOGIN": "standing",
    "AccountChannels": "account",
    "AccountReader": "reader",
    "Reader": "reader",
    "Refusal": "names",
    "Web": "channel",
    "after": "schedule",
    "bare_id": "page",
    "channel_name": "names",
    "doors": "pace",
    "poll_lines": "lines",
    "target": "names",
    "told": "pace",
}


def __getattr__(name: str) -> Any:
    """Loaded at first use: the parse process imports this package too and needs none of it."""
    if name not in HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{HOMES[name]}"), name)
