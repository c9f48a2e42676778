"""Frozen values that are stored whole, as JSON: a cursor, a message.

In and out: dataclasses of scalars, moments, durations, enums, tuples and further dataclasses. A field at its default
is left out, and an unknown one is passed over: what an earlier version stored is read by a later one, and back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime, timedelta
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")


def dump(value: Any) -> Any:
    """`value` as JSON can hold it."""
    if is_dataclass(value):
        return {
            field.name: dump(item) for field in fields(value) if (item := getattr(value, field.name)) != field.default
        }
    if isinstance(value, (tuple, frozenset)):
        return [dump(item) for item in value]
    if isinstance(value, Mapping):
        return {name: dump(item) for name, item in value.items()}
    return _plain(value)


def _plain(value: Any) -> Any:
    match value:
        case Enum():
            return value.value
        case datetime():
            return value.isoformat()
        case timedelta():
            return value.total_seconds()
    return value


def load(kind: type[T], data: Any) -> T:
    """The `kind` that `dump` made `data` of."""
    value: T = _load(kind, data)
    return value


def _load(kind: Any, data: Any) -> Any:
    origin = get_origin(kind)
    if data is None:
        return None
    if origin in {Union, UnionType}:
        return _load(next(option for option in get_args(kind) if option is not NoneType), data)
    if origin in {tuple, frozenset}:
        return origin(_load(get_args(kind)[0], item) for item in data)
    if origin is not None and issubclass(origin, Mapping):
        return {name: _load(get_args(kind)[1], item) for name, item in data.items()}
    if isinstance(kind, type) and is_dataclass(kind):
        hints = _hints(kind)
        return kind(**{name: _load(hints[name], item) for name, item in data.items() if name in hints})
    return _scalar(kind, data)


def _scalar(kind: Any, data: Any) -> Any:
    if kind is datetime:
        return datetime.fromisoformat(data)
    if kind is timedelta:
        return timedelta(seconds=data)
    return kind(data) if isinstance(kind, type) and issubclass(kind, Enum) else data


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)
