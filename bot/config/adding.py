"""Adding places to a watchlist, sources to sources.yaml: new lines behind the last, every other byte as it was.

In: a file, new or not, and entries as YAML mappings. Out: the file with them. Invariant: what would not load is not
written, and the file is whole at every moment.
"""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from ruamel.yaml.nodes import MappingNode, SequenceNode

from bot.config.nodes import Document, parse, read
from bot.errors import ConfigError, Fault, PlacewireError

_SCHEMAS = ("schema", "../schema", "../docs/schema", "../../docs/schema")
"""Where a file's schema may lie, seen from its folder: as `init` lays it out, and in a checkout."""
_PLAIN = re.compile(r"[^\W\d_](?:[\w'’ -]*\w)?\Z")
_WORDS = frozenset({"true", "false", "null"})
Value = str | float | bool | None | Sequence["Value"] | Mapping[str, "Value"]


def flow(value: Value) -> str:
    """A value in YAML's flow style: {name: Суджа, at: [51.19, 35.27]}."""
    if isinstance(value, str):
        plain = _PLAIN.match(value) and value.lower() not in _WORDS
        return value if plain else json.dumps(value, ensure_ascii=False)
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {flow(each)}" for key, each in value.items()) + "}"
    if isinstance(value, Sequence):
        return "[" + ", ".join(map(flow, value)) + "]"
    return json.dumps(value)


def add_places(file: Path, places: Sequence[tuple[Mapping[str, Value], str]]) -> None:
    """Append places, each with a comment, to the list `places` of a watchlist; raises as `add_entries`."""
    add_entries(file, "watchlist", {"places": places})


def add_entries(file: Path, kind: str, lists: Mapping[str, Sequence[tuple[Mapping[str, Value], str]]]) -> None:
    """Append entries, each with a comment, to lists at the root of a file of a `kind`; a new one is made.

    Raises `ConfigError` if the file has faults already, or a list is one that lines cannot be added to;
    `PlacewireError` if it cannot be written.
    """
    text = _head(file, kind)
    if file.exists():
        if faults := read(file).faults:
            raise ConfigError(faults)
        text = file.read_text(encoding="utf-8-sig")
    for key, rows in lists.items():
        text = _added(parse(file, text), text, key, [_line(row, comment) for row, comment in rows])
    if faults := parse(file, text).faults:
        raise ConfigError(faults)
    write_whole(file, text)


def _head(file: Path, kind: str) -> str:
    """How a new file begins: it tells editors its schema, where there is one near it."""
    near = next((each for each in _SCHEMAS if (file.parent / each / f"{kind}.json").resolve().exists()), None)
    return f"# yaml-language-server: $schema={near}/{kind}.json\n\n" if near else ""


def _line(place: Mapping[str, Value], comment: str) -> str:
    said = " ".join(comment.split())
    return f"- {flow(place)}" + (f"   # {said}" if said else "")


def _added(document: Document, text: str, key: str, lines: Iterable[str]) -> str:
    """The text with the lines behind the last entry; with a list of its own where there is none yet."""
    before = text if not text or text.endswith("\n") else text + "\n"
    found = _list(document, key)
    if found is None:
        return before + "".join([f"{key}:\n", *(f"  {line}\n" for line in lines)])
    if found.flow_style or not found.value:
        fault = Fault(document.file, found.start_mark.line + 1, found.start_mark.column + 1, key, *_FLOW)
        raise ConfigError([fault])
    rows = before.splitlines(keepends=True)
    end = _end(rows, found)
    indent = " " * found.start_mark.column
    return "".join([*rows[:end], *(f"{indent}{line}\n" for line in lines), *rows[end:]])


_FLOW = (
    "is written in one pair of brackets: no line can be added to it",
    "write each entry on a line of its own: - {...}",
)


def _list(document: Document, key: str) -> SequenceNode | None:
    root = document.root
    if not isinstance(root, MappingNode):
        return None
    found = next((value for name, value in root.value if name.value == key), None)
    return found if isinstance(found, SequenceNode) else None


def _end(rows: Sequence[str], found: SequenceNode) -> int:
    """The number of the line behind the last entry: blank lines and comments that follow belong to what comes next."""
    end: int = min(found.end_mark.line + (found.end_mark.column > 0), len(rows))
    while end > found.start_mark.line + 1 and not rows[end - 1].split("#", 1)[0].strip():
        end -= 1
    return end


def write_whole(file: Path, text: str) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=file.parent, suffix=".new", delete=False) as new:
            new.write(text)
        written = Path(new.name)
        written.chmod(file.stat().st_mode & 0o777 if file.exists() else 0o644)
        written.replace(file)
    except OSError as error:
        raise PlacewireError(str(file), f"cannot be written: {error.strerror}", "name a file you may write") from None
