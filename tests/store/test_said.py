from __future__ import annotations

import json
from dataclasses import dataclass

from bot.model import flat
from bot.store.said import Said, joined


@dataclass(frozen=True)
class Row:
    text: str


def test_it_is_plain_english_for_scripts_and_said_anew_for_readers() -> None:
    text = joined("o1: ", Said("sent%(tries)s", tries=Said(" at try %(count)s", count=2)), ": 100 %")
    assert text == "o1: sent at try 2: 100 %"
    assert json.dumps(flat(Row(text))) == '{"text": "o1: sent at try 2: 100 %"}'
    words = {"sent%(tries)s": "надіслано%(tries)s", " at try %(count)s": ", спроба %(count)s"}
    assert text.told(lambda word: words.get(word, word)) == "o1: надіслано, спроба 2: 100 %"
    assert joined().told(str) == ""
