"""What may be a source: feeds, and broadcast channels with a public name. Everything else is refused in words.

In: what a person wrote. Out: a channel's name, a `Source`, or a `Refusal` with the remedy.
Groups, invite links, members and comments are never read (docs/responsible-use.md).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import sha256
from urllib.parse import SplitResult, urlsplit

from bot.model import Source, SourceKind

TELEGRAM_HOSTS = frozenset({"t.me", "www.t.me", "telegram.me", "telegram.dog"})
USERNAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{3,31}")
NAME = re.compile(r"[A-Za-z0-9_-]+")
SERVICE_PATHS = frozenset({"joinchat", "addlist", "addstickers", "share", "proxy", "socks", "c", "s", "iv", "login"})

PUBLIC_ONLY = "placewire reads broadcast channels with a public name only"


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why this cannot be a source, and what to write instead."""

    what: str
    remedy: str


def channel_name(written: str) -> str | Refusal:
    """The public username in `name`, `@name`, `t.me/name` or a link to one of its posts."""
    path = _telegram_path(written.strip())
    if path is None:
        return Refusal("this is not an address of Telegram", "write the channel's public name, as in t.me/NAME")
    first, *rest = path.split("/")
    if refusal := _refused_path(first, rest):
        return refusal
    name = rest[0] if first == "s" and rest else first
    if not USERNAME.fullmatch(name):
        return Refusal(
            f"{name[:40]!r} is no public channel name",
            "write the name in t.me/NAME: 4 to 32 of A-Z, 0-9 and _, a letter first",
        )
    return name


def _telegram_path(written: str) -> str | None:
    """The path behind the host, or the name itself where no host was written; None for another host."""
    if written.startswith("@"):
        return written[1:]
    if written.startswith("tg:"):
        return "joinchat" if "join" in written else "c"
    parts = urlsplit(written if "//" in written else f"//{written}")
    if (parts.hostname or "") in TELEGRAM_HOSTS:
        return parts.path.strip("/") + ("/comment" if "comment=" in parts.query else "")
    return None if "/" in written or "." in written else written


def _refused_path(first: str, rest: list[str]) -> Refusal | None:
    if first == "joinchat" or first.startswith("+"):
        return Refusal("this is an invite link", f"{PUBLIC_ONLY}: what needs an invitation is not public")
    if first == "c":
        return Refusal("this is a link into a private channel", f"{PUBLIC_ONLY}: write the name in t.me/NAME")
    if rest[-1:] == ["comment"]:
        return Refusal("this is a link to comments", f"{PUBLIC_ONLY}, and never their comments or members")
    if first in SERVICE_PATHS - {"s"}:
        return Refusal(f"t.me/{first} is a service page of Telegram", f"{PUBLIC_ONLY}: write the name in t.me/NAME")
    return None


def target(written: str) -> Source | Refusal:
    """A `poll` target: a feed's address, or a channel as @name or t.me/name."""
    written = written.strip()
    parts = _split(written)
    if written.startswith(("@", "tg:")) or (parts and (parts.hostname or "") in TELEGRAM_HOSTS):
        name = channel_name(written)
        if isinstance(name, Refusal):
            return name
        return Source(name=name, kind=SourceKind.CHANNEL, address=f"https://t.me/{name}")
    if parts is None or parts.scheme not in {"http", "https"} or not parts.hostname:
        return Refusal(
            f"{written[:80]!r} is neither a feed nor a channel",
            "write the feed's http:// or https:// address, or a channel as @name",
        )
    return Source(name=feed_name(written), kind=SourceKind.FEED, address=written)


def _split(written: str) -> SplitResult | None:
    try:
        return urlsplit(written)
    except ValueError:
        return None


def feed_name(address: str) -> str:
    """A readable name for a feed that was given by address alone, unique by a piece of its hash."""
    host = re.sub(r"[^A-Za-z0-9]+", "-", urlsplit(address).hostname or "feed").strip("-") or "feed"
    return f"{host}-{sha256(address.encode(errors='surrogatepass')).hexdigest()[:6]}"
