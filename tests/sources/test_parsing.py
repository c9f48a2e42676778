"""One document to its items: the fast path and the fallback tell the same, and hostile markup costs only itself."""

from __future__ import annotations

import time
from html import escape

import pytest
from hypothesis import given, settings, strategies as st

from bot.sources.page import Page, read as preview
from bot.sources.parsing import quick, slow
from bot.sources.parsing.document import Document, Fault, Item, dumps, loads
from bot.sources.parsing.parse import parse
from tests.fakes.feeds import item, rss

HERE = "https://example.org/feed"
ATOM = '<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://base.example/">{}</feed>'


def read(text: str) -> Document:
    return parse(text.encode(), None, HERE)


def one(text: str) -> Item:
    (found,) = read(text).items
    return found


def test_both_paths_tell_the_same() -> None:
    text = rss([item(2), item(1, text="<p>Бои &amp; тишина</p><br>у Суджи")])
    fast = quick.read(text, HERE)
    assert fast
    assert slow.read(text, HERE).items == fast.items


def test_it_goes_through_the_pipe_unchanged() -> None:
    document = read(rss([item(1)]))
    assert document.items
    assert loads(dumps(document)) == document


def test_the_fullest_text_is_taken() -> None:
    found = one(
        '<rss xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><item><description>Short</description>'
        "<content:encoded><![CDATA[<p>Long and full</p>]]></content:encoded></item></channel></rss>"
    )
    assert found.text == "Long and full"


def test_russian_full_text_is_found() -> None:
    found = one(
        '<rss xmlns:yandex="http://news.yandex.ru"><channel><item><description>Коротко</description>'
        "<yandex:full-text>Полный текст о Судже</yandex:full-text></item></channel></rss>"
    )
    assert found.text == "Полный текст о Судже"


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ('<content type="html">&lt;p&gt;a&lt;/p&gt;&lt;p&gt;b &amp;amp; c&lt;/p&gt;</content>', "a\nb & c"),
        ('<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>a</p><p>b</p></div></content>', "a\nb"),
        ("<content>5 &lt; 6 &amp;amp; more</content>", "5 < 6 &amp; more"),
        ('<content type="text">&lt;b&gt; is bold</content>', "<b> is bold"),
        ('<content type="application/octet-stream">0KHRg9C00LbQsA==</content>', "Суджа"),
        ('<content type="image/png">iVBORw0KGgo=</content>', ""),
        ("<summary>a&nbsp;b &laquo;c&raquo;</summary>", "a b «c»"),
    ],
)
def test_atom_says_what_its_text_is(content: str, text: str) -> None:
    assert one(ATOM.format(f"<entry><id>1</id>{content}</entry>")).text == text


def test_links_stand_on_their_base_and_the_page_for_people_is_taken() -> None:
    links = '<link rel="self" href="x"/><link type="application/json" href="j"/><link type="text/html" href="page"/>'
    assert one(ATOM.format(f"<entry>{links}</entry>")).link == "https://base.example/page"


@pytest.mark.parametrize(
    ("document", "language"),
    [
        (rss([item(1)], head="<language>uk-UA</language>"), "uk"),
        (rss([item(1)], head="<language>UA</language>"), "uk"),
        (rss([item(1)], head="<language>fr</language>"), None),
        (rss([item(1)]), None),
        (rss([item(1)], head="<language>ru</language>").replace("<item>", '<item xml:lang="uk">'), "uk"),
        (rss([item(1)], head="<language>ru</language>").replace("</title>", "<br></title>", 1), "ru"),
        (ATOM.replace("<feed", '<feed xml:lang="ru_RU"').format("<entry><title>a</title></entry>"), "ru"),
        ('{"language": "en-GB", "items": [{"content_text": "a"}]}', "en"),
        ('{"language": "en", "items": [{"content_text": "a", "language": "uk"}]}', "uk"),
    ],
)
def test_the_language_is_what_the_item_or_its_feed_says(document: str, language: str | None) -> None:
    assert one(document).language == language


def test_rdf_items_stand_beside_the_channel() -> None:
    found = one(
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/"><channel/><item rdf:about="urn:1"><title>T</title>'
        "<link>https://example.org/1</link><dc:date>2024-01-02</dc:date></item></rdf:RDF>"
    )
    assert (found.guid, found.title, found.link) == ("urn:1", "T", "https://example.org/1")


def test_json_feed() -> None:
    document = read(
        '{"version": "https://jsonfeed.org/version/1.1", "next_url": "/2", "items": [17, {"id": 5, "url": "/a",'
        ' "title": "T", "content_html": "<p>x</p><p>y</p>", "date_published": "2024-01-02T03:04:05+03:00",'
        ' "authors": [{"name": "A"}, {"name": "B"}]}]}'
    )
    (found,) = document.items
    assert (found.guid, found.link, found.text, found.author) == ("5", "https://example.org/a", "x\ny", "A, B")
    assert (document.dropped, document.older) == (1, "https://example.org/2")


