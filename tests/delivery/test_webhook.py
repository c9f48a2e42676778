"""Webhooks over real HTTP on loopback: key, signature, patience, and the same key at a repeat."""
# ruff: noqa: ASYNC240 - a test may block its own loop

from __future__ import annotations

import hmac
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.delivery import Delivered, Destinations
from bot.http import Http, HttpSettings
from bot.http.serving import Answer, Request, serve
from bot.model import Destination, DestinationKind
from tests.delivery.desk import NOW, Clock, Queue

TEXT = '{"route": "kursk", "title": "Суджа"}'


@dataclass
class Receiver:
    """Answers what it was told to, the last answer for ever, and keeps what it got."""

    answers: list[Answer]
    got: list[Request] = field(default_factory=list)
    url: str = ""

    async def handle(self, request: Request) -> Answer:
        self.got.append(request)
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


@asynccontextmanager
async def receiver(*answers: Answer) -> AsyncIterator[Receiver]:
    fake = Receiver(list(answers))
    async with serve(fake.handle) as server:
        fake.url = f"{server.url}/hook/very-secret"
        yield fake


@pytest.fixture
async def destinations(clock: Clock) -> AsyncIterator[Destinations]:
    async with Http(HttpSettings(allow_private_networks=True), clock=clock) as http:
        yield Destinations([], clock=clock, http=http)


@pytest.fixture
def url_file(tmp_path: Path) -> Path:
    path = tmp_path / "hook-url"
    path.touch(0o600)
    return path


async def put(queue: Queue, url_file: Path, text: str = TEXT) -> None:
    await queue.put(Destination(DestinationKind.WEBHOOK, str(url_file)), text)


async def test_a_message_is_posted_with_its_key(queue: Queue, url_file: Path, destinations: Destinations) -> None:
    await put(queue, url_file)
    async with receiver(Answer(202)) as hook:
        url_file.write_text(f"{hook.url}\n")
        assert await destinations.deliver(queue.store, NOW) == Delivered(sent=1)
    (request,) = hook.got
    assert (request.method, request.path) == ("POST", "/hook/very-secret")
    assert json.loads(request.body) == {"route": "kursk", "title": "Суджа"}
    assert request.headers["Content-Type"] == "application/json; charset=utf-8"
    assert len(request.headers["Idempotency-Key"]) == 32
    assert [row.receipt for row in await queue.rows()] == ["http 202"]


@pytest.mark.parametrize("secret", ["", "shared-key", "a key of several words"])
async def test_the_signature_can_be_checked(
    queue: Queue, url_file: Path, destinations: Destinations, secret: str
) -> None:
    await put(queue, url_file)
    async with receiver(Answer(200)) as hook:
        url_file.write_text(f"{hook.url}\n{secret}\n")
        await destinations.deliver(queue.store, NOW)
    (request,) = hook.got
    fields = dict(pair.split("=", 1) for pair in request.headers["Placewire-Signature"].split(","))
    signed = f"{fields['t']}.".encode() + request.body
    assert fields["v1"] == hmac.digest((secret or hook.url).encode(), signed, "sha256").hex()
    assert datetime.fromtimestamp(int(fields["t"]), UTC) == NOW


async def test_the_address_is_read_at_each_send(queue: Queue, url_file: Path, destinations: Destinations) -> None:
    await put(queue, url_file)
    async with receiver(Answer(503)) as old, receiver(Answer(200)) as new:
        url_file.write_text(old.url)
        assert await destinations.deliver(queue.store, NOW) == Delivered(failed=1)
        url_file.write_text(new.url)
        assert await destinations.deliver(queue.store, NOW + timedelta(hours=1)) == Delivered(sent=1)
    assert (len(old.got), len(new.got)) == (1, 1)
    assert old.got[0].headers["Idempotency-Key"] == new.got[0].headers["Idempotency-Key"]


