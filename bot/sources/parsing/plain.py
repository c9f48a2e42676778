"""HTML as plain text: paragraphs become lines, entities characters, scripts nothing.

In: a fragment of HTML. Out: text for people and for matching. Never markup.
"""

from __future__ import annotations

import re
from collections import Counter
from html import unescape
from typing import TYPE_CHECKING

from selectolax.lexbor import LexborHTMLParser

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

MARKUP = re.compile(r"<[A-Za-z!/?]|&[A-Za-z#]")
BLOCKS = frozenset(
    {"address", "article", "aside", "blockquote", "dd", "details", "div", "dl", "dt", "figcaption", "figure", "footer",
     "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "p", "pre", "section",
     "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul"}
)  # fmt: skip
SILENT = frozenset(
    {
        "head",
        "iframe",
        "math",
        "noscript",
        "object",
        "script",
        "select",
        "style",
        "svg",
        "template",
        "textarea",
        "title",
    }
)
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
UPON = (
    "\u00ad\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u061c\u064b-\u065f\u180e\u1ab0-\u1aff\u1dc0-\u1dff\u200b-\u200f"
    "\u202a-\u202e\u2060-\u206f\u20d0-\u20ff\ufe00-\ufe0f\ufe20-\ufe2f\ufeff\U000e0000-\U000e0fff"
)
"""Marks upon letters, and signs that nobody sees."""
HEAP = re.compile(f"([{UPON}]{{16}})[{UPON}]+")
"""No writing sets more of them on one place; a word with thousands would be a mention of thousands of characters."""
SPACES = re.compile(r"[ \t\r\f\v\u2028\u2029]+")
LINES = re.compile(r" ?\n[ \n]*")
MARK = re.compile(r"<[A-Za-z!/?][^<>]*>?")
TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]*)")
DEEPEST = 200
TANGLED = 2_000_000
"""Tags, times how many of them stand open at once: as this product grows the parser's time, and its memory where it
opens again what was not closed. A live page of a day has 50,000 tags, hardly 20 deep."""


def clean(text: str) -> str:
    """Without characters that no terminal, database or XML file takes, and without signs that only swell a word."""
    return HEAP.sub(r"\1", CONTROL.sub("", text))


def tangled(html: str) -> bool:
    """Whether tags stand in one another so deep that no parser should be given them."""
    if html.count("<") ** 2 < TANGLED:
        return False
    opened: Counter[str] = Counter()
    tags = depth = deepest = 0
    for closing, name in TAG.findall(html):
        tags += 1
        if not closing:
            opened[name] += 1
            depth += 1
            deepest = max(deepest, depth)
        elif opened[name]:
            opened[name] -= 1
            depth -= 1
    return tags * deepest > TANGLED


def plain(html: str) -> str:
    """The text of a fragment of HTML, a line for each block."""
    if not MARKUP.search(html):
        return tidy(html)
    if "<" not in html:
        return tidy(unescape(html))
    if tangled(html):
        return tidy(unescape(MARK.sub("\n", html)))
    body = LexborHTMLParser(html).body
    if body is None:
        return ""
    parts: list[str] = []
    collect(body, parts)
    return tidy_lines("".join(parts))


def collect(node: LexborNode, parts: list[str], depth: int = 0) -> None:
    """Append the text below `node`: whitespace as HTML means it, a line break for a block's borders and <br>."""
    child = node.child
    while child is not None:
        tag = child.tag
        if tag == "-text":
            parts.append(SPACES.sub(" ", (child.text_content or "").replace("\n", " ")))
        elif tag == "br":
            parts.append("\n")
        elif tag and tag not in SILENT and not tag.startswith("-") and depth < DEEPEST:
            border = "\n" if tag in BLOCKS else ""
            parts.append(border)
            collect(child, parts, depth + 1)
            parts.append(border)
        child = child.next


def tidy_lines(text: str) -> str:
    """One line break between lines, no blanks at their ends."""
    return LINES.sub("\n", SPACES.sub(" ", clean(text).replace("\u00a0", " "))).strip()


def tidy(text: str) -> str:
    """Plain text from XML: line breaks of its source stay, runs of blanks do not."""
    return LINES.sub("\n", SPACES.sub(" ", clean(text).replace("\r\n", "\n").replace("\u00a0", " "))).strip()
