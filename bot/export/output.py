"""Where an export goes: a file that is there whole or not at all, or a stream.

In: pieces of text. Out: bytes in UTF-8. Invariant: a name that is there names a whole export; only its owner reads it.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from bot.errors import PlacewireError

Write = Callable[[str], None]


@contextmanager
def opened(path: Path | None) -> Iterator[Write]:
    """Takes text for the file, or for standard output. The file takes its name at the end, if nothing was raised."""
    if path is None:
        yield lambda text: _put(sys.stdout.buffer, text)
        sys.stdout.flush()
        return
    with written(path) as file:
        yield lambda text: _put(file, text)


def _put(file: BinaryIO, text: str) -> None:
    file.write(text.encode("utf-8", "replace"))


@contextmanager
def written(path: Path) -> Iterator[BinaryIO]:
    """A file of mode 0600 that is whole or not there. Raises `PlacewireError` if it cannot be written."""
    part: Path | None = None
    try:
        with tempfile.NamedTemporaryFile(
            dir=path.parent, prefix=f".{path.name}.", suffix=".part", delete=False
        ) as file:
            part = Path(file.name)
            yield file  # type: ignore[misc]  # a wrapper that does all a file does
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        what = f"cannot be written ({error.strerror or error})"
        raise PlacewireError(str(path), what, "make room, or name another file") from error
    finally:
        if part is not None:
            with suppress(FileNotFoundError):
                part.unlink()
