"""Rules in the watchlist: set, added to, and every other byte as it was."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.config import load_watchlists
from bot.config.rules import Rule, apply_rule, changed, read_rule
from bot.errors import WrongUsage
from bot.model import Near, Place

BLOCK = """\
# Our places.
places:
  - name: Суджа     # the town
    not: [Суджанская улица]   # a street
  - {name: Бердин, tags: [kursk]}  # a village
  - name: Покровск
    not:
      - Покровск-сити   # a mall
    tags: [east]
terms: []
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "kursk.yaml"
    path.write_text(BLOCK, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("rule", "before", "after"),
    [
        (
            Rule(watch="sudzha", never=("Суджа Иванов",)),
            "    not: [Суджанская улица]   # a street\n",
            "    not: [Суджанская улица, Суджа Иванов]   # a street\n",
        ),
        (
            Rule(watch="sudzha", also=("Суджанка",)),
            "  - name: Суджа     # the town\n",
            "  - name: Суджа     # the town\n    also: [Суджанка]\n",
        ),
        (
            Rule(watch="berdin", near=Near(any=("бои", "обстрел"), within=9)),
            "{name: Бердин, tags: [kursk]}",
            "{name: Бердин, tags: [kursk], near: {any: [бои, обстрел], within: 9}}",
        ),
        (
            Rule(watch="pokrovsk", never=("улица Покровск", "Покровск-сити")),
            "      - Покровск-сити   # a mall\n",
            "      - Покровск-сити   # a mall\n      - улица Покровск\n",
        ),
        (
            Rule(watch="berdin", never=("Бердин М.",), put={"name": "Бердино"}),
            "{name: Бердин, tags: [kursk]}",
            '{name: Бердино, tags: [kursk], not: ["Бердин М."], id: berdin}',
        ),
        (
            Rule(watch="pokrovsk", within="Донецкая область"),
            "  - name: Покровск\n",
            "  - name: Покровск\n    in: Донецкая область\n",
        ),
    ],
)
def test_a_rule_changes_its_own_bytes_alone(file: Path, rule: Rule, before: str, after: str) -> None:
    places = {watch.id: watch for watch in load_watchlists([file])}
    assert apply_rule(rule, [file]) == file
    assert file.read_text(encoding="utf-8") == BLOCK.replace(before, after)
    place = places[rule.watch]
    assert isinstance(place, Place)
    place = replace(place, name=str(rule.put.get("name", place.name)))
    assert {watch.id: watch for watch in load_watchlists([file])}[rule.watch] == changed(place, rule)


def test_a_patch_says_what_the_rule_says() -> None:
    rule = Rule(watch="berdin", never=("Николай Бердин", 'а "б": в'), near=Near(any=("бои",), within=5), within="Курск")
    assert read_rule(rule.patch) == rule


@pytest.mark.parametrize("text", ["", "watch", "- a", "watch: x\nnear: {within: 3}", "watch: [", "\x00"])
def test_what_is_no_patch_is_refused(text: str) -> None:
    with pytest.raises(WrongUsage, match="is no rule"):
        read_rule(text)


def test_a_watch_that_is_nowhere_is_refused(file: Path) -> None:
    with pytest.raises(WrongUsage, match="is no place of the watchlists"):
        apply_rule(Rule(watch="atlantis", never=("x",)), [file])
    assert file.read_text(encoding="utf-8") == BLOCK
