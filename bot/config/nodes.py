"""One YAML file -> a `Document`: plain data, the place of every value, and the faults of the file itself.

Nothing is raised for what a file holds. Scalars follow the core schema of YAML 1.2, so `no` is a text; a duplicate key
is one fault and hides no other; nesting, size and what aliases unfold to are bounded.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, StreamMark, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.reader import ReaderError

from bot.config.nearest import nearest
from bot.errors import Fault

MAX_BYTES: Final = 16 * 1024 * 1024
MAX_DEPTH: Final = 32
MAX_REPEATED: Final = 20_000
"""Values that aliases may repeat, all in all."""

Loc = tuple[str | int, ...]
"""The way to a value: keys and indices from the root."""

_TAG = "tag:yaml.org,2002:"
_TAGS = frozenset(
    _TAG + word for word in ("null", "bool", "int", "float", "str", "seq", "map", "timestamp", "merge", "value")
)
_NULL = frozenset(("", "~", "null", "Null", "NULL"))
_BOOL = {
    word: truth for truth, words in ((True, "true True TRUE"), (False, "false False FALSE")) for word in words.split()
}
_INT = re.compile(r"[-+]?[0-9]{1,30}\Z")
_BASED = re.compile(r"0o[0-7]{1,30}\Z|0x[0-9a-fA-F]{1,30}\Z")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\Z")
_SPECIAL = re.compile(r"[-+]?\.(inf|Inf|INF)\Z|\.(nan|NaN|NAN)\Z")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


@dataclass(slots=True)
class Document:
    """A file's plain data (mappings with text keys, lists, scalars) and its faults so far."""

    file: Path
    data: object = field(default_factory=dict)
    root: Node | None = None
    faults: list[Fault] = field(default_factory=list)
    readable: bool = True

    def fault(self, loc: Loc, what: str, remedy: str, *, key: bool = False, inside: int = 0) -> Fault:
        """A fault at a value, or at its key; at the nearest thing around it if it is not there.

        `inside` is where in the value's text it stands, in code points.
        """
        line, column = self._where(loc, key, inside)
        return Fault(self.file, line, column, shown(loc), what, remedy)

    def refuse(self, loc: Loc, what: str, remedy: str, *, key: bool = False, inside: int = 0) -> None:
        self.faults.append(self.fault(loc, what, remedy, key=key, inside=inside))

    def meant(self, key: str) -> object:
        """What stands at the root under a key, or else under one so like it that a slip made the difference."""
        if not isinstance(self.data, dict):
            return None
        return self.data.get(key) if key in self.data else self.data.get(nearest(key, self.data) or key)

    def items(self, name: str) -> Iterator[tuple[Loc, dict[str, object]]]:
        """The mappings in the list of that name at the root, whatever else may be wrong with them."""
        entries = self.meant(name)
        for index, entry in enumerate(entries if isinstance(entries, list) else ()):
            if isinstance(entry, dict):
                yield (name, index), entry

    def _where(self, loc: Loc, key: bool, inside: int) -> tuple[int, int]:
        node, at_key = self.root, None
        for step in loc:
            found = _child(node, step)
            if found is None:
                break
            at_key, node = found
        place = at_key if key and at_key is not None else node
        if place is None:
            return (0, 0)
        line, column = _position(place.start_mark)
        return line, column + _shift(place, inside)


def _shift(node: Node, inside: int) -> int:
    """Columns from a value's beginning to a place in its text, where it stands on one line; 0 where it does not."""
    if not inside or not isinstance(node, ScalarNode) or node.start_mark.line != node.end_mark.line:
        return 0
    quote = len(node.style or "")
    doubled = node.value[:inside].count("'") if node.style == "'" else 0
    return quote + inside + doubled


def shown(loc: Loc) -> str:
    """The way as people write it: `feeds[2].poll`."""
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in loc).removeprefix(".")