@pytest.mark.parametrize(
    ("answer", "wait"),
    [
        (Answer(429, {"Retry-After": "120"}), timedelta(seconds=120)),
        (Answer(503, {"Retry-After": "Tue, 06 Jan 2026 12:00:00 GMT"}), timedelta(hours=2)),
        (Answer(503), timedelta(seconds=30)),
        (Answer(500), timedelta(seconds=30)),
        (Answer(429, {"Retry-After": "1"}), timedelta(seconds=30)),
    ],
)
async def test_a_busy_receiver_is_given_time(
    queue: Queue, url_file: Path, destinations: Destinations, answer: Answer, wait: timedelta
) -> None:
    await put(queue, url_file)
    await put(queue, url_file, '{"second": true}')
    async with receiver(answer, Answer(200)) as hook:
        url_file.write_text(hook.url)
        assert await destinations.deliver(queue.store, NOW) == Delivered(failed=1)
        first, second = await queue.rows()
        assert (first.outcome, first.not_before) == ("waiting", NOW + wait)
        assert str(answer.status) in first.reason
        assert second.attempts == 0
        assert await destinations.deliver(queue.store, NOW + wait) == Delivered(sent=2)
    assert [json.loads(request.body) for request in hook.got[1:]] == [json.loads(TEXT), {"second": True}]


@pytest.mark.parametrize("answer", [Answer(404), Answer(401), Answer(400), Answer(302, {"Location": "/other"})])
async def test_a_refusal_parks(queue: Queue, url_file: Path, destinations: Destinations, answer: Answer) -> None:
    await put(queue, url_file)
    async with receiver(answer) as hook:
        url_file.write_text(hook.url)
        assert await destinations.deliver(queue.store, NOW) == Delivered(parked=1)
    assert len(hook.got) == 1
    (row,) = await queue.rows()
    assert str(answer.status) in row.reason
    assert "very-secret" not in row.reason


async def test_no_answer_is_asked_again_with_the_same_key(
    queue: Queue, url_file: Path, destinations: Destinations
) -> None:
    await put(queue, url_file)
    async with receiver(Answer(200)) as hook:
        url_file.write_text("http://127.0.0.1:9/hook/very-secret")
        assert await destinations.deliver(queue.store, NOW) == Delivered(failed=1)
        (row,) = await queue.rows()
        assert "very-secret" not in row.reason
        url_file.write_text(hook.url)
        assert await destinations.deliver(queue.store, NOW + timedelta(minutes=1)) == Delivered(sent=1)


async def test_a_crash_after_posting_repeats_the_same_key(
    queue: Queue, url_file: Path, destinations: Destinations
) -> None:
    await put(queue, url_file)
    (waiting,) = await queue.store.ready(NOW)
    async with receiver(Answer(200)) as hook:
        url_file.write_text(hook.url)
        await queue.store.begin(waiting, NOW)
        assert await destinations.deliver(queue.store, NOW) == Delivered(sent=1)
    assert hook.got[0].headers["Idempotency-Key"] == waiting.idempotency


@pytest.mark.parametrize(
    "content", [None, "", "not an address", "ftp://127.0.0.1/", "https://x/" + "x" * 100_000, b"\xff\xfe"]
)
async def test_a_url_file_without_address_parks(
    queue: Queue, url_file: Path, destinations: Destinations, content: str | bytes | None
) -> None:
    if content is None:
        url_file.unlink()
    else:
        url_file.write_bytes(content if isinstance(content, bytes) else content.encode())
    await put(queue, url_file)
    assert await destinations.deliver(queue.store, NOW) == Delivered(parked=1)
    (row,) = await queue.rows()
    assert "url_file" in row.reason


async def test_a_url_file_that_others_may_read_parks(queue: Queue, url_file: Path, destinations: Destinations) -> None:
    await put(queue, url_file)
    async with receiver(Answer(200)) as hook:
        url_file.write_text(hook.url)
        url_file.chmod(0o644)
        assert await destinations.deliver(queue.store, NOW) == Delivered(parked=1)
        assert not hook.got
    (row,) = await queue.rows()
    assert f"run chmod 600 {url_file}" in row.reason


async def test_a_private_address_is_refused_by_the_guard(queue: Queue, url_file: Path, clock: Clock) -> None:
    await put(queue, url_file)
    url_file.write_text("http://127.0.0.1:9/")
    async with Http(HttpSettings(), clock=clock) as http:
        delivered = await Destinations([], clock=clock, http=http).deliver(queue.store, NOW)
    assert delivered == Delivered(parked=1)
    (row,) = await queue.rows()
    assert "allow_private_networks" in row.reason
