"""What holds for any posts: repeats, hostile text, bounded memory. Restarts and batches are in test_memory.py."""

from hypothesis import given, settings, strategies as st

from bot.model import Placement, Post, Relation
from bot.stories import Grouper
from bot.stories.essence import MAX_TEXT
from tests.stories.streams import SENTENCES, START, Step, hour, streams


def run(grouper: Grouper, steps: list[Step]) -> list[Placement]:
    return [grouper.place(post, when=hour(when)) for post, when in steps]


@settings(max_examples=20, deadline=None)
@given(streams())
def test_the_same_posts_twice_change_nothing(steps: list[Step]) -> None:
    grouper = Grouper()
    first = run(grouper, steps)
    assert run(grouper, steps) == first
    assert len(grouper) == len(steps)


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
        grouper.forget(hour(number))
    assert len(grouper) == 73


def test_no_more_posts_are_held_than_there_is_room_for() -> None:
    grouper = Grouper(capacity=50)
    for number in range(200):
        grouper.place(Post(source="a", id=str(number), text=f"{SENTENCES[1]} {number}"), when=START)
    assert len(grouper) == 50


def test_an_edit_keeps_the_story_and_the_words_by_which_it_was_placed() -> None:
    grouper = Grouper()
    placement = grouper.place(Post(source="a", id="1", text=SENTENCES[0]), when=START)
    assert grouper.place(Post(source="a", id="1", text=SENTENCES[4]), when=START) == placement
    assert grouper.place(Post(source="b", id="1", text=SENTENCES[4]), when=START).story == "b/1"
    assert grouper.place(Post(source="c", id="1", text=SENTENCES[0]), when=START).story == "a/1"
    assert len(grouper) == 3


def test_a_feed_that_was_reset_is_one_story_a_text() -> None:
    grouper = Grouper()
    posts = [Post(source=f"f{n % 2}", id=str(n), text=f"{SENTENCES[n % 2]} {SENTENCES[4]}") for n in range(500)]
    assert {grouper.place(post, when=START).story for post in posts} == {"f0/0", "f1/1"}


def test_two_posts_are_told_apart_though_their_keys_have_one_hash() -> None:
    one, two = (
        Post(source="cscyhz", id="72251", text=SENTENCES[0]),
        Post(source="qyryqr", id="26790", text=SENTENCES[1]),
    )
    grouper = Grouper()
    for post in (one, two, one, two):
        assert grouper.place(post, when=START).story == post.key
    forward = Post(source="copies", id="1", text="", forwarded_from=two.key)
    assert grouper.place(forward, when=START).story == two.key