def test_an_unclosed_cdata_section_keeps_its_text() -> None:
    text = rss([item(2)])[: -len("</channel></rss>\n")] + "<item><title>Последняя<description><![CDATA[Бои у Суджи"
    document = read(text)
    assert not document.complete
    assert "Бои у Суджи" in "".join(each.text + each.title for each in document.items)


# ---------------------------------------------------------------- hostile


def bounded(text: str) -> Document:
    """Read what would take a quadratic parser minutes; the bound is that difference, no measure of speed."""
    began = time.process_time()
    document = read(text)
    assert time.process_time() - began < 20
    return document


@pytest.mark.parametrize("close", ["</title>", ""])
def test_a_hundred_thousand_attributes(close: str) -> None:
    attributes = " ".join(f'a{number}=">"' for number in range(100_000))
    bomb = f"<item><title {attributes}>x{close}</item>"
    document = bounded(rss([item(2), bomb, item(1)]))
    assert {"id-2", "id-1"} <= {each.guid for each in document.items}


@pytest.mark.parametrize(
    "bomb",
    [
        "<div>" * 100_000,
        "<div></b>" * 100_000,
        "".join(f"<b a={number}>" for number in range(4_000)) + "<p>x" * 40_000,
    ],
    ids=["nested", "closed by others", "opened again and again"],
)
def test_html_that_no_parser_ends_costs_no_other_item(bomb: str) -> None:
    one = f"<item><title>x</title><description>{escape(f'Бои {bomb} под Суджей')}</description></item>"
    document = bounded(rss([item(2), one, item(1)]))
    assert [each.guid for each in document.items] == ["id-2", "", "id-1"]
    assert document.items[1].text.split()[:1] + document.items[1].text.split()[-2:] == ["Бои", "под", "Суджей"]
    page = f"<html><body>{bomb}</body></html>"
    assert bounded(page).fault is Fault.NOT_A_FEED
    assert preview(page) == Page()


def test_entities_that_multiply() -> None:
    steps = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    bomb = f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY e0 "ha">{steps}]><rss><channel><item><title>&e9;</title>'
    document = bounded(bomb + "</item></channel></rss>")
    assert all(len(each.title) < 100_000 for each in document.items)


def test_entities_that_read_files() -> None:
    document = read(
        '<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss><channel><item><title>a&x;b</title></item></channel></rss>'
    )
    assert "root" not in "".join(each.title for each in document.items)


def test_a_very_deep_document() -> None:
    assert bounded(rss([item(1), "<a>" * 100_000])) is not None


def test_very_many_items() -> None:
    document = bounded(rss(["<item><guid>x</guid></item>"] * 100_000))
    assert (len(document.items), document.dropped, document.sound) == (20_000, 80_000, False)
    document = bounded(rss(["<item><title>a</item>"] * 30_000))
    assert len(document.items) + document.dropped == 30_000


@pytest.mark.parametrize("base", ["http://[::1", "http://[", "\x00", "a" * 5000])
def test_addresses_on_which_feedparser_raises(base: str) -> None:
    bad = f'<item><title>bad<description xml:base="{base}"><a href="x">y</a><link>{base}'
    document = read(rss([item(2), bad, item(1)]))
    assert {"id-2", "id-1"} <= {each.guid for each in document.items}


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_feed_with_anything_cut_out_is_read_without_a_fall(data: st.DataObject) -> None:
    text = rss([item(3), item(2, text='<a href="x">y</a>'), item(1)])
    start, length = data.draw(st.integers(0, len(text))), data.draw(st.integers(0, 60))
    noise = data.draw(st.sampled_from(["", "<", "&", "]]>", "<![CDATA[", "&#xFFFFFFFFFF;", "<x:y a=>", '"', "\x00"]))
    document = read(text[:start] + noise + text[start + length :])
    assert document.fault in set(Fault)


@pytest.mark.parametrize(
    ("written", "read"),
    [("&#xD83D;", "�"), ("&#55357;", "�"), ("&#xD83D;&#xDE00;", "😀"), ("&#x41F;", "П"), ("&#55000;", chr(55000))],
)
def test_halves_of_characters_cost_no_item(written: str, read: str) -> None:
    items = "".join(f"<item><guid>{n}</guid><title>Бои {written} у Суджи</title></item>" for n in range(2))
    document = parse(f"<rss><channel>{items}</channel></rss>".encode(), None, "https://a.example/feed")
    assert [item.title for item in document.items] == [f"Бои {read} у Суджи"] * 2