def read(file: Path) -> Document:
    """Read one file; a file that cannot be read is a document with that one fault."""
    try:
        with file.open("rb") as stream:
            content = stream.read(MAX_BYTES + 1)
    except OSError as error:
        return _unreadable(file, 0, 0, f"cannot be read: {error.strerror}", "make it a file that placewire may read")
    if len(content) > MAX_BYTES:
        return _unreadable(file, 0, 0, f"is larger than {MAX_BYTES // 1024 // 1024} MB", "split it into smaller files")
    try:
        return parse(file, content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        before = content[: error.start].decode("utf-8-sig", "replace")
        return _unreadable(file, *_end(before), "is not UTF-8 from here on", "save the file as UTF-8")


def parse(file: Path, text: str) -> Document:
    """Read the text of a file."""
    yaml = YAML(typ="safe", pure=True)
    yaml.max_depth = MAX_DEPTH
    yaml.composer.warn_double_anchors = False
    try:
        root = yaml.compose(text)
    except ReaderError as error:
        code = f"U+{error.character:04X}"
        return _unreadable(file, *_end(text[: error.position]), f"holds the control character {code}", "delete it")
    except MarkedYAMLError as error:
        return _broken(file, error)
    except (YAMLError, ValueError) as error:  # ValueError: an escape beyond U+10FFFF, an odd directive
        return _unreadable(file, 0, 0, f"is not YAML: {error}", "look at the escapes and at lines that start with %")
    document = Document(file, root=root)
    if root is not None:
        _Plain(document).fill(root)
    return document


def _unreadable(file: Path, line: int, column: int, what: str, remedy: str) -> Document:
    return Document(file, faults=[Fault(file, line, column, "", what, remedy)], readable=False)


def _broken(file: Path, error: MarkedYAMLError) -> Document:
    said = (error.problem or error.context or "").split("\n")[0]
    what, remedy = next((words for clue, *words in _SYNTAX if clue in said), (said, _COMPARE))
    opened = "never closed" in what
    mark = (error.context_mark if opened else error.problem_mark) or error.problem_mark or error.context_mark
    return _unreadable(file, *(_position(mark) if mark else (0, 0)), f"is not YAML: {what or said}", remedy)


_COMPARE: Final = "compare the line with the one above: indentation, brackets and quotes"
_QUOTE: Final = "put quotes around a text that begins with a sign"
_QUOTE_CRON: Final = 'put quotes around a text that begins with a star: cron: "* * * * *"'
_SYNTAX: Final = (
    (r"'\t'", "a tab", "indent with spaces"),
    (
        "mapping values are not allowed",
        "a colon too many, or a line indented wrongly",
        "put quotes around a text with a colon",
    ),
    ("could not find expected ':'", "a key without a colon", "write key: value, with a space after the colon"),
    ("expected alphabetic or numeric character", "a star or & that names nothing", _QUOTE_CRON),
    ("undefined alias", "", _QUOTE),
    ("cannot start any token", "", _QUOTE),
    ("another document", "a second document", "delete the line ---"),
    ("maximum depth", f"nested more than {MAX_DEPTH} levels deep", "write it flatter"),
    ("<stream end>", "the bracket that opens here is never closed", "close it"),
    ("unexpected end of stream", "the quote that opens here is never closed", "close it"),
)


def _position(mark: StreamMark) -> tuple[int, int]:
    return mark.line + 1, mark.column + 1


def _end(text: str) -> tuple[int, int]:
    """Line and column just after the text."""
    return text.count("\n") + 1, len(text) - text.rfind("\n")


def _child(node: Node | None, step: str | int) -> tuple[Node | None, Node] | None:
    """The key's node, if there is one, and the value's, of what lies one step further in."""
    if isinstance(node, MappingNode):
        pairs = ((key, value) for key, value in node.value if isinstance(key, ScalarNode) and key.value == step)
        return next(pairs, None)
    if isinstance(node, SequenceNode) and isinstance(step, int) and step < len(node.value):
        return None, node.value[step]
    return None


class _Plain:
    """Turns a node tree into plain data, noting faults in the document."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._met: set[int] = set()
        self._left = MAX_REPEATED

    def fill(self, root: Node) -> None:
        try:
            self._document.data = self._value(root, ())
        except _TooMuch as error:
            self._document.readable = False
            self._document.refuse(error.loc[:1], "unfolds to too much: its aliases repeat each other", "write it out")

    def _value(self, node: Node, loc: Loc) -> object:
        if id(node) in self._met:
            self._left -= 1
        self._met.add(id(node))
        if self._left < 0 or len(loc) > MAX_DEPTH:
            raise _TooMuch(loc)
        if node.tag not in _TAGS:
            self._document.refuse(loc, f"has the tag {node.tag}", "delete the tag: plain YAML is enough")
        if isinstance(node, ScalarNode):
            return self._scalar(node, loc)
        if isinstance(node, SequenceNode):
            return [self._value(item, (*loc, index)) for index, item in enumerate(node.value)]
        return self._mapping(node, loc)

    def _mapping(self, node: Node, loc: Loc) -> dict[str, object]:
        entries: dict[str, object] = {}
        lines: dict[str, int] = {}
        for key, value in node.value:
            if not isinstance(key, ScalarNode):
                self._at(key, loc, "a key must be one word", "write key: value")
            elif key.value in entries:
                what = f"stands twice; the first is on line {lines[key.value]}"
                self._at(key, (*loc, key.value), what, "keep one of them")
            else:
                lines[key.value] = key.start_mark.line + 1
                entries[key.value] = self._value(value, (*loc, key.value))
        return entries

    def _scalar(self, node: ScalarNode, loc: Loc) -> object:
        if _CONTROL.search(node.value):
            self._document.refuse(loc, "holds a control character or half a character", "delete it")
            return _CONTROL.sub("", node.value)
        return core(node.value) if node.style is None and node.tag != _TAG + "str" else node.value

    def _at(self, node: Node, loc: Loc, what: str, remedy: str) -> None:
        self._document.faults.append(Fault(self._document.file, *_position(node.start_mark), shown(loc), what, remedy))


class _TooMuch(Exception):
    def __init__(self, loc: Loc) -> None:
        super().__init__(loc)
        self.loc = loc


def core(text: str) -> object:
    """What a plain scalar means in the core schema of YAML 1.2."""
    if text in _NULL:
        return None
    if text in _BOOL:
        return _BOOL[text]
    if _INT.match(text):
        return int(text)
    if _BASED.match(text):
        return int(text, 0)
    if _FLOAT.match(text) or _SPECIAL.match(text):
        return float(text.replace(".", "", 1) if _SPECIAL.match(text) else text)
    return text
