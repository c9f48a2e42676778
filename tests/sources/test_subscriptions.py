"""Lists of sources: what is offered, what is refused, and that hostile ones are only words."""

from __future__ import annotations

import pytest

from bot.model import SourceKind
from bot.sources.names import Refusal
from bot.sources.subscriptions import Offer, broken, read

OPML = """<?xml version="1.0" encoding="{code}"?>
<opml version="2.0"><head><title>Мои</title></head><body>
<outline text="Новини"><outline type="rss" text="Суджа сьогодні" xmlUrl="https://a.example/x?a=1&amp;b=2"/>
<outline title="Суджа сьогодні" XMLURL="https://b.example/feed"/></outline>
<outline text="Рыбарь" xmlUrl="https://t.me/s/rybar"/><outline type="link" text="DeepState" url="https://t.me/DeepStateUA"/>
<outline text="again" xmlUrl="https://a.example/x?a=1&amp;b=2"/><outline text="only a group"/>
</body></opml>"""


def shown(offers: list[Offer]) -> list[tuple[str, str, str]]:
    return [(each.source.name, each.source.address, each.source.title) for each in offers if each.source]


@pytest.mark.parametrize("code", ["utf-8", "windows-1251"])
def test_feeds_and_channels_of_opml_keep_names_titles_and_groups(code: str) -> None:
    offers = read(OPML.format(code=code).encode(code))
    assert shown(offers) == [
        ("sudzha-sohodni", "https://a.example/x?a=1&b=2", "Суджа сьогодні"),
        ("sudzha-sohodni-2", "https://b.example/feed", "Суджа сьогодні"),
        ("rybar", "https://t.me/rybar", "Рыбарь"),
        ("DeepStateUA", "https://t.me/DeepStateUA", "DeepState"),
    ]
    assert [each.group for each in offers] == ["Новини", "Новини", "", ""]


def test_a_plain_list_has_an_address_a_line() -> None:
    text = (
        "\ufeff# mine\n@rybar Рыбарь  # daily\nt.me/deepstate\nisw_news\n\nhttps://www.isw.example/feed#top\n@rybar\n"
    )
    assert shown(read(text.encode())) == [
        ("rybar", "https://t.me/rybar", "Рыбарь"),
        ("deepstate", "https://t.me/deepstate", ""),
        ("isw_news", "https://t.me/isw_news", ""),
        ("isw-example", "https://www.isw.example/feed#top", ""),
    ]


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "file:///etc/passwd",
        "https://t.me/+abc",
        "https://t.me/joinchat/x",
        "ftp://a",
        "http://[",
    ],
)
def test_what_cannot_be_a_source_is_refused_in_words(address: str) -> None:
    (offer,) = read(f'<opml><body><outline text="x" xmlUrl="{address}"/></body></opml>'.encode())
    assert (offer.source, isinstance(offer.refusal, Refusal)) == (None, True)


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"<html><outline xmlUrl='http://a/'/></html>", b"<", b"<!-- -->"])
def test_what_is_no_list_is_said(content: bytes) -> None:
    with pytest.raises(ValueError, match="it is"):
        read(content)


def test_hostile_lists_are_only_words() -> None:
    entity = '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd"><!ENTITY a "{}">]>'.format("x" * 50)
    lol = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "ha"}">' for n in range(9))
    outline = '<outline text="{}" xmlUrl="https://a.example/{}"/>'
    for content in (
        f"{entity}<opml><body>{outline.format('&f;', '&f;')}</body></opml>",
        f"<!DOCTYPE x [{lol}]><opml><body>{outline.format('&l8;', '&l8;')}</body></opml>",
        "<opml>" + "<outline text='a'>" * 100_000,
        "<opml>" + outline.format("\u202e<b>&#7;\x00", "x") + "</opml>",
    ):
        for offer in read(content.encode()):
            assert "root:" not in repr(offer)
            assert len(repr(offer)) < 2_000
            assert not offer.source or offer.source.kind is SourceKind.FEED


def test_a_list_that_was_cut_off_gives_what_was_whole() -> None:
    whole = OPML.format(code="utf-8").encode()
    cut = whole[: whole.index(b'<outline text="\xd0\xa0') + 9]
    assert len(shown(read(cut))) == 2
    assert broken(whole) is None
    assert broken(b"@rybar\nhttps://a.exam") is None
    assert "line 5" in str(broken(cut))
