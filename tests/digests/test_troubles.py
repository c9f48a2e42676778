from datetime import timedelta

import pytest

from bot.digests import trouble


@pytest.mark.parametrize(
    ("state", "minutes", "language", "told"),
    [
        ("timeout", 40, "en", "DeepState: no answer for 40 min"),
        ("http_503", 0, "en", "DeepState: no answer"),
        ("rate_limited", 119, "en", "DeepState: asks us to wait for 119 min"),
        ("gone", 60 * 24 * 2, "ru", "DeepState: больше нет уже 2 дня"),
        ("truncated", 150, "uk", "DeepState: не читається уже 2 год"),
        ("refused", 0, "en", "DeepState: is a group and not read"),
        ("banned", 60, "ru", "DeepState: доступ закрыт уже 60 мин"),
        ("restricted", 60, "uk", "DeepState: доступ закрито уже 60 хв"),
        ("not_found", 60, "ru", "DeepState: не удаётся найти уже 60 мин"),
        ("something_new", 1, "uk", "DeepState: не відповідає уже 1 хв"),
    ],
)
def test_what_ails_a_source_is_told_in_the_language_of_the_digest(
    state: str, minutes: int, language: str, told: str
) -> None:
    assert trouble("DeepState", state, timedelta(minutes=minutes), language) == told


def test_a_trouble_without_a_beginning_has_no_length() -> None:
    assert trouble("DeepState", "dns", None, "en") == "DeepState: no answer"
