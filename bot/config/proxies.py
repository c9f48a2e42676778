"""Proxies on the way to Telegram: SOCKS5, HTTP or MTProxy, taken apart, or refused with the form that is right.

Enters: an address, as `socks5://user:password@host:1080` or `mtproxy://secret@host:443`. Leaves: `ProxySettings`, or a
refusal that shows nothing of the address, for it may hold a secret. Pure.
"""

from __future__ import annotations

import re
from base64 import b64decode
from typing import Final
from urllib.parse import SplitResult, unquote, urlsplit

from bot.config.secret import Secret
from bot.config.settings import ProxySettings
from bot.config.words import need_text, refused

MTPROXY: Final = "mtproxy"
_KINDS: Final = {"socks5": "socks5", "socks5h": "socks5", "http": "http", MTPROXY: MTPROXY}
_PORTS: Final = {"socks5": 1080, "http": 8080, MTPROXY: 443}
_SOCKS_FORM: Final = "socks5://USER:PASSWORD@HOST:PORT"
_MTPROXY_FORM: Final = "mtproxy://SECRET@HOST:PORT"
_FORMS: Final = f"{_SOCKS_FORM}, http://USER:PASSWORD@HOST:PORT or {_MTPROXY_FORM}"
_LENGTH: Final = 16
"""Bytes of an MTProxy's secret."""
_MODES: Final = ("dd", "ee")
"""What may stand before it."""
_LINK: Final = re.compile(r"(?:tg://|(?:https?://)?(?:t|telegram)\.me/)(proxy|socks)\?", re.IGNORECASE)
"""What Telegram's own apps pass round."""


def way_to_telegram(text: str) -> ProxySettings:
    """The proxy. Raises a refusal for an address through which Telegram cannot be reached."""
    if link := _LINK.match(text):
        form = _MTPROXY_FORM if link[1].lower() == "proxy" else _SOCKS_FORM
        raise refused("is a link for Telegram's own apps", f"set it to {form} with what the link says")
    parts = _split(text)
    kind = _KINDS[parts.scheme]
    user, password = (unquote(each) if each else None for each in (parts.username, parts.password))
    if kind == MTPROXY and not _is_secret(user or ""):
        remedy = f"set it to {_MTPROXY_FORM} with a secret of 32 hex digits, or dd and these"
        raise refused("has no MTProxy secret", remedy)
    return ProxySettings(
        kind=kind,
        host=parts.hostname or "",
        port=_port(parts) or _PORTS[kind],
        user=Secret(user) if user else None,
        password=Secret(password) if password else None,
    )


def open_way_to_telegram(value: object) -> ProxySettings:
    """A proxy that needs no secret, as a file may name it."""
    text = need_text(value, "socks5://HOST:PORT")
    found = way_to_telegram(text)
    if found.user or found.password:
        remedy = "set PLACEWIRE_TELEGRAM_PROXY in the environment instead, and delete this key"
        raise refused("holds a password or a secret in a file", remedy)
    return found


def _split(text: str) -> SplitResult:
    """The parts of an address with a kind that is known and a host."""
    try:
        parts = urlsplit(text)
    except ValueError:  # a bracket that is not closed
        parts = SplitResult("", "", "", "", "")
    if parts.scheme not in _KINDS or not parts.hostname or re.search(r"\s", text):
        raise refused("is no proxy that Telegram is reached through", f"set it to {_FORMS}")
    return parts


def _port(parts: SplitResult) -> int | None:
    """The port that is written; None if none is."""
    try:
        port = parts.port
    except ValueError:
        port = 0
    if port == 0:
        raise refused("has no port from 1 to 65535", f"set it to {parts.scheme}://...@HOST:PORT with the port it has")
    return port


def _is_secret(text: str) -> bool:
    """Whether Telethon can read it: hex digits or base64, and would else raise what it likes."""
    bare = text[2:] if text[:2] in _MODES else text
    try:
        secret = bytes.fromhex(bare)
    except ValueError:
        try:
            secret = b64decode(bare + "=" * (-len(bare) % 4), validate=True)
        except ValueError:
            return False
    return len(secret) >= _LENGTH
