"""A silence of a district is one of its villages, as a route of it is."""

from __future__ import annotations

from typing import Any

import pytest

from bot.digests.judging import judge
from bot.digests.silencing import Silencing
from bot.digests.taking import taken
from bot.model import Filter, Reason, Silence
from tests.digests.newsdesk import Newsdesk, moment, route_of, watch_of
from tests.digests.test_districts import CASE, report

TAGS = {"raion": ["south"], "guevo": ["river"], "rylsk": ["river"]}
WATCHES = [watch_of(each | {"tags": TAGS.get(each["id"], [])}) for each in CASE["watches"]]


def silence(**named: Any) -> Silence:
    return Silence(since=moment("07:00"), until=moment("12:00"), author="anna", comment="drill", **named)


@pytest.mark.parametrize(
    ("named", "quiet"),
    [
        ({"place": "guevo"}, {"guevo"}),
        ({"place": "raion"}, {"raion", "guevo", "plyokhovo"}),
        ({"place": "oblast"}, {"oblast", "raion", "guevo", "plyokhovo", "rylsk"}),
        ({"tag": "south"}, {"raion", "guevo", "plyokhovo"}),
        ({"place": "raion", "tag": "river"}, {"guevo"}),
        ({"place": "other", "tag": "river"}, set()),
        ({"route": "kursk"}, {each.id for each in WATCHES}),
        ({"route": "another"}, set()),
    ],
)
def test_a_place_is_silenced_with_all_that_lies_in_it(named: dict[str, str], quiet: set[str]) -> None:
    silencing = Silencing.of([silence(**named)], "kursk", WATCHES)
    assert {each.id for each in WATCHES if silencing.of_place(each.id)} == quiet
    stories = Newsdesk(CASE["sources"]).stories([report("08:00", each.id) for each in WATCHES])
    assert {each.id for each, story in zip(WATCHES, stories, strict=True) if silencing.of_story(story)} == quiet
    judged = judge(route_of({}), stories, watches=WATCHES, now=moment("09:00"), silences=[silence(**named)])
    assert [each.decision.reason is Reason.SILENCED for each in judged] == [each.id in quiet for each in WATCHES]


@pytest.mark.parametrize("place", ["guevo", "raion", "oblast", "other"])
def test_a_silence_covers_what_a_route_would_take(place: str) -> None:
    silencing = Silencing.of([silence(place=place)], "kursk", WATCHES)
    assert {each.id for each in WATCHES if silencing.of_place(each.id)} == taken(Filter(places=(place,)), WATCHES)


def test_the_silence_of_a_village_is_none_of_its_district_or_neighbour() -> None:
    silencing = Silencing.of([silence(place="guevo")], "kursk", WATCHES)
    (both, alone) = Newsdesk(CASE["sources"]).stories([report("08:00", "guevo", "raion"), report("08:10", "guevo")])
    assert silencing.of_story(both) is None
    assert silencing.of_story(alone) is not None
    assert Silencing.of([silence(place="raion")], "kursk", WATCHES).of_story(both) is not None


def test_of_several_the_one_that_ends_last_is_named() -> None:
    long = Silence(since=moment("07:00"), until=moment("13:00"), author="boris", comment="", place="oblast")
    silencing = Silencing.of([silence(place="guevo"), long], "kursk", WATCHES)
    assert silencing.of_place("guevo") == long
