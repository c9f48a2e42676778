"""What grouping remembers of a placed post, so that a start need not work it out again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "sketch",
        sa.Column("row", KEY, autoincrement=True, nullable=False),
        sa.Column("post", KEY, nullable=False),
        sa.Column("happened", sa.DateTime(timezone=True), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["post"], ["post.row"], name=op.f("fk_sketch_post"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("row", name=op.f("pk_sketch")),
        sa.UniqueConstraint("post", name=op.f("uq_sketch_post")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_sketch_happened", "sketch", ["happened"])
