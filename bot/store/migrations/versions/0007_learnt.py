"""What is learnt: how watched words are written in the stored posts, and which of two places of one name is meant."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "word_case",
        sa.Column("form", TEXT, nullable=False),
        sa.Column("small", sa.Integer(), nullable=False),
        sa.Column("capital", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("form", name=op.f("pk_word_case")),
    )
    op.create_table(
        "preference",
        sa.Column("prefer", TEXT, nullable=False),
        sa.Column("over", TEXT, nullable=False),
        sa.Column("source", TEXT, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("prefer", "over", "source", name=op.f("pk_preference")),
    )
