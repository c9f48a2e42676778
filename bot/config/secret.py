"""Secrets: a value that never shows itself, the file it comes from, and addresses with a password in them.

Enters: a path. Leaves: a `Secret`, or a `Refusal` in words. No text made here holds a secret's value.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, final

MASK: Final = "***"
LARGEST: Final = 64 * 1024
"""Bytes; a key or a session is far smaller, and what is larger is the wrong file."""


@final
class Secret:
    """A text that shows as `***`; only `reveal()` gives it, at the door where it is used."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        return self._value

    def __repr__(self) -> str:
        return MASK

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return format(MASK, spec)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._value == self._value

    def __hash__(self) -> int:
        return hash(self._value)


@final
class Headers(Mapping[str, str]):
    """Request headers whose values may come from the environment, so only their names are shown."""

    __slots__ = ("_values",)

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = dict(values)

    def __getitem__(self, name: str) -> str:
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __repr__(self) -> str:
        return repr(dict.fromkeys(self._values, MASK))


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a secret was not taken, and what to do about it."""

    what: str
    remedy: str


def read_secret(path: Path) -> Secret | Refusal:
    """Give the text of a file that nobody but its owner may read, without the space around it."""
    try:
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            content = file.read(LARGEST + 1)
    except FileNotFoundError:
        return Refusal(f"there is no file {path}", f"make it with mode 0600 (seen from {Path.cwd()})")
    except OSError as error:
        return Refusal(f"{path} cannot be read: {error.strerror}", "name a file that placewire may read")
    if os.name == "posix" and stat.S_IMODE(mode) & 0o077:
        return Refusal(f"other users can read {path} (mode {stat.S_IMODE(mode):04o})", f"run chmod 600 {path}")
    return _text(path, content)


def _text(path: Path, content: bytes) -> Secret | Refusal:
    if len(content) > LARGEST:
        return Refusal(f"{path} is larger than {LARGEST // 1024} KB", "name the file that holds the secret, alone")
    try:
        text = content.decode("utf-8-sig").strip()
    except UnicodeDecodeError:
        return Refusal(f"{path} is not text in UTF-8", "name the file that holds the secret, alone")
    return Secret(text) if text else Refusal(f"{path} is empty", "write the secret into it, alone")


_PASSWORD = re.compile(r"(?<=://)([^/?#\s@:]*):([^/?#\s]*)@")


def masked(address: str) -> str:
    """Give an address with `***` for the password in it."""
    return _PASSWORD.sub(rf"\1:{MASK}@", address)
