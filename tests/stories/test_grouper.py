"""What holds for any posts: batches, restarts, repeats, hostile text, bounded memory."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings, strategies as st

from bot.model import Placement, Post, Relation
from bot.stories import Grouper
from bot.stories.essence import MAX_TEXT

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

Step = tuple[Post, int, int]


@st.composite
def streams(draw: st.DrawFn) -> list[Step]:
    """Posts with the hour of their report and the hour they were seen; seen never goes back."""
    steps: list[Step] = []
    seen = 0
    for number in range(draw(st.integers(1, 14))):
        seen += draw(st.sampled_from((0, 0, 1, 5, 30)))
        text = draw(st.sampled_from(("", "▪️ ", "СРОЧНО: "))) + draw(st.sampled_from((" ", "\n▪️ "))).join(
            draw(st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=4))
        )
        post = Post(
            source=f"c{draw(st.integers(0, 3))}",
            id=str(number),
            text=text + draw(st.sampled_from(FOOTERS)),
            forwarded_from=draw(st.sampled_from(ORIGINS)),
        )
        steps.append((post, seen - draw(st.sampled_from((0, 0, 0, 2, 47))), seen))
    return steps


def hour(count: int) -> datetime:
    return START + timedelta(hours=count)


def run(grouper: Grouper, steps: list[Step]) -> list[Placement]:
    return [grouper.place(post, when=hour(when), seen=hour(seen)) for post, when, seen in steps]


@settings(max_examples=40, deadline=None)
@given(streams(), st.data())
def test_a_restored_grouper_answers_as_one_that_never_stopped(steps: list[Step], data: st.DataObject) -> None:
    continuous = run(Grouper(), steps)
    cut = data.draw(st.integers(0, len(steps)))
    restored = Grouper()
    for (post, when, seen), placement in zip(steps[:cut], continuous, strict=False):
        if cut < len(steps) and seen >= steps[cut][2] - 48:
            restored.remember(post, when=hour(when), placement=placement, seen=hour(seen))
    assert run(restored, steps[cut:]) == continuous[cut:]


@settings(max_examples=20, deadline=None)
@given(streams())
def test_the_same_posts_twice_change_nothing(steps: list[Step]) -> None:
    grouper = Grouper()
    first = run(grouper, steps)
    held = len(grouper)
    again = [
        (post, when, steps[-1][2]) for post, when, seen in steps if seen >= steps[-1][2] - 48
    ]  # what is still held
    assert run(grouper, again) == first[-len(again) :]
    assert len(grouper) == held


@settings(max_examples=20, deadline=None)
@given(streams())
def test_every_post_has_a_story_that_began_with_a_post_of_its_own(steps: list[Step]) -> None:
    found = {placement.post: placement for placement in run(Grouper(), steps)}
    for placement in found.values():
        alone = placement.relation in {Relation.FIRST, Relation.INCLUDED}
        assert alone == (placement.story == placement.post)
        assert found[placement.story].story == placement.story
        assert (placement.relation is Relation.INCLUDED) == (placement.within is not None)
        assert placement.story not in placement.related


@settings(max_examples=15, deadline=None)
@given(st.permutations(range(4)), st.sampled_from(SENTENCES[:5]))
def test_copies_are_one_story_in_whatever_order_they_come(order: list[int], text: str) -> None:
    kinds = (text, f"❗️СРОЧНО {text}", f"{text}\n\nПодписаться: t.me/example", text.replace("о", "o"))
    grouper = Grouper()
    found = [grouper.place(Post(source=f"c{at}", id="1", text=kinds[at]), when=START) for at in order]
    assert {placement.story for placement in found} == {f"c{order[0]}/1"}


HOSTILE = st.text(st.characters(), max_size=60) | st.sampled_from(
    ("\ud800\udfff", "\x00" * 50, "\u202e@all tg://x", "ﷺ" * 90, "1️⃣" * 40, "é" * 80, "a" * 300, "中" * 200, "İ" * 70)
)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(HOSTILE, HOSTILE, HOSTILE), max_size=6))
def test_nothing_that_a_stranger_writes_raises(posts: list[tuple[str, str, str]]) -> None:
    grouper = Grouper()
    for number, (title, text, link) in enumerate(posts):
        post = Post(
            source="c",
            id=f"{number}",
            title=title,
            text=f"{text} https://{link}",
            url=link,
            forwarded_from=link,
            album=text,
        )
        assert grouper.place(post, when=START).post == f"c/{number}"


def test_a_text_of_a_megabyte_is_read_as_far_as_a_long_post() -> None:
    grouper = Grouper()
    huge = "Берег реки " * 100_000
    assert len(huge) > 50 * MAX_TEXT
    first = grouper.place(Post(source="a", id="1", title=huge, text=huge), when=START)
    second = grouper.place(Post(source="b", id="1", text=huge), when=START)
    assert (first.story, second.story) == ("a/1", "a/1")


def test_old_posts_are_forgotten() -> None:
    grouper = Grouper()
    for number in range(300):
        grouper.place(Post(source="a", id=str(number), text=f"{SENTENCES[1]} {number}"), when=hour(number))
    assert len(grouper) == 49


def test_no_more_posts_are_held_than_there_is_room_for() -> None:
    grouper = Grouper(capacity=50)
    for number in range(200):
        grouper.place(Post(source="a", id=str(number), text=f"{SENTENCES[1]} {number}"), when=START)
    assert len(grouper) == 50


def test_an_edit_keeps_the_story_and_is_found_by_its_new_words() -> None:
    grouper = Grouper()
    placement = grouper.place(Post(source="a", id="1", text=SENTENCES[0]), when=START)
    assert grouper.place(Post(source="a", id="1", text=SENTENCES[4]), when=START) == placement
    assert grouper.place(Post(source="b", id="1", text=SENTENCES[4]), when=START).story == "a/1"
    assert grouper.place(Post(source="c", id="1", text=SENTENCES[0]), when=START).story == "c/1"
    assert len(grouper) == 3


def test_a_feed_that_was_reset_is_one_story_a_text() -> None:
    grouper = Grouper()
    posts = [Post(source=f"f{n % 2}", id=str(n), text=f"{SENTENCES[n % 2]} {SENTENCES[4]}") for n in range(500)]
    assert {grouper.place(post, when=START).story for post in posts} == {"f0/0", "f1/1"}


def test_an_edit_takes_the_place_of_its_own_post_though_another_has_the_same_tag() -> None:
    """The two keys have one hash of 32 bits."""
    older = Post(source="cscyhz", id="72251", text=SENTENCES[0])
    newer = Post(source="qyryqr", id="26790", text=SENTENCES[1])
    grouper = Grouper()
    for post in (older, newer, replace(older, text=SENTENCES[3])):
        assert grouper.place(post, when=START).story == post.key
    for number, (text, story) in enumerate([(SENTENCES[3], older.key), (SENTENCES[1], newer.key)]):
        copy = Post(source="copies", id=str(number), text=text)
        assert grouper.place(copy, when=START).story == story
