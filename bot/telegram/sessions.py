"""Session files: one line, a Telethon StringSession, readable by its owner alone.

In: a path. Out: nothing, or the fault in words. Invariant: a session is never shown, and never open to others.
"""

from __future__ import annotations

import fcntl
import os
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from errno import EISDIR
from pathlib import Path
from tempfile import TemporaryFile

LOCKS = Path("/proc/locks")
"""Where Linux tells who holds a lock."""


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


@contextmanager
def owned(path: Path) -> Iterator[bool]:
    """Whether this process alone may use the session for now: two at once may cost the account its session.

    The kernel frees it with the process, also on kill -9.
    """
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            alone = False
        else:
            alone = True
        yield alone
    finally:
        os.close(descriptor)


def user_of(path: Path) -> int | None:
    """The process that owns the session now; None where nobody does, or the kernel does not tell."""
    try:
        number, locks = path.stat().st_ino, LOCKS.read_text(encoding="ascii").splitlines()
    except OSError:
        return None
    # A line is "1: FLOCK ADVISORY WRITE 4711 fe:00:2146358 0 EOF"; a waiting lock has "->" before its kind.
    fields = [line.split() for line in locks]
    return next((int(each[4]) for each in fields if each[1] == "FLOCK" and each[5].endswith(f":{number}")), None)


def try_folder(path: Path) -> None:
    """Make the folder of a session file, and see that a file can be written there. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.is_dir():
        raise IsADirectoryError(EISDIR, os.strerror(EISDIR), str(path))
    with TemporaryFile(dir=path.parent):
        pass


def write_session(path: Path, session: str) -> None:
    """Keep a session where only its owner reads it, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.new")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        os.fchmod(descriptor, 0o600)
        file.write(f"{session}\n")
        file.flush()
        os.fsync(descriptor)
    draft.replace(path)


def _is_session(text: str) -> bool:
    # Telethon costs 26 MB: only a configuration with accounts pays for it.
    from telethon.sessions import StringSession  # noqa: PLC0415

    try:
        session = StringSession(text)
    except (ValueError, struct.error):  # what it raises on anything malformed
        return False
    return bool(session.auth_key and session.auth_key.key)
