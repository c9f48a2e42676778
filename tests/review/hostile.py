"""What a hostile stranger may write: many hundred strings that try to be script, markup, formula, query or direction.

Out: strings, each made of a payload and of what it hides in, as tests/cases/review/hostile.json has them; and a store
with all of them in every field that strangers and the configuration fill.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

from bot.config import Config
from bot.model import Condition, Destination, DestinationKind, Hit, Message, Origin, Place, Placement, Post, Relation
from bot.store import OUR_OWN, Act, ActKind, How, Outgoing, Store
from tests.store.world import ISW, NOW, commit, reading

CASES = Path(__file__).parents[1] / "cases" / "review" / "hostile.json"


@cache
def strings() -> tuple[str, ...]:
    cases = json.loads(CASES.read_text(encoding="utf-8"))
    return tuple(wrapper.replace("{}", payload) for wrapper in cases["wrappers"] for payload in cases["payloads"])


TOGETHER = 75
"""So many reports are in one story: a few pages show all strings."""
NAMED = 25
"""So many places, deliveries and notes have a string as name, route and words."""


def some() -> tuple[str, ...]:
    """A few strings, each with another payload."""
    return strings()[:NAMED]


def config(folder: Path) -> Config:
    """Places with hostile names, regions, tags and further names; what cannot be a name at all is left out."""
    places = tuple(
        Place(id=f"x{at}", name=text, within=text, tags=(text,), also=(text,), at=(51.0, 35.0) if at < 2 else None)
        for at, text in enumerate(some())
    )
    return Config(folder=folder, database=str(folder / "x.db"), watches=places, sources=(ISW,))


async def fill(store: Store) -> None:
    """Every string as title, text, author, address, mention and evidence of a post, and in names and notes."""
    bad = strings()
    await store.sync_sources([replace(ISW, title=bad[0], side=bad[5])], NOW)
    await commit(store, reading(*map(_post, range(len(bad)), bad), source="isw", condition=_trouble(bad)))
    found = await store.unmatched(len(bad))
    await store.save_matches([(each, [_mention(each.post)]) for each in found], NOW)
    await store.save_placements(list(zip(found, _placements([each.post for each in found]), strict=True)), NOW)
    for at, text in enumerate(some()):
        note = Act(kind=ActKind.NOTE, targets=("s1",), who=text, how=How.API, note=text)
        await store.reviews.perform(note, NOW)
        to = Destination(DestinationKind.FILE, text.replace("\x00", "") or "x")
        message = Message(text=text, title=text)
        await store.queue(
            text.replace("\x00", ""), [Outgoing(idempotency=f"k{at}", to=to, message=message, words_of=OUR_OWN)], NOW
        )


def _trouble(bad: tuple[str, ...]) -> Condition:
    """What a server answered, as the last error quotes it: one string of each payload."""
    return Condition(state="http_503", detail=" ".join(bad[:: TOGETHER // 3]), since=NOW)


def _post(number: int, text: str) -> Post:
    return Post(
        source="isw",
        id=str(number),
        url=text,
        title=text[:40],
        text=f"Суджа {text}",
        author=text,
        forwarded_from=text,
        published=NOW,
    )


def _mention(post: Post) -> Hit:
    body = post.body
    start = body.index("Суджа")
    return Hit(
        watch=f"x{int(post.id) % NAMED}",
        start=start,
        end=len(body),
        text=body[start:],
        form=body,
        origin=Origin.RULE,
        confidence=0.5,
        evidence=(post.title,),
    )


def _placements(posts: list[Post]) -> Iterator[Placement]:
    for at, post in enumerate(posts):
        first = posts[at - at % TOGETHER]
        relation = Relation.FIRST if first is post else Relation.COPY
        yield Placement(post=post.key, story=first.key, relation=relation, reason=post.title)


PAGES = (
    *("/", "/stories", "/alike/h1", "/search?q=%D0%A1%D1%83%D0%B4%D0%B6%D0%B0", "/places", "/places/x1", "/map"),
    *(
        "/watches",
        "/watches/try?id=x2",
        "/places/x1/rule?hit=h9",
        "/missed/isw/7",
        "/sources",
        "/deliveries",
        "/audit",
        "/trace/o1",
        "/trace/isw",
        "/quality",
    ),
    *(f"/stories/s{number}" for number in range(1, len(strings()) // TOGETHER + 1)),
)
"""Pages that show all of it."""
