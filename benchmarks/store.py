"""Storing and searching, on SQLite and PostgreSQL side by side.

    python benchmarks/store.py [--posts 1000000] [--postgresql postgresql://postgres@127.0.0.1:5432/postgres]

Makes posts of about 650 characters out of made-up words with Zipf's frequencies, in sentences, in which every name of a
list of places stands in its cases, more or less often. Stores them as the service does: many sources at once, readings
of 20 to 50 posts, each answered when it is durable and searchable. Prints posts a second over all and over the last
tenth, beside the same rows written by the bare driver into the same database; bytes a post; the time of a search for
one name (median and 95th percentile over all names and cases, and of it the time in statements: the server's, with the
way there and back; of SQLite that of its thread) beside a scan; and that of finding, by all its forms, every post that
may hold a new place. The machine's other work slows everything here: hence processor time, ratios, and the load. What
is merged or sorted into an index later is waited for and counted: nothing is put off.
Ends with a table of both engines beside what is asked of them. With 1,000,000 posts it takes a quarter of an hour.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import os
import random
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, event, make_url, text

from benchmarks.peers import peer
from bot.language.declension_ru import decline
from bot.matching import forms
from bot.model import Condition, Cursor, Post, Reading, Source, SourceKind, SourceMemory
from bot.store import Store, driver
from bot.store.words import indexed

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
CHARACTERS = 650
SOURCES = 200
AT_ONCE = 50
CHUNK = 20_000
PAGE = 1000
CONSONANTS, VOWELS = "бвгджзклмнпрстфхцчш", "аеиоуыя"
_NAMES = (
    "Суджа Курск Волчанск Купянск Торецк Покровск Часов Угледар Авдеевка Бахмут Лебедин Тростянец Ахтырка Краснополье "
    "Рыльск Льгов Глушково Коренево Обоянь Беловский Шебекино Грайворон Борисовка Валуйки Изюм Балаклея Чугуев Мерефа"
)
NAMES = _NAMES.split()
CASES = {name: sorted({form for case in decline(name.lower()) for form in case}) for name in NAMES}


def sentences(count: int, dice: random.Random) -> list[str]:
    """So many words in a row, of 300,000 that there are; every ninth ends a sentence."""

    def word() -> str:
        letters = "".join(dice.choice(CONSONANTS) + dice.choice(VOWELS) for _ in range(dice.randint(1, 4)))
        return letters + dice.choice(["", "й", "м", "ть", "х", "н"])

    known = [word() for _ in range(300_000)]
    words = dice.choices(known, [1 / rank for rank in range(1, len(known) + 1)], k=count)
    for at in range(0, count - 9, 9):
        words[at], words[at + 4], words[at + 8] = words[at].capitalize(), f"{words[at + 4]},", f"{words[at + 8]}."
    return words


def bodies(count: int, dice: random.Random) -> Iterator[str]:
    """Each name stands in one post of 100 (the first) to one of 20,000 (the last)."""
    pool = sentences(2_000_000, dice)
    named: defaultdict[int, list[str]] = defaultdict(list)
    for number, name in enumerate(NAMES):
        once_in = 100 * 200 ** (number / (len(NAMES) - 1))
        for _ in range(int(count / once_in) + 1):
            named[dice.randrange(count)].append(name)
    for at in range(count):
        start = dice.randrange(len(pool) - 200)
        words = pool[start : start + 130]
        for name in named.pop(at, ()):
            words[dice.randrange(60)] = dice.choice(CASES[name]).capitalize()
        yield " ".join(words)[:CHARACTERS]


def readings(count: int, dice: random.Random) -> Iterator[Reading]:
    """Of each source in turn, 20 to 50 new posts, with the window that they fill."""
    texts = bodies(count, dice)
    newest = [0] * SOURCES
    for source in itertools.cycle(range(SOURCES)):
        new = list(itertools.islice(texts, dice.randint(20, 50)))
        if not new:
            return
        newest[source] += len(new)
        yield reading(f"channel_{source}", newest[source] - len(new), new)


def reading(source: str, last: int, new: Sequence[str]) -> Reading:
    posts = tuple(
        Post(
            source=source,
            id=str(number),
            url=f"https://t.me/{source}/{number}",
            text=body,
            published=NOW + timedelta(seconds=number),
            language="ru",
        )
        for number, body in enumerate(new, last + 1)
    )
    return Reading(source=source, condition=Condition(state="ok"), cursor=Cursor(newest=last + len(new)), posts=posts)


def memory(read: Reading) -> SourceMemory:
    return SourceMemory(name=read.source, cursor=read.cursor, condition=read.condition, first_read=NOW, due=NOW)


async def commit_all(store: Store, given: Iterator[Reading]) -> None:
    """One of the tasks that store side by side."""
    for read in given:
        await store.commit_reading(read, memory(read), NOW)


@dataclass
class Figures:
    """What came out for one engine; times in milliseconds."""

    engine: str
    stored: float = 0.0
    lately: float = 0.0
    """Posts a second, over all and over the last tenth."""
    processor: float = 0.0
    """Of our process, in microseconds a post."""
    bare: float = 0.0
    size: float = 0.0
    """Bytes a post."""
    median: float = 0.0
    p95: float = 0.0
    asked: float = 0.0
    """Of it in statements, the 95th percentile."""
    worked: float = 0.0
    """Processor time of our process, the 95th percentile: of SQLite that is all there is beside waiting."""
    scan: float = 0.0
    back: list[tuple[int, float]] = field(default_factory=list)
    """Posts that were found, and seconds."""


ROWS: Sequence[tuple[str, str, Callable[[Figures], str]]] = (
    ("stored with the index, posts/s, over all", "5,000", lambda it: f"{it.stored:,.0f}"),
    ("the same, the last tenth", "", lambda it: f"{it.lately:,.0f}"),
    ("the bare driver, same rows and database, folded beforehand", "", lambda it: f"{it.bare:,.0f}"),
    ("ours as a share of it", "", lambda it: f"{it.stored / it.bare:.2f}"),
    ("processor time of our process for a post, µs", "", lambda it: f"{it.processor:.0f}"),
    ("bytes a post, everything included", "2,048", lambda it: f"{it.size:,.0f}"),
    ("search for one name: median, ms", "", lambda it: f"{it.median:.1f}"),
    ("95th percentile, ms", "", lambda it: f"{it.p95:.1f}"),
    ("the same in statements alone: at the server, ms", "10", lambda it: f"{it.asked:.1f}"),
    ("the same in processor time of our process, ms", "", lambda it: f"{it.worked:.1f}"),
    ("a scan, ms", "", lambda it: f"{it.scan:,.0f}"),
    ("times the 95th percentile", "100", lambda it: f"{it.scan / it.p95:,.0f}"),
    *(
        (f"back-search of {how}: posts, s", "1 s", lambda it, at=at: f"{it.back[at][0]:,}, {it.back[at][1]:.2f}")
        for at, how in enumerate(("a frequent name", "a middling one", "a rare one"))
    ),
)


def show(found: Sequence[Figures], count: int) -> None:
    print(f"\n| {count:,} posts | asked | {' | '.join(it.engine for it in found)} |\n|---|---|{'---|' * len(found)}")
    for what, asked, of in ROWS:
        print(f"| {what} | {asked} | {' | '.join(map(of, found))} |")


def load() -> str:
    return f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors"


async def fill(store: Store, count: int) -> list[tuple[int, float, float]]:
    """Give what each chunk came to: posts, seconds, and seconds of our processor time."""
    addresses = {f"channel_{n}": f"https://t.me/channel_{n}" for n in range(SOURCES)}
    await store.sync_sources(
        [Source(name=name, kind=SourceKind.CHANNEL, address=address) for name, address in addresses.items()], NOW
    )
    made, stored = readings(count, random.Random(7)), 0
    chunks: list[tuple[int, float, float]] = []
    while chunk := list(itertools.islice(made, CHUNK // 35)):
        posts = sum(len(read.posts) for read in chunk)
        shared, begun, worked = iter(chunk), time.perf_counter(), time.process_time()
        await asyncio.gather(*(commit_all(store, shared) for _ in range(AT_ONCE)))
        if stored + posts >= count:
            await store._database.finish()  # noqa: SLF001
        chunks.append((posts, time.perf_counter() - begun, time.process_time() - worked))
        stored += posts
        if stored * 10 // count > (stored - posts) * 10 // count:
            print(
                f"  {stored:>9,} posts: {speed(chunks)}; lately {speed(chunks[-max(1, len(chunks) // 10) :])}",
                flush=True,
            )
    return chunks


def rate(chunks: Sequence[tuple[int, float, float]]) -> tuple[float, float]:
    posts, took, worked = (sum(parts) for parts in zip(*chunks, strict=True))
    return posts / took, worked / posts * 1e6


def speed(chunks: Sequence[tuple[int, float, float]]) -> str:
    stored, processor = rate(chunks)
    return f"{stored:,.0f} posts/s ({processor:.0f} µs of our processor time a post)"


def beside(bare: Callable[[Sequence[tuple[int, str]]], None], count: int) -> float:
    """The same rows by the bare driver, folded beforehand, 2,000 to a transaction."""
    texts = bodies(20_000, random.Random(8))
    took = 0.0
    for first in range(count + 1_000_000, count + 1_020_000, 2000):
        rows = [(first + at, body) for at, body in enumerate(itertools.islice(texts, 2000))]
        begun = time.perf_counter()
        bare(rows)
        took += time.perf_counter() - begun
    print(f"  the bare driver, same rows, same database: {20_000 / took:,.0f} posts/s; {load()}", flush=True)
    return 20_000 / took


_POST = "row, source, ident, number, url, published, language, arrival, seen, revision, matched, ungrouped"
_REVISION = "row, post, number, title, text, complete, content_hash, seen"


def post_row(row: int, moment: Any, *, no: Any) -> tuple[Any, ...]:
    return (row, 1, str(row), row, f"https://t.me/channel_0/{row}", moment, "ru", "live", moment, 1, 0, no)


def on_sqlite(path: Path, count: int) -> float:
    moment = NOW.strftime("%Y-%m-%d %H:%M:%S.%f")
    with closing(driver.sqlite3.connect(path, isolation_level=None)) as conn:
        conn.execute("PRAGMA synchronous=FULL")

        def bare(rows: Sequence[tuple[int, str]]) -> None:
            conn.execute("BEGIN IMMEDIATE")
            posts = (post_row(row, moment, no=0) for row, _ in rows)
            conn.executemany(f"INSERT INTO post ({_POST}) VALUES (?,?,?,?,?,?,?,?,?,?,?,?)", posts)
            revisions = ((row, row, 1, "", body, 1, bytes(32), moment) for row, body in rows)
            conn.executemany(f"INSERT INTO revision ({_REVISION}) VALUES (?,?,?,?,?,?,?,?)", revisions)
            conn.executemany("INSERT INTO search (rowid, words) VALUES (?, ?)", folded[rows[0][0]])
            conn.execute("COMMIT")

        folded = prepared(count)
        return beside(bare, count)


def prepared(count: int) -> dict[int, list[tuple[int, str]]]:
    texts = bodies(20_000, random.Random(8))
    firsts = range(count + 1_000_000, count + 1_020_000, 2000)
    return {
        first: [(first + at, indexed(body)) for at, body in enumerate(itertools.islice(texts, 2000))]
        for first in firsts
    }


def on_postgresql(address: str, count: int) -> float:
    with peer("psycopg").connect(address) as conn:

        def bare(rows: Sequence[tuple[int, str]]) -> None:
            with conn.cursor() as cursor:
                with cursor.copy(f"COPY post ({_POST}) FROM STDIN") as into:
                    for row, _ in rows:
                        into.write_row(post_row(row, NOW, no=False))
                with cursor.copy(f"COPY revision ({_REVISION}) FROM STDIN") as into:
                    for row, body in rows:
                        into.write_row((row, row, 1, "", body, True, bytes(32), NOW))
            conn.commit()

        return beside(bare, count)


async def searches(store: Store, figures: Figures) -> None:
    times, work, asked = [], [], []
    in_statements = watched(store)
    for name in NAMES:
        for form in (name, *CASES[name][:4]):
            begun, worked = time.perf_counter(), time.process_time()
            in_statements.clear()
            await store.search(form)
            times.append((time.perf_counter() - begun) * 1000)
            work.append((time.process_time() - worked) * 1000)
            asked.append(sum(in_statements) * 1000)
    times.sort()
    figures.median, figures.p95 = statistics.median(times), times[int(len(times) * 0.95)]
    figures.asked, figures.worked = (sorted(each)[int(len(each) * 0.95)] for each in (asked, work))
    figures.scan = await scan(store) * 1000
    print(
        f"  search: median {figures.median:.1f} ms, 95th percentile {figures.p95:.1f} ms, worst {times[-1]:.1f} ms "
        f"(p95 in statements {figures.asked:.1f} ms, of our processor time {figures.worked:.1f} ms); "
        f"a scan {figures.scan:,.0f} ms: {figures.scan / figures.p95:,.0f} times the 95th percentile; {load()}",
        flush=True,
    )


def watched(store: Store) -> list[float]:
    """How long each statement of those that read takes from now on, in seconds."""
    took: list[float] = []
    begun: list[float] = []
    engine = store._connections._readers.sync_engine  # noqa: SLF001
    event.listen(engine, "before_cursor_execute", lambda *_: begun.append(time.perf_counter()))
    event.listen(engine, "after_cursor_execute", lambda *_: took.append(time.perf_counter() - begun.pop()))
    return took


async def scan(store: Store) -> float:
    begun = time.perf_counter()
    async with store._read() as conn:  # noqa: SLF001
        await conn.execute(text("SELECT count(*) FROM revision WHERE text LIKE '%Судж%'"))
    return time.perf_counter() - begun


async def back_searches(store: Store, figures: Figures) -> None:
    for name in (NAMES[0], NAMES[len(NAMES) // 2], NAMES[-1]):
        wanted = [form.form for form in forms(name)]
        begun, first, found = time.perf_counter(), 0.0, 0
        after: int | None = 0
        while after is not None:
            page = await store.holding(wanted, after, PAGE)
            first = first or time.perf_counter() - begun
            found, after = found + len(page.posts), page.after
        took = time.perf_counter() - begun
        figures.back.append((found, took))
        print(
            f"  back-search of {name} by {len(wanted)} forms: {found:,} posts in {took:.2f} s, "
            f"the first {PAGE:,} at most in {first:.2f} s"
        )


async def sizes(store: Store, count: int, figures: Figures) -> None:
    counts = await store.counts()
    figures.size = (counts.size + (counts.log_size or 0)) / count
    log = f", of them {counts.log_size / count:,.0f} in the write-ahead log" if counts.log_size else ""
    print(f"  {figures.size:,.0f} bytes a post of {CHARACTERS} characters, everything included{log}")
    async with store._read() as conn:  # noqa: SLF001
        if conn.dialect.name == "postgresql":
            parts = {row.relname: row.size for row in await conn.execute(text(_PARTS))}
        else:
            parts = {name: size for name, size in (await store.sizes()).items() if size > count}
    print(
        "  tables and indexes: " + ", ".join(f"{name} {size / count:,.0f}" for name, size in parts.items()), flush=True
    )


_PARTS = """
SELECT relname, pg_table_size(oid) AS size FROM pg_class
WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'i') AND pg_table_size(oid) > 1e5 ORDER BY size DESC
"""


async def measure(address: str | Path, count: int) -> Figures:
    async with await Store.open(address, now=NOW) as store:
        figures = Figures((await store.counts()).engine)
        print(f"{figures.engine}; {load()}")
        chunks = await fill(store, count)
        figures.stored, figures.processor = rate(chunks)
        figures.lately, _ = rate(chunks[-max(1, len(chunks) // 10) :])
        if isinstance(address, str):
            async with store._write() as conn:  # noqa: SLF001
                await conn.exec_driver_sql("ANALYZE")
        await sizes(store, count, figures)
        await searches(store, figures)
        await back_searches(store, figures)
    return figures


def at_server(address: str, count: int) -> Figures:
    url = make_url(address)
    admin = create_engine(url.set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")
    with admin.connect() as conn:
        conn.execute(text("DROP DATABASE IF EXISTS placewire_benchmark"))
        conn.execute(text("CREATE DATABASE placewire_benchmark ENCODING 'UTF8' TEMPLATE template0"))
        try:
            made = url.set(database="placewire_benchmark").render_as_string(hide_password=False)
            figures = asyncio.run(measure(made, count))
            figures.bare = on_postgresql(made, count)
        finally:
            conn.execute(text("DROP DATABASE placewire_benchmark WITH (FORCE)"))
    return figures


def in_file(count: int) -> Figures:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "placewire.db"
        figures = asyncio.run(measure(path, count))
        figures.bare = on_sqlite(path, count)
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--posts", type=int, default=1_000_000)
    parser.add_argument("--postgresql", default="postgresql://postgres@127.0.0.1:5432/postgres")
    parser.add_argument("--only", choices=["sqlite", "postgresql"])
    chosen = parser.parse_args()
    found = []
    if chosen.only != "postgresql":
        found.append(in_file(chosen.posts))
    if chosen.only != "sqlite":
        found.append(at_server(chosen.postgresql, chosen.posts))
    show(found, chosen.posts)


if __name__ == "__main__":
    main()
