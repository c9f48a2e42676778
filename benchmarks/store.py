"""Storing and searching, on SQLite and PostgreSQL side by side.

    python benchmarks/store.py [--posts 1000000] [--postgresql postgresql://postgres@127.0.0.1:5432/postgres]

Makes posts of about 650 characters out of made-up words with Zipf's frequencies, in which every name of a list of
places stands in its cases, more or less often. Stores them durably in readings of 500, with the index; prints
posts a second over all and over the last tenth, bytes a post, the time of a search for one name (median and 95th
percentile over all names and cases, beside a scan), and that of finding the posts for a new place.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import statistics
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import create_engine, make_url, text

from bot.language.declension_ru import decline
from bot.model import Condition, Cursor, Post, Reading, Source, SourceKind, SourceMemory
from bot.store import Store

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
CHARACTERS = 650
READING = 500
SOURCES = 50
CONSONANTS, VOWELS = "бвгджзклмнпрстфхцчш", "аеиоуыя"
_NAMES = (
    "Суджа Курск Волчанск Купянск Торецк Покровск Часов Угледар Авдеевка Бахмут Лебедин Тростянец Ахтырка Краснополье "
    "Рыльск Льгов Глушково Коренево Обоянь Беловский Шебекино Грайворон Борисовка Валуйки Изюм Балаклея Чугуев Мерефа"
)
NAMES = _NAMES.split()
LISTS = {name: sorted({form for case in decline(name.lower()) for form in case}) for name in NAMES}


def vocabulary(count: int, dice: random.Random) -> list[str]:
    def word() -> str:
        letters = "".join(dice.choice(CONSONANTS) + dice.choice(VOWELS) for _ in range(dice.randint(1, 4)))
        return letters + dice.choice(["", "й", "м", "ть", "х", "н"])

    return [word() for _ in range(count)]


def bodies(count: int, dice: random.Random) -> Iterator[str]:
    """Each name stands in one post of 100 (the first) to one of 20,000 (the last)."""
    known = vocabulary(200_000, dice)
    weights = [1 / rank for rank in range(1, len(known) + 1)]
    pool = dice.choices(known, weights, k=2_000_000)
    rare = [100 * 200 ** (number / (len(NAMES) - 1)) for number in range(len(NAMES))]
    for _ in range(count):
        start = dice.randrange(len(pool) - 200)
        words = pool[start : start + 130]
        for name, once_in in zip(NAMES, rare, strict=True):
            if dice.random() * once_in < 1:
                words[dice.randrange(60)] = dice.choice(LISTS[name]).capitalize()
        yield " ".join(words)[:CHARACTERS]


async def fill(store: Store, count: int) -> None:
    dice = random.Random(7)
    await store.sync_sources(
        [
            Source(name=f"channel_{n}", kind=SourceKind.CHANNEL, address=f"https://t.me/channel_{n}")
            for n in range(SOURCES)
        ],
        NOW,
    )
    texts, stored, spent = bodies(count, dice), 0, 0.0
    recent: list[float] = []
    while stored < count:
        readings = [reading(stored + part * READING, texts, f"channel_{part}") for part in range(4)]
        begun = time.perf_counter()
        await asyncio.gather(*(store.commit_reading(one, memory(one), NOW) for one in readings))
        took = time.perf_counter() - begun
        stored, spent = stored + 4 * READING, spent + took
        recent = [*recent[-49:], took]
        if stored % 10_000 == 0:
            lately = len(recent) * 4 * READING / sum(recent)
            print(f"  {stored:>9,} posts: {stored / spent:,.0f} posts/s, lately {lately:,.0f}", flush=True)


def reading(first: int, texts: Iterator[str], source: str) -> Reading:
    posts = tuple(
        Post(
            source=source,
            id=str(number),
            url=f"https://t.me/{source}/{number}",
            text=next(texts),
            published=NOW + timedelta(seconds=number),
            language="ru",
        )
        for number in range(first + 1, first + READING + 1)
    )
    return Reading(source=source, condition=Condition(state="ok"), cursor=Cursor(newest=first), posts=posts)


def memory(read: Reading) -> SourceMemory:
    return SourceMemory(name=read.source, cursor=read.cursor, condition=read.condition, first_read=NOW, due=NOW)


async def searches(store: Store) -> None:
    times = []
    for name in NAMES:
        for form in (name, *LISTS[name][:4]):
            begun = time.perf_counter()
            await store.search(form)
            times.append((time.perf_counter() - begun) * 1000)
    times.sort()
    p95 = times[int(len(times) * 0.95)]
    print(f"  search: median {statistics.median(times):.1f} ms, 95th percentile {p95:.1f} ms, worst {times[-1]:.1f} ms")
    print(f"  scan: {await scan(store) * 1000:.0f} ms")


async def scan(store: Store) -> float:
    begun = time.perf_counter()
    async with store._read() as conn:  # noqa: SLF001
        await conn.execute(text("SELECT count(*) FROM revision WHERE text LIKE '%Судж%'"))
    return time.perf_counter() - begun


async def sizes(store: Store, count: int) -> None:
    async with store._write() as conn:  # noqa: SLF001
        on_sqlite = conn.dialect.name == "sqlite"
    if not on_sqlite:
        async with store._write() as conn:  # noqa: SLF001
            await conn.exec_driver_sql("ANALYZE")
    size = (await store.counts()).size
    print(f"  {size / 1e6:,.0f} MB: {size / count:,.0f} bytes a post of {CHARACTERS} characters, everything included")


async def measure(address: str | Path, count: int) -> None:
    async with await Store.open(address, now=NOW) as store:
        print((await store.counts()).engine)
        await fill(store, count)
        await sizes(store, count)
        await searches(store)


def at_server(address: str, count: int) -> None:
    url = make_url(address)
    admin = create_engine(url.set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")
    with admin.connect() as conn:
        conn.execute(text("DROP DATABASE IF EXISTS placewire_benchmark"))
        conn.execute(text("CREATE DATABASE placewire_benchmark ENCODING 'UTF8' TEMPLATE template0"))
        try:
            made = url.set(database="placewire_benchmark").render_as_string(hide_password=False)
            asyncio.run(measure(made, count))
        finally:
            conn.execute(text("DROP DATABASE placewire_benchmark"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--posts", type=int, default=1_000_000)
    parser.add_argument("--postgresql", default="postgresql://postgres@127.0.0.1:5432/postgres")
    parser.add_argument("--only", choices=["sqlite", "postgresql"])
    chosen = parser.parse_args()
    if chosen.only != "postgresql":
        with tempfile.TemporaryDirectory() as folder:
            asyncio.run(measure(Path(folder) / "placewire.db", chosen.posts))
    if chosen.only != "sqlite":
        at_server(chosen.postgresql, chosen.posts)


if __name__ == "__main__":
    main()
