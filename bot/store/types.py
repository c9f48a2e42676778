"""Column types that mean the same on SQLite and PostgreSQL.

Moments are stored in UTC, and come back aware. Text that strangers wrote may hold NUL or lone surrogates, which one
engine or the other refuses: each is stored as one U+FFFD, so that spans still count right.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BigInteger, DateTime, Dialect, Integer, Text
from sqlalchemy.types import TypeDecorator

_TEXT = Text().with_variant(Text(collation="C"), "postgresql")
"""Compared by code points on both engines, whatever the locale of the server."""
_UTC = "+00:00"
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def storable(text: str) -> str:
    """`text` as both engines can store it, of the same length."""
    if "\x00" not in text:
        try:
            text.encode()
        except UnicodeEncodeError:
            pass
        else:
            return text  # nearly every text; the search below takes four times as long
    return _UNSTORABLE.sub("\ufffd", text)


class Moment(TypeDecorator[datetime]):
    """An aware `datetime`, in UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Callable[[datetime | None], datetime | str | None]:
        return _as_text if dialect.name == "sqlite" else _in_utc

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], datetime | None]:  # noqa: ARG002
        return _of_text if dialect.name == "sqlite" else _in_utc


def _in_utc(value: datetime | None) -> datetime | None:
    if value is None or value.tzinfo is UTC:
        return value
    if value.tzinfo is None:
        raise TypeError(f"{value!r} has no time zone")
    return value.astimezone(UTC)


def _as_text(value: datetime | None) -> str | None:
    """As SQLAlchemy writes it for SQLite: without the zone."""
    moment = _in_utc(value)
    return None if moment is None else moment.isoformat(" ", "microseconds").removesuffix(_UTC)


def _of_text(value: str | None) -> datetime | None:
    return None if value is None else datetime.fromisoformat(f"{value}{_UTC}")


class Words(TypeDecorator[str]):
    """Text, possibly of a stranger."""

    impl = _TEXT
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        return None if value is None else storable(value)


class Json(TypeDecorator[Any]):
    """Lists, mappings and scalars as compact JSON text."""

    impl = _TEXT
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ARG002
        if value is None:
            return None
        return storable(json.dumps(value, ensure_ascii=False, separators=(",", ":")))

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:  # noqa: ARG002
        return None if value is None else json.loads(value)


Key = BigInteger().with_variant(Integer, "sqlite")
"""A row's number: 64 bits on both engines."""
