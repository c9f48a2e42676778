"""How places and times are named in the digest's language."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from bot.digests.notices import at_once_line
from bot.digests.telling import name_of
from tests.digests.newsdesk import moment, route_of, watch_of


@pytest.mark.parametrize(
    ("names", "shown"), [((), "Рильськ (Рыльск)"), ({"uk": "Рильськ-місто"}, "Рильськ-місто (Рыльск)")]
)
def test_a_ukrainian_digest_names_a_russian_place_by_its_one_regular_form(names: Any, shown: str) -> None:
    watch = watch_of({"id": "rylsk", "name": "Рыльск", "names": names or {}})
    assert f"{name_of(watch, 'uk')} (Рыльск)" == shown


@pytest.mark.parametrize(("place", "shown"), [("Белгород", "Белгород"), ("Шебекино", "Шебекино")])
def test_a_name_that_may_be_of_both_languages_or_has_several_forms_stays(place: str, shown: str) -> None:
    assert name_of(watch_of({"id": "x", "name": place}), "uk") == shown


@pytest.mark.parametrize(
    ("times", "shown"),
    [
        (["08:00"], "Суджа 6 января 10:00"),
        (["08:00", "08:30", "09:05"], "Суджа ×3 (6 января 10:00 – 11:05)"),
        (["08:00", "08:00"], "Суджа ×2 (6 января 10:00)"),
        (["2026-01-05 20:00", "08:00"], "Суджа ×2 (5 января 22:00 – 6 января 10:00)"),
        (["2026-01-05 08:00", "08:00"], "Суджа ×2 (5 января 10:00 – 6 января 10:00)"),
    ],
)
def test_a_span_of_one_day_names_it_once(times: Sequence[str], shown: str) -> None:
    watch = watch_of({"id": "sudzha", "name": "Суджа"})
    line = at_once_line(route_of({"language": "ru"}), [(watch, moment(time)) for time in times])
    assert shown in line
