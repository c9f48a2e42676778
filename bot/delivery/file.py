"""Messages appended to a file: plain UTF-8 text, or one well-formed Atom feed where the name ends in `.xml`.

In: a row whose offset, the place where its chunk begins, is in the store before the first byte is written. Out: the
chunk on the disk. Invariant: exactly once; a repeat writes the same chunk over the same place and cuts off the rest.
"""

from __future__ import annotations

import asyncio
import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from stat import S_ISREG

from bot.delivery import atom
from bot.delivery.picture import png
from bot.errors import CardNotDrawn, DeliveryError, DestinationBusy, DestinationClosed
from bot.model import Delivery

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EMFILE, errno.ENFILE}
_LATER = timedelta(minutes=1)


class File:
    """Appends to files, each created with its folder when first needed."""

    promise = "exactly once, through crashes and kill -9"

    def queue(self, delivery: Delivery) -> str:
        return f"file:{_path(delivery).resolve()}"

    def pause(self, delivery: Delivery, now: datetime) -> datetime | None:  # noqa: ARG002 - takes all at once
        return None

    def offset(self, delivery: Delivery) -> int | None:
        """The place of the first try if there was one, else the end of the file."""
        if delivery.offset is not None:
            return delivery.offset
        with _translated(delivery):
            return _end_of(_path(delivery), delivery)

    async def send(self, delivery: Delivery) -> str:
        return await asyncio.to_thread(self._write, delivery)

    def _write(self, delivery: Delivery) -> str:
        path = _path(delivery)
        with _translated(delivery):
            path.parent.mkdir(parents=True, exist_ok=True)
            drawn = _draw(delivery)
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NONBLOCK | os.O_CLOEXEC, 0o644)
            try:
                place = _place(descriptor, delivery)
                if place is not None:
                    _put(descriptor, b"".join(_chunk(delivery, place)), place)
            finally:
                os.close(descriptor)
            _sync_folder(path.parent)
        return f"{'was written before' if place is None else f'at byte {place}'}{drawn}"


def _draw(delivery: Delivery) -> str:
    """The card beside the text, before it and whole: a repeat makes the same file. Without resvg only the text goes."""
    message = delivery.message
    if not message.card or delivery.to.feed:
        return ""
    path = _path(delivery)
    moment = f"{message.when.astimezone(UTC):%Y-%m-%dT%H%MZ}" if message.when else "digest"
    picture = path.with_name(f"{path.stem}-{moment}.png")
    try:
        whole = png(message.card)
    except CardNotDrawn as error:
        return f", without its card: {error.what}"
    part = picture.with_name(f".{picture.name}.part")
    part.write_bytes(whole)
    part.replace(picture)
    return f", with {picture.name}"


def _path(delivery: Delivery) -> Path:
    return Path(delivery.to.address)


def _chunk(delivery: Delivery, place: int) -> tuple[bytes, bytes]:
    """What stays, and the end of the document, which the next chunk will overwrite."""
    if delivery.to.feed:
        return atom.entry(delivery, first=place == 0), atom.end(delivery)
    return f"{delivery.message.text}\n\n".encode(errors="replace"), b""


def _end_of(path: Path, delivery: Delivery) -> int:
    """Where the next chunk belongs in the file as it is now; 0 where there is none."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        return 0
    try:
        return _end(descriptor, delivery)
    finally:
        os.close(descriptor)


def _end(descriptor: int, delivery: Delivery) -> int:
    status = os.fstat(descriptor)
    if not S_ISREG(status.st_mode):
        raise DestinationClosed(str(delivery.to), "is not a regular file", "name a file")
    if not delivery.to.feed:
        return status.st_size
    end = atom.find_end(lambda size: os.pread(descriptor, size, max(0, status.st_size - size)), status.st_size)
    if end is None:
        raise DestinationClosed(str(delivery.to), "is not an Atom feed of placewire", "move it away or name another")
    return end


def _place(descriptor: int, delivery: Delivery) -> int | None:
    """Where this row's chunk goes: where it was begun, unless others have changed the file; None if it is there."""
    offset, size = delivery.offset, os.fstat(descriptor).st_size
    if offset is None or size < offset:
        return _end(descriptor, delivery)
    written = os.pread(descriptor, size - offset, offset)
    kept, end = _chunk(delivery, offset)
    found = written.find(kept)
    if found >= 0:
        return offset + found if len(written) - found - len(kept) <= len(end) else None
    return offset if _is_ours(written, kept + end, end) else _end(descriptor, delivery)


def _is_ours(written: bytes, chunk: bytes, end: bytes) -> bool:
    """Whether the bytes from the offset on are a broken try of this chunk, or the end that stood there before."""
    return chunk.startswith(written) or len(written) <= len(end)


def _put(descriptor: int, chunk: bytes, place: int) -> None:
    """Write the chunk over what stands there, and cut off what a broken try may have left."""
    view, position = memoryview(chunk), place
    while view:
        count = os.pwrite(descriptor, view, position)
        view, position = view[count:], position + count
    os.ftruncate(descriptor, position)
    os.fsync(descriptor)


def _sync_folder(folder: Path) -> None:
    """A new file's name is durable only with its folder."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _translated(delivery: Delivery) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise _fault(str(delivery.to), error) from error


def _fault(resource: str, error: OSError) -> DeliveryError:
    words = error.strerror or type(error).__name__
    if error.errno in _FULL:
        return DestinationBusy(resource, f"cannot be written now ({words})", "make room on the disk", delay=_LATER)
    return DestinationClosed(resource, f"cannot be written ({words})", "check the path and its permissions")
