"""The index against the plain way: a list of posts with their tags."""

from hypothesis import given, settings, strategies as st

from bot.stories.index import Index

STEPS = st.lists(st.tuples(st.sets(st.integers(0, 20), max_size=6), st.integers(0, 3)), max_size=40)


@settings(max_examples=50, deadline=None)
@given(STEPS, st.integers(1, 4))
def test_it_finds_the_newest_live_posts_of_a_tag(steps: list[tuple[set[int], int]], newest: int) -> None:
    index, held = Index(newest), dict[int, set[int]]()
    for number, (tags, forgotten) in enumerate(steps):
        index.floor = min(number, index.floor + forgotten)
        index.add(number, tags)
        held[number] = tags
        for tag in range(21):
            live = [n for n in reversed(held) if n >= index.floor and tag in held[n]]
            assert list(index.find(tag)) == live[:newest]
            assert index.count([tag]) == dict.fromkeys(live[:newest], 1)


def test_forgotten_posts_give_their_room_back() -> None:
    index = Index()
    for number in range(20_000):
        index.floor = max(0, number - 100)
        index.add(number, [number, number * 7, number * 31])
    assert len(index) < 5000
    assert list(index.find(19_999 * 7)) == [19_999]
    assert list(index.find(5)) == []
