"""Files as bytes: encodings, sizes, and anything at all without a traceback."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings, strategies as st

from bot.config import examine
from bot.config.load import load_watchlists
from bot.config.nodes import MAX_BYTES, core, parse, read
from bot.errors import ConfigError

SCRAPS = [
    "a: b\n", "- x\n", "  - y: z\n", "{a: 1, b: [2]}", "[", "]", "{", "}", "&a ", "*a", "!!str ", "!x ", "'", '"',
    "|\n  t\n", "> \n", "? ", "%YAML 1.1\n", "---\n", "...\n", "\t", "#c\n", ": ", ",", "\n", "  ", "<<: *a\n", "\x85",
    "\ufeff", "\u2028", "\\U00110000", '"\\uD83D"', "@", "`", "!<", "0o17", ".nan", "~", "places:\n", "- name: Суджа\n",
    "  at: ", "[51, 35]\n", "  names: {ru: x}\n", "terms: [{name: x}]\n",
]  # fmt: skip
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)
KEYS = ["name", "url", "poll", "side", "headers", "to", "digest", "watch", "at", "near", "names", "id", "session_file"]
HEADS = {
    "bot.yaml": ["database", "engine", "http", "telegram", "review", "keep"],
    "sources.yaml": ["sides", "feeds", "channels"],
    "watchlists/a.yaml": ["places", "terms"],
    "routes.yaml": ["routes"],
}


def test_a_byte_order_mark_does_not_move_the_columns(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_bytes("\ufeffplacez: []\r\nx: 1\r\n".encode())
    with pytest.raises(ConfigError) as caught:
        load_watchlists([file])
    assert [(fault.line, fault.column) for fault in caught.value.faults] == [(1, 1), (2, 1)]


def test_the_first_byte_that_is_not_utf8_is_named(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_bytes("places:\n  - name: Су".encode() + "джа".encode("cp1251"))
    (fault,) = read(file).faults
    assert (fault.line, fault.column, fault.what) == (2, 13, "is not UTF-8 from here on")


def test_utf16_is_not_utf8(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_bytes("places: []".encode("utf-16"))
    assert [(fault.line, fault.column) for fault in read(file).faults] == [(1, 1)]


def test_a_huge_file_is_not_parsed(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_bytes(b"#" * (MAX_BYTES + 1))
    assert [fault.what for fault in read(file).faults] == ["is larger than 16 MB"]


def test_a_folder_in_place_of_a_file_is_one_fault(tmp_path: Path) -> None:
    (tmp_path / "sources.yaml").mkdir()
    assert [fault.what for fault in examine(tmp_path, {}).faults] == ["cannot be read: Is a directory"]


@pytest.mark.parametrize(
    ("text", "value"),
    [("no", "no"), ("012", 12), ("0o17", 15), ("0x1F", 31), ("-7", -7), ("1_000", "1_000"), ("1:30", "1:30"),
     ("1e3", 1000.0), (".5", 0.5), ("-.inf", float("-inf")), ("TRUE", True), ("~", None), ("2025-01-05", "2025-01-05"),
     ("9" * 31, 1e31)],
)  # fmt: skip
def test_plain_scalars_follow_the_core_schema(text: str, value: object) -> None:
    assert core(text) == value


@settings(max_examples=50, deadline=None)
@given(st.lists(st.sampled_from(SCRAPS) | st.text(max_size=3), max_size=12).map("".join))
def test_no_text_is_a_traceback(text: str) -> None:
    document = parse(Path("a.yaml"), text)
    assert document.readable or document.faults


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_no_data_is_a_traceback(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    folder = tmp_path_factory.mktemp("config")
    (folder / "watchlists").mkdir()
    entries = st.dictionaries(st.sampled_from(KEYS), VALUES, max_size=4)
    for file, heads in HEADS.items():
        written = data.draw(st.dictionaries(st.sampled_from(heads), st.lists(entries, max_size=2) | entries | VALUES))
        (folder / file).write_text(repr_yaml(written), encoding="utf-8", errors="surrogatepass")
    found = examine(folder, {})
    assert (found.config is None) == bool(found.faults)


def repr_yaml(value: object) -> str:
    """Flow style, with texts escaped."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{repr_yaml(key)}: {repr_yaml(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(repr_yaml, value)) + "]"
    if isinstance(value, str):
        return '"' + "".join(f"\\U{ord(letter):08X}" for letter in value) + '"'
    return (
        {None: "~", True: "true", False: "false"}.get(value, str(value)) if value in (None, True, False) else str(value)
    )
