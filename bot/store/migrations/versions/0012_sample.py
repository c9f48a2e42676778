"""The daily sample: with what chance a hit was put before a person; what was sampled waits in the queue, too."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

UNSURE = "confidence >= 0.15 AND confidence < 0.75 OR candidates != '[]'"
hit = sa.table("hit", sa.column("verdict"), sa.column("chance"))
DOUBTFUL = sa.text(f"verdict IS NULL AND state = 'live' AND ({UNSURE} OR chance IS NOT NULL)")


def upgrade() -> None:
    op.drop_index("ix_hit_doubtful", "hit")
    op.add_column("hit", sa.Column("chance", sa.Double(), nullable=True))
    op.execute(sa.update(hit).where(hit.c.verdict.is_not(None), sa.text(f"({UNSURE})")).values(chance=1))
    op.create_index("ix_hit_doubtful", "hit", ["late", "row"], sqlite_where=DOUBTFUL, postgresql_where=DOUBTFUL)
