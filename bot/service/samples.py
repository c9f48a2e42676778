"""Pages that we could not read as before, kept for whoever mends placewire: one a source, few, small, and private.

In: a source's name and a page. Out: a file, 0600. Invariant: at most MOST files of LONGEST bytes, the oldest go first.
"""

from __future__ import annotations

import asyncio
import os
import re
from dataclasses import dataclass
from pathlib import Path

import structlog

LONGEST = 512 * 1024
MOST = 20
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Samples:
    folder: Path

    async def keep(self, name: str, body: bytes) -> None:
        """Keep the page in place of an earlier one of this source; a folder that cannot be written to is logged."""
        try:
            path = await asyncio.to_thread(self._write, name, body[:LONGEST])
        except OSError as error:
            log.warning("a sample could not be kept", source=name, error=str(error))
        else:
            log.warning("a page is not as we know it, a sample is kept", source=name, path=str(path))

    def _write(self, name: str, body: bytes) -> Path:
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        path = self.folder / f"{re.sub(r'[^A-Za-z0-9_-]', '_', name)}.html"
        path.unlink(missing_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(body)
        for old in sorted(self.folder.glob("*.html"), key=lambda each: each.stat().st_mtime_ns)[:-MOST]:
            old.unlink(missing_ok=True)
        return path
