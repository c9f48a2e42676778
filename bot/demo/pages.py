"""Channel pages in the markup of the public web preview, t.me/s/NAME.

In: a channel and the posts that are visible. Out: HTML with everything that makes the real page hard to read: the text
class also on quoted replies, decorated emoji and hashtags, albums, polls, and media that the page will not show.
"""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Mapping, Sequence
from hashlib import sha256
from html import escape
from zoneinfo import ZoneInfo

from bot.demo.newsroom import Item, Outlet

PAGE = 20
"""Posts on one page, as Telegram has it."""

_DECORATED = re.compile(
    r"(?P<link>https?://[^\s<]+)"
    r"|(?P<tag>#\w+)"
    r"|(?P<name>(?<!\w)@\w{5,32})"
    r"|(?P<emoji>[\u2600-\u27bf\U0001f300-\U0001faff]\ufe0f?)"
)


def channel_page(channel: Outlet, visible: Sequence[Item], before: int | None, named: Mapping[str, str]) -> str:
    """The newest page, or the posts strictly below `before`; `named` has the titles of channels by name."""
    older = [item for item in visible if before is None or item.number < before]
    shown = older[-PAGE:]
    messages = "\n".join(_wrap(_message(channel, item, visible, named)) for item in shown) or _nothing()
    more = _more(channel, shown[0].number) if len(older) > len(shown) else ""
    return _frame(channel, f"{more}{messages}")


def landing_page(name: str) -> str:
    """Where a channel without preview redirects to."""
    return (
        f'<!DOCTYPE html>\n<html><head><meta charset="utf-8"><title>Telegram: View @{escape(name)}</title>'
        f'<meta property="og:title" content="{escape(name)}"></head>\n<body class="no_transition">'
        '<div class="tgme_page_wrap"><div class="tgme_page_action">'
        f'<a class="tgme_action_button_new shine" href="tg://resolve?domain={escape(name)}">View in Telegram</a>'
        "</div></div></body></html>\n"
    )


def marked_up(text: str) -> str:
    """Plain text as the preview shows it: line breaks, links, hashtags, mentions and pictures for emoji."""
    parts = []
    end = 0
    for match in _DECORATED.finditer(text):
        parts += [escape(text[end : match.start()]), _decorate(match)]
        end = match.end()
    parts.append(escape(text[end:]))
    return "".join(parts).replace("\n", "<br/>")


def _decorate(match: re.Match[str]) -> str:
    word = escape(match[0])
    if match["link"]:
        return f'<a href="{word}" target="_blank" rel="noopener">{word}</a>'
    if match["tag"]:
        return f'<a href="?q=%23{word[1:]}">{word}</a>'
    if match["name"]:
        return f'<a href="https://t.me/{word[1:]}" target="_blank">{word}</a>'
    picture = match[0].rstrip("\ufe0f").encode().hex().upper()
    style = f"background-image:url('//telegram.org/img/emoji/40/{picture}.png')"
    return f'<i class="emoji" style="{style}"><b>{word}</b></i>'


def _frame(channel: Outlet, history: str) -> str:
    title = escape(channel.title)
    return f"""<!DOCTYPE html>
<html>
  <head>
    <meta charset="utf-8">
    <title>{title} – Telegram</title>
    <meta property="og:title" content="{title}">
    <link rel="canonical" href="/s/{channel.name}">
  </head>
  <body class="widget_frame_base tgme_webpreview emoji_image no_transitions">
    <header class="tgme_header search_collapsed">
      <a class="tgme_header_link" href="/{channel.name}">
        <div class="tgme_header_title"><span dir="auto">{title}</span></div>
      </a>
    </header>
    <main class="tgme_main" data-url="/{channel.name}">
      <section class="tgme_right_column">
        <div class="tgme_channel_info">
          <div class="tgme_channel_info_header_title"><span dir="auto">{title}</span></div>
          <div class="tgme_channel_info_header_username"><a href="https://t.me/{channel.name}">@{channel.name}</a></div>
        </div>
      </section>
      <section class="tgme_channel_history js-message_history">
{history}
      </section>
    </main>
  </body>
</html>
"""


def _more(channel: Outlet, first: int) -> str:
    return (
        '<div class="tgme_widget_message_centered js-messages_more_wrap">'
        f'<a href="/s/{channel.name}?before={first}" class="tme_messages_more js-messages_more" data-before="{first}">'
        "</a></div>\n"
    )


def _nothing() -> str:
    return _wrap(
        '<div class="tgme_widget_message_centered"><div class="tme_no_messages_found">No posts found</div></div>'
    )


def _wrap(inner: str) -> str:
    return f'<div class="tgme_widget_message_wrap js-widget_message_wrap">{inner}</div>'


def _message(channel: Outlet, item: Item, visible: Sequence[Item], named: Mapping[str, str]) -> str:
    blocks = (
        _forward(item, named),
        _reply(channel, item, visible),
        _photos(item),
        _unsupported(item),
        _poll(item),
        _text(item),
        _footer(item),
    )
    return f"""<div class="tgme_widget_message text_not_supported_wrap js-widget_message" data-post="{item.key}" \
data-view="{_view(channel, item)}">
  <div class="tgme_widget_message_user"><a href="https://t.me/{channel.name}">\
<i class="tgme_widget_message_user_photo bgcolor3" data-content="{escape(channel.title[0])}"></i></a></div>
  <div class="tgme_widget_message_bubble">
    <div class="tgme_widget_message_author accent_color"><a class="tgme_widget_message_owner_name" \
href="https://t.me/{channel.name}"><span dir="auto">{escape(channel.title)}</span></a></div>
{"".join(blocks)}
  </div>
</div>"""


