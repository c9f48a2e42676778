"""What was forgotten: a keyed fingerprint and a reason; the post stays known, without its words."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("post", sa.Column("forgotten", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "forgotten",
        sa.Column("row", KEY, autoincrement=True, nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("post", KEY, nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", TEXT, nullable=False),
        sa.ForeignKeyConstraint(["post"], ["post.row"], name=op.f("fk_forgotten_post")),
        sa.PrimaryKeyConstraint("row", name=op.f("pk_forgotten")),
        sa.UniqueConstraint("fingerprint", name=op.f("uq_forgotten_fingerprint")),
        sqlite_autoincrement=True,
    )
