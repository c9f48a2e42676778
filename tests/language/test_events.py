"""Words of news in three languages, and what they tell."""

import pytest

from bot.language.events import points, sense


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("бои сутички clashes стычках", "fight"),
        ("обстрел обстріли shelling артиллерией", "shelling"),
        ("рэб реб jamming помехи", "jamming"),
        ("отбой відбою", "over"),
    ],
)
def test_words_of_one_sense(words: str, name: str) -> None:
    assert {found.name for word in words.split() if (found := sense(word))} == {name}


@pytest.mark.parametrize("word", ["бойня", "cloud", "село", "", "я"])
def test_most_words_have_no_sense(word: str) -> None:
    assert sense(word) is None


@pytest.mark.parametrize(
    ("word", "found"),
    [("северо", "N"), ("східніше", "E"), ("southwest", "SW"), ("північ", "N"), ("восстановлен", ""), ("югом", "S")],
)
def test_points_of_the_compass(word: str, found: str) -> None:
    assert points(word) == found
