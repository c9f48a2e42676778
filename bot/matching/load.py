"""Loading: watches -> a matcher, with the heavy part in a child process that ends, and its result cached by content.

The room's one file that touches the world. In: watches and a cache folder. Out: a `Matcher`. A cache file is named by
the hash of what it was made from, written whole or not at all, and readable by its owner only.
"""

from __future__ import annotations

import asyncio
import json
import os
import pickle
import sys
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from bot.matching.expand import Expansion
from bot.matching.matcher import Matcher
from bot.model import Watch

KEPT = 8
"""So many expansions stay in the cache, the newest."""
_HOME = str(Path(__file__).resolve().parents[2])
_SEARCH_PATH = os.pathsep.join(filter(None, (_HOME, os.environ.get("PYTHONPATH"))))
"""The child must find this very package, wherever the service was started."""


async def load_matcher(watches: Sequence[Watch], cache: Path | None) -> Matcher:
    """A matcher for the watches: from the cache if it knows them, else expanded in a child process, then cached."""
    path = cache / f"forms-{_digest(watches)}.json" if cache else None
    expansion = _read(path) if path else None
    if expansion is None:
        made = await _in_child(pickle.dumps(tuple(watches)))
        expansion = Expansion.from_json(json.loads(made))
        if path:
            _write(path, made)
    return Matcher(expansion, watches)


def _digest(watches: Sequence[Watch]) -> str:
    """Names what the forms are made from: the watches, and the rules, which are the files of two packages."""
    made_from = sha256(repr(tuple(watches)).encode(errors="surrogatepass"))
    package = Path(__file__).parents[1]
    for file in sorted(file for room in ("language", "matching") for file in (package / room).rglob("*.*")):
        if file.suffix != ".pyc":
            made_from.update(file.read_bytes())
    return made_from.hexdigest()[:32]


def _read(path: Path) -> Expansion | None:
    """What the cache holds; None if there is no such file, or it is not whole."""
    try:
        return Expansion.from_json(json.loads(path.read_bytes()))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _write(path: Path, made: bytes) -> None:
    """Keep it for the next start. Where nothing can be written, as in a read-only container, the next start expands."""
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        number, name = tempfile.mkstemp(dir=path.parent, prefix=path.stem)
        with os.fdopen(number, "wb") as file:
            file.write(made)
        Path(name).replace(path)
        for old in sorted(path.parent.glob("forms-*.json"), key=lambda file: file.stat().st_mtime)[:-KEPT]:
            old.unlink(missing_ok=True)


async def _in_child(asked: bytes) -> bytes:
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot.matching.load_child",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": _SEARCH_PATH},
    )
    made, _ = await child.communicate(asked)
    if child.returncode:
        raise RuntimeError(f"expanding the watchlist ended with status {child.returncode}")
    return made
