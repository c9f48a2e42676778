"""Digest by digest: what is decided and the exact messages, from tests/cases/digests.

`PLACEWIRE_REWRITE=1 pytest -n 0 tests/digests/test_messages.py` writes what the code says now into the tables: read the
difference before you commit it.
"""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML
from ruamel.yaml.scalarstring import LiteralScalarString

from bot.digests import Flavour, render
from tests.digests.newsdesk import composed, shown

FOLDER = Path(__file__).parents[1] / "cases" / "digests"
REWRITE = bool(os.environ.get("PLACEWIRE_REWRITE"))


def yaml() -> YAML:
    form = YAML()
    form.width = 140
    form.preserve_quotes = True
    return form


@cache
def document(name: str) -> Any:
    return yaml().load(FOLDER / name)


def cases() -> list[Any]:
    return [
        pytest.param(path.name, number, id=f"{path.stem}: {case['name']}")
        for path in sorted(FOLDER.glob("*.yaml"))
        for number, case in enumerate(document(path.name)["cases"])
    ]


def outcome(case: dict[str, Any]) -> dict[str, Any]:
    composition = composed(case)
    told: dict[str, Any] = {"decisions": [decision.reason.name for decision in composition.decisions]}
    if composition.digest is None:
        return {**told, "plain": None}
    plain = render(composition.digest, flavour=Flavour.PLAIN)
    told["plain"] = "\n".join(message.text for message in plain)
    if "rich" in case:
        told["rich"] = "\n----\n".join(shown(message) for message in render(composition.digest, flavour=Flavour.RICH))
    return told


@pytest.mark.parametrize(("name", "number"), cases())
def test_the_messages_are_exactly_these(name: str, number: int) -> None:
    whole = document(name)
    case = whole["cases"][number]
    common = {key: value for key, value in whole.items() if key != "cases"}
    route = {**common.get("route", {}), **case.get("route", {})}
    told = outcome({**common, **case, "route": route})
    if REWRITE:
        case.update(
            {key: LiteralScalarString(value) if isinstance(value, str) else value for key, value in told.items()}
        )
        yaml().dump(whole, FOLDER / name)
    assert told == {key: case.get(key) for key in told}
