"""What is learnt: how the watched words are written in the stored posts, and decisions on places of one name.

In: counts of a page of posts, with the row before it; preferences. Out: the same, all together. Invariant: a post is
counted once, whoever repeats the step: a page is added only to what was counted up to the row before it.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model import Preference
from bot.store import notes
from bot.store.sql import insert, many
from bot.store.steps import Letters
from bot.store.tables import post, preference, word_case

_MARK = "letters"


async def letters(conn: AsyncConnection) -> Letters:
    """All counts, what was counted, and up to which post."""
    mark = await notes.read(conn, _MARK) or " 0"
    vocabulary, _, upto = mark.rpartition(" ")
    rows = await conn.execute(select(word_case))
    return Letters(vocabulary, int(upto), {row.form: (row.small, row.capital) for row in rows})


async def add_letters(conn: AsyncConnection, page: Letters, after: int) -> None:
    """Add what a page of posts came to, of which `after` is the row before the first and `page.upto` the last."""
    known = await letters(conn)
    if page.vocabulary != known.vocabulary:
        await conn.execute(delete(word_case))  # other words are watched now: counted anew
    elif known.upto != after:
        return
    counted = insert(conn, word_case)
    counted = counted.on_conflict_do_update(
        index_elements=[word_case.c.form],
        set_={
            "small": word_case.c.small + counted.excluded.small,
            "capital": word_case.c.capital + counted.excluded.capital,
        },
    )
    rows = [{"form": form, "small": small, "capital": capital} for form, (small, capital) in page.cases.items()]
    await many(conn, counted, rows)
    await notes.write(conn, _MARK, f"{page.vocabulary} {page.upto}")


async def newest(conn: AsyncConnection) -> int:
    """The row of the newest post; 0 if there is none."""
    return int((await conn.execute(select(func.coalesce(func.max(post.c.row), 0)))).scalar_one())


async def preferences(conn: AsyncConnection) -> list[Preference]:
    rows = await conn.execute(select(preference).order_by(preference.c.prefer, preference.c.over, preference.c.source))
    return [Preference(row.prefer, row.over, row.source or None) for row in rows]


async def prefer(conn: AsyncConnection, decided: Preference, now: datetime) -> None:
    """Remember it, in place of a decision for the other of the two."""
    await withdraw(conn, decided)
    values = {"prefer": decided.prefer, "over": decided.over, "source": decided.source or "", "at": now}
    await conn.execute(insert(conn, preference).values(values))


async def withdraw(conn: AsyncConnection, decided: Preference) -> None:
    """Forget what was decided on these two, for this source or for all, whichever was preferred."""
    either = preference.c.prefer.in_((decided.prefer, decided.over)) & preference.c.over.in_(
        (decided.prefer, decided.over)
    )
    await conn.execute(delete(preference).where(either, preference.c.source == (decided.source or "")))
