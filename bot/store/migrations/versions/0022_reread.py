"""When a post was read first after a restore: what it says later was told to nobody."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("post", sa.Column("reread", sa.DateTime(timezone=True), nullable=True))
