from __future__ import annotations

import re

from hypothesis import example, given, strategies as st

from bot.language.fold import fold
from bot.store.plain import folded
from bot.store.words import as_server, indexed, is_plain

LETTERS = "абвёЁйїЇєґўІabzABZ019"
SIGNS = " \n_-–—'`’‘ʼ«»„“”•·°§№…\xa0\u00ad\u0301\ufe0f☀✈➡→▪‼\u200d❶🔥🇺🇦🄀½İïα"


@given(st.one_of(st.text(st.sampled_from(LETTERS + SIGNS)), st.text()))
@example("Бои за «Суджу» — 12-й день, м'яч и об’їзд… №5 🔥 https://t.me/rybar_1")
@example("1\ufe0f2 a\u200db")
@example("Cуджа, OBK, O’Суджа")
def test_the_quick_way_gives_what_folding_gives_or_gives_up(text: str) -> None:
    quick = folded(text)
    if quick is not None:
        assert quick.split() == re.findall(r"[^\W_]+", fold(text).text.replace("'", ""))


def test_ordinary_texts_take_the_quick_way_and_disguised_ones_do_not() -> None:
    assert folded("Бои за «Суджу» — 12-й день ✈️ 👨‍👩‍👧 ‼️") is not None
    for strange in ("Cуджа", "Су\u0301джа", "Су\u00adджа", "™", "naïve", "❶", "½"):
        assert folded(strange) is None, strange


@given(st.one_of(st.text(st.sampled_from(LETTERS + SIGNS)), st.text()))
@example("слово" * 100)
@example("✈\ufe0fСуджа Су\u200dджа")
def test_what_is_plain_is_folded_by_a_server_as_by_us(text: str) -> None:
    if is_plain(text):
        assert as_server(text) == indexed(text)
