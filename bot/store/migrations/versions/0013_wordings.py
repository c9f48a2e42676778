"""Watches are searched for in the order of wordings."""

from __future__ import annotations

from alembic import op

from bot.store.search import merge_less

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Marks were rows of posts. All wordings of later posts came after the first one of the last post that was searched.
    op.execute(
        "UPDATE watch SET searched = coalesce((SELECT r.row FROM revision AS r WHERE r.post <= watch.searched "
        "ORDER BY r.post DESC, r.number LIMIT 1), 0) WHERE searched < until"
    )
    op.execute(
        "UPDATE watch SET searched = CASE WHEN searched < until THEN searched ELSE coalesce((SELECT max(r.row) "
        "FROM revision AS r), 0) END, until = coalesce((SELECT max(r.row) FROM revision AS r), 0)"
    )
    conn = op.get_bind()
    if conn.dialect.name == "sqlite":
        merge_less(conn)
