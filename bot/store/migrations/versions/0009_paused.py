"""Sources that a person lets rest; hits by day."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("source", sa.Column("paused", sa.DateTime(timezone=True), nullable=True))
    op.drop_index("ix_hit_found", "hit")
    op.create_index("ix_hit_found", "hit", ["found", "watch", "meant", "verdict"])
