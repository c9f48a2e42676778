"""What each form of a digest owes: parts, a valid entry, a document; and a thousand stories in good time."""

from __future__ import annotations

import json
from time import process_time
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from bot.digests import Flavour, flavour_of, render
from bot.digests.split import UNITS, units
from bot.model import Destination, DestinationKind, EntityKind, Reason
from bot.slots import LIMIT
from tests.digests.newsdesk import composed

ATOM, XHTML = "{http://www.w3.org/2005/Atom}", "{http://www.w3.org/1999/xhtml}"


def case(stories: int, **route: Any) -> dict[str, Any]:
    hit = {"watch": "sudzha", "text": "Судже"}
    text = "Противник сообщает о боях в Судже, " + "и снова о боях, " * 12 + "номер {}."
    return {
        "watches": [{"id": "sudzha", "name": "Суджа", "names": {"en": "Sudzha"}}],
        "sources": [{"name": "rybar", "title": "Рыбарь", "side": "ru", "side_kind": "party"}],
        "route": {"digest": {"max_stories": 10_000}, **route},
        "stories": [
            [{"source": "rybar", "at": "08:00", "text": text.format(n), "hits": [hit]}] for n in range(stories)
        ],
    }


@pytest.mark.parametrize(
    ("kind", "address", "flavour"),
    [
        (DestinationKind.CONSOLE, "", Flavour.PLAIN),
        (DestinationKind.FILE, "out.txt", Flavour.PLAIN),
        (DestinationKind.FILE, "out.xml", Flavour.ATOM),
        (DestinationKind.FILE, "data/.xml", Flavour.PLAIN),
        (DestinationKind.WEBHOOK, "url", Flavour.JSON),
        (DestinationKind.TELEGRAM, "@news", Flavour.RICH),
    ],
)
def test_each_destination_has_its_form(kind: DestinationKind, address: str, flavour: Flavour) -> None:
    assert flavour_of(Destination(kind, address)) is flavour


