"""Search over every wording of every post: newest first, on either engine with the same result.

In: what a person typed, and filters. Out: posts, each once, in the newest wording that holds all the words. The index
holds no text: FTS5 keeps words without a copy, PostgreSQL an index over what `placewire_words` makes of title and text.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from itertools import chain
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    column,
    event,
    exists,
    false,
    func,
    literal_column,
    select,
    table,
    text,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model import Verdict, body_of
from bot.store.rows import PostRow
from bot.store.sql import pieces
from bot.store.tables import DELETED, EDITED, JUDGED, WORDED, happened, hit, metadata, post, revision, source
from bot.store.words import DROPPED, GAP, Wanted, as_server, indexed, is_plain, tokens, wanted

PAGE = 200
SHELVES = (15, 18)
"""On PostgreSQL 2 ** 15 wordings, one after the other, have a word in common, which no text can hold: their shelf. So
have 2 ** 18."""
NEAR, FAR = (1 << bits for bits in SHELVES)
"""So many wordings are looked through first, and then, before all the rest: most searches are content with those."""

_lowered = r"replace(lower(title || E'\n' || body COLLATE {letters}), 'ё', 'е')"
_without = reduce(lambda inner, char: f"replace({inner}, {char!r}, '')", DROPPED, f"replace({_lowered}, '''', '')")
_on_shelves = ", ".join(f"""'@{bits}.' || ("row" >> {bits})::text""" for bits in SHELVES)
POSTGRESQL = (
    # One expression of the server's own immutable functions (|| of text and a number is not): it need not call ours to
    # fill the index, and a dump of the database can be read back in any order.
    f"""
CREATE FUNCTION placewire_words("row" bigint, title text, body text, folded text) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE COST 200 AS $$
SELECT array_to_tsvector(ARRAY[{_on_shelves}] || array_remove(
    coalesce(string_to_array(folded, ' '), regexp_split_to_array({_without}, '{GAP}')), ''))
$$
""",
    'CREATE INDEX ix_revision_words ON revision USING gin (placewire_words("row", title, text, folded))',
)
_LETTERS = """
SELECT quote_ident(collname) FROM pg_collation WHERE collname IN ('und-x-icu', 'pg_c_utf8', 'C.utf8', 'C.UTF-8')
ORDER BY collname = 'und-x-icu', collname DESC LIMIT 1
"""
"""A collation that knows the lower case of Cyrillic whatever the locale of the database; ICU takes twice as long."""
SQLITE = """
CREATE VIRTUAL TABLE search USING fts5(words, content = '', detail = 'none', columnsize = 0, tokenize = 'ascii')
"""
MERGING = {"automerge": 16, "crisismerge": 32}
"""So many parts of the index are merged into one: with FTS5's own 4, indexing takes a fifth longer."""


def build_index(conn: Connection) -> None:
    """Make the index; on SQLite it is empty."""
    if conn.dialect.name == "sqlite":
        conn.exec_driver_sql(SQLITE)
        merge_less(conn)
        return
    letters = conn.exec_driver_sql(_LETTERS).scalar() or '"default"'
    for statement in POSTGRESQL:
        conn.exec_driver_sql(statement.replace("{letters}", letters))


def merge_less(conn: Connection) -> None:
    """Tell FTS5, which remembers it in the file."""
    for option, value in MERGING.items():
        conn.exec_driver_sql("INSERT INTO search (search, rank) VALUES (?, ?)", (option, value))


