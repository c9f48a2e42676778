"""From pydantic's errors to faults a person can mend: where it stands, what is wrong, what to write instead.

Enters: a document and the model of its kind. Leaves: the model, or an empty one and the faults in the document. A fault
never shows a value, unless a word of our own (`bot.config.words`) chose to.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, Final, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from bot.config.nearest import did_you_mean
from bot.config.nodes import Document, Loc
from bot.config.schema import Schema, at, known_keys, schema_of
from bot.config.words import REFUSED, kind

Model = TypeVar("Model", bound=BaseModel)


def validate(document: Document, model: type[Model]) -> Model:
    """Check a document's data; every fault goes into the document, and the model is then an empty one."""
    if not document.readable:
        return model()
    try:
        return model.model_validate({} if document.data is None else document.data)
    except ValidationError as error:
        for detail in error.errors(include_url=False):
            _report(document, schema_of(model), detail)
        return model()


def _report(document: Document, root: Schema, detail: ErrorDetails) -> None:
    at_key = detail["type"] == "extra_forbidden" or "[key]" in detail["loc"]
    loc = tuple(step for step in detail["loc"] if step != "[key]")
    what, remedy = _words(root, loc, detail)
    document.refuse(loc, what, remedy, key=at_key)


def _words(root: Schema, loc: Loc, detail: ErrorDetails) -> tuple[str, str]:
    context = detail.get("ctx", {})
    if detail["type"] == REFUSED:
        return context["what"], context["remedy"]
    if detail["type"] == "extra_forbidden":
        return _unknown_key(known_keys(at(root, loc[:-1])), str(loc[-1]))
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
    choices = schema.get("enum")
    if choices and isinstance(detail["input"], str):
        return did_you_mean(detail["input"], choices) or f"write {choices[0]}"
    key = next((step for step in reversed(loc) if isinstance(step, str)), "")
    example = _example(schema)
    if example is None:
        return f"write {_KINDS.get(schema.get('type', ''), 'key: value')}"
    return f"write {key}: {example}" if key == loc[-1:][0] else f"write {example}"


def _example(schema: Schema) -> str | None:
    """A value as it would be written, in YAML's flow style; None where the models give none."""
    if schema.get("examples"):
        return flow(schema["examples"][0])
    if schema.get("default") not in (None, [], {}):
        return flow(schema["default"])
    required = schema.get("required")
    if schema.get("type") == "object" and required:
        parts = {key: _example(schema["properties"][key]) for key in required}
        return "{" + ", ".join(f"{key}: {value}" for key, value in parts.items()) + "}"
    return None


def flow(value: object) -> str:
    """A plain value as people write it in YAML's flow style."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {flow(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(flow, value)) + "]"
    if isinstance(value, str) and not any(mark in value for mark in "#*&!|>'\"%@`{}[],"):
        return value
    return json.dumps(value, ensure_ascii=False)
