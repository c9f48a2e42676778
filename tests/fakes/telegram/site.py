"""The world as t.me shows it: the same posts on the pages of tests/fakes/preview.py."""

from __future__ import annotations

from html import escape

from bot.http.serving import Answer, Request
from tests.fakes import preview
from tests.fakes.telegram.world import Channel, Post, World, albums

UNSUPPORTED = '<div class="message_media_not_supported"><div>This media is not supported</div></div>'


async def answer(world: World, request: Request) -> Answer:
    site = preview.Preview()
    for channel in world.channels:
        if channel.name and not channel.private:
            site.add(shown(channel))
    return await site.answer(request)


def shown(channel: Channel) -> preview.Channel:
    assert channel.name
    on = channel.preview and not channel.megagroup and not channel.restricted
    page = preview.Channel(channel.name, channel.id, preview=on)
    if channel.megagroup:
        page.landing = '<div class="tgme_page_extra">1 234 members, 56 online</div>'
    seen = [post for post in channel.posts.values() if channel.frozen is None or post.id <= channel.frozen]
    for parts in albums(seen):
        block = _block(channel, parts)
        page.posts[block.id] = block
    return page


def _block(channel: Channel, parts: list[Post]) -> preview.Block:
    first, *_ = parts
    text = next((part for part in parts if part.text), first)
    body = "".join([_forward(first), _reply(channel, first), _grouped(channel, parts), _poll(first)])
    if first.service:
        body = '<div class="service_message">pinned a message</div>'
    if first.unsupported:
        body += UNSUPPORTED
    author = f'<span class="tgme_widget_message_from_author">{escape(first.author)}</span>' if first.author else ""
    html = escape(text.text).replace("\n", "<br/>")
    return preview.Block(first.id, html, body=body, when=first.date, meta=author)


def _forward(post: Post) -> str:
    if post.forward is None:
        return ""
    name, number = post.forward
    kind = "tgme_widget_message_forwarded_from_name"
    if name.startswith("-"):  # an origin without a public name is shown without a link
        return f'<span class="{kind}">{escape(name)}</span>'
    return f'<a class="{kind}" href="https://t.me/{name}/{number}">{escape(name)}</a>'


def _reply(channel: Channel, post: Post) -> str:
    if not post.reply_to:
        return ""
    return f'<a class="tgme_widget_message_reply" href="https://t.me/{channel.name}/{post.reply_to}"><div>x</div></a>'


def _grouped(channel: Channel, parts: list[Post]) -> str:
    if len(parts) == 1:
        return ""
    links = "".join(f'<a href="https://t.me/{channel.name}/{part.id}?single"></a>' for part in parts)
    return f'<div class="tgme_widget_message_grouped_wrap js-message_grouped_wrap">{links}</div>'


def _poll(post: Post) -> str:
    if not post.poll:
        return ""
    question, *options = map(escape, post.poll)
    shown_options = "".join(f'<div class="tgme_widget_message_poll_option_text">{option}</div>' for option in options)
    return f'<div class="tgme_widget_message_poll_question">{question}</div>{shown_options}'