def test_parts_split_between_stories_and_say_which_they_are() -> None:
    digest = composed(case(40)).digest
    assert digest
    parts = render(digest, flavour=Flavour.RICH)
    assert len(parts) > 2
    for number, part in enumerate(parts, 1):
        title, heading = [line for line in part.text.split("\n") if line][:2]
        assert title == f"kursk · digest 6 Jan 09:00–12:00 (Kyiv) · {number}/{len(parts)}"
        assert heading.startswith("Sudzha (Суджа) · 40 stories · 40 posts")
        assert heading.endswith("continued") == (number > 1)
        assert units(part.text) <= UNITS
        assert part.text.count("«") == part.text.count("»") == len(part.links)
    assert sum(len(part.links) for part in parts) == 40
    # Parts are filled: none of them could have held the first story of the next.
    assert all(units(part.text) > UNITS * 3 // 4 for part in parts[:-1])


def test_entities_lie_on_what_they_mark() -> None:
    digest = composed(case(1)).digest
    assert digest
    (message,) = render(digest, flavour=Flavour.RICH)
    marked = {(entity.kind, message.text[entity.start : entity.end]) for entity in message.entities}
    assert {(EntityKind.BOLD, "Судже"), (EntityKind.BOLD, "Sudzha (Суджа)"), (EntityKind.LINK, "Рыбарь")} <= marked


def test_an_entry_is_valid_atom() -> None:
    digest = composed(case(2)).digest
    assert digest
    (message,) = render(digest, flavour=Flavour.ATOM)
    feed = ET.fromstring(f'<feed xmlns="http://www.w3.org/2005/Atom">{message.text}</feed>')
    (entry,) = feed
    assert entry.tag == f"{ATOM}entry"
    assert entry.findtext(f"{ATOM}id", "").startswith("urn:uuid:")
    assert entry.findtext(f"{ATOM}title") == message.title
    assert entry.findtext(f"{ATOM}updated") == "2026-01-06T10:00:00Z"
    assert [bold.text for bold in entry.iter(f"{XHTML}b")] == ["Судже", "Судже"]
    assert [link.get("href") for link in entry.iter(f"{XHTML}a")] == list(message.links)
    assert render(digest, flavour=Flavour.ATOM) == (message,)


def test_the_document_tells_the_same() -> None:
    digest = composed(case(2)).digest
    assert digest
    (message,) = render(digest, flavour=Flavour.JSON)
    document = json.loads(message.text)
    (section,) = document["sections"]
    story = section["stories"][0]
    low, high = story["matches"][0]
    assert (section["watch"], section["name"], section["original"]) == ("sudzha", "Sudzha", "Суджа")
    assert story["quote"][low:high] == "Судже"
    assert story["url"] == message.links[0]
    assert (document["slot"], document["since"]) == ("2026-01-06T10:00:00Z", "2026-01-06T07:00:00Z")
    assert story["reports"][0]["source"] == "rybar"


def test_a_thousand_stories_are_told_and_none_is_lost() -> None:
    digest = composed(case(1000)).digest
    assert digest
    parts = render(digest, flavour=Flavour.RICH)
    assert sum(len(part.links) for part in parts) == 1000


def test_a_flood_is_settled_at_once_and_holds_nothing_back() -> None:
    made = composed({**case(3_740, digest={"max_stories": 20}), "settles": True})
    assert made.digest
    reasons = [decision.reason for decision in made.decisions]
    assert (reasons.count(Reason.TOLD), reasons.count(Reason.SETTLED)) == (20, 3_720)
    assert made.digest.waiting == 0
    (part,) = render(made.digest, flavour=Flavour.PLAIN)
    assert part.text.count("3,720 more reports came at once and are in the archive: Sudzha 3,720") == 1
    told = {story.row for section in made.digest.sections for story in section.stories}
    assert min(told) > max(each.story for each in made.decisions) - 20, "the newest, not the oldest"


@pytest.mark.parametrize(
    ("missed", "said"),
    [
        (4_320, "covers 4320 slots not sent in time (10:00, 10:00, 10:00, …)"),
        (LIMIT - 1, "covers at least 19999 slots not sent in time"),
    ],
)
def test_a_late_digest_says_until_when_it_goes_and_counts_what_it_covers(missed: int, said: str) -> None:
    late = {**case(1), "now": "13:47", "missed": ["08:00"] * missed}
    digest = composed(late).digest
    assert digest
    (part,) = render(digest, flavour=Flavour.PLAIN)
    assert "–15:47" in part.text.split("\n")[0]
    assert said in part.text.split("\n")
    (document,) = render(digest, flavour=Flavour.JSON)
    told = json.loads(document.text)
    assert (len(told["missed"]), told["missed_count"]) == (99, missed)


def test_ten_thousand_stories_at_once_are_twenty_and_one_line() -> None:
    """A feed that was reset: one bounded message in every form, and nothing lost; the rest has its decision."""
    many = case(10_000, digest={"max_stories": 20})
    began = process_time()
    made = composed(many)
    assert made.digest
    forms = {flavour: render(made.digest, flavour=flavour) for flavour in Flavour}
    assert process_time() - began < 20, "some 2 s on an idle core"
    reasons = [decision.reason for decision in made.decisions]
    assert (reasons.count(Reason.TOLD), reasons.count(Reason.FULL)) == (20, 9_980)
    for parts in forms.values():
        assert sum(len(part.links) for part in parts) == 20
    for flavour in (Flavour.PLAIN, Flavour.RICH):
        assert "\n".join(part.text for part in forms[flavour]).count("9980 more in the next digest") == 1
    assert len(forms[Flavour.RICH]) < 5


HOSTILE = "\u202e@all \ud800 tg://resolve?domain=x javascript:alert(1) https://evil.example/ \x00\x07"


@pytest.mark.parametrize("flavour", Flavour)
@pytest.mark.parametrize("where", ["title", "text"])
def test_a_megabyte_of_hostile_words_is_one_short_harmless_message(flavour: Flavour, where: str) -> None:
    """Before the mention, behind it, and without a space to break at."""
    hit = {"watch": "sudzha", "text": "Судже"}
    report = {"source": "rybar", "at": "08:00", "text": "", "hits": [hit]}
    bodies = [f"{HOSTILE} Бои в Судже {HOSTILE * 11_000}", f"{'я' * 1_000_000} в Судже", f"в Судже{'я' * 1_000_000}"]
    digest = composed({**case(0), "stories": [[{**report, where: body}] for body in bodies]}).digest
    assert digest
    parts = render(digest, flavour=flavour)
    assert len(parts) == 1
    (part,) = parts
    text = part.text if flavour is not Flavour.JSON else json.dumps(json.loads(part.text), ensure_ascii=False)
    text.encode()
    assert len(text) < 6_000
    assert not any(bad in text for bad in ("\u202e", "\x00", "\x07", "@all", "tg://", "javascript:", "evil.example"))
    assert text.count("Судже") >= 3
