"""Bounded decompression that knows where a stream ends.

In: raw chunks as they come from the wire. Out: the decoded body, whole.
A body is never given back unless its stream came to its end: what a library hands over as a good 200 may be cut short.
"""

from __future__ import annotations

import zlib

GZIP_MAGIC = b"\x1f\x8b"
MAGIC_LENGTH = 2
RAW_DEFLATE = -zlib.MAX_WBITS
GZIP = 16 + zlib.MAX_WBITS


class TooLarge(Exception):
    """More bytes than a feed or a page may have."""


class Truncated(Exception):
    """The stream broke off, or is damaged, before its end."""


class UnknownCoding(Exception):
    """A Content-Encoding that was not asked for."""


class Body:
    """Collects one response body; `feed` raises TooLarge as soon as a limit is passed."""

    def __init__(self, coding: str, *, max_wire: int, max_decoded: int) -> None:
        self._coding = _known(coding)
        self._max_wire, self._max_decoded = max_wire, max_decoded
        self._wire = self._size = 0
        self._parts: list[bytes] = []
        self._head: bytes | None = b""
        self._inflate: Inflate | None = None

    def feed(self, chunk: bytes) -> None:
        self._wire += len(chunk)
        if self._wire > self._max_wire:
            raise TooLarge(f"more than {self._max_wire:,} bytes on the wire")
        if self._head is None:
            self._take(chunk)
        else:
            self._head += chunk
            if len(self._head) >= MAGIC_LENGTH:
                self._begin(self._head)

    def _begin(self, head: bytes) -> None:
        """What the first bytes say decides how all are read."""
        self._inflate = _inflate(self._coding, head)
        self._head = None
        self._take(head)

    def _take(self, chunk: bytes) -> None:
        self._keep(self._inflate(chunk, self._max_decoded - self._size) if self._inflate else chunk)

    def _keep(self, part: bytes) -> None:
        self._size += len(part)
        if self._size > self._max_decoded:
            raise TooLarge(f"more than {self._max_decoded:,} bytes when decompressed")
        self._parts.append(part)

    def finish(self) -> bytes:
        if self._head:
            self._begin(self._head)
        if self._inflate and not self._inflate.ended:
            raise Truncated("the compressed stream breaks off")
        return b"".join(self._parts)


class Inflate:
    """One compressed stream, or several gzip members after one another; padding behind the last is ignored."""

    def __init__(self, wbits: int) -> None:
        self._wbits = wbits
        self._stream = zlib.decompressobj(wbits)
        self._began = False

    @property
    def ended(self) -> bool:
        return self._stream.eof or not self._began

    def __call__(self, chunk: bytes, room: int) -> bytes:
        """At most `room` + 1 bytes: one more than allowed tells the caller that there is too much."""
        out = []
        while chunk:
            if self._stream.eof:
                if not chunk.startswith(GZIP_MAGIC):
                    break
                self._stream = zlib.decompressobj(self._wbits)
            self._began = True
            out.append(part := self._step(chunk, room + 1))
            room -= len(part)
            if room < 0:
                break
            chunk = self._stream.unused_data
        return b"".join(out)

    def _step(self, chunk: bytes, room: int) -> bytes:
        try:
            return self._stream.decompress(chunk, room)
        except zlib.error as error:
            raise Truncated(f"the compressed stream is damaged ({error})") from error


def _known(coding: str) -> str:
    coding = coding.strip().lower().removeprefix("x-")
    if coding not in {"", "identity", "none", "gzip", "deflate"}:
        raise UnknownCoding(f"Content-Encoding {coding[:40]!r} was not asked for")
    return coding


def _inflate(coding: str, first: bytes) -> Inflate | None:
    """The decoder that the first bytes call for: what is called gzip may be plain, and no plain text begins as gzip."""
    if coding == "deflate":
        return Inflate(zlib.MAX_WBITS if _zlib_header(first) else RAW_DEFLATE)
    return Inflate(GZIP) if first.startswith(GZIP_MAGIC) else None


def _zlib_header(first: bytes) -> bool:
    return len(first) > 1 and first[0] & 0x0F == zlib.DEFLATED and (first[0] << 8 | first[1]) % 31 == 0
