"""A command of the operator's that translates: text on standard input, text on standard output.

In: the command, texts with their languages, the language wanted. Out: a translation each, or nothing. Invariant:
whatever the command does, it ends within its time, its answer is bounded, and the digest goes out: a quote without a
translation stands alone.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping, Sequence
from contextlib import suppress

import structlog

from bot.model import Foreign, Translation

_MOST = 4096
"""Bytes of an answer that are read."""
_FAILURES = 3
"""After so many in a row a digest goes on without translations."""
log = structlog.get_logger()


async def translations(command: Translation, texts: Sequence[Foreign], to: str) -> Mapping[int, str]:
    """By `Foreign.story`, what the command made of each text, in a process of its own, without a shell."""
    found: dict[int, str] = {}
    failures = 0
    for text in texts:
        if failures == _FAILURES:
            break
        answer = await _ask(command, text, to)
        failures = 0 if answer else failures + 1
        if answer:
            found[text.story] = answer
    return found


async def _ask(command: Translation, text: Foreign, to: str) -> str:
    """Empty if there is no good answer, which is said in the log."""
    try:
        return await asyncio.wait_for(_run(command, text, to), command.timeout.total_seconds())
    except (OSError, TimeoutError) as error:
        why = str(error) or "no answer in time"
        log.warning("a quote was not translated", command=command.command[0], why=why, do="try the command by hand")
        return ""


async def _run(command: Translation, text: Foreign, to: str) -> str:
    process = await asyncio.create_subprocess_exec(
        *command.command,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env=_environment() | {"TRANSLATE_FROM": text.language, "TRANSLATE_TO": to},
    )
    try:
        answer = await _exchange(process, text.text.encode(errors="replace"))
        if await process.wait() != 0:
            raise OSError(f"the command failed with status {process.returncode}")
        return answer.decode(errors="replace").strip()
    finally:
        if process.returncode is None:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()


async def _exchange(process: asyncio.subprocess.Process, given: bytes) -> bytes:
    assert process.stdin is not None
    assert process.stdout is not None
    with suppress(BrokenPipeError, ConnectionResetError):  # it may answer without reading
        process.stdin.write(given)
        await process.stdin.drain()
        process.stdin.close()
    return await _bounded(process.stdout)


async def _bounded(stream: asyncio.StreamReader) -> bytes:
    """The beginning of an answer; what is longer is no translation of a sentence."""
    answer = b""
    while len(answer) < _MOST and (piece := await stream.read(_MOST - len(answer))):
        answer += piece
    if len(answer) == _MOST:
        raise OSError("the answer is too long")
    return answer


def _environment() -> dict[str, str]:
    """What a program needs to start, and none of our secrets."""
    return {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR") if name in os.environ}
