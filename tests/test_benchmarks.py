"""Benchmarks start with what the README sets up, or say what is missing."""

from __future__ import annotations

import ast
import tomllib
from pathlib import Path

import pytest

from benchmarks.peers import peer

ROOT = Path(__file__).parents[1]
MODULES = {"psutil", "ahocorasick", "datasketch", "rensa", "reader", "sgmllib", "psycopg"}
"""What the group brings and an extra brings, by the names under which they are imported."""


def test_a_missing_peer_is_named_with_the_remedy() -> None:
    with pytest.raises(SystemExit, match=r"no_such_peer is not installed; run: .*--group benchmarks"):
        peer("no_such_peer")


def test_the_readme_names_the_group() -> None:
    groups = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["dependency-groups"]
    assert "benchmarks" in groups
    assert "--group benchmarks" in (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("file", sorted((ROOT / "benchmarks").glob("*.py")), ids=lambda file: file.stem)
def test_no_benchmark_imports_a_peer_where_it_would_fail_without_a_word(file: Path) -> None:
    imports = [node for node in ast.parse(file.read_text(encoding="utf-8")).body if isinstance(node, ast.Import)]
    assert MODULES.isdisjoint(name.name for node in imports for name in node.names)
