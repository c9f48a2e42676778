"""Search on PostgreSQL: the index is made anew, with two words in place of seventeen for a far look back."""

from __future__ import annotations

from alembic import op

from bot.store.search import build_index

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    conn = op.get_bind()
    if conn.dialect.name != "postgresql":
        return
    op.execute("DROP INDEX IF EXISTS ix_revision_words")  # not there yet on the way from the first versions
    op.execute("DROP FUNCTION IF EXISTS placewire_words")
    build_index(conn)
