"""Search: the words of every wording are indexed; on PostgreSQL by the last migration that changes the index, once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

from bot.store.search import build_index
from bot.store.words import indexed

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
BATCH = 1000
words = sa.table("revision", sa.column("row"), sa.column("title"), sa.column("text"))


def upgrade() -> None:
    op.add_column("revision", sa.Column("folded", TEXT, nullable=True))
    conn = op.get_bind()
    if conn.dialect.name == "sqlite":
        build_index(conn)
        for rows in _batches(conn):
            filled = [{"row": row.row, "words": indexed(f"{row.title}\n{row.text}")} for row in rows]
            conn.execute(sa.text("INSERT INTO search (rowid, words) VALUES (:row, :words)"), filled)


def _batches(conn: sa.Connection) -> Iterator[Sequence[Any]]:
    last = 0
    query = sa.select(words.c.row, words.c.title, words.c.text).order_by(words.c.row).limit(BATCH)
    while rows := conn.execute(query.where(words.c.row > last)).all():
        yield rows
        last = rows[-1].row
