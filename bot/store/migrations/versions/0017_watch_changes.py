"""What changed in the watches, so that an edit that a running service took over can still be looked at."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "watch_change",
        sa.Column("row", KEY, autoincrement=True, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", TEXT, nullable=False),
        sa.Column("before", TEXT, nullable=True),
        sa.PrimaryKeyConstraint("row", name=op.f("pk_watch_change")),
        sqlite_autoincrement=True,
    )
