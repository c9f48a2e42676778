"""Messages by HTTP POST, as JSON, with an idempotency key and a signature.

In: a row; its URL stands in a file that is read at each send, so a changed address needs no restart. Out: the answer's
status as receipt. Invariant: a repeat carries the same key, so a lost answer may safely be asked for again.
"""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING

from bot.config.secret import Refusal, read_secret
from bot.errors import DestinationBusy, DestinationClosed, SourceBusy, SourceError
from bot.http import Http, Response, retry_after
from bot.model import Delivery

if TYPE_CHECKING:
    from bot.slots import Clock

KEY_HEADER = "Idempotency-Key"
SIGNATURE_HEADER = "Placewire-Signature"
_PATIENCE = {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS}


class Webhook:
    """Posts to the URL that the destination's file holds."""

    promise = "at least once: a repeat carries the same Idempotency-Key, so a receiver that keeps keys sees each once"

    def __init__(self, http: Http | None, clock: Clock) -> None:
        self._http = http
        self._clock = clock

    def queue(self, delivery: Delivery) -> str:
        return str(delivery.to)

    def pause(self, delivery: Delivery, now: datetime) -> datetime | None:  # noqa: ARG002 - takes all at once
        return None

    def offset(self, delivery: Delivery) -> int | None:  # noqa: ARG002 - a receiver has no place to return to
        return None

    async def send(self, delivery: Delivery) -> str:
        target = await asyncio.to_thread(read_target, delivery)
        response = await self._post(target, delivery)
        if HTTPStatus.OK <= response.status < HTTPStatus.MULTIPLE_CHOICES:
            return f"http {response.status}"
        raise self._refusal(str(delivery.to), response)

    async def _post(self, target: Target, delivery: Delivery) -> Response:
        if self._http is None:
            raise DestinationClosed(str(delivery.to), "there is no network here", "run the service to send it")
        body = delivery.message.text.encode(errors="replace")
        headers = headers_for(target.secret, delivery.idempotency, int(self._clock.now().timestamp()), body)
        try:
            return await self._http.post(target.url, body, headers)
        except SourceError as error:
            raise _lost(str(delivery.to), error) from error

    def _refusal(self, resource: str, response: Response) -> DestinationBusy | DestinationClosed:
        status = response.status
        if status in _PATIENCE or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            delay = retry_after(response.headers.get("Retry-After"), self._clock.now())
            return DestinationBusy(resource, f"answered {status}", "sent again later", delay=delay or timedelta(0))
        if status in range(300, 400):
            return DestinationClosed(resource, f"answered {status}: it has moved", "put the new URL into url_file")
        return DestinationClosed(resource, f"answered {status}", "ask who runs the receiver, then check url_file")


@dataclass(frozen=True, slots=True, repr=False)
class Target:
    """A URL, itself a secret, and the key that signs what goes there."""

    url: str
    secret: bytes


def read_target(delivery: Delivery) -> Target:
    """The file's first line is the URL, its second the signing key; without a second line the URL signs.

    Like every secret, only its owner may read it, and it is small.
    """
    resource = str(delivery.to)
    found = read_secret(Path(delivery.to.address))
    if isinstance(found, Refusal):
        raise DestinationClosed(resource, f"url_file: {found.what}", found.remedy)
    url, *rest = (line.strip() for line in found.reveal().splitlines())
    if not url.lower().startswith(("http://", "https://")):
        raise DestinationClosed(resource, "url_file holds no http or https address", "write one into its first line")
    return Target(url, (rest[0] if rest else url).encode())


def headers_for(secret: bytes, key: str, timestamp: int, body: bytes) -> Mapping[str, str]:
    """The headers of one request. `timestamp` is in whole seconds since 1970."""
    return {
        "Content-Type": "application/json; charset=utf-8",
        KEY_HEADER: key,
        SIGNATURE_HEADER: f"t={timestamp},v1={signature(secret, timestamp, body)}",
    }


def signature(secret: bytes, timestamp: int, body: bytes) -> str:
    """HMAC-SHA256 over `timestamp.body`, in hexadecimal digits."""
    return hmac.digest(secret, f"{timestamp}.".encode() + body, "sha256").hex()


def _lost(resource: str, error: SourceError) -> DestinationBusy | DestinationClosed:
    """No answer: whether it arrived is unknown, and the key makes the repeat harmless."""
    # The URL is a secret, so the error's own line, which names it, is not repeated.
    if error.state == "refused_address":
        return DestinationClosed(resource, error.what, error.remedy)
    delay = error.delay if isinstance(error, SourceBusy) else timedelta(0)
    return DestinationBusy(resource, f"no answer ({error.state})", "sent again later with the same key", delay=delay)
