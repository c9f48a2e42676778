"""Streams of posts that are alike in many ways, for the properties of grouping."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from bot.model import Post

START = datetime(2025, 1, 7, 6, 0, tzinfo=UTC)
SENTENCES = (
    "Ночью над Рыльским районом сбили разведывательный дрон, обломки упали на поле.",
    "Жители Мартыновки просят помощи: автобус за ними не пришёл вовремя.",
    "Міська рада Шостки повідомила, що воду повернуть увечері.",
    "Repair crews had restored power to 12 streets of the town by noon.",
    "На трассе у Льгова столкнулись автобус и грузовик, 3 человека ранены.",
    "Повітряна тривога: Конотоп",
)
FOOTERS = ("", "", "\n\nНаш канал: @example", "\nВсегда ваши, вестник края", "…")
ORIGINS = (None, None, None, "c0/1", "c1/2", "unread/7")

Step = tuple[Post, int]


@st.composite
def streams(draw: st.DrawFn) -> list[Step]:
    """Posts with the hour of their report: some come days late, among posts of their own time."""
    steps: list[Step] = []
    now = 0
    for number in range(draw(st.integers(1, 14))):
        now += draw(st.sampled_from((0, 0, 1, 5, 30, 100)))
        text = draw(st.sampled_from(("", "▪️ ", "СРОЧНО: "))) + draw(st.sampled_from((" ", "\n▪️ "))).join(
            draw(st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=4))
        )
        post = Post(
            source=f"c{draw(st.integers(0, 3))}",
            id=str(number),
            text=text + draw(st.sampled_from(FOOTERS)),
            forwarded_from=draw(st.sampled_from(ORIGINS)),
        )
        steps.append((post, now - draw(st.sampled_from((0, 0, 0, 2, 47, 90, 130)))))
    return steps


def hour(count: int) -> datetime:
    return START + timedelta(hours=count)
