"""A rendered digest in a feed file, read back by a feed reader."""

from __future__ import annotations

from pathlib import Path

import feedparser

from bot.delivery import Destinations
from bot.digests import Flavour, render
from bot.model import Destination, DestinationKind
from tests.delivery.desk import NOW, Clock, Queue
from tests.digests.newsdesk import composed


async def test_a_feed_reader_reads_every_digest(queue: Queue, clock: Clock, tmp_path: Path) -> None:
    path = tmp_path / "kursk.xml"
    texts = ["Взята Суджа <b>&\u202e]]>", "Бои у города Суджа.", "Суджа: тихо"]
    for number, text in enumerate(texts):
        report = {"source": "isw", "at": "08:00", "text": text, "hits": [{"watch": "sudzha", "text": "Суджа"}]}
        case = {
            "watches": [{"id": "sudzha", "name": "Суджа"}],
            "sources": [{"name": "isw", "title": "A & B", "kind": "feed"}],
            "slot": f"1{number}:00",
            "stories": [[{**report, "url": f"https://example.org/?a={number}&b=1"}]],
        }
        digest = composed(case).digest
        assert digest
        (message,) = render(digest, flavour=Flavour.ATOM)
        await queue.put(Destination(DestinationKind.FILE, str(path)), message.text)
        await Destinations([], clock=clock).deliver(queue.store, NOW)
    feed = feedparser.parse(path.read_bytes())
    assert not feed.bozo
    assert (feed.feed.title, feed.feed.author) == ("kursk", "placewire")
    assert len({entry.id for entry in feed.entries}) == 3
    for number, entry in enumerate(feed.entries):
        assert "<b>Суджа</b>" in entry.content[0].value
        assert f'href="https://example.org/?a={number}&amp;b=1"' in entry.content[0].value
