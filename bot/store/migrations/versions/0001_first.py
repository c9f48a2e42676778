"""The first schema."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "meta",
        sa.Column("name", TEXT, nullable=False),
        sa.Column("value", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_meta")),
    )
    op.create_table(
        "route",
        sa.Column("name", TEXT, nullable=False),
        sa.Column("first_seen", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_slot", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_route")),
    )
    op.create_table(
        "source",
        sa.Column("row", KEY, autoincrement=True, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("address", TEXT, nullable=False),
        sa.Column("title", TEXT, nullable=False),
        sa.Column("side", TEXT, nullable=True),
        sa.Column("side_kind", TEXT, nullable=True),
        sa.Column("region", TEXT, nullable=True),
        sa.Column("retired", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cursor", TEXT, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("detail", TEXT, nullable=False),
        sa.Column("remedy", TEXT, nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("first_read", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_ok", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("interval", sa.Double(), nullable=True),
        sa.Column("due", sa.DateTime(timezone=True), nullable=True),
        sa.Column("dropped", sa.Integer(), nullable=False),
        sa.Column("moved_to", TEXT, nullable=True),
        sa.PrimaryKeyConstraint("row", name=op.f("pk_source")),
        sa.UniqueConstraint("name", name=op.f("uq_source_name")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_source_due", "source", ["due"])
    op.create_table(
        "digest",
        sa.Column("row", KEY, autoincrement=True, nullable=False),
        sa.Column("route", TEXT, nullable=False),
        sa.Column("slot", sa.DateTime(timezone=True), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("composed", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.ForeignKeyConstraint(["route"], ["route.name"], name=op.f("fk_digest_route")),
        sa.PrimaryKeyConstraint("row", name=op.f("pk_digest")),
        sa.UniqueConstraint("route", "slot", name=op.f("uq_digest_route_slot")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "post",
        sa.Column("row", KEY, autoincrement=True, nullable=False),
        sa.Column("source", KEY, nullable=False),
        sa.Column("ident", TEXT, nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=True),
        sa.Column("url", TEXT, nullable=True),
        sa.Column("published", sa.DateTime(timezone=True), nullable=True),
        sa.Column("author", TEXT, nullable=True),
        sa.Column("forwarded_from", TEXT, nullable=True),
        sa.Column("reply_to", TEXT, nullable=True),
        sa.Column("album", TEXT, nullable=True),
        sa.Column("parts", TEXT, nullable=True),
        sa.Column("language", TEXT, nullable=True),
        sa.Column("arrival", TEXT, nullable=False),
        sa.Column("seen", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deleted", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("matched", sa.Integer(), nullable=False),
        sa.Column("matched_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ungrouped", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["source"], ["source.row"], name=op.f("fk_post_source")),
        sa.PrimaryKeyConstraint("row", name=op.f("pk_post")),
        sa.UniqueConstraint("source", "ident", name=op.f("uq_post_source_ident")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_post_source_number", "post", ["source", "number"])
    op.create_index(
        "ix_post_ungrouped",
        "post",
        ["row"],
        unique=False,
        sqlite_where=sa.text("ungrouped = 1"),
        postgresql_where=sa.text("ungrouped = true"),
    )
    op.create_index(
        "ix_post_unmatched",
        "post",
        ["row"],
        unique=False,
        sqlite_where=sa.text("matched < revision"),
        postgresql_where=sa.text("matched < revision"),
    )
    op.create_table(
        "source_change",
        sa.Column("row", KEY, autoincrement=True, nullable=False),
        sa.Column("source", KEY, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("previous", TEXT, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("detail", TEXT, nullable=False),
        sa.Column("remedy", TEXT, nullable=False),
        sa.Column("told", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["source"], ["source.row"], name=op.f("fk_source_change_source")),
        sa.PrimaryKeyConstraint("row", name=op.f("pk_source_change")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_source_change_source", "source_change", ["source"])
    op.create_index(
        "ix_source_change_untold",
        "source_change",
        ["row"],
        unique=False,
        sqlite_where=sa.text("told = 0"),
        postgresql_where=sa.text("told = false"),
    )
    op.create_table(
        "hit",
        sa.Column("row", KEY, autoincrement=True, nullable=False),
        sa.Column("post", KEY, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("watch", TEXT, nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("text", TEXT, nullable=False),
        sa.Column("form", TEXT, nullable=False),
        sa.Column("origin", TEXT, nullable=False),
        sa.Column("confidence", sa.Double(), nullable=False),
        sa.Column("evidence", TEXT, nullable=False),
        sa.Column("candidates", TEXT, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("found", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["post"], ["post.row"], name=op.f("fk_hit_post")),
        sa.PrimaryKeyConstraint("row", name=op.f("pk_hit")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_hit_post", "hit", ["post"])
    op.create_table(
        "outbox",
        sa.Column("row", KEY, autoincrement=True, nullable=False),
        sa.Column("idempotency", TEXT, nullable=False),
        sa.Column("route", TEXT, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("address", TEXT, nullable=False),
        sa.Column("thread", sa.BigInteger(), nullable=True),
        sa.Column("digest", KEY, nullable=True),
        sa.Column("payload", TEXT, nullable=False),
        sa.Column("outcome", TEXT, nullable=False),
        sa.Column("reason", TEXT, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=True),
        sa.Column("offset", sa.BigInteger(), nullable=True),
        sa.Column("receipt", TEXT, nullable=True),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tried", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["digest"], ["digest.row"], name=op.f("fk_outbox_digest")),
        sa.PrimaryKeyConstraint("row", name=op.f("pk_outbox")),
        sa.UniqueConstraint("idempotency", name=op.f("uq_outbox_idempotency")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_outbox_digest", "outbox", ["digest"])
    op.create_index(
        "ix_outbox_unsent",
        "outbox",
        ["row"],
        unique=False,
        sqlite_where=sa.text("outcome != 'sent'"),
        postgresql_where=sa.text("outcome != 'sent'"),
    )
    op.create_table(
        "revision",
        sa.Column("row", KEY, autoincrement=True, nullable=False),
        sa.Column("post", KEY, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", TEXT, nullable=False),
        sa.Column("text", TEXT, nullable=False),
        sa.Column("edited", sa.DateTime(timezone=True), nullable=True),
        sa.Column("complete", sa.Boolean(), nullable=False),
        sa.Column("content_hash", sa.LargeBinary(), nullable=False),
        sa.Column("seen", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["post"], ["post.row"], name=op.f("fk_revision_post")),
        sa.PrimaryKeyConstraint("row", name=op.f("pk_revision")),
        sa.UniqueConstraint("post", "number", name=op.f("uq_revision_post_number")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "story",
        sa.Column("row", KEY, autoincrement=True, nullable=False),
        sa.Column("first", KEY, nullable=False),
        sa.Column("changed", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["first"], ["post.row"], name=op.f("fk_story_first")),
        sa.PrimaryKeyConstraint("row", name=op.f("pk_story")),
        sa.UniqueConstraint("first", name=op.f("uq_story_first")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_story_changed", "story", ["changed"])
    op.create_table(
        "decision",
        sa.Column("route", TEXT, nullable=False),
        sa.Column("story", KEY, autoincrement=False, nullable=False),
        sa.Column("reason", TEXT, nullable=False),
        sa.Column("digest", KEY, nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["digest"], ["digest.row"], name=op.f("fk_decision_digest")),
        sa.ForeignKeyConstraint(["route"], ["route.name"], name=op.f("fk_decision_route")),
        sa.ForeignKeyConstraint(["story"], ["story.row"], name=op.f("fk_decision_story")),
        sa.PrimaryKeyConstraint("route", "story", name=op.f("pk_decision")),
    )
    op.create_index("ix_decision_digest", "decision", ["digest"])
    op.create_index("ix_decision_story", "decision", ["story"])
    op.create_table(
        "story_post",
        sa.Column("post", KEY, autoincrement=False, nullable=False),
        sa.Column("story", KEY, nullable=False),
        sa.Column("relation", TEXT, nullable=False),
        sa.Column("reason", TEXT, nullable=False),
        sa.Column("within", KEY, nullable=True),
        sa.Column("related", TEXT, nullable=False),
        sa.Column("placed", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["post"], ["post.row"], name=op.f("fk_story_post_post")),
        sa.ForeignKeyConstraint(["story"], ["story.row"], name=op.f("fk_story_post_story")),
        sa.ForeignKeyConstraint(["within"], ["story.row"], name=op.f("fk_story_post_within")),
        sa.PrimaryKeyConstraint("post", name=op.f("pk_story_post")),
    )
    op.create_index("ix_story_post_placed", "story_post", ["placed"])
    op.create_index("ix_story_post_story", "story_post", ["story"])
