"""The index against the plain way: a list of posts with their tags."""

from hypothesis import given, settings, strategies as st

from bot.stories.index import Index

DAY = 24 * 3600
STEPS = st.lists(st.tuples(st.sets(st.integers(0, 20), max_size=6), st.integers(0, 3), st.integers(0, 4)), max_size=40)


@settings(max_examples=50, deadline=None)
@given(STEPS, st.integers(1, 4))
def test_it_finds_the_newest_live_posts_of_a_tag(steps: list[tuple[set[int], int, int]], newest: int) -> None:
    index, held = Index(newest), dict[int, tuple[set[int], int]]()
    for number, (tags, forgotten, day) in enumerate(steps):
        index.floor = min(number, index.floor + forgotten)
        index.add(number, day * DAY, sorted(tags))
        held[number] = tags, day
        for tag in range(21):
            live = [n for n in reversed(held) if n >= index.floor and tag in held[n][0] and held[n][1] <= 2]
            assert list(index.find(tag, 0)) == live[:newest]
            assert index.count([tag], 0) == dict.fromkeys(live[:newest], 1)


def test_forgotten_posts_give_their_room_back() -> None:
    index = Index()
    for number in range(20_000):
        index.floor = max(0, number - 100)
        index.add(number, 0, [number, number * 7, number * 31])
    assert len(index) < 5000
    assert list(index.find(19_999 * 7, 0)) == [19_999]
    assert list(index.find(5, 0)) == []
