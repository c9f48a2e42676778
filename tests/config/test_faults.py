"""Each case is a folder with mistakes, and the very lines it must be refused with (tests/cases/config/*.toml).

`PLACEWIRE_REWRITE=1 pytest -n 0 tests/config` writes the lines as they are now; a person reads the difference.
"""

from __future__ import annotations

import json
import os
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.config import Examination, examine

CASES = Path(__file__).parents[1] / "cases" / "config"
REWRITE = bool(os.environ.get("PLACEWIRE_REWRITE"))
SOUND = {
    "sources.yaml": "channels: [{name: rybar}]",
    "watchlists/a.yaml": "places: [{name: Суджа, tags: [kursk]}]",
    "routes.yaml": 'routes: [{name: all, to: console, digest: {cron: "0 9 * * *"}}]',
}


def cases() -> Iterator[Any]:
    for file in sorted(CASES.glob("*.toml")):
        for case in tomllib.loads(file.read_text(encoding="utf-8"))["case"]:
            yield pytest.param(case, id=f"{file.stem}: {case['name']}")


def examined(case: dict[str, Any], folder: Path) -> Examination:
    for name, text in {**SOUND, **case["files"]}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
        (folder / name).chmod(int(case.get("modes", {}).get(name, "0600"), 8))
    return examine(Path(), case.get("environ", {}))


def lines(found: Examination) -> dict[str, list[str]]:
    spelt = {"faults": found.faults, "warnings": found.warnings}
    return {kind: [str(fault).replace(str(Path.cwd()), "CWD") for fault in faults] for kind, faults in spelt.items()}


@pytest.mark.parametrize("case", list(cases()))
def test_the_mistakes_of_a_case_are_named_and_nothing_else(
    case: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    found = examined(case, tmp_path)
    assert lines(found) == {"faults": case.get("faults", []), "warnings": case.get("warnings", [])}
    assert (found.config is None) == bool(found.faults)


def rewritten(part: str, found: dict[str, list[str]]) -> str:
    """The case with its expected lines after its name."""
    bare = re.sub(r"(?ms)^(faults|warnings) = \[\n.*?^\]\n", "", part)
    arrays = "".join(
        f"{kind} = [\n" + "".join(f"  {json.dumps(line, ensure_ascii=False)},\n" for line in expected) + "]\n"
        for kind, expected in found.items()
        if expected
    )
    return re.sub(r"(?m)^name = .*\n", lambda name: name[0] + arrays, bare, count=1)


if REWRITE:

    @pytest.mark.parametrize("file", sorted(CASES.glob("*.toml")), ids=lambda file: file.stem)
    def test_rewrite(file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        text = file.read_text(encoding="utf-8")
        head, *parts = re.split(r"(?m)^(?=\[\[case\]\]$)", text)
        written = [head]
        for number, (case, part) in enumerate(zip(tomllib.loads(text)["case"], parts, strict=True)):
            folder = tmp_path / str(number)
            folder.mkdir()
            monkeypatch.chdir(folder)
            written.append(rewritten(part, lines(examined(case, folder))))
        file.write_text("".join(written), encoding="utf-8")
