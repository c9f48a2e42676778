from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.cli import main


@dataclass(frozen=True, slots=True)
class Ended:
    status: int
    out: str
    err: str

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.out.split("\n") if line]


Command = Callable[..., Ended]


@pytest.fixture
def placewire(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    """Run a command in this process: `placewire("match", given="...")`."""

    def run(*arguments: str | Path, given: str | bytes = "") -> Ended:
        raw = given.encode() if isinstance(given, str) else given
        monkeypatch.setattr(sys, "argv", ["placewire", *map(str, arguments)])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(raw), encoding="utf-8"))
        capsys.readouterr()  # what was logged before is not the command's
        try:
            main()
        except SystemExit as end:
            status = end.code if isinstance(end.code, int) else 0
        shown = capsys.readouterr()
        return Ended(status, shown.out, shown.err)

    return run


@pytest.fixture
def watchlist(tmp_path: Path) -> Path:
    path = tmp_path / "places.yaml"
    path.write_text(
        "places: [{name: Суджа, id: sudzha}, {name: Черкасское Поречное, id: porechnoye}]\n", encoding="utf-8"
    )
    return path
