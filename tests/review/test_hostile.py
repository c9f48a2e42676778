"""Hostile strings in every field that strangers or the configuration fill: nothing becomes markup, nothing is lost."""

from __future__ import annotations

from collections.abc import AsyncIterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import quote

import pytest

from bot.review.desk import clean
from bot.store import Store
from tests.fakes.clock import StepClock
from tests.review.browser import Browser, browsing
from tests.review.hostile import PAGES, config, fill, strings
from tests.store.world import ISW, NOW

OURS = frozenset(
    """
    html head meta title link script body a div header svg text path circle rect form input kbd nav span b footer button
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
    made = config(tmp_path)
    async with await Store.open(tmp_path / "x.db", now=NOW) as store:
        await fill(store)
        async with browsing(store, made, StepClock(NOW)) as browser:
            yield browser


async def test_nothing_a_stranger_wrote_becomes_markup_and_nothing_is_lost(browser: Browser) -> None:
    assert len(strings()) >= 500
    words = ""
    for path in PAGES:
        shown = await browser.get(path)
        assert shown.status == 200, path
        read = Read(shown.text)
        assert read.faults == [], path
        words += " ".join("".join(read.words).split())
    for text in strings():
        told = " ".join(str(clean(text.replace("\x00", "\ufffd").replace("\ud800", "\ufffd"))).split())
        assert told[:30] in words, text


async def test_an_address_answers_hostile_questions_in_words(browser: Browser) -> None:
    for text in strings()[::50]:
        asked = quote(text, errors="replace")
        for path in (f"/search?q={asked}&source={asked}", f"/stories?place={asked}", f"/?done={asked}"):
            shown = await browser.get(path)
            assert (shown.status, Read(shown.text).faults) == (200, []), path
        for path in (f"/stories/{asked}", f"/places/{asked}", f"/alike/{asked}", f"/search?since={asked}"):
            shown = await browser.get(path)
            assert (shown.status in {404, 400}, Read(shown.text).faults) == (True, []), path
