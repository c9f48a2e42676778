"""The parent's side of the parse worker: started at the first document, reused, killed when it takes too long.

In: a document's bytes. Out: its `Document`, always: a worker that hangs or dies is a fault of that document.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from asyncio.subprocess import PIPE, Process
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

import bot
from bot.sources.parsing.document import Document, Fault, loads

LENGTH = 4
TIME_LIMIT = 10.0


class ParseWorker:
    """`async with ParseWorker() as worker`; at most one process, at most one document at a time."""

    def __init__(self, *, time_limit: float = TIME_LIMIT) -> None:
        self._time_limit = time_limit
        self._process: Process | None = None
        self._turn = asyncio.Lock()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._end()

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    async def parse(self, body: bytes, charset: str | None, address: str) -> Document:
        header = json.dumps({"charset": charset, "address": address}).encode()
        async with self._turn:
            try:
                async with asyncio.timeout(self._time_limit):
                    return loads(await self._ask(header, body))
            except TimeoutError:
                return await self._lost(f"parsing it took more than {self._time_limit:g} s")
            except (asyncio.IncompleteReadError, ConnectionError):
                return await self._lost("parsing it ended the parse process")
            except asyncio.CancelledError:
                await self._end()  # An answer still on its way would be taken for the next document's.
                raise

    async def _ask(self, header: bytes, body: bytes) -> bytes:
        process = self._process or await self._start()
        self._process = process
        if process.stdin is None or process.stdout is None:
            raise RuntimeError("the parse process has no pipes")
        for part in (header, body):
            process.stdin.write(len(part).to_bytes(LENGTH) + part)
        await process.stdin.drain()
        length = int.from_bytes(await process.stdout.readexactly(LENGTH))
        return await process.stdout.readexactly(length)

    async def _start(self) -> Process:
        home = str(Path(bot.__file__).parent.parent)
        path = os.pathsep.join(filter(None, (home, os.environ.get("PYTHONPATH"))))
        return await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot.sources.parsing.worker",
            stdin=PIPE, stdout=PIPE, stderr=PIPE, env={**os.environ, "PYTHONPATH": path},
        )  # fmt: skip

    async def _lost(self, why: str) -> Document:
        last = (await self._end()).strip().rpartition("\n")[2]
        return Document(fault=Fault.PARSE, complete=False, detail=f"{why} ({last})"[:300] if last else why)

    async def _end(self) -> str:
        """End the process; what it had to say about it."""
        process, self._process = self._process, None
        if process is None:
            return ""
        with suppress(ProcessLookupError):
            process.kill()
        _, said = await process.communicate()
        return said.decode(errors="replace")
