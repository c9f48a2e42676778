"""Search on PostgreSQL: words are folded for an index by another expression (0019 makes it); SQLite's stays."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.store.search import kept

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

BATCH = 1000
words = sa.table("revision", sa.column("row"), sa.column("title"), sa.column("text"), sa.column("folded"))


def upgrade() -> None:
    conn = op.get_bind()
    if conn.dialect.name != "postgresql":
        return
    op.execute("DROP INDEX IF EXISTS ix_revision_words")
    op.execute("DROP FUNCTION IF EXISTS placewire_words")
    op.execute("DROP FUNCTION IF EXISTS placewire_fold")
    last = 0
    query = sa.select(words).order_by(words.c.row).limit(BATCH)
    while rows := conn.execute(query.where(words.c.row > last)).all():
        for row in rows:
            if (folded := kept(row.title, row.text)) != row.folded:
                conn.execute(sa.update(words).where(words.c.row == row.row).values(folded=folded))
        last = rows[-1].row
