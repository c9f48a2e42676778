"""Every state that a source can be in stands in the docs."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
SPELLINGS = (
    re.compile(r'state="([a-z_0-9]+)"'),
    re.compile(r'working\(\s*"([a-z_]+)"'),
    re.compile(r'^    [A-Z_]+ = "([a-z_]+)"$', re.MULTILINE),  # parsing's Fault
    re.compile(r'^    \(\(.*\), "([a-z_]+)", "', re.MULTILINE),  # the table of http/trouble.py
)


def test_every_state_is_explained() -> None:
    docs = (ROOT / "docs" / "sources.md").read_text("utf-8")
    code = [path.read_text("utf-8") for room in ("http", "sources") for path in (ROOT / "bot" / room).rglob("*.py")]
    states = {state for text in code for spelling in SPELLINGS for state in spelling.findall(text)}
    assert {"ok", "dns", "parse", "replaced", "truncated"} <= states
    assert {state for state in {*states, "new", "rate_limited"} if f"`{state}`" not in docs} == set()
