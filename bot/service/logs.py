"""Structured logs on standard error: for people on a terminal, JSON lines elsewhere.

In: how much to say. Out: structlog configured for the process. Invariant: what a stranger wrote cannot act on the
terminal, for control characters are escaped.
"""

from __future__ import annotations

import logging
import sys
from typing import Any

import structlog


def configure(*, least: int = logging.WARNING) -> None:
    """Send the logs of the process to standard error, those of level `least` and worse."""
    shown: Any = (
        structlog.dev.ConsoleRenderer(colors=True, pad_event_to=28)
        if sys.stderr.isatty()
        else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    # Its ticks tell of their own faults, and a tick that is still at work when its next time comes is no news.
    logging.getLogger("apscheduler").setLevel(logging.CRITICAL)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            _escape,
            shown,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(least),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )


def _escape(_logger: object, _method: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    return {key: _plain(value) if isinstance(value, str) else value for key, value in event.items()}


def _plain(text: str) -> str:
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() or c == "\n" else c.encode("unicode_escape").decode() for c in text)
