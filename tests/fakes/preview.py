"""The public web preview of channels, as far as it is known: t.me/s/NAME with its paging, its marks and its traps.

A `Channel` holds posts by id; `Preview` answers for several. Pages have the nested text blocks, reply quotes that share
the text's class, video lengths in <time>, and hidden "not supported" notices of the real ones.
"""

from __future__ import annotations

import json
from base64 import b64encode
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from html import escape

from bot.http.serving import Answer, Request

PAGE = 20
HTML = {"Content-Type": "text/html; charset=utf-8"}
NOTICE = (
    '<div class="message_media_not_supported_wrap"><div class="message_media_not_supported">'
    '<div class="message_media_not_supported_label">Please open Telegram to view this post</div></div></div>'
)
EMPTY = '<div class="tgme_widget_message_wrap"><div class="tme_no_messages_found">No posts found</div></div>'


@dataclass
class Block:
    """One message as HTML; `body` is what stands between the channel's name and the footer."""

    id: int
    html: str = ""
    body: str = ""
    when: datetime | None = None
    meta: str = ""
    raw: str | None = None
    """The whole block, where a test wants a broken one."""

    def shown(self, channel: Channel) -> str:
        if self.raw is not None:
            return self.raw
        when = self.when or channel.began + timedelta(minutes=self.id)
        text = (
            f'<div class="tgme_widget_message_text js-message_text" dir="auto">{self.html}</div>' if self.html else ""
        )
        return f"""
<div class="tgme_widget_message_wrap js-widget_message_wrap">
 <div class="tgme_widget_message text_not_supported_wrap js-widget_message"
      data-post="{channel.shown_name}/{self.id}" data-view="{channel.view(self.id)}">
  <div class="tgme_widget_message_bubble">
   <div class="tgme_widget_message_author"><a class="tgme_widget_message_owner_name" href="https://t.me/{channel.name}"
     ><span dir="auto">{channel.name.title()}</span></a></div>
   {self.body}<div class="media_supported_cont"></div>{text}<div class="media_not_supported_cont">{NOTICE}</div>
   <div class="tgme_widget_message_footer compact js-message_footer">
    <div class="tgme_widget_message_info short js-message_info"><span class="tgme_widget_message_views">1.2K</span>
     <span class="tgme_widget_message_meta">{self.meta}<a class="tgme_widget_message_date"
       href="https://t.me/{channel.shown_name}/{self.id}"><time datetime="{when.isoformat()}" class="time">10:00</time
       ></a></span></div></div>
  </div></div></div>"""


@dataclass
class Channel:
    name: str
    number: int = 1769674427
    posts: dict[int, Block] = field(default_factory=dict)
    shown_name: str = ""
    began: datetime = datetime(2026, 1, 1, tzinfo=UTC)
    preview: bool = True
    landing: str = '<div class="tgme_page_extra">12 345 subscribers</div>'

    def __post_init__(self) -> None:
        self.shown_name = self.shown_name or self.name

    def view(self, number: int) -> str:
        return b64encode(json.dumps({"c": self.number, "p": number, "t": 1733422422}).encode()).decode().rstrip("=")

    def write(self, *numbers: int, words: str = "Пост {}") -> None:
        for number in numbers:
            self.posts[number] = Block(number, escape(words.format(number)))

    def page(self, before: int | None) -> str:
        older = sorted(number for number in self.posts if before is None or number < before)[-PAGE:]
        blocks = "".join(self.posts[number].shown(self) for number in older)
        return f'<html><body><section class="tgme_channel_history">{blocks or EMPTY}</section></body></html>'


@dataclass
class Preview:
    """The site t.me: put it on a `Site` with `install`."""

    channels: dict[str, Channel] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    failing: dict[str, Answer] = field(default_factory=dict)
    """Answers for a path and query that shall go wrong."""

    def add(self, channel: Channel) -> Channel:
        self.channels[channel.name.casefold()] = channel
        return channel

    async def answer(self, request: Request) -> Answer:
        before = request.query.get("before")
        self.asked.append(request.path + (f"?before={before}" if before else ""))
        if failing := self.failing.get(self.asked[-1]):
            return failing
        first, _, name = request.path.strip("/").partition("/")
        if first != "s":
            channel = self.channels.get(first.casefold())
            title = "Telegram: View" if channel else "Telegram: Contact"
            page = f"<html><title>{title} @{first}</title>{channel.landing if channel else ''}</html>"
            return Answer(200, HTML, page.encode())
        channel = self.channels.get(name.casefold())
        if channel is None or not channel.preview:
            return Answer(302, {"Location": f"/{name}"})
        return Answer(200, HTML, channel.page(int(before) if before else None).encode(errors="surrogatepass"))
