"""The child process in which documents are parsed: `python -m bot.sources.parsing.worker`.

In, on standard input: frames of a JSON header (charset, address) and a body. Out, on standard output: a frame with
the `Document`. Ends when its input ends, so it never outlives its parent.
"""

from __future__ import annotations

import json
import signal
import struct
import sys
from typing import BinaryIO

from bot.sources.parsing.document import Document, Fault, dumps
from bot.sources.parsing.parse import parse

LENGTH = struct.Struct(">I")
MEMORY = 1_000_000_000
"""Bytes of address space: ample for the largest document that is let in, far below what a bomb wants."""


def frame(payload: bytes) -> bytes:
    return LENGTH.pack(len(payload)) + payload


def _read(stream: BinaryIO) -> bytes | None:
    head = stream.read(LENGTH.size)
    return stream.read(LENGTH.unpack(head)[0]) if len(head) == LENGTH.size else None


def _limit() -> None:
    # Ctrl+C goes to the whole group; the parent decides when we end.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform != "win32":
        import resource  # noqa: PLC0415 - not there on every platform

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _answer(header: bytes, body: bytes) -> bytes:
    asked = json.loads(header)
    try:
        return dumps(parse(body, asked["charset"], asked["address"]))
    except MemoryError:
        return dumps(Document(fault=Fault.PARSE, complete=False, detail="parsing it needs too much memory"))


def main() -> None:
    _limit()
    while (header := _read(sys.stdin.buffer)) is not None and (body := _read(sys.stdin.buffer)) is not None:
        sys.stdout.buffer.write(frame(_answer(header, body)))
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
