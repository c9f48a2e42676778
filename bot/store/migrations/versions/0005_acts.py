"""What people decide: verdicts on hits, pins and mergers of stories, and the audit of all that was done."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
DOUBTFUL = sa.text(
    "verdict IS NULL AND state = 'live' AND (confidence >= 0.15 AND confidence < 0.75 OR candidates != '[]')"
)
JUDGED = sa.text("verdict IS NOT NULL")
UNDOING = sa.text("undoes IS NOT NULL")


def upgrade() -> None:
    op.add_column("hit", sa.Column("verdict", TEXT, nullable=True))
    op.add_column("hit", sa.Column("meant", TEXT, nullable=True))
    op.create_index("ix_hit_watch", "hit", ["watch", "row"])
    op.create_index("ix_hit_judged", "hit", ["row"], sqlite_where=JUDGED, postgresql_where=JUDGED)
    op.create_index("ix_hit_doubtful", "hit", ["late", "row"], sqlite_where=DOUBTFUL, postgresql_where=DOUBTFUL)
    op.add_column("story", sa.Column("pinned", sa.DateTime(timezone=True), nullable=True))
    op.add_column("story", sa.Column("merged", KEY, nullable=True))
    op.create_table(
        "act",
        sa.Column("row", KEY, autoincrement=True, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("who", TEXT, nullable=False),
        sa.Column("how", TEXT, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("reason", TEXT, nullable=True),
        sa.Column("note", TEXT, nullable=False),
        sa.Column("undoes", KEY, nullable=True),
        sa.ForeignKeyConstraint(["undoes"], ["act.row"], name=op.f("fk_act_undoes")),
        sa.PrimaryKeyConstraint("row", name=op.f("pk_act")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_act_undoes", "act", ["undoes"], unique=True, sqlite_where=UNDOING, postgresql_where=UNDOING)
    op.create_table(
        "act_on",
        sa.Column("act", KEY, autoincrement=False, nullable=False),
        sa.Column("target", TEXT, nullable=False),
        sa.Column("before", TEXT, nullable=False),
        sa.Column("after", TEXT, nullable=False),
        sa.ForeignKeyConstraint(["act"], ["act.row"], name=op.f("fk_act_on_act")),
        sa.PrimaryKeyConstraint("act", "target", name=op.f("pk_act_on")),
    )
    op.create_index("ix_act_on_target", "act_on", ["target", "act"])
