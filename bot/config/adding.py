"""Adding places to a watchlist: new lines behind the last place, every other byte of the file as it was.

In: a file, new or not, and places as YAML mappings. Out: the file with them. Invariant: what would not load is not
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

HEAD = "# yaml-language-server: $schema=../../docs/schema/watchlist.json\n\n"
_PLAIN = re.compile(r"[^\W\d_](?:[\w'’ -]*\w)?\Z")
_WORDS = frozenset({"true", "false", "null"})
Value = str | float | bool | Sequence["Value"] | Mapping[str, "Value"]


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
    """Append places, each with a comment, to the list `places` of a watchlist; a new file is made.

    Raises `ConfigError` if the file has faults already, `PlacewireError` if its list is one that lines cannot be added
    to, or the file cannot be written.
    """
    document = read(file) if file.exists() else parse(file, HEAD + "places: []\n")
    if document.faults:
        raise ConfigError(document.faults)
    text = file.read_text(encoding="utf-8-sig") if file.exists() else HEAD
    added = _added(document, text, [_line(place, comment) for place, comment in places])
    if faults := parse(file, added).faults:
        raise ConfigError(faults)
    write_whole(file, added)


def _line(place: Mapping[str, Value], comment: str) -> str:
    said = " ".join(comment.split())
    return f"- {flow(place)}" + (f"   # {said}" if said else "")


def _added(document: Document, text: str, lines: Iterable[str]) -> str:
    """The text with the lines behind the last place; with a list of its own where there is none yet."""
    before = text if not text or text.endswith("\n") else text + "\n"
    found = _places(document)
    if found is None:
        return before + "".join(["places:\n", *(f"  {line}\n" for line in lines)])
    if found.flow_style or not found.value:
        fault = Fault(document.file, found.start_mark.line + 1, found.start_mark.column + 1, "places", *_FLOW)
        raise ConfigError([fault])
    rows = before.splitlines(keepends=True)
    end = _end(rows, found)
    indent = " " * found.start_mark.column
    return "".join([*rows[:end], *(f"{indent}{line}\n" for line in lines), *rows[end:]])


_FLOW = (
    "is written in one pair of brackets: no line can be added to it",
    "write each place on a line of its own: - {...}",
)


def _places(document: Document) -> SequenceNode | None:
    root = document.root
    if not document.file.exists() or not isinstance(root, MappingNode):
        return None
    found = next((value for key, value in root.value if key.value == "places"), None)
    return found if isinstance(found, SequenceNode) else None


def _end(rows: Sequence[str], places: SequenceNode) -> int:
    """The number of the line behind the last place: blank lines and comments that follow belong to what comes next."""
    end: int = min(places.end_mark.line + (places.end_mark.column > 0), len(rows))
    while end > places.start_mark.line + 1 and not rows[end - 1].split("#", 1)[0].strip():
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
