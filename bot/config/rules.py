"""Rules: what a watch is to learn, as a small patch, and the patch put into the watchlist that holds the watch.

    watch: berdin
    not: [Николай Бердин]

adds to a list, and `set: {not: [...]}` takes its place.

In: a patch, files. Out: the watch as it would be, or the file with the rule in it. Invariant: every other byte of the
file stays as it was, comments too; what would not load is not written.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from bot.config.adding import Value, flow, write_whole
from bot.config.entries import watch_id
from bot.config.load import load_watchlists
from bot.config.nodes import parse
from bot.errors import ConfigError, WrongUsage
from bot.model import Near, Place

LISTS = {"not": "never", "also": "also"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What is added to a watch; what is empty is left as it is. `put` are keys that are set anew."""

    watch: str
    never: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    near: Near | None = None
    within: str | None = None
    put: Mapping[str, Value] = field(default_factory=dict)

    @property
    def says(self) -> bool:
        """Whether it changes anything."""
        return bool(self.never or self.also or self.near or self.within or self.put)

    @property
    def patch(self) -> str:
        """As a file that `watch apply` takes."""
        values: dict[str, Value] = {"watch": self.watch} | self.values | ({"set": self.put} if self.put else {})
        return "".join(f"{key}: {flow(value)}\n" for key, value in values.items())

    @property
    def values(self) -> dict[str, Value]:
        """The keys of a watchlist that it sets or adds to."""
        found: dict[str, Value] = {}
        if self.never:
            found["not"] = list(self.never)
        if self.also:
            found["also"] = list(self.also)
        if self.near:
            found["near"] = {"any": list(self.near.any), "within": self.near.within}
        if self.within:
            found["in"] = self.within
        return found


def changed(place: Place, rule: Rule) -> Place:
    """The place with the rule."""
    return replace(
        place,
        never=tuple(dict.fromkeys((*place.never, *rule.never))),
        also=tuple(dict.fromkeys((*place.also, *rule.also))),
        near=rule.near or place.near,
        within=rule.within or place.within,
    )


def read_rule(text: str) -> Rule:
    """The rule of a patch. Raises `WrongUsage` for what is none."""
    try:
        data = YAML(typ="safe", pure=True).load(text)
        near = data.get("near")
        return Rule(
            watch=str(data["watch"]),
            never=tuple(map(str, data.get("not", ()))),
            also=tuple(map(str, data.get("also", ()))),
            near=Near(any=tuple(map(str, near["any"])), within=int(near.get("within", 12))) if near else None,
            within=data.get("in"),
            put=dict(data.get("set", {})),
        )
    except Exception as error:
        # Whatever it is, it is no patch: YAML alone raises a dozen kinds.
        raise WrongUsage("patch", "is no rule", "write `watch: ID` and one of not, also, near, in, set") from error


def apply_rule(rule: Rule, files: Iterable[Path]) -> Path:
    """Put the rule into the file that holds its watch; gives the file.

    Raises `WrongUsage` if none holds it, `ConfigError` if the file would not load any more.
    """
    for file in files:
        text = file.read_text(encoding="utf-8")
        entry = _entry(text, rule.watch)
        if entry is None:
            continue
        made = text
        for key, value in rule.values.items():
            entry = _entry(made, rule.watch)
            assert entry is not None
            made = _with(made, entry, key, value)
        for key, value in _kept_apart(rule, entry).items():
            entry = _entry(made, rule.watch)
            if entry is None:
                raise WrongUsage(key, "cannot be set together with another id", "set the id in a patch of its own")
            made = _set(made, entry, key, value)
        if faults := parse(file, made).faults:
            raise ConfigError(faults)
        write_whole(file, made)
        load_watchlists([file])
        return file
    raise WrongUsage(rule.watch, "is no place of the watchlists", "name one by its id")


def _kept_apart(rule: Rule, entry: MappingNode) -> Mapping[str, Value]:
    """The keys to set: with a new name goes the id that came of the old one, for hits and decisions are kept by it."""
    unnamed = "name" in rule.put and not any(key.value == "id" for key, _ in entry.value)
    return {"id": rule.watch, **rule.put} if unnamed else rule.put


def _entry(text: str, watch: str) -> MappingNode | None:
    root = YAML(pure=True).compose(io.StringIO(text))
    if not isinstance(root, MappingNode):
        return None
    for key, value in root.value:
        if key.value in {"places", "terms"} and isinstance(value, SequenceNode):
            for entry in value.value:
                if isinstance(entry, MappingNode) and watch_id(_scalars(entry)) == watch:
                    return entry
    return None


def _scalars(entry: MappingNode) -> dict[str, object]:
    return {key.value: value.value for key, value in entry.value if isinstance(value, ScalarNode)}


def _set(text: str, entry: MappingNode, key: str, value: Value) -> str:
    """The text with one key of one entry set to what it shall be from now on."""
    found = next((node for name, node in entry.value if name.value == key), None)
    return _added(text, entry, f"{key}: {flow(value)}") if found is None else _put(text, found, flow(value))


def _with(text: str, entry: MappingNode, key: str, value: Value) -> str:
    """The text with one key of one entry set, or added to."""
    found = next((node for name, node in entry.value if name.value == key), None)
    if found is None:
        return _added(text, entry, f"{key}: {flow(value)}")
    if key not in LISTS or not isinstance(value, Sequence) or isinstance(value, str):
        return _put(text, found, flow(value))
    fresh = [each for each in value if each not in _texts(found)]
    if isinstance(found, SequenceNode) and not found.flow_style and found.value:
        return _lines_behind(text, found.value[-1], [f"- {flow(each)}" for each in fresh])
    return _put(text, found, flow([*_texts(found), *fresh]))


def _texts(node: Node) -> list[str]:
    return [each.value for each in node.value] if isinstance(node, SequenceNode) else [node.value]


def _put(text: str, node: Node, value: str) -> str:
    start, end = node.start_mark.index, node.end_mark.index
    block = isinstance(node, SequenceNode | MappingNode) and not node.flow_style
    behind = f"\n{text[end:]}" if block else text[end:]
    return f"{text[:start]}{value}{behind}"


def _added(text: str, entry: MappingNode, pair: str) -> str:
    _, last = entry.value[-1]
    if entry.flow_style:
        return f"{text[: last.end_mark.index]}, {pair}{text[last.end_mark.index :]}"
    first, value = entry.value[0]
    return _lines_behind(text, value, [pair], column=first.start_mark.column)


def _lines_behind(text: str, node: Node, lines: Sequence[str], column: int | None = None) -> str:
    """Lines behind the one on which a node ends, its comment with it."""
    end = text.find("\n", node.end_mark.index)
    at = len(text) if end < 0 else end + 1
    indent = " " * (node.start_mark.column - 2 if column is None else column)
    before = text[:at] if text[:at].endswith("\n") else f"{text[:at]}\n"
    return before + "".join(f"{indent}{line}\n" for line in lines) + text[at:]
