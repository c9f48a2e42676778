"""aiohttp's exceptions and HTTP's statuses as this house's errors, translated here and nowhere else.

In: what went wrong with one request. Out: SourceDown, SourceBusy or SourceGone with a word for its state and a remedy.
"""

from __future__ import annotations

import socket
from collections.abc import Iterator, Mapping
from datetime import datetime
from http import HTTPStatus

import aiohttp

from bot.errors import SourceBusy, SourceDown, SourceError, SourceGone
from bot.http.bodies import TooLarge, Truncated, UnknownCoding
from bot.http.guard import RefusedAddress
from bot.http.patience import DEFAULT, retry_after

CONNECT_REMEDY = "the next poll tries again; if it stays, check the address and the network"
TLS_REMEDY = "check the address; if the certificate is theirs to renew, wait"
TRUNCATED_REMEDY = "nothing of it was kept; the next poll reads it again"
PROXY_REMEDY = "check `http: proxy` in bot.yaml, and its name and password"
PRIVATE_REMEDY = "set `http: {allow_private_networks: true}` in bot.yaml if this network is meant"

FAULTS = (aiohttp.ClientError, OSError, TimeoutError, ValueError, TooLarge, Truncated, UnknownCoding)
"""What a request may raise; `fault` gives each its word."""


def fault(url: str, error: BaseException) -> SourceError:
    """The error of this house for an exception of `FAULTS`."""
    for cause in _chain(error):
        if isinstance(cause, RefusedAddress):
            return SourceDown(url, str(cause), PRIVATE_REMEDY, state="refused_address")
    for kinds, state, what, remedy in _TABLE:
        if isinstance(error, kinds):
            # A faulty address may hold a password: it is not repeated.
            reason = "" if state == "address" else f" ({_words(error)})"
            return SourceDown(url, what + reason, remedy, state=state)
    return SourceDown(url, f"no answer ({_words(error)})", CONNECT_REMEDY, state="connect")


_TABLE: tuple[tuple[tuple[type[BaseException], ...], str, str, str], ...] = (
    ((TooLarge,), "too_large", "it is too large", "ask its publisher for a shorter feed"),
    ((Truncated, aiohttp.ClientPayloadError), "truncated", "the answer breaks off", TRUNCATED_REMEDY),
    ((UnknownCoding,), "encoding", "it is compressed in a way we do not read", "report it to its publisher"),
    ((aiohttp.ClientConnectorDNSError, socket.gaierror), "dns", "its name does not resolve", CONNECT_REMEDY),
    (
        (aiohttp.ClientConnectorCertificateError, aiohttp.ClientSSLError, aiohttp.ServerFingerprintMismatch),
        "tls",
        "no secure connection",
        TLS_REMEDY,
    ),
    ((TimeoutError,), "timeout", "no answer in time", CONNECT_REMEDY),
    (
        (aiohttp.InvalidURL, aiohttp.NonHttpUrlClientError, ValueError),
        "address",
        "this is no address we can ask",
        "write an http:// or https:// address",
    ),
    ((aiohttp.ClientHttpProxyError,), "proxy", "the proxy refuses", PROXY_REMEDY),
    ((aiohttp.ClientResponseError,), "http_broken", "the answer is not HTTP", CONNECT_REMEDY),
)


def never_left(error: SourceError) -> bool:
    """Whether the request certainly did not reach anybody: there was no connection to send it over."""
    return error.state in {"refused_address", "address"} or isinstance(
        error.__cause__, (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError)
    )


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """The error and what lies under it: aiohttp wraps the socket's error, sometimes twice."""
    while error is not None:
        yield error
        error = getattr(error, "os_error", None) or error.__cause__


def _words(error: BaseException) -> str:
    # In full an error of a response names the address that was asked: of a proxy, with its password.
    said = error.message if isinstance(error, aiohttp.ClientResponseError) else str(error)
    if isinstance(error, aiohttp.ClientHttpProxyError):
        said = f"{error.status} {said}"
    return " ".join(said.split())[:200] or type(error).__name__


def refusal(url: str, status: int, headers: Mapping[str, str], now: datetime) -> SourceError:
    """The error for a status of 400 or more."""
    what = f"it answers {status} {_phrase(status)}".rstrip()
    wait = retry_after(headers.get("Retry-After"), now)
    if wait is not None or status == HTTPStatus.TOO_MANY_REQUESTS:
        delay = DEFAULT if wait is None else wait
        return SourceBusy(url, what, "it is asked again when it said so; poll it less often", delay=delay)
    if status == HTTPStatus.GONE:
        return SourceGone(url, what, "it says it is gone for good: remove it or find its new address", state="gone")
    if status == HTTPStatus.NOT_FOUND:
        return SourceGone(url, what, "check the address; it is still asked now and then", state="not_found")
    return SourceDown(url, what, "the next poll tries again", state=f"http_{status}")


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""
