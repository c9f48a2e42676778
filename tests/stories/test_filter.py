"""The filter: JSON-like records in, placements in the given ids out."""

from collections.abc import Iterable, Mapping
from typing import Any

import pytest

from bot.stories import Lines

TEXT = "Жители Мартыновки просят помощи с эвакуацией: автобус за ними не пришёл вовремя, связи нет."


def group(records: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    lines = Lines()
    return [lines.line(record) for record in records]


def test_a_line_for_each_line_in_the_given_ids() -> None:
    records: list[dict[str, Any]] = [
        {"id": 1, "text": TEXT, "source": "a", "published": "2025-01-07T06:00:00Z"},
        {"id": "p2", "text": TEXT, "source": "b"},
        {
            "id": "p3",
            "text": f"Главное:\n▪️ {TEXT}\n▪️ В Рыльске открыли тёплый пункт.\n▪️ На трассе у Льгова снова гололёд.",
        },
    ]
    assert group(records) == [
        {"id": 1, "story": "1", "relation": "first"},
        {"id": "p2", "story": "1", "relation": "copy"},
        {"id": "p3", "story": "p3", "relation": "included", "in": "1"},
    ]


@pytest.mark.parametrize(
    "given", [{"id": "rybar/7"}, {"id": "rybar/7", "source": "rybar"}, {"id": "7", "source": "rybar"}]
)
def test_forwards_find_the_post_they_name(given: dict[str, str]) -> None:
    lines = group([{"text": "Карта", **given}, {"id": "x", "text": "", "forwarded_from": "rybar/7"}])
    assert lines[1] == {"id": "x", "story": given["id"], "relation": "forward"}


def test_a_missing_time_is_that_of_the_line_before() -> None:
    alert = "Повітряна тривога: Шостка"
    records = [
        {"id": "1", "text": alert, "source": "a", "published": "2025-01-07T06:00:00+02:00"},
        {"id": "2", "text": alert, "source": "b"},
        {"id": "3", "text": alert, "source": "c", "published": "2025-01-07T09:00:00"},
    ]
    assert [line["story"] for line in group(records)] == ["1", "1", "3"]


def test_a_record_that_is_not_valid_does_not_stop_the_next() -> None:
    lines = Lines()
    with pytest.raises(ValueError, match="isoformat"):
        lines.line({"id": "1", "text": TEXT, "published": "yesterday"})
    with pytest.raises(KeyError):
        lines.line({"id": "1"})
    assert lines.line({"id": "2", "text": TEXT})["story"] == "2"


def test_a_repeated_id_is_the_same_post() -> None:
    record = {"id": "1", "text": TEXT, "source": "a"}
    assert group([record, record]) == [{"id": "1", "story": "1", "relation": "first"}] * 2
