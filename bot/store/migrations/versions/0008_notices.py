"""What a route sends outside of its digests, what holds it back, and silences."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
DUE = sa.text("until IS NOT NULL")


def upgrade() -> None:
    op.create_table(
        "notice",
        sa.Column("row", KEY, autoincrement=True, nullable=False),
        sa.Column("route", TEXT, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("subject", TEXT, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("text", TEXT, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("row", name=op.f("pk_notice")),
        sa.UniqueConstraint("route", "kind", "subject", "revision", name=op.f("uq_notice_route_kind_subject_revision")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_notice_route_at", "notice", ["route", "at"])
    op.create_table(
        "silence",
        sa.Column("row", KEY, autoincrement=True, nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.Column("author", TEXT, nullable=False),
        sa.Column("comment", TEXT, nullable=False),
        sa.Column("place", TEXT, nullable=True),
        sa.Column("tag", TEXT, nullable=True),
        sa.Column("source", TEXT, nullable=True),
        sa.Column("route", TEXT, nullable=True),
        sa.PrimaryKeyConstraint("row", name=op.f("pk_silence")),
        sqlite_autoincrement=True,
    )
    # No foreign keys: SQLite would copy both tables whole to add one.
    op.add_column("decision", sa.Column("note", TEXT, nullable=True))
    op.add_column("decision", sa.Column("until", MOMENT, nullable=True))
    op.add_column("decision", sa.Column("notice", KEY, nullable=True))
    op.create_index("ix_decision_until", "decision", ["until"], sqlite_where=DUE, postgresql_where=DUE)
    op.add_column("outbox", sa.Column("notice", KEY, nullable=True))
    op.create_index("ix_outbox_notice", "outbox", ["notice"])
    op.create_index("ix_hit_found", "hit", ["found"])
