"""Rows of the outbox that change a message of an earlier row: edits and pins."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
CHANGES = sa.text('"of" IS NOT NULL')
UNSENT = sa.text("(outcome NOT IN ('sent', 'dropped'))")


def upgrade() -> None:
    op.add_column("outbox", sa.Column("action", TEXT, server_default="send", nullable=False))
    op.add_column("outbox", sa.Column("of", TEXT, nullable=True))
    op.create_index("ix_outbox_of", "outbox", ["of"], sqlite_where=CHANGES, postgresql_where=CHANGES)
    op.drop_index("ix_outbox_unsent", "outbox")
    op.create_index("ix_outbox_unsent", "outbox", ["row"], sqlite_where=UNSENT, postgresql_where=UNSENT)
