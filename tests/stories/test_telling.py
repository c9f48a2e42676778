"""What a report names: which words with a capital are surely names, in any of the languages."""

import pytest

from bot.stories.essence import essence
from bot.stories.telling import Telling


def telling(text: str) -> Telling:
    return Telling(essence(text))


@pytest.mark.parametrize(
    "headline",
    [
        "НОЧЬЮ ПРОГРЕМЕЛИ ВЗРЫВЫ ПОД СУДЖЕЙ",
        "ВНОЧІ ПРОЛУНАЛИ ВИБУХИ ПІД СУДЖЕЮ, Є ЗАГИБЛІ",
        "HEAVY FIGHTING WAS REPORTED NEAR SUDZHA",
    ],
)
def test_words_of_a_headline_in_capitals_are_not_surely_names(headline: str) -> None:
    assert telling(headline).inner == ()
    below = telling(f"{headline}\nжители слышали взрывы и у Рыльска")
    assert (below.first, below.subject) == (telling("у Рыльска").first, telling("у Рыльска").first)


def test_what_a_headline_in_capitals_names_is_found_still() -> None:
    sudzha = telling("у Суджи").first
    assert sudzha in telling("НОЧЬЮ ВЗРЫВЫ ПОД СУДЖЕЙ").names


@pytest.mark.parametrize("short", ["ГЭС", "СБУ", "NGO"])
def test_an_abbreviation_by_itself_is_a_name(short: str) -> None:
    assert telling(f"ночью была атака на {short} у реки").inner != ()
