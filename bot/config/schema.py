"""What the models say of themselves, as JSON Schema: for editors, for the reference, and for the remedies of faults.

Enters: a model of a file, and a way into it. Leaves: the schema of the value that belongs there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from functools import cache
from typing import Any, Final

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema

from bot.config.files import BotFile, RoutesFile, SourcesFile, WatchlistFile
from bot.config.nodes import Loc
from bot.config.words import spell

Schema = dict[str, Any]
MODELS: Final[Mapping[str, type[BaseModel]]] = {
    "bot": BotFile,
    "sources": SourcesFile,
    "watchlist": WatchlistFile,
    "routes": RoutesFile,
}


class _Spelt(GenerateJsonSchema):
    """Defaults are spelt as the files spell them, and a key needs no second name."""

    def encode_default(self, dft: Any) -> Any:
        return spell(dft) if isinstance(dft, timedelta) else super().encode_default(dft)

    def sort(self, value: Any, parent_key: str | None = None) -> Any:  # noqa: ARG002
        """The order of the models is the order people read."""
        return value

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ARG002
        return False


@cache
def schema_of(model: type[BaseModel]) -> Schema:
    return model.model_json_schema(by_alias=True, schema_generator=_Spelt)


def json_schemas() -> dict[str, Schema]:
    """The JSON Schema of each kind of file, by its name: bot, sources, watchlist, routes."""
    return {
        name: {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema_of(model)}
        for name, model in MODELS.items()
    }


def plain(schema: Schema, root: Schema) -> Schema:
    """The schema itself, where it is a reference or "this or nothing"; its own words come before the other's."""
    own = {key: value for key, value in schema.items() if key not in {"$ref", "anyOf", "allOf"}}
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return {**root["$defs"][name], **own}
    choices = [choice for choice in schema.get("anyOf", ()) if choice.get("type") != "null"]
    if len(choices) == 1:
        return {**plain(choices[0], root), **own}
    return {**schema, "anyOf": choices} if choices else schema


def at(root: Schema, loc: Loc) -> Schema:
    """The schema of the value at that way; an empty one where the models know none."""
    found = root
    for step in loc:
        found = plain(_step(plain(found, root), step), root)
    return plain(found, root)


def _step(schema: Schema, step: str | int) -> Schema:
    if isinstance(step, int):
        items = schema.get("items", {})
        return items if isinstance(items, dict) else {}
    inner = schema.get("properties", {}).get(step)
    if inner is None:
        more = [schema.get("additionalProperties"), *schema.get("patternProperties", {}).values()]
        return next((dict(other) for other in more if isinstance(other, dict)), {})
    return dict(inner)


def known_keys(schema: Schema) -> tuple[str, ...]:
    """The keys a mapping may have; none if it takes any."""
    return tuple(schema.get("properties", ()))


def every_key(root: Schema, schema: Schema | None = None, way: str = "") -> Iterator[tuple[str, Schema, bool]]:
    """Every key with its path (`feeds[].poll`), its schema, and whether it must be there."""
    schema = plain(root if schema is None else schema, root)
    for key, inner in schema.get("properties", {}).items():
        path = f"{way}.{key}" if way else key
        found = plain(inner, root)
        yield path, found, key in schema.get("required", ())
        yield from every_key(root, found, path)
        yield from every_key(root, found.get("items") or {"type": "null"}, f"{path}[]")
