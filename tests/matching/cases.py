"""The cases of tests/cases/matching as values: a text, its watches, and the hits they must give."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from bot.model import Near, Place, Term, Watch

CASES = Path(__file__).parents[1] / "cases" / "matching"


def cases() -> dict[str, dict[str, Any]]:
    """Every case by its file and number."""
    return {
        f"{file.stem}-{number}": case
        for file in sorted(CASES.glob("*.yaml"))
        for number, case in enumerate(YAML(typ="safe").load(file), 1)
    }


def _several(value: Any) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


def watch(said: Any) -> Watch:
    """A watch as a case says it: a name, or the keys of a watchlist."""
    if isinstance(said, str):
        return Place(id=said, name=said)
    if "term" in said:
        return Term(id=said["term"], name=said["term"], any=tuple(said.get("any", ())), query=said.get("query"))
    near = said.get("near")
    return Place(
        id=said.get("id", said["name"]),
        name=said["name"],
        language=said.get("language"),
        names={code: _several(names) for code, names in said.get("names", {}).items()},
        within=said.get("in"),
        at=tuple(said["at"]) if "at" in said else None,
        also=tuple(said.get("also", ())),
        never=tuple(said.get("not", ())),
        near=Near(tuple(near["any"]), near["within"]) if near else None,
        adjectives=said.get("adjectives", False),
        added=tuple(said.get("forms", {}).get("add", ())),
        dropped=tuple(said.get("forms", {}).get("drop", ())),
    )
