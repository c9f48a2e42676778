"""The digests and notices that told a story before it was told again: they hold its words, too."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.add_column("decision", sa.Column("earlier", TEXT, nullable=True))
