"""Sources of a list beside sources.yaml: nothing twice, comments kept, and back again as OPML."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from bot.config import load
from bot.config.subscribing import as_opml, beside, proposed, write
from bot.errors import ConfigError
from bot.model import Source, SourceKind

ISW = Source(name="isw", kind=SourceKind.FEED, address="https://isw.example/feed", title="ISW: «війна», #1")
OTHER = Source(name="rybar", kind=SourceKind.FEED, address="https://rybar.example/feed")
RYBAR = Source(name="Rybar", kind=SourceKind.CHANNEL, address="https://t.me/Rybar", title="Рыбарь")
BEFORE = """# ours
feeds:
  - {name: isw, url: https://old.example/}   # old

# channels follow
channels:
  - name: deepstate
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "sources.yaml"
    path.write_text(BEFORE, encoding="utf-8")
    return path


def names(file: Path) -> list[tuple[str, str, str]]:
    return [(each.name, each.address, each.title) for each in load(file.parent, {}).sources]


def test_what_is_new_gets_a_name_of_its_own_and_comments_stay(file: Path) -> None:
    new, old = beside(file, [ISW, RYBAR, OTHER, Source(name="DeepState", kind=SourceKind.CHANNEL, address="x")])
    assert [each.name for each in new] == ["isw-2", "Rybar", "rybar-2"]
    assert [each.name for each in old] == ["DeepState"]
    write(file, new, {ISW.address: "Новини"})
    text = file.read_text(encoding="utf-8")
    assert [line for line in text.splitlines() if line in BEFORE.splitlines()] == BEFORE.splitlines()
    assert "   # Новини" in text
    assert set(names(file)) >= {("isw-2", ISW.address, ISW.title), ("Rybar", RYBAR.address, "Рыбарь")}
    assert beside(file, [ISW, RYBAR, OTHER]) == ([], [ISW, RYBAR, OTHER])


def test_what_is_shown_is_what_a_new_file_holds(tmp_path: Path) -> None:
    file = tmp_path / "sources.yaml"
    write(file, [ISW, RYBAR], {})
    assert file.read_text(encoding="utf-8").endswith(proposed([ISW, RYBAR], {}))
    assert [name for name, _, _ in names(file)] == ["isw", "Rybar"]


def test_a_file_that_takes_no_line_is_left_as_it_was(file: Path) -> None:
    for text in ("feeds: []\n", "feeds: [\n"):
        file.write_text(text, encoding="utf-8")
        with pytest.raises(ConfigError):
            write(file, [ISW, RYBAR], {})
        assert file.read_text(encoding="utf-8") == text


def test_opml_holds_every_source_and_no_password() -> None:
    secret = Source(name="s", kind=SourceKind.FEED, address="https://me:pw@a.example/?a=1&b=2", title='"><script>')
    outlines = [each.attrib for each in ET.fromstring(as_opml([ISW, secret, RYBAR])).iter("outline")]
    assert [each.get("xmlUrl") or each.get("url") for each in outlines if "type" in each] == [
        ISW.address,
        "https://me:***@a.example/?a=1&b=2",
        RYBAR.address,
    ]
    assert [each["text"] for each in outlines if "type" in each] == [ISW.title, '"><script>', "Рыбарь"]
