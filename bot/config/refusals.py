"""From pydantic's errors to faults a person can mend: where it stands, what is wrong, what to write instead.

Enters: a document and the model of its kind. Leaves: the model, or an empty one and the faults in the document. A fault
never shows a value, unless a word of our own (`bot.config.words`) chose to.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any, Final, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from bot.config.nearest import did_you_mean, nearest
from bot.config.nodes import Document, Loc, core
from bot.config.schema import Schema, at, known_keys, schema_of
from bot.config.words import REFUSED, kind

Model = TypeVar("Model", bound=BaseModel)
_NEEDS_QUOTES: Final = re.compile(r"""^[-?:@`*&!|>'"%# ]|[\[\]{},]|: |:$| #| $""")
_KEY: Final = "[key]"
"""How pydantic marks that a key is wrong, not its value."""


def validate(document: Document, model: type[Model]) -> Model:
    """Check a document's data; every fault goes into the document, and the model is then an empty one."""
    if not document.readable:
        return model()
    try:
        return model.model_validate({} if document.data is None else document.data)
    except ValidationError as error:
        details = error.errors(include_url=False)
        root = schema_of(model)
        meant = set(_misspelt(root, details))
        for detail in details:
            if not (detail["type"] == "missing" and detail["loc"] in meant):
                _report(document, root, detail)
        return model()


def _misspelt(root: Schema, details: list[ErrorDetails]) -> Iterator[Loc]:
    """The keys that unknown keys were meant to be: they are not missing as well."""
    for detail in details:
        if detail["type"] == "extra_forbidden":
            *way, key = detail["loc"]
            meant = nearest(str(key), known_keys(at(root, tuple(way))))
            if meant is not None:
                yield (*way, meant)


def _report(document: Document, root: Schema, detail: ErrorDetails) -> None:
    loc = tuple(step for step in detail["loc"] if step != _KEY)
    what, remedy = _words(root, loc, detail)
    on_key = detail["type"] == "extra_forbidden" or _KEY in detail["loc"]
    document.refuse(loc, what, remedy, key=on_key, inside=detail.get("ctx", {}).get("at", 0))


def _words(root: Schema, loc: Loc, detail: ErrorDetails) -> tuple[str, str]:
    context = detail.get("ctx", {})
    if detail["type"] == REFUSED:
        return context["what"], context["remedy"]
    if detail["type"] == "extra_forbidden":
        return _unknown_key(known_keys(at(root, loc[:-1])), str(loc[-1]))
    if _KEY in detail["loc"]:
        return _unknown_key(tuple(at(root, loc[:-1]).get("propertyNames", {}).get("enum", ())), str(loc[-1]))
    words = _WORDS.get(detail["type"])
    what = words(detail, context) if words else detail["msg"]
    return what, _remedy(loc, at(root, loc), detail)


def _unknown_key(known: tuple[str, ...], key: str) -> tuple[str, str]:
    if f"{key}_file" in known:
        remedy = f"write it into a file of mode 0600 and name the file: {key}_file: PATH"
        return "a secret does not stand in the configuration", remedy
    if key == "<<":
        return "YAML 1.2 has no merge key", "write the keys out"
    return "unknown key", did_you_mean(key, known) or f"known here: {', '.join(known)}"


_TRUTHS: Final = {"yes": "true", "on": "true", "no": "false", "off": "false"}
_KINDS: Final = {
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "array": "a list",
    "object": "a mapping",
}


def _wrong_kind(expected: str) -> Callable[[ErrorDetails, dict[str, Any]], str]:
    return lambda detail, _: f"must be {expected}, not {kind(detail['input'])}"


_WORDS: Final[dict[str, Callable[[ErrorDetails, dict[str, Any]], str]]] = {
    "missing": lambda *_: "is missing",
    "model_type": _wrong_kind("a mapping"),
    "dict_type": _wrong_kind("a mapping"),
    "list_type": _wrong_kind("a list"),
    "string_type": _wrong_kind("text"),
    "int_type": _wrong_kind("a whole number"),
    "int_from_float": _wrong_kind("a whole number"),
    "float_type": _wrong_kind("a number"),
    "finite_number": lambda *_: "must be a finite number",
    "bool_type": _wrong_kind("true or false"),
    "greater_than_equal": lambda _, context: f"must be at least {context['ge']}",
    "less_than_equal": lambda _, context: f"must be at most {context['le']}",
    "too_short": lambda *_: "must not be empty",
    "enum": lambda _, context: f"must be {context['expected']}",
    "literal_error": lambda _, context: f"must be {context['expected']}",
}


def _remedy(loc: Loc, schema: Schema, detail: ErrorDetails) -> str:
    value = detail["input"]
    if schema.get("enum") and isinstance(value, str):
        return did_you_mean(value, schema["enum"]) or "write one of them"
    example = _example(schema)
    if isinstance(value, str) and schema.get("type") == "boolean":
        example = _TRUTHS.get(value.casefold(), example)
    if not loc:
        return "write key: value"
    if schema.get("enum"):
        return f"write {schema['enum'][0]}"
    if example is None:
        return f"write {_KINDS.get(schema.get('type', ''), 'key: value')}"
    return f"write {loc[-1]}: {example}" if isinstance(loc[-1], str) else f"write {example}"


def _example(schema: Schema) -> str | None:
    """A value as it would be written, in YAML's flow style; None where the models give none."""
    if schema.get("examples"):
        return flow(schema["examples"][0])
    if schema.get("default") not in (None, [], {}):
        return flow(schema["default"])
    properties = schema.get("properties", {})
    shown = {key: _example(properties[key]) for key in schema.get("required") or list(properties)[:1]}
    parts = [f"{key}: {value}" for key, value in shown.items() if value is not None]
    return "{" + ", ".join(parts) + "}" if parts else None


def flow(value: object) -> str:
    """A plain value as people write it in YAML's flow style."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {flow(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(flow, value)) + "]"
    if isinstance(value, str) and isinstance(core(value), str) and not _NEEDS_QUOTES.search(value):
        return value
    return json.dumps(value, ensure_ascii=False)
