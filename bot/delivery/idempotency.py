"""The key that makes a repeat recognisable: the same message always has the same key, on every machine.

In: the installation's secret and what the message is. Out: 32 hexadecimal digits.
"""

from __future__ import annotations

import hmac
from datetime import UTC, datetime

LENGTH = 32


def idempotency_key(secret: bytes, route: str, slot: datetime | str, part: int, revision: int = 1) -> str:
    """HMAC-SHA256 over route, slot (or what stands for it), part and revision, each with its own border."""
    moment = slot.astimezone(UTC).isoformat() if isinstance(slot, datetime) else slot
    fields = [route, moment, str(part), str(revision)]
    message = "".join(f"{len(field)}:{field}" for field in fields).encode(errors="surrogatepass")
    return hmac.digest(secret, message, "sha256").hex()[:LENGTH]
