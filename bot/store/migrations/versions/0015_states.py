"""Edited and deleted posts are found without a look at the others."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name, where in (("ix_post_edited", "revision > 1"), ("ix_post_deleted", "deleted IS NOT NULL")):
        op.create_index(name, "post", ["row"], sqlite_where=sa.text(where), postgresql_where=sa.text(where))
