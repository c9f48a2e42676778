"""What `doctor` says: a verdict on one subject, with the remedy. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Verdict(StrEnum):
    OK = "ok"
    LOOK = "look"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Finding:
    verdict: Verdict
    subject: str
    text: str
    remedy: str = ""
    figures: Mapping[str, Any] = field(default_factory=dict)
    """The numbers of the text, for scripts; sizes are bytes."""