def _view(channel: Outlet, item: Item) -> str:
    """The counter's token: base64 of JSON with the channel's numeric id, the message, the time and a hash."""
    message: int | str = f"{item.id}g" if item.photos > 1 else item.number
    token = {
        "c": -channel.number,
        "p": message,
        "t": int(item.at.timestamp()),
        "h": sha256(item.key.encode()).hexdigest()[:18],
    }
    return b64encode(json.dumps(token, separators=(",", ":")).encode()).decode()


def _forward(item: Item, named: Mapping[str, str]) -> str:
    if not item.forwarded:
        return ""
    title = escape(named.get(item.forwarded.partition("/")[0], item.forwarded))
    return (
        '    <div class="tgme_widget_message_forwarded_from accent_color">Forwarded from&nbsp;'
        f'<a class="tgme_widget_message_forwarded_from_name" href="https://t.me/{item.forwarded}">'
        f'<span dir="auto">{title}</span></a></div>\n'
    )


def _reply(channel: Outlet, item: Item, visible: Sequence[Item]) -> str:
    """The quoted post; its text has the class of the post's own text."""
    if not item.reply_to:
        return ""
    quoted = next((other.text for other in visible if other.key == item.reply_to), "")
    return f"""    <a class="tgme_widget_message_reply user-color-default" href="https://t.me/{item.reply_to}">
      <div class="tgme_widget_message_author accent_color">
        <span class="tgme_widget_message_author_name" dir="auto">{escape(channel.title)}</span>
      </div>
      <div class="tgme_widget_message_text js-message_reply_text" dir="auto">{escape(quoted[:80])}</div>
    </a>
"""


def _photos(item: Item) -> str:
    if not item.photos:
        return ""
    if item.photos == 1:
        return f'    <a class="tgme_widget_message_photo_wrap" href="https://t.me/{item.key}">{_PHOTO}</a>\n'
    photos = "".join(
        '<a class="tgme_widget_message_photo_wrap grouped_media_wrap blured js-message_photo" '
        f'href="https://t.me/{item.source}/{part}?single">{_PHOTO}</a>'
        for part in parts(item)
    )
    return f"""    <div class="tgme_widget_message_grouped_wrap js-message_grouped_wrap" data-margin-w="2">\
<div class="tgme_widget_message_grouped js-message_grouped"><div class="tgme_widget_message_grouped_layer \
js-message_grouped_layer" style="width:453px;height:340px">{photos}</div></div></div>
"""


_PHOTO = '<div class="tgme_widget_message_photo" style="padding-top:75%"></div>'


def parts(item: Item) -> range:
    """The message ids of an album: the post's own and those that follow it."""
    return range(item.number, item.number + max(1, item.photos))


def _unsupported(item: Item) -> str:
    if not item.unsupported:
        return ""
    return f"""    <div class="message_media_not_supported_wrap"><div class="message_media_not_supported">
      <div class="message_media_not_supported_label">Please open Telegram to view this post</div>
      <a href="https://t.me/{item.key}" class="message_media_view_in_telegram">VIEW IN TELEGRAM</a>
    </div></div>
"""


def _poll(item: Item) -> str:
    if not item.poll:
        return ""
    question, *answers = item.poll
    options = "".join(
        '<div class="tgme_widget_message_poll_option js-poll_option">'
        f'<div class="tgme_widget_message_poll_option_percent">{100 // len(answers)}%</div>'
        '<div class="tgme_widget_message_poll_option_value">'
        f'<div class="tgme_widget_message_poll_option_text">{escape(answer)}</div></div></div>'
        for answer in answers
    )
    return f"""    <div class="tgme_widget_message_poll js-poll">
      <div class="tgme_widget_message_poll_question">{escape(question)}</div>
      <div class="tgme_widget_message_poll_type">Anonymous Poll</div>
      <div class="tgme_widget_message_poll_options">{options}</div>
      <div class="tgme_widget_message_poll_votes">312 voters</div>
    </div>
"""


def _text(item: Item) -> str:
    if not item.text:
        return ""
    return f'    <div class="tgme_widget_message_text js-message_text" dir="auto">{marked_up(item.text)}</div>\n'


def _footer(item: Item) -> str:
    """Views, the mark of an edit (never its hour), the link and the time of publication."""
    edited = "edited &nbsp;" if item.edited else ""
    local = item.at.astimezone(ZoneInfo("UTC"))
    return f"""    <div class="tgme_widget_message_footer compact js-message_footer">
      <div class="tgme_widget_message_info short js-message_info">
        <span class="tgme_widget_message_views">1.2K</span><span class="copyonly"> views</span>\
<span class="tgme_widget_message_meta">{edited}<a class="tgme_widget_message_date" href="https://t.me/{item.key}">\
<time datetime="{local:%Y-%m-%dT%H:%M:%S}+00:00" class="time">{local:%H:%M}</time></a></span>
      </div>
    </div>"""
