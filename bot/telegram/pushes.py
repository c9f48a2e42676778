"""Which channels a push speaks of: all that we take from one.

In: what Telegram sent unasked. Out: ids of channels in which a message came, changed its words or went. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from telethon.tl import types

SEVERAL = (types.Updates, types.UpdatesCombined)
OF_CHANNELS = (types.UpdateDeleteChannelMessages, types.UpdateChannelTooLong)
OF_MESSAGES = (types.UpdateNewChannelMessage, types.UpdateEditChannelMessage)


def channels_of(pushed: Any) -> Iterator[int]:
    """Views, reactions, typing and what happens in chats and to users speak of none."""
    if isinstance(pushed, SEVERAL):
        for each in pushed.updates:
            yield from channels_of(each)
    elif isinstance(pushed, types.UpdateShort):
        yield from channels_of(pushed.update)
    elif isinstance(pushed, OF_CHANNELS):
        yield int(pushed.channel_id)
    elif isinstance(pushed, OF_MESSAGES) and not _is_reaction(pushed):
        peer = pushed.message.peer_id
        if isinstance(peer, types.PeerChannel):
            yield int(peer.channel_id)


def _is_reaction(pushed: Any) -> bool:
    """An "edit" that Telegram itself does not show as one: somebody reacted."""
    return isinstance(pushed, types.UpdateEditChannelMessage) and bool(getattr(pushed.message, "edit_hide", False))
