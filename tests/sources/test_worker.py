"""The parse process: lazy, reused, and ended without harm when a document is too much for it."""

from __future__ import annotations

import asyncio
import os

import pytest

from bot.sources.child import ParseWorker
from bot.sources.parsing.document import Fault
from tests.fakes.feeds import item, rss

BODY = rss([item(1)]).encode()


def runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


async def test_it_starts_at_the_first_document_is_reused_and_ends() -> None:
    async with ParseWorker() as worker:
        unstarted = worker.pid
        assert unstarted is None
        documents = await asyncio.gather(*(worker.parse(BODY, None, "") for _ in range(5)))
        pid = worker.pid
        assert pid
        assert {len(document.items) for document in documents} == {1}
        await worker.parse(BODY, "utf-8", "")
        assert worker.pid == pid
    assert not runs(pid)


async def test_a_document_that_takes_too_long_is_a_fault_and_the_next_is_read() -> None:
    async with ParseWorker(time_limit=0) as worker:
        document = await worker.parse(BODY, None, "")
        assert (document.fault, "took more than" in document.detail) == (Fault.PARSE, True)
        worker._time_limit = 10
        assert (await worker.parse(BODY, None, "")).items


async def test_a_process_that_dies_is_a_fault_and_the_next_is_read() -> None:
    async with ParseWorker() as worker:
        await worker.parse(BODY, None, "")
        assert worker.pid
        os.kill(worker.pid, 9)
        document = await worker.parse(BODY, None, "")
        assert (document.fault, document.items) == (Fault.PARSE, ())
        assert (await worker.parse(BODY, None, "")).items


async def test_what_a_dying_process_says_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONHASHSEED", "no number")
    async with ParseWorker() as worker:
        document = await worker.parse(BODY, None, "")
    assert "(Python" in document.detail


async def test_a_cancelled_question_leaves_no_answer_for_the_next() -> None:
    async with ParseWorker() as worker:
        await worker.parse(BODY, None, "")
        asked = asyncio.create_task(worker.parse(rss([item(7)] * 20_000).encode(), None, ""))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        asked.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asked
        (found,) = (await worker.parse(BODY, None, "")).items
        assert found.guid == "id-1"
