"""docs/configuration.md, made from the models: every key with its type, its default and what it means.

Enters: nothing but the models. Leaves: Markdown. A test keeps the file equal to it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from bot.config.environment import PREFIX, Environment
from bot.config.refusals import flow
from bot.config.schema import MODELS, Schema, every_key, plain, schema_of

_FILES: Final = {
    "bot": "bot.yaml",
    "sources": "sources.yaml",
    "watchlist": "watchlists/*.yaml",
    "routes": "routes.yaml",
}
_HEAD: Final = """\
<!-- Made from bot/config/files by tests/config/test_reference.py; change it there. -->
# Configuration

A folder of YAML files, `config/` if you name none: `bot.yaml`, `sources.yaml`, `routes.yaml` and any number of
`watchlists/*.yaml`. Only `sources.yaml` must be there. `placewire init DIR` writes a sample, `placewire check` reads it
all and names every fault at once: `file:line:column: path: what is wrong; what to write instead`.

- The files are YAML 1.2 in UTF-8; flow style and JSON are YAML too. `yes` and `no` are texts: write `true` or `false`.
- Unknown keys and keys that stand twice are faults. A key with nothing after it, or `null`, counts as left out.
- Durations are whole numbers with `s`, `m`, `h` or `d`: `90s`, `10m`, `4h`, `365d`.
- Where a list of texts is asked for, one text will do.
- Relative paths start at the working directory, not at the file.
- Secrets do not belong into these files. They come from the environment or from files of their own, which only their
  owner can read (`chmod 600`). Wherever a secret would be shown there is `***`.
- Editors that know JSON Schema complete and check as you type: the first line of each sample file names its schema.
"""


def reference() -> str:
    """The whole page."""
    return "\n".join([_HEAD, *_environment(), *(line for name in MODELS for line in _file(name))]).rstrip() + "\n"


def _environment() -> Iterator[str]:
    yield "## Environment\n"
    yield "| variable | meaning |\n|---|---|"
    for name, field in Environment.model_fields.items():
        yield f"| `{PREFIX}{name.upper()}` | {field.description} |"
    yield ""


def _file(name: str) -> Iterator[str]:
    root = schema_of(MODELS[name])
    yield f"## {_FILES[name]}\n"
    yield f"{root['description']}\n"
    for path, schema, required in every_key(root):
        yield f"### `{path}`\n"
        yield f"{_meta(schema, root, required)}\n"
        yield f"{schema['description']}\n"
        if "examples" in schema:
            yield "```yaml\n" + "\n".join(
                f"{path.rpartition('.')[2]}: {flow(example)}" for example in schema["examples"]
            )
            yield "```\n"


def _meta(schema: Schema, root: Schema, required: bool) -> str:
    words = kind_of(schema, root)
    if required:
        return f"*{words}; must be there*"
    default = schema.get("default")
    return f"*{words}*" if default in (None, [], {}) else f"*{words}; if left out: `{flow(default)}`*"


def kind_of(schema: Schema, root: Schema) -> str:
    """The kind of a value in words."""
    schema = plain(schema, root)
    if "enum" in schema:
        return "one of " + ", ".join(f"`{choice}`" for choice in schema["enum"])
    if "anyOf" in schema:
        return "a text, or a list of texts"
    if schema.get("type") == "array":
        return f"a list, each {kind_of(schema['items'], root)}" if "items" in schema else "a list"
    if schema.get("type") == "integer":
        return "a whole number" + _bounds(schema)
    return _KINDS.get(schema.get("pattern", ""), _KINDS[schema["type"]]) + _bounds(schema)


def _bounds(schema: Schema) -> str:
    low, high = schema.get("minimum"), schema.get("maximum")
    if low is None:
        return ""
    return f" from {low}" if high is None else f" from {low} to {high}"


_KINDS: Final = {
    "string": "a text",
    "number": "a number",
    "boolean": "`true` or `false`",
    "object": "a mapping",
    "^[0-9]*[1-9][0-9]*[smhd]$": "a duration",
    "^[A-Za-z0-9_-]+$": "a name of letters, digits, `_` and `-`",
    "^https?://": "a web address",
}
