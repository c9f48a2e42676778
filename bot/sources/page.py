"""A page of the public web preview of a channel (t.me/s/NAME), read into messages.

In: HTML. Out: a `Page`. Pure. What looks like a message and cannot be read is a hole, never silently skipped.
"""

from __future__ import annotations

import json
import re
from base64 import urlsafe_b64decode
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser

from bot.model import Gap
from bot.sources.parsing.plain import BLOCKS, SILENT, clean, tangled

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

NUMBER = re.compile(r"[0-9]{1,18}")
"""An id: what is longer fits in no database integer, and is none."""
POST = re.compile(rf"([A-Za-z0-9_]+)/({NUMBER.pattern})g?")
WRAP = ".tgme_widget_message_wrap"
MESSAGE = ".tgme_widget_message"
TEXT = ".tgme_widget_message_text"
REPLY = "tgme_widget_message_reply"
END = ".tme_no_messages_found"
INDENTATION = re.compile(r"\s*\n\s*")
BLANKS = re.compile(r"[ \t]*\n[ \t]*")
CHANNEL_PREFIX = 10**12
"""MTProto's marked ids are -100 and the id; the preview writes either."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One block. `parts` are the further ids of an album; a service message has no words of its own."""

    id: int
    channel: str
    channel_id: int | None = None
    parts: tuple[int, ...] = ()
    published: datetime | None = None
    edited: datetime | None = None
    """When, where the reader can tell: the preview cannot."""
    text: str = ""
    author: str | None = None
    forwarded_from: str | None = None
    reply_to: str | None = None
    complete: bool = True
    service: bool = False

    @property
    def last(self) -> int:
        return max((self.id, *self.parts))


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """`messages` ascend; `holes` are ids that stood on the page and could not be read; `end`: nothing is older."""

    messages: tuple[Message, ...] = ()
    holes: tuple[Gap, ...] = ()
    unreadable: int = 0
    end: bool = False
    blocked: bool = False
    """The newest block is unreadable: nobody knows what the channel's newest id is."""

    @property
    def last(self) -> int:
        return max((each.last for each in self.messages), default=0)


def read(html: str) -> Page:
    """A page too tangled for any parser has no marks of a preview."""
    if tangled(html):
        return Page()
    tree = LexborHTMLParser(html)
    blocks = [block for block in tree.css(WRAP) or tree.css(MESSAGE) if not block.css_first(END)]
    found = [_block(block) for block in blocks]
    messages = sorted((each for each in found if isinstance(each, Message)), key=lambda each: each.id)
    return Page(
        messages=tuple(messages),
        holes=tuple(_holes(found)),
        unreadable=sum(1 for each in found if not isinstance(each, Message)),
        end=not blocks and tree.css_first(END) is not None,
        blocked=bool(found) and not isinstance(found[-1], Message),
    )


def _holes(found: list[Message | int | None]) -> Iterator[Gap]:
    """Where unreadable blocks stood: at their own id, else between their neighbours.

    One without an id before the first message lies below it, one behind the last above it: no neighbour bounds
    them, and the cursor never covers that side.
    """
    for place, each in enumerate(found):
        if isinstance(each, int):
            yield Gap(each, each)
        elif each is None:
            before = [other.last for other in found[:place] if isinstance(other, Message)]
            after = [other.id for other in found[place + 1 :] if isinstance(other, Message)]
            if before and after and before[-1] + 1 < after[0]:
                yield Gap(before[-1] + 1, after[0] - 1)


def _block(block: LexborNode) -> Message | int | None:
    """The message, or where it cannot be read its id, or where even that is missing None."""
    node = block if block.attributes.get("data-post") else block.css_first("[data-post]")
    found = POST.fullmatch(node.attributes.get("data-post") or "") if node else None
    if node is None or found is None:
        return None
    number = int(found[2])
    service = _has_class(node, "service_message") or node.css_first(".service_message") is not None
    published = _time(node)
    if published is None and not service:
        return number
    ids = sorted({number, *_album(node)})
    return Message(
        id=ids[0],
        parts=tuple(ids[1:]),
        channel=found[1],
        channel_id=_channel_id(node.attributes.get("data-view")),
        published=published,
        text="" if service else _words(node),
        author=_inner(node, ".tgme_widget_message_from_author"),
        forwarded_from=_link_key(node.css_first("a.tgme_widget_message_forwarded_from_name")),
        reply_to=_reply(node, found[1]),
        complete=_complete(node),
        service=service,
    )


def _has_class(node: LexborNode, name: str) -> bool:
    return name in (node.attributes.get("class") or "").split()


def _inside(node: LexborNode, *names: str) -> bool:
    """Whether an ancestor has one of the classes."""
    parent = node.parent
    while parent is not None:
        if any(_has_class(parent, name) for name in names):
            return True
        parent = parent.parent
    return False


