"""The tables. One row of prose each; every index names the query that it serves.

Invariant: nothing here is impossible on PostgreSQL. Row numbers are never used twice, because h12 and s7 are printed.
A partial index and the queries that it serves share one condition (UNTOLD, UNMATCHED, ...), or the index is not used.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    UniqueConstraint,
    and_,
    false,
    func,
    literal_column,
    or_,
    true,
)

from bot.calibration import SURE_FROM, UNSURE_FROM
from bot.store.types import Json, Key, Moment, Words

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _row() -> Column[int]:
    return Column("row", Key, primary_key=True, autoincrement=True)


def _of(table: str, name: str | None = None, *, nullable: bool = False) -> Column[int]:
    return Column(name or table, Key, ForeignKey(f"{table}.row"), nullable=nullable)


# What belongs to the whole database: the install secret and the instance's id, both made once.
meta = Table("meta", metadata, Column("name", Words, primary_key=True), Column("value", Words, nullable=False))

# A source as configured, and all that is remembered of it between two polls. `retired`: no longer configured;
# `paused`: since when a person lets it rest.
source = Table(
    "source",
    metadata,
    _row(),
    Column("name", Words, nullable=False, unique=True),
    Column("kind", Words, nullable=False),
    Column("address", Words, nullable=False),
    Column("title", Words, nullable=False),
    Column("side", Words),
    Column("side_kind", Words),
    Column("region", Words),
    Column("retired", Moment),
    Column("cursor", Json, nullable=False),
    Column("state", Words, nullable=False),
    Column("detail", Words, nullable=False),
    Column("remedy", Words, nullable=False),
    Column("since", Moment),
    Column("until", Moment),
    Column("first_read", Moment),
    Column("last_ok", Moment),
    Column("failures", Integer, nullable=False),
    Column("interval", Double),  # seconds
    Column("due", Moment),
    Column("dropped", Integer, nullable=False),  # items of the last reading that could not be read
    Column("moved_to", Words),
    Column("paused", Moment),
    sqlite_autoincrement=True,
)
Index("ix_source_due", source.c.due)  # due

# The states that a source passed through; `told`: the operator knows.
source_change = Table(
    "source_change",
    metadata,
    _row(),
    _of("source"),
    Column("at", Moment, nullable=False),
    Column("previous", Words, nullable=False),
    Column("state", Words, nullable=False),
    Column("detail", Words, nullable=False),
    Column("remedy", Words, nullable=False),
    Column("told", Boolean, nullable=False),
    sqlite_autoincrement=True,
)
Index("ix_source_change_source", source_change.c.source)  # trace
UNTOLD = source_change.c.told == false()
Index("ix_source_change_untold", source_change.c.row, sqlite_where=UNTOLD, postgresql_where=UNTOLD)

# A post with what does not change; its words are in `revision`. `number` is a channel's message id.
# `matched` is the last revision that was matched; `ungrouped`: it has hits and waits for its story. `forgotten` and
# `expired`: its words are gone, asked for or by age; the row stays, so that it never comes back as new. `reread`:
# when it was read first after a restore; what had changed by then may have been told before.
post = Table(
    "post",
    metadata,
    _row(),
    _of("source"),
    Column("ident", Words, nullable=False),
    Column("number", BigInteger),
    Column("url", Words),
    Column("published", Moment),
    Column("author", Words),
    Column("forwarded_from", Words),
    Column("reply_to", Words),
    Column("album", Words),
    Column("parts", Json),
    Column("language", Words),
    Column("arrival", Words, nullable=False),
    Column("seen", Moment, nullable=False),
    Column("deleted", Moment),
    Column("revision", Integer, nullable=False),
    Column("matched", Integer, nullable=False),
    Column("matched_at", Moment),
    Column("ungrouped", Boolean, nullable=False),
    Column("forgotten", Moment),
    Column("expired", Moment),
    Column("reread", Moment),
    UniqueConstraint("source", "ident"),
    sqlite_autoincrement=True,
)
Index("ix_post_source_number", post.c.source, post.c.number)  # the window of a reading
happened = func.coalesce(post.c.published, post.c.seen)
WORDED = and_(post.c.forgotten.is_(None), post.c.expired.is_(None))
UNMATCHED = post.c.matched < post.c.revision
Index("ix_post_unmatched", post.c.row, sqlite_where=UNMATCHED, postgresql_where=UNMATCHED)
EDITED = post.c.revision > literal_column("1")
Index("ix_post_edited", post.c.row, sqlite_where=EDITED, postgresql_where=EDITED)  # search
DELETED = post.c.deleted.is_not(None)
Index("ix_post_deleted", post.c.row, sqlite_where=DELETED, postgresql_where=DELETED)  # search
UNGROUPED = post.c.ungrouped == true()
Index("ix_post_ungrouped", post.c.row, sqlite_where=UNGROUPED, postgresql_where=UNGROUPED)

# The words of a post, as they were seen from then on. Never changed. `folded`: what PostgreSQL indexes instead of them,
# where it would fold them in another way than we do (`words.py`); nothing on SQLite.
revision = Table(
    "revision",
    metadata,
    _row(),
    _of("post"),
    Column("number", Integer, nullable=False),
    Column("title", Words, nullable=False),
    Column("text", Words, nullable=False),
    Column("edited", Moment),
    Column("complete", Boolean, nullable=False),
    Column("folded", Words),
    Column("content_hash", LargeBinary, nullable=False),
    Column("seen", Moment, nullable=False),
    UniqueConstraint("post", "number"),
    sqlite_autoincrement=True,
)

# The audit of what was forgotten: a keyed fingerprint of the post's key, when and why; never a word of it.
forgotten = Table(
    "forgotten",
    metadata,
    _row(),
    Column("fingerprint", LargeBinary, nullable=False, unique=True),
    _of("post", nullable=True),  # none in a restored copy that does not have it
    Column("at", Moment, nullable=False),
    Column("reason", Words, nullable=False),
    sqlite_autoincrement=True,
)

# The watches as they were configured last. Wordings behind `searched`, up to `until`, may have been matched without
# this one: they wait to be searched. `key` changes with what it finds.
watch = Table(
    "watch",
    metadata,
    Column("id", Words, primary_key=True),
    Column("name", Words, nullable=False),
    Column("key", LargeBinary, nullable=False),
    Column("definition", Json, nullable=False),
    Column("since", Moment, nullable=False),
    Column("searched", Key, nullable=False),
    Column("until", Key, nullable=False),
)

# What changed in the watches, and when: `before` is a watch as it was until then, none for one that was not there. The
# first watches that a database met are no change.
watch_change = Table(
    "watch_change",
    metadata,
    _row(),
    Column("at", Moment, nullable=False),
    Column("id", Words, nullable=False),
    Column("before", Json),
    sqlite_autoincrement=True,
)

# A mention: the span counts in the body of `revision`. `chance`: how likely it was that a person would be asked about
# it, 1 for what was judged in the queue, less for the daily sample; none where nobody was asked.
hit = Table(
    "hit",
    metadata,
    _row(),
    _of("post"),
    Column("revision", Integer, nullable=False),
    Column("watch", Words, nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("text", Words, nullable=False),
    Column("form", Words, nullable=False),
    Column("origin", Words, nullable=False),
    Column("confidence", Double, nullable=False),
    Column("evidence", Json, nullable=False),
    Column("candidates", Json, nullable=False),
    Column("state", Words, nullable=False),
    Column("late", Boolean, nullable=False),
    Column("found", Moment, nullable=False),
    Column("verdict", Words),
    Column("meant", Words),
    Column("chance", Double),
    sqlite_autoincrement=True,
)
Index("ix_hit_post", hit.c.post)  # save_matches, stories, trace
Index("ix_hit_watch", hit.c.watch, hit.c.row)  # alike, places
Index("ix_hit_found", hit.c.found, hit.c.watch, hit.c.meant, hit.c.verdict)  # mentions, days
JUDGED = hit.c.verdict.is_not(None)
Index("ix_hit_judged", hit.c.row, sqlite_where=JUDGED, postgresql_where=JUDGED)  # what decisions teach
# The matcher is not sure whether, or which place.
UNSURE = or_(
    and_(
        hit.c.confidence >= literal_column(str(UNSURE_FROM)),
        hit.c.confidence < literal_column(str(SURE_FROM)),
    ),
    hit.c.candidates != literal_column("'[]'"),
)
# A hit that wants a person: nobody has judged it, and it is unsure or was drawn.
DOUBTFUL = and_(
    hit.c.verdict.is_(None),
    hit.c.state == literal_column("'live'"),
    or_(UNSURE, hit.c.chance.is_not(None)),
)
Index("ix_hit_doubtful", hit.c.late, hit.c.row, sqlite_where=DOUBTFUL, postgresql_where=DOUBTFUL)  # queue

# How often a watched form stands in small letters, and with a capital inside a sentence: counted up to the post that
# `meta` names under "letters".
word_case = Table(
    "word_case",
    metadata,
    Column("form", Words, primary_key=True),
    Column("small", Integer, nullable=False),
    Column("capital", Integer, nullable=False),
)

# A maintainer's decision on two places of one name; `source` is the name of one, or "" for all.
preference = Table(
    "preference",
    metadata,
    Column("prefer", Words, primary_key=True),
    Column("over", Words, primary_key=True),
    Column("source", Words, primary_key=True),
    Column("at", Moment, nullable=False),
)

# Reports of one thing; `changed` is when a report or a hit was last added, or taken back. `pinned`: since when a person
# keeps it in sight. `merged`: the story that its reports went to, by a person's decision.
story = Table(
    "story",
    metadata,
    _row(),
    Column("first", Key, ForeignKey("post.row"), nullable=False, unique=True),
    Column("changed", Moment, nullable=False),
    Column("pinned", Moment),
    Column("merged", Key),
    sqlite_autoincrement=True,
)
Index("ix_story_changed", story.c.changed)  # untold

# A report: every post is in one story at most. `within` and `related` are rows of stories.
story_post = Table(
    "story_post",
    metadata,
    Column("post", Key, ForeignKey("post.row"), primary_key=True, autoincrement=False),
    _of("story"),
    Column("relation", Words, nullable=False),
    Column("reason", Words, nullable=False),
    _of("story", "within", nullable=True),
    Column("related", Json, nullable=False),
    Column("placed", Moment, nullable=False),
)
Index("ix_story_post_story", story_post.c.story)  # stories, trace
Index("ix_story_post_placed", story_post.c.placed)  # placed_since, stories_since

# What grouping remembers of a placed post: rows rise in the order of placing. It goes with the post, and can be made
# again from its words. `happened` is the post's own time, never later than it was seen.
sketch = Table(
    "sketch",
    metadata,
    _row(),
    Column("post", Key, ForeignKey("post.row", ondelete="CASCADE"), nullable=False, unique=True),
    Column("happened", Moment, nullable=False),
    Column("data", LargeBinary, nullable=False),
    sqlite_autoincrement=True,
)
Index("ix_sketch_happened", sketch.c.happened)  # sketch_rows

# What is remembered of a route that was seen.
route = Table(
    "route",
    metadata,
    Column("name", Words, primary_key=True),
    Column("first_seen", Moment, nullable=False),
    Column("last_slot", Moment),
)

# One row for each slot of a route that passed: composed, empty, or covered by a later digest.
digest = Table(
    "digest",
    metadata,
    _row(),
    Column("route", Words, ForeignKey("route.name"), nullable=False),
    Column("slot", Moment, nullable=False),
    Column("since", Moment, nullable=False),
    Column("composed", Moment, nullable=False),
    Column("state", Words, nullable=False),
    UniqueConstraint("route", "slot"),
    sqlite_autoincrement=True,
)

# One revision of what a route sends outside of its digests; `state` is what the next revision must know.
notice = Table(
    "notice",
    metadata,
    _row(),
    Column("route", Words, nullable=False),
    Column("kind", Words, nullable=False),
    Column("subject", Words, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("at", Moment, nullable=False),
    Column("text", Words, nullable=False),
    Column("state", Json, nullable=False),
    UniqueConstraint("route", "kind", "subject", "revision"),
    sqlite_autoincrement=True,
)
Index("ix_notice_route_at", notice.c.route, notice.c.at)  # notices

# A time in which what is named does not ring; an expired one ended when it was expired.
silence = Table(
    "silence",
    metadata,
    _row(),
    Column("since", Moment, nullable=False),
    Column("until", Moment, nullable=False),
    Column("author", Words, nullable=False),
    Column("comment", Words, nullable=False),
    Column("place", Words),
    Column("tag", Words),
    Column("source", Words),
    Column("route", Words),
    sqlite_autoincrement=True,
)

# What a route decided on a story last; `told` and `urgent` are final. `reason` is the name of a `model.Reason`, `note`
# what it leaves open. `until`: what is held is looked at again then, without waiting for a digest. `correction`: what a
# person puts right in what was told. `earlier`: the digests and notices that told it before it was to be told again.
decision = Table(
    "decision",
    metadata,
    Column("route", Words, ForeignKey("route.name"), primary_key=True),
    Column("story", Key, ForeignKey("story.row"), primary_key=True, autoincrement=False),
    Column("reason", Words, nullable=False),
    _of("digest", nullable=True),
    Column("at", Moment, nullable=False),
    Column("note", Words),
    Column("until", Moment),
    Column("notice", Key),
    Column("correction", Words),
    Column("earlier", Json),
)
DUE = decision.c.until.is_not(None)
Index("ix_decision_until", decision.c.until, sqlite_where=DUE, postgresql_where=DUE)  # stirring
Index("ix_decision_story", decision.c.story)  # trace
Index("ix_decision_digest", decision.c.digest)  # digests, trace

# What is sent: frozen, one row for each part of each digest for each destination.
outbox = Table(
    "outbox",
    metadata,
    _row(),
    Column("idempotency", Words, nullable=False, unique=True),
    Column("route", Words, nullable=False),
    Column("kind", Words, nullable=False),
    Column("address", Words, nullable=False),
    Column("thread", BigInteger),
    _of("digest", nullable=True),
    Column("payload", Json, nullable=False),
    Column("outcome", Words, nullable=False),
    Column("reason", Words, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("not_before", Moment),
    Column("offset", BigInteger),
    Column("receipt", Words),
    Column("created", Moment, nullable=False),
    Column("tried", Moment),
    Column("sent", Moment),
    Column("action", Words, nullable=False, server_default="send"),
    Column("notice", Key),
    Column("of", Words),  # the idempotency key of the row whose message an edit or a pin changes
    sqlite_autoincrement=True,
)
Index("ix_outbox_digest", outbox.c.digest)  # trace
Index("ix_outbox_notice", outbox.c.notice)  # trace, corrections
CHANGES = outbox.c.of.is_not(None)
Index("ix_outbox_of", outbox.c.of, sqlite_where=CHANGES, postgresql_where=CHANGES)  # overtaken, forget
UNSENT = outbox.c.outcome.not_in((literal_column("'sent'"), literal_column("'dropped'")))
Index("ix_outbox_unsent", outbox.c.row, sqlite_where=UNSENT, postgresql_where=UNSENT)

# What people decided, in order; only ever added to. `undoes`: the act that this one takes back.
act = Table(
    "act",
    metadata,
    _row(),
    Column("at", Moment, nullable=False),
    Column("who", Words, nullable=False),
    Column("how", Words, nullable=False),
    Column("kind", Words, nullable=False),
    Column("reason", Words),
    Column("note", Words, nullable=False),
    _of("act", "undoes", nullable=True),
    sqlite_autoincrement=True,
)
UNDOING = act.c.undoes.is_not(None)
Index("ix_act_undoes", act.c.undoes, unique=True, sqlite_where=UNDOING, postgresql_where=UNDOING)  # undo, audit

# What an act changed: a hit, post, story, watch or source by its key, as it was and as it is since.
act_on = Table(
    "act_on",
    metadata,
    Column("act", Key, ForeignKey("act.row"), primary_key=True, autoincrement=False),
    Column("target", Words, primary_key=True),
    Column("before", Json, nullable=False),
    Column("after", Json, nullable=False),
)
Index("ix_act_on_target", act_on.c.target, act_on.c.act)  # trace, what was done since a person looked
