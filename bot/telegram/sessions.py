"""Session files: one line, a Telethon StringSession, readable by its owner alone.

In: a path. Out: nothing, or the fault in words. The string itself never leaves this file.
"""

from __future__ import annotations

import struct
from enum import StrEnum
from pathlib import Path


class SessionFault(StrEnum):
    """What is wrong with a session file, each with its remedy."""

    MISSING = "the session file is not there; write one with `placewire login`"
    UNREADABLE = "the session file cannot be read; give it to the user that runs the service"
    SHARED = "others can read the session file, and it is the account itself; run `chmod 600` on it"
    BROKEN = "the session file holds no Telethon session; write a new one with `placewire login`"


def check_session(path: Path) -> SessionFault | None:
    """None if `path` holds a well-formed session that nobody else can read. It may still be revoked."""
    try:
        if path.stat().st_mode & 0o077:
            return SessionFault.SHARED
        text = path.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return SessionFault.MISSING
    except OSError:
        return SessionFault.UNREADABLE
    except UnicodeDecodeError:
        return SessionFault.BROKEN
    return None if _is_session(text) else SessionFault.BROKEN


def _is_session(text: str) -> bool:
    # Telethon costs 26 MB: only a configuration with accounts pays for it.
    from telethon.sessions import StringSession  # noqa: PLC0415

    try:
        session = StringSession(text)
    except (ValueError, struct.error):  # what it raises on anything malformed
        return False
    return bool(session.auth_key and session.auth_key.key)
