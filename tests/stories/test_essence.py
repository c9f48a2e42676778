"""Essences: what is left of a text, the same by the quick way and the slow one."""

import pytest
from hypothesis import given, settings, strategies as st

from bot.stories.essence import essence, numbers, plain

NEWS = "Жители Мартыновки просят помощи"


def shown(text: str) -> str:
    return plain(essence(text)).decode("cp1251")


@pytest.mark.parametrize(
    "text",
    [
        f"⚡️⚡️ СРОЧНО: {NEWS}",
        f"❗️Молния\n{NEWS}.",
        f"{NEWS}!\n\n👉 Подписывайтесь на наш канал @example_live | Прислать новость: @example_bot",
        f"{NEWS}\n✅ Підписатися на канал | Надіслати новину",
        f"{NEWS}. Подписаться @example",
        f"{NEWS} | Подписаться",
        f"Подписаться на канал. {NEWS}",
        f"Подписывайтесь! {NEWS}! Прислать новость",
        f"Підписатися на канал. {NEWS}.",
        f"Підписуйтесь на наш канал! {NEWS}",
        f"Subscribe to our channel. {NEWS}",
        f"Follow us for more! {NEWS} Subscribe",
        f"Спасибо. Подписаться.\n{NEWS}",
        f"{NEWS}! 👉 Подписывайтесь на наш канал: t.me/example",
        f"{NEWS} https://t.me/example/12",
        f"{NEWS.upper()}…",
        "Жители Мартынoвки прoсят пoмощи",
        "Жи\u00adтели Мар\u200bтыновки про\u0301сят  помощи",
        f"— {NEWS} —",
    ],
)
def test_dress_is_not_news(text: str) -> None:
    assert shown(text) == shown(NEWS)


@pytest.mark.parametrize("call", ["Подписаться на канал", "Підписатися на канал", "Subscribe to our channel"])
@pytest.mark.parametrize("news", ["Суджа взята", "Суджу взято", "Sudzha taken", f"{NEWS}, " * 6 + "ждут связи"])
def test_only_the_call_goes_on_whatever_side_it_stands(call: str, news: str) -> None:
    assert shown(f"{call}. {news}.") == shown(f"{news}. {call}.") == shown(news) != ""


@pytest.mark.parametrize(
    "text",
    [
        "Підписатися!",
        "Подписаться. Прислать новость.",
        "Дякуємо! Підписатися",
        "@example",
        "🔥",
        "https://t.me/example",
        "",
    ],
)
def test_what_is_only_dress_is_nothing(text: str) -> None:
    assert essence(text) == b""


def test_a_header_that_is_the_whole_text_stays() -> None:
    assert shown("Срочно!") == shown("срочно") != ""


def test_a_signed_order_is_no_call_to_subscribe() -> None:
    assert shown("Президент подписал указ о выплатах жителям") != ""


def test_numbers_stand_in_order_whatever_is_around_them() -> None:
    assert numbers(essence("1️⃣ В 22.00 по 3-й улице, 12,5 км; №7 и ５")) == [
        b"1",
        b"22",
        b"00",
        b"3",
        b"12",
        b"5",
        b"7",
        b"5",
    ]


def test_a_list_keeps_its_items_and_a_heading_makes_them() -> None:
    assert essence("Главное:\n▪️ одно\n- другое").count(b"\x01") == 2
    assert essence("Главное:\nодно\nдругое").count(b"\x01") == 2
    assert essence("Главное\nодно\nдругое").count(b"\x01") == 0


@settings(max_examples=60, deadline=None)
@given(st.text(st.sampled_from("абвіїєґёйыAaОo.,!?…№™«»—–-:() \n\t1290'’ъ\u00ad%§©")))
def test_an_emoji_behind_the_text_changes_nothing(text: str) -> None:
    assert plain(essence(f"{text} .")) == plain(essence(f"{text} .🔥"))


@settings(max_examples=60, deadline=None)
@given(st.text())
def test_positions_hold_for_both_forms(text: str) -> None:
    assert len(plain(essence(text))) == len(essence(text))


@pytest.mark.parametrize(
    "text", ["Взята?", "Взята ?", "Взята?!", "Взята!?", "Взята…?", "Взята??", "— Взята ?..", "«Взята？»", "Взята? ?"]
)
def test_the_last_word_of_a_question_keeps_its_mark(text: str) -> None:
    assert shown(text) == "взята?"
    assert shown(f"Город: {text} Бои идут. {text}\nНет") == "город взята? бои идут взята? нет"


@settings(max_examples=200, deadline=None)
@given(st.text(st.sampled_from("аб1?？.!…:)» \n▪-")))
def test_no_mark_stands_by_itself(text: str) -> None:
    words = plain(essence(text)).split(b" ")
    assert all(word.rstrip(b"?") and word.count(b"?") <= 1 for word in words) or words == [b""]
