"""Parts of a message within Telegram's limits, split on the borders of stories.

In: a page. Out: texts with entities, each at most 4096 UTF-16 units and 100 entities. Invariant: an item is never
divided (what it is made of is bounded where it is told), and every part begins with the title and a heading.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from bot.digests.page import Line, Page, Span
from bot.model import Entity, EntityKind

UNITS = 4096
ENTITIES = 100
_MARK = len(" · 9999/9999")


@dataclass(frozen=True, slots=True)
class Rich:
    """Text with its formatting; positions in code points. `links` are the first addresses it leads to."""

    text: str = ""
    entities: tuple[Entity, ...] = ()
    links: tuple[str, ...] = ()

    def __add__(self, other: Rich) -> Rich:
        moved = (
            replace(entity, start=entity.start + len(self.text), end=entity.end + len(self.text))
            for entity in other.entities
        )
        return Rich(self.text + other.text, (*self.entities, *moved), (*self.links, *other.links))


def units(text: str) -> int:
    """The length as Telegram counts it, in UTF-16 code units."""
    return len(text.encode("utf-16-le", errors="surrogatepass")) // 2


def rich(lines: Iterable[Line]) -> Rich:
    """Lines as one text with entities."""
    total = Rich()
    for number, line in enumerate(lines):
        total += Rich("\n" if number else "") + _rich_line(line)
    return total


def split(page: Page, *, limit: int = UNITS) -> tuple[Rich, ...]:
    """The page in parts of at most `limit` units, each with its mark "1/2" where there are several."""
    title = rich([(Span(page.title, bold=True),)])
    room = limit - units(title.text) - _MARK
    bodies = _packed(_paragraphs(page), room)
    if len(bodies) == 1:
        return (title + bodies[0],)
    return tuple(title + Rich(f" · {part}/{len(bodies)}") + body for part, body in enumerate(bodies, 1))


@dataclass(frozen=True, slots=True)
class _Paragraph:
    """What is never divided. `repeated` opens a part that begins here instead of the heading before it."""

    content: Rich
    repeated: Rich = Rich()


def _paragraphs(page: Page) -> Iterator[_Paragraph]:
    for note in page.notes:
        yield _Paragraph(Rich("\n") + rich([note]))
    for block in page.blocks:
        heading = Rich("\n\n") + rich([block.heading])
        again = heading + Rich(f" · {page.continued}")
        for number, item in enumerate(block.items):
            story = Rich("\n" if number and not item.beside else "") + Rich("\n") + rich(item.lines)
            story = replace(story, links=(item.address,) if item.address else ())
            yield _Paragraph(story, again) if number else _Paragraph(heading + story)
    for number, line in enumerate(page.footer):
        yield _Paragraph(Rich("\n" if number else "\n\n") + rich([line]))


def _packed(paragraphs: Iterable[_Paragraph], room: int) -> Sequence[Rich]:
    """As many paragraphs in each part as it holds."""
    parts = [Rich()]
    for paragraph in paragraphs:
        joined = parts[-1] + paragraph.content
        if _fits(joined, room) or not parts[-1].text:
            parts[-1] = joined
        else:
            parts.append(paragraph.repeated + paragraph.content)
    return parts


def _fits(content: Rich, room: int) -> bool:
    # One entity is the title's.
    return units(content.text) <= room and len(content.entities) < ENTITIES


def _rich_line(line: Line) -> Rich:
    text, entities, quoted = "", [], []
    for span in line:
        start, end = len(text), len(text) + len(span.text)
        text += span.text
        if span.quoted:
            quoted += [start, end]
        if span.bold:
            entities.append(Entity(EntityKind.BOLD, start, end))
        if span.url:
            entities.append(Entity(EntityKind.LINK, start, end, span.url))
    quotes = [Entity(EntityKind.QUOTE, quoted[0], quoted[-1])] if quoted else []
    return Rich(text, (*quotes, *entities))