def _inner(node: LexborNode, selector: str) -> str | None:
    found = node.css_first(selector)
    return (clean(found.text()).strip() or None) if found else None


def _time(node: LexborNode) -> datetime | None:
    """When it was published; a video's length is a <time> too, without a datetime."""
    for time in node.css(".tgme_widget_message_date time[datetime]") or node.css("time[datetime]"):
        try:
            moment = datetime.fromisoformat(time.attributes.get("datetime") or "")
            return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
        except (ValueError, OverflowError):  # In UTC it may lie before the year 1, or after 9999.
            continue
    return None


def _channel_id(view: str | None) -> int | None:
    """The channel's numeric id out of `data-view`: base64 of JSON with `c`."""
    if not view:
        return None
    try:
        held = json.loads(urlsafe_b64decode(view.replace("+", "-").replace("/", "_") + "=" * (-len(view) % 4)))
        found = NUMBER.fullmatch(str(held["c"]).removeprefix("-"))
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    return bare_id(int(found[0])) if found else None


def bare_id(number: int) -> int:
    """A channel's id without the -100 that marks it in other places."""
    number = abs(number)
    return number - CHANNEL_PREFIX if number > CHANNEL_PREFIX else number


def _album(node: LexborNode) -> set[int]:
    """Ids of an album's parts: they stand only in the links of the grouped media."""
    links = node.css(".js-message_grouped_wrap a[href], .tgme_widget_message_grouped_wrap a[href]")
    keys = (_link_key(link) or "" for link in links if "single" in (link.attributes.get("href") or ""))
    return {int(key.rpartition("/")[2]) for key in keys if "/" in key}


def _link_key(link: LexborNode | None) -> str | None:
    """What a link points to: "channel/id" for a post, the channel alone for a channel."""
    if link is None:
        return None
    try:
        parts = urlsplit(link.attributes.get("href") or "").path.strip("/").split("/")
    except ValueError:
        return None
    if parts[:1] in (["s"], ["c"]):
        parts = parts[1:]
    if not parts or not parts[0]:
        return None
    return f"{parts[0]}/{parts[1]}" if len(parts) > 1 and NUMBER.fullmatch(parts[1]) else parts[0]


def _reply(node: LexborNode, channel: str) -> str | None:
    """The id of the message replied to; with its channel where that is another one."""
    key = _link_key(node.css_first(f"a.{REPLY}"))
    if key is None or "/" not in key:
        return None
    other, _, number = key.partition("/")
    return number if other.casefold() == channel.casefold() else key


def _complete(node: LexborNode) -> bool:
    """False where the page shows a notice in place of content.

    Hidden fallbacks of players, and of media that the page does show, stand on every other message and mean nothing.
    """
    shown = node.css_first(".media_supported_cont") is not None
    for notice in node.css(".message_media_not_supported"):
        hidden = _inside(notice, "tgme_widget_message_video_player", "tgme_widget_message_roundvideo_player")
        if not hidden and not (shown and _inside(notice, "media_not_supported_cont")):
            return False
    return True


# ---------------------------------------------------------------- words


def _words(node: LexborNode) -> str:
    """The post's own text, and a poll's question with its options."""
    return "\n".join(dict.fromkeys([*filter(None, map(_text, _own_texts(node))), *_poll(node)]))


def _own_texts(node: LexborNode) -> list[LexborNode]:
    """Text blocks that are not a reply's quote, nor nested in another: posts with media nest a second one."""
    bare = TEXT.removeprefix(".")
    return [text for text in node.css(TEXT) if not _inside(text, REPLY, bare) and not _has_class(text, REPLY)]


def _poll(node: LexborNode) -> list[str]:
    question = _inner(node, ".tgme_widget_message_poll_question")
    options = [clean(option.text()).strip() for option in node.css(".tgme_widget_message_poll_option_text")]
    return [question, *(f"– {option}" for option in options)] if question else []


def _text(node: LexborNode) -> str:
    parts: list[str] = []
    _collect(node, parts)
    return BLANKS.sub("\n", clean("".join(parts))).strip()


def _collect(node: LexborNode, parts: list[str], depth: int = 0) -> None:
    """Text as Telegram shows it: every blank counts, lines end at <br> and at the borders of blocks."""
    child = node.child
    while child is not None:
        tag = child.tag or ""
        if tag == "-text":
            parts.append(INDENTATION.sub(" ", child.text_content or ""))
        elif tag == "br":
            parts.append("\n")
        elif tag not in SILENT and not tag.startswith("-") and depth < 100:
            if tag in BLOCKS:
                _new_line(parts)
            _collect(child, parts, depth + 1)
            if tag in BLOCKS and child.next is not None:
                _new_line(parts)
        child = child.next


def _new_line(parts: list[str]) -> None:
    written = "".join(parts[-2:]).rstrip(" ")
    if written and not written.endswith("\n"):
        parts.append("\n")
