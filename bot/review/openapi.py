"""The OpenAPI document, made from the rows themselves: what they hold is written once.

In: nothing. Out: a document of OpenAPI 3.1. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from functools import cache
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from bot import __version__
from bot.export import Format
from bot.export.formats import MEDIA_TYPES
from bot.model import Rejection
from bot.rematching import Mention
from bot.review.pages.looking import SEARCHED
from bot.review.pages.quality import QualityRow
from bot.review.streaming import EXPORTED
from bot.store import Acted, ActKind, ActRow, Event, HitRow, OutboxRow, PostRow, SilenceRow, SourceRow, StoryRow

LISTS: Mapping[str, tuple[type, str]] = {
    "hits": (HitRow, "Every hit, in order of row"),
    "stories": (StoryRow, "Every story, in order of row"),
    "outbox": (OutboxRow, "Every delivery, in order of row"),
}
ARRAYS: Mapping[str, tuple[type, str, tuple[str, ...]]] = {
    "sources": (SourceRow, "Every source in use, by name", ()),
    "quality": (QualityRow, "How often hits were right, by place, source, evidence and confidence", ()),
    "silences": (SilenceRow, "What is muted now, and until when", ()),
    "audit": (ActRow, "What people decided, newest first", ("limit", "before")),
    "search": (
        PostRow,
        "Posts in which every word of q stands, newest first; X-Next in the answer is the `before` of the next page",
        SEARCHED,
    ),
}
ABOUT: Mapping[ActKind, str] = {
    ActKind.CONFIRM: "Hits mean their place; a story or post stands for all its hits",
    ActKind.REJECT: "Hits count no more",
    ActKind.MOVE: "Hits mean the watch that `to` names",
    ActKind.MERGE: "One story of several",
    ActKind.SPLIT: "These posts begin stories of their own",
    ActKind.PIN: "Stories stay at the top of the queue",
    ActKind.UNPIN: "Stories are pinned no more",
    ActKind.NOTE: "Words beside hits, stories, posts, watches or sources",
    ActKind.PAUSE: "Sources are not asked any more",
    ActKind.RESUME: "Sources are asked again",
    ActKind.MUTE: "A place, a source, or what this source says of this place, is not announced outside of digests",
    ActKind.UNMUTE: "These silences, m1 as `silence list` prints them, end",
    ActKind.CORRECT: "What the route `to` told of stories is put right in the words of `note`; without words no more",
    ActKind.ARRIVED: "Deliveries, o1, parked or of unknown outcome, arrived; `to` is the address of the one message",
    ActKind.AGAIN: "Deliveries, parked or of unknown outcome, are sent again",
    ActKind.UNDO: "Takes back the act that `act` names, or your last one",
}


@cache
def document() -> dict[str, Any]:
    paths: dict[str, Any] = {}
    for name, (row, about) in LISTS.items():
        lines = {"application/x-ndjson": {"schema": schema(row)}}
        paths[f"/api/v1/{name}"] = {"get": _operation(about, lines)}
    for name, (row, about, asked) in ARRAYS.items():
        paths[f"/api/v1/{name}"] = {"get": _operation(about, _json({"type": "array", "items": schema(row)}), asked)}
    events = _json({"type": "array", "items": schema(Event)})
    key = {"name": "key", "in": "path", "required": True, "schema": {"type": "string"}}
    traced = _operation("What happened to a post, hit, story, digest, delivery, act or source", events)
    paths["/api/v1/trace/{key}"] = {"get": traced | {"parameters": [key]}}
    paths |= {"/api/v1/export": {"get": _export()}, "/api/v1/export/{key}": {"get": _proof() | {"parameters": [key]}}}
    paths |= {"/api/v1/rematch": {"post": _rematch()}, "/api/v1/backfill": {"post": _backfill()}}
    for kind, about in ABOUT.items():
        body = {"required": True, "content": _json(_wanted(kind))}
        refused = {"400": _says("what cannot be"), "409": _says("somebody else decided first")}
        done = _operation(about, _json(schema(Acted)))
        done["responses"] |= refused
        paths[f"/api/v1/{kind}"] = {"post": done | {"requestBody": body}}
    return {
        "openapi": "3.1.0",
        "info": {"title": "placewire", "version": __version__},
        "paths": paths,
        "components": {"securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}},
        "security": [{"token": []}],
    }


def _export() -> dict[str, Any]:
    content = {kind: {"schema": {"type": "string"}} for kind in MEDIA_TYPES.values()}
    done = _operation("Hits as CSV, JSON lines, GeoJSON or Atom, streamed; place, source and state may be repeated",
                      content, EXPORTED)  # fmt: skip
    done["parameters"][0] |= {"required": True, "schema": {"type": "string", "enum": list(Format)}}
    done["responses"]["400"] = _says("what cannot be")
    return done


def _proof() -> dict[str, Any]:
    done = _operation("A hit with all that proves it: wordings, times, hashes, the rule, decisions, as a zip",
                      {"application/zip": {"schema": {"type": "string", "format": "binary"}}})  # fmt: skip
    done["responses"]["404"] = _says("no hit has this id")
    return done


def _rematch() -> dict[str, Any]:
    about = "Matches stored posts again by the rules of now; what changes comes as JSON lines while it is found"
    done = _operation(about, {"application/x-ndjson": {"schema": schema(Mention)}})
    done["responses"] |= {"400": _says("what cannot be"), "409": _says("another is under way")}
    properties = {
        "dry_run": {"type": "boolean", "default": True, "description": "false writes it down"},
        "since": {"type": "string", "description": "only posts seen from then on"},
    }
    return done | {"requestBody": {"content": _json({"type": "object", "properties": properties})}}


def _backfill() -> dict[str, Any]:
    properties = {"source": {"type": "string"}, "count": {"type": "integer", "minimum": 1, "default": 200}}
    wanted = {"type": "object", "properties": properties, "required": ["source"]}
    done = _operation("Orders older posts of a source; the running service reads them", _json(wanted))
    done["responses"] = {"202": done["responses"].pop("200"), "400": _says("what cannot be")} | done["responses"]
    return done | {"requestBody": {"required": True, "content": _json(wanted)}}


def _operation(about: str, content: Mapping[str, Any], asked: tuple[str, ...] = ()) -> dict[str, Any]:
    parameters = [{"name": name, "in": "query", "schema": {"type": "string"}} for name in asked]
    answer = {"200": {"description": about, "content": content}, "401": _says("no token, or an unknown one")}
    return {"summary": about, "parameters": parameters, "responses": answer}


def _json(schema_: Mapping[str, Any]) -> dict[str, Any]:
    return {"application/json": {"schema": schema_}}


def _says(what: str) -> dict[str, Any]:
    fault = {"type": "object", "properties": {"error": {"type": "string"}}}
    return {"description": what, "content": _json(fault)}


def _wanted(kind: ActKind) -> dict[str, Any]:
    if kind is ActKind.UNDO:
        return {"type": "object", "properties": {"act": {"type": "string"}}}
    if kind is ActKind.MUTE:
        return _MUTE
    properties: dict[str, Any] = {
        "targets": {"type": "array", "items": {"type": "string"}},
        "note": {"type": "string"},
        "seen": {"type": "integer", "description": "the number of the last act that you know of"},
    }
    if kind is ActKind.REJECT:
        properties["reason"] = {"type": "string", "enum": list(Rejection)}
    if kind in {ActKind.MOVE, ActKind.CORRECT, ActKind.ARRIVED}:
        properties["to"] = {"type": "string"}
    required = ["targets", "to"] if kind in {ActKind.MOVE, ActKind.CORRECT} else ["targets"]
    return {"type": "object", "properties": properties, "required": required}


_MUTE: dict[str, Any] = {
    "type": "object",
    "properties": {
        "place": {"type": "string", "description": "the id of a watch"},
        "source": {"type": "string", "description": "the name of a source"},
        "until": {"type": "string", "format": "date-time", "description": "UTC if no zone is named, 31 days at most"},
        "note": {"type": "string", "description": "why"},
    },
    "required": ["until"],
}


def schema(kind: type) -> dict[str, Any]:
    """JSON Schema of a row."""
    hints = get_type_hints(kind)
    properties = {field.name: _schema(hints[field.name]) for field in fields(kind)}
    return {"type": "object", "properties": properties, "required": list(properties)}


def _schema(hint: Any) -> dict[str, Any]:
    origin, parts = get_origin(hint), get_args(hint)
    if origin in {Union, UnionType}:
        some = [_schema(part) for part in parts if part is not NoneType]
        return {"anyOf": [*some, {"type": "null"}]}
    if origin is tuple:
        return {"type": "array", "items": _schema(parts[0])}
    if origin is not None:
        return {"type": "object", "additionalProperties": _schema(parts[1]) if len(parts) > 1 else True}
    if hint is datetime:
        return {"type": "string", "format": "date-time"}
    return {"type": _NAMES.get(hint, "string")} if hint is not Any else {}


_NAMES: Mapping[type, str] = {int: "integer", float: "number", bool: "boolean", str: "string"}