@event.listens_for(metadata, "after_create")
def _created(_metadata: object, conn: Connection, **_more: Any) -> None:
    build_index(conn)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Everything that is named must fit; nothing named takes all. Places are ids of watches."""

    sources: Sequence[str] = ()
    sides: Sequence[str] = ()
    places: Sequence[str] = ()
    languages: Sequence[str] = ()
    states: Sequence[str] = ()
    """Names of `STATES`."""
    since: datetime | None = None
    until: datetime | None = None

    @property
    def named(self) -> bool:
        """Whether anything is."""
        return any((*self.sources, *self.sides, *self.places, *self.languages, *self.states, self.since, self.until))


STATES: Mapping[str, ColumnElement[bool]] = {
    "hit": exists().where(hit.c.post == post.c.row),
    "nothing": ~exists().where(hit.c.post == post.c.row),
    "edited": EDITED,
    "deleted": DELETED,
    "rejected": exists().where(hit.c.post == post.c.row, hit.c.verdict == Verdict.REJECTED),
    "confirmed": exists().where(hit.c.post == post.c.row, hit.c.verdict == Verdict.CONFIRMED),
}
"""What may be asked of a post: whether it has hits, was edited or deleted, or what people made of its hits."""


_RARE: Mapping[str, Select[Any]] = {
    "edited": select(post.c.row).where(EDITED),
    "deleted": select(post.c.row).where(DELETED),
    "rejected": select(hit.c.post).where(JUDGED, hit.c.verdict == Verdict.REJECTED),
    "confirmed": select(hit.c.post).where(JUDGED, hit.c.verdict == Verdict.CONFIRMED),
}
"""Posts of a state, by an index of them alone."""
FEW = 5_000
"""Of a state that more posts have than this, the first fifty are soon found among those with the words."""


def kept(title: str, body: str) -> str | None:
    """What the `folded` column of PostgreSQL holds: nothing, where the server folds the text as we do."""
    whole = f"{title}\n{body}"
    if is_plain(whole):
        return None
    words = indexed(whole)
    plain = "İ" not in whole and as_server(whole) == words  # İ has two lower cases, and servers differ
    return None if plain else words


async def add(conn: AsyncConnection, wordings: Mapping[int, str]) -> None:
    """Index new wordings (the body, by the row of the revision) on SQLite; PostgreSQL does so by itself."""
    if conn.dialect.name == "sqlite":
        for statement, values in _added(wordings):
            await conn.exec_driver_sql(statement, values)


def add_at_once(conn: Connection, wordings: Mapping[int, str]) -> None:
    """`add`, where a database is filled as a whole."""
    for statement, values in _added({row: body for row, body in wordings.items() if body}):
        conn.exec_driver_sql(statement, values)


_AT_ONCE = 400
"""So many wordings go into one statement: the interpreter goes on with other things while it runs."""


def _added(wordings: Mapping[int, str]) -> Iterator[tuple[str, tuple[Any, ...]]]:
    for piece in pieces(list(wordings.items()), _AT_ONCE):
        marks = ", ".join(["(?, ?)"] * len(piece))
        values = [(row, tokens(body)) for row, body in piece]
        yield f"INSERT INTO search (rowid, words) VALUES {marks}", tuple(chain.from_iterable(values))  # noqa: S608


async def find(
    conn: AsyncConnection, typed: str, filters: Filters, limit: int, before: int | None = None
) -> tuple[list[PostRow], int | None]:
    """The newest posts in which every typed word stands, in any grammatical case; of a post its newest such wording.

    Without words all that `filters` lets through. Gives the `before` of the next page too, None behind the last one; a
    post may come again there, for an earlier wording.
    """
    words = wanted(typed)
    if (typed.strip() and not words) or not (words or filters.named):
        return [], None
    first = await newest(conn) if before is None else before - 1
    rows = _found(conn, words, filters, limit + 1, first) if words else _listed(conn, filters, limit + 1, first)
    found: dict[int, tuple[int, PostRow]] = {}
    async for row, at, item in rows:
        found.setdefault(row, (at, item))
        if len(found) > limit:
            break
    shown = list(found.values())[:limit]
    return [item for _, item in shown], shown[-1][0] if len(found) > limit else None


async def _listed(
    conn: AsyncConnection, filters: Filters, limit: int, first: int
) -> AsyncIterator[tuple[int, int, PostRow]]:
    """Posts up to the row `first`, the newest first, each in its present wording."""
    query = _filtered(filters).where(revision.c.number == post.c.revision, WORDED, post.c.row <= first)
    for rare in _rare(filters):
        if await _few(conn, rare):
            query = query.where(post.c.row.in_(rare))
    for row in (await conn.execute(query.order_by(post.c.row.desc()).limit(limit))).all():
        yield row.row, row.row, _post_row(row)


def _rare(filters: Filters) -> Iterator[Select[Any]]:
    """Posts that fit one of the filters, by an index: where they are few, they are looked at alone."""
    yield from (_RARE[state] for state in filters.states if state in _RARE)
    if filters.places:
        yield select(hit.c.post).where(hit.c.watch.in_(filters.places))
    for naming, names in ((source.c.name, filters.sources), (source.c.side, filters.sides)):
        if names:
            yield select(post.c.row).where(post.c.source.in_(select(source.c.row).where(naming.in_(names))))


async def _few(conn: AsyncConnection, rare: Select[Any]) -> bool:
    some = rare.limit(FEW + 1).subquery()
    return bool((await conn.execute(select(func.count()).select_from(some))).scalar_one() <= FEW)


async def _found(
    conn: AsyncConnection, words: Sequence[Wanted], filters: Filters, limit: int, first: int
) -> AsyncIterator[tuple[int, int, PostRow]]:
    """Page by page, for an often revised post fills many rows of one page; each post with the row of the wording."""
    filtered = await _narrowed(conn, _filtered(filters), filters.states)
    for span in backward(conn, first):
        page, upto = limit, span.upto
        while upto > span.after:
            query = matching(conn, filtered, [words], Span(span.after, upto))
            rows = (await conn.execute(query.order_by(_number(conn).desc()).limit(page))).all()
            for row in rows:
                yield row.row, row.wording, _post_row(row)
            upto = rows[-1].wording - 1 if len(rows) == page else span.after
            page = PAGE


async def _narrowed(conn: AsyncConnection, query: Select[Any], states: Sequence[str]) -> Select[Any]:
    """`query`, where a state that few posts have is looked up first: else every wording with the words is looked at."""
    for state in states:
        rare = _RARE.get(state)
        if rare is None:
            continue
        if await _few(conn, rare):
            wordings = select(revision.c.row).where(revision.c.post.in_(rare))
            number = literal_column("+search.rowid") if conn.dialect.name == "sqlite" else revision.c.row
            query = query.where(number.in_(wordings))  # the plus keeps FTS5 from asking for each of them
    return query


def _filtered(filters: Filters) -> Select[Any]:
    query = (
        select(
            post.c.row,
            revision.c.row.label("wording"),
            source.c.name,
            post.c.ident,
            post.c.url,
            post.c.published,
            revision.c.title,
            revision.c.text,
        )
        .select_from(revision)
        .join(post, post.c.row == revision.c.post)
        .join(source, source.c.row == post.c.source)
    )
    if filters.sources:
        query = query.where(func.coalesce(source.c.name, "").in_(filters.sources))  # by no index: the words come first
    if filters.sides:
        query = query.where(source.c.side.in_(filters.sides))
    if filters.languages:
        query = query.where(post.c.language.in_(filters.languages))
    for state in filters.states:
        query = query.where(STATES.get(state, false()))
    if filters.places:
        query = query.where(exists().where(hit.c.post == post.c.row, hit.c.watch.in_(filters.places)))
    if filters.since:
        query = query.where(happened >= filters.since)
    return query.where(happened < filters.until) if filters.until else query


@dataclass(frozen=True, slots=True)
class Span:
    """Wordings in a row: those behind the row `after`, up to `upto`."""

    after: int
    upto: int


async def newest(conn: AsyncConnection) -> int:
    """The row of the newest wording; 0 if there is none."""
    last: int | None = (await conn.execute(select(func.max(revision.c.row)))).scalar()
    return last or 0


def backward(conn: AsyncConnection, upto: int) -> Iterator[Span]:
    """All wordings up to this one, the newest first, in as many spans as the engine wants to be asked for."""
    for size in _sizes(conn, upto):
        yield Span(upto - size, upto)
        upto -= size


def forward(conn: AsyncConnection, after: int, upto: int) -> Iterator[Span]:
    """The wordings behind the one and up to the other, the oldest first."""
    for size in _sizes(conn, upto - after):
        yield Span(after, after + size)
        after += size


def _sizes(conn: AsyncConnection, count: int) -> Iterator[int]:
    """FTS5 gives what it finds in order, and stops; PostgreSQL has to find all of it before it can sort."""
    for size in () if conn.dialect.name == "sqlite" else (NEAR, FAR):
        if size < count:
            yield size
            count -= size
    if count > 0:
        yield count


def matching(conn: AsyncConnection, query: Select[Any], phrases: Sequence[Sequence[Wanted]], span: Span) -> Select[Any]:
    """`query` over `revision`, narrowed to wordings of `span` in which every word of one of `phrases` stands."""
    number = _number(conn)
    query = query.where(number > span.after, number <= span.upto)
    if conn.dialect.name == "postgresql":
        # First those that match, by the index, whatever the planner thinks of their number.
        found = select(revision.c.row).where(_WORDS.bindparams(wanted=_tsquery(phrases, span)))
        return query.where(revision.c.row == func.any(func.array(found.scalar_subquery())))
    return query.join(_search, number == revision.c.row).where(_MATCH.bindparams(wanted=_match(phrases)))


def _number(conn: AsyncConnection) -> ColumnElement[int]:
    """The row of a wording, by which the engine is asked for it."""
    return _search.c.rowid if conn.dialect.name == "sqlite" else revision.c.row


_search = table("search", column("rowid"))
_MATCH = text("search MATCH :wanted")
_WORDS = text(
    'placewire_words(revision."row", revision.title, revision.text, revision.folded) @@ CAST(:wanted AS tsquery)'
)


def _match(phrases: Sequence[Sequence[Wanted]]) -> str:
    return _expression(phrases, "AND", "OR", lambda part: f'"{part}"', lambda part: f'"{part}"*')


def _tsquery(phrases: Sequence[Sequence[Wanted]], span: Span) -> str:
    words = _expression(phrases, "&", "|", lambda part: f"'{part}'", lambda part: f"'{part}':*")
    for bits in SHELVES:
        if span.upto - span.after <= 1 << bits:
            first, last = span.after + 1 >> bits, span.upto >> bits
            return f"({words}) & ('@{bits}.{first}' | '@{bits}.{last}')"
    return words


_Term = Callable[[str], str]


def _expression(phrases: Sequence[Sequence[Wanted]], and_: str, or_: str, exact: _Term, prefix: _Term) -> str:
    """Any of the phrases, each of its words, in any of the ways to find it."""
    return f" {or_} ".join(
        f" {and_} ".join(
            f"({f' {or_} '.join([*map(prefix, word.prefixes), *map(exact, word.exact)])})" for word in phrase
        ).join("()")
        for phrase in phrases
    )


def _post_row(row: Any) -> PostRow:
    body = body_of(row.title, row.text)
    return PostRow(id=f"{row.name}/{row.ident}", source=row.name, url=row.url, published=row.published, text=body)
