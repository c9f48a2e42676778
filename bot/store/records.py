"""Files of lines beside a database, or in the place of one that a server has: they outlive it.

In: a file and lines. Out: the whole lines that it holds. Invariant: what was appended is there after a power cut.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path


def read(file: Path) -> list[str]:
    """The whole lines; one that a crash cut off was never answered for. None of a file that is not there."""
    try:
        return file.read_text().split("\n")[:-1]
    except FileNotFoundError:
        return []


def append(file: Path, lines: Sequence[str]) -> None:
    """Add lines durably. The file, made if it is not there, is readable by its owner only."""
    file.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
    with os.fdopen(descriptor, "r+b") as appended:
        whole = appended.read().rpartition(b"\n")
        appended.seek(len(whole[0]) + len(whole[1]))
        appended.truncate()
        appended.write("".join(f"{line}\n" for line in lines).encode(errors="replace"))
        appended.flush()
        os.fsync(descriptor)
