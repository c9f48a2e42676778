"""The states that acts write down: of each target, by its key, what an act changes of it. They are kept as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

State = Mapping[str, Any]
States = Mapping[str, State]
"""By the key of the target: h12, s3, p7 (a post by its row), m2, o5, source:rybar."""


def text_of(moment: datetime | None) -> str | None:
    """A moment as states hold it."""
    return None if moment is None else moment.astimezone(UTC).isoformat()


def moment_of(text: str | None) -> datetime | None:
    """The moment that `text_of` wrote."""
    return None if text is None else datetime.fromisoformat(text)
