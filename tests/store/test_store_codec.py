from __future__ import annotations

import json
from datetime import timedelta

import pytest

from bot.model import Cursor, Entity, EntityKind, Gap, Identity, Message, Urgent
from bot.store.codec import dump, load
from tests.store.world import NOW

VALUES = [
    Cursor(),
    Cursor(newest=0, gaps=(Gap(1, 2),), identity=Identity.CONTENT, full_at=NOW, marks=("a", "b")),
    Message(text=""),
    Message(
        text="Суджа",
        entities=(Entity(EntityKind.LINK, 0, 5, "https://t.me/a/1"), Entity(EntityKind.BOLD, 0, 5)),
        part=2,
        parts=3,
        title="Курск",
        when=NOW,
        links=("https://t.me/a/1",),
    ),
    Urgent(within=timedelta(minutes=1)),
]


@pytest.mark.parametrize("value", VALUES, ids=lambda value: type(value).__name__)
def test_a_value_comes_back_equal(value: object) -> None:
    assert load(type(value), json.loads(json.dumps(dump(value)))) == value


def test_what_a_later_version_added_is_passed_over() -> None:
    assert load(Cursor, {"newest": 3, "not_yet_known": 1}) == Cursor(newest=3)


def test_defaults_are_left_out() -> None:
    assert dump(Cursor(newest=3)) == {"newest": 3}
