"""Hostile strings in every field that strangers or the configuration fill: nothing becomes markup, nothing is lost."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from bot.config import Config
from bot.model import Hit, Origin, Place, Placement, Post, Relation
from bot.review.desk import clean
from bot.store import Act, ActKind, How, Store
from tests.fakes.clock import StepClock
from tests.review.browser import Browser, browsing
from tests.review.hostile import strings
from tests.store.world import ISW, NOW, commit, reading

OURS = frozenset(
    """
    html head meta title link script body a div header svg path circle rect form input kbd nav span b footer button
    dialog h1 h2 h3 dl dt dd main p article section blockquote mark ul ol li details summary label select option time
    q aside del ins datalist textarea table thead tbody tr th td noscript figure figcaption pre
    """.split()  # noqa: SIM905 (read as a sentence)
)
"""The elements of our own templates."""
OWN = ("/", "#", ISW.address)


class Read(HTMLParser):
    """What a browser would make of a page."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self.faults: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in OURS:
            self.faults.append(f"<{tag}>")
        for name, value in attrs:
            address = name in {"href", "src", "action"} and not (value or "").startswith(OWN)
            if name.startswith("on") or name in {"style", "srcdoc"} or address:
                self.faults.append(f"{tag} {name}={value!r}")

    def handle_data(self, data: str) -> None:
        self.words.append(data)


@pytest.fixture
async def browser(tmp_path: Path) -> AsyncIterator[Browser]:
    """Every string as title, text, author and mention of a post of its own, in titles of sources, names and notes."""
    bad = strings()
    place = Place(id="x", name=bad[1], within=bad[2], tags=(bad[3],), also=(bad[4],))
    config = Config(folder=tmp_path, database=str(tmp_path / "x.db"), watches=(place,), sources=(ISW,))
    async with await Store.open(tmp_path / "x.db", now=NOW) as store:
        await store.sync_sources([replace(ISW, title=bad[0], side=bad[5])], NOW)
        posts = [
            Post(
                source="isw",
                id=f"{number}",
                url=text,
                title=text[:40],
                text=f"Суджа {text}",
                author=text,
                published=NOW,
            )
            for number, text in enumerate(bad)
        ]
        await commit(store, reading(*posts, source="isw"))
        found = await store.unmatched(1_000)
        await store.save_matches([(each, [mention(each.post)]) for each in found], NOW)
        placed = [
            Placement(post=each.post.key, story=each.post.key, relation=Relation.FIRST, reason=bad[6]) for each in found
        ]
        await store.save_placements(list(zip(found, placed, strict=True)), NOW)
        for text in bad[::20]:
            note = Act(kind=ActKind.NOTE, targets=("s1",), who=text, how=How.API, note=text)
            await store.reviews.perform(note, NOW)
        async with browsing(store, config, StepClock(NOW)) as made:
            yield made


def mention(post: Post) -> Hit:
    body = post.body
    start = body.index("Суджа")
    hit = Hit(watch="x", start=start, end=len(body), text=body[start:], form=body, origin=Origin.RULE, confidence=0.5)
    return replace(hit, evidence=(post.title,))


async def test_nothing_a_stranger_wrote_becomes_markup_and_nothing_is_lost(browser: Browser) -> None:
    bad = strings()
    assert len(bad) >= 500
    lists = [f"/stories?before={number}" for number in range(len(bad) + 1, 1, -20)]
    pages = [
        *("/", "/stories/s1", "/alike/h1", "/search?q=%D0%A1%D1%83%D0%B4%D0%B6%D0%B0", "/places", "/places/x", "/map"),
        *("/places/x/rule?hit=h9", "/missed/isw/7", "/sources", "/audit", *lists),
    ]
    words = ""
    for path in pages:
        shown = await browser.get(path)
        assert shown.status == 200, path
        read = Read(shown.text)
        assert read.faults == [], path
        words += " ".join("".join(read.words).split())
    for text in bad:
        told = " ".join(str(clean(text.replace("\x00", "\ufffd").replace("\ud800", "\ufffd"))).split())
        assert told[:30] in words, text


async def test_an_address_answers_hostile_questions_in_words(browser: Browser) -> None:
    from urllib.parse import quote  # noqa: PLC0415

    for text in strings()[::45]:
        asked = quote(text, errors="replace")
        for path in (f"/search?q={asked}&source={asked}&since={asked}", f"/stories?place={asked}", f"/?done={asked}"):
            shown = await browser.get(path)
            assert (shown.status, Read(shown.text).faults) == (200, []), path
        for path in (f"/stories/{asked}", f"/places/{asked}", f"/alike/{asked}"):
            shown = await browser.get(path)
            assert (shown.status in {404, 400}, Read(shown.text).faults) == (True, []), path
