"""The last page, from rows as the store gives them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.demo.findings import Findings, Traced
from bot.demo.report import compose_report
from bot.demo.troubles import Episode
from bot.model import (
    Arrival,
    Hit,
    HitState,
    Origin,
    Place,
    Placement,
    Post,
    Reason,
    Relation,
    Report,
    Source,
    SourceKind,
    StoredHit,
    StoredPost,
    Story,
)
from bot.store import Counts

EIGHT = datetime(2025, 1, 6, 6, tzinfo=UTC)
FRONT = Source(name="front", kind=SourceKind.CHANNEL, address="https://t.me/front", title="Фронт")
WIRE = Source(name="wire", kind=SourceKind.FEED, address="https://wire.example/", title="Wire")
SUDZHA = Place(id="sudzha", name="Суджа")
BERDIN = Place(id="berdin", name="Бердин")


def stored(row: int, source: Source, text: str, **more: object) -> StoredPost:
    published = EIGHT + timedelta(minutes=row)
    post = Post(source=source.name, id=str(row), text=text, published=published)
    return StoredPost(row=row, post=post, seen=published, **more)  # type: ignore[arg-type]


def hit(row: int, watch: Place, text: str, confidence: float, *evidence: str) -> StoredHit:
    found = Hit(
        watch=watch.id,
        start=0,
        end=len(text),
        text=text,
        form=text,
        origin=Origin.RULE,
        confidence=confidence,
        evidence=evidence,
    )
    return StoredHit(row=row, hit=found, found=EIGHT, state=HitState.LIVE)


POSTS = (
    stored(1, FRONT, "Суджей интересуются", arrival=Arrival.BASELINE),
    stored(2, FRONT, "В Судже бой"),
    stored(3, WIRE, "В Судже бой", revision=2),
    stored(4, WIRE, "Николай Бердин взял серебро"),
)
STORIES = (
    Story(
        row=1,
        reports=(
            Report(stored=POSTS[0], source=FRONT, relation=Relation.FIRST, hits=(hit(1, SUDZHA, "Суджей", 0.9),)),
        ),
    ),
    Story(
        row=2,
        reports=(
            Report(stored=POSTS[1], source=FRONT, relation=Relation.FIRST, hits=(hit(2, SUDZHA, "Судже", 0.9),)),
            Report(stored=POSTS[2], source=WIRE, relation=Relation.COPY, hits=(hit(3, SUDZHA, "Судже", 0.9),)),
        ),
    ),
    Story(
        row=3,
        reports=(
            Report(
                stored=POSTS[3], source=WIRE, relation=Relation.FIRST, hits=(hit(4, BERDIN, "Бердин", 0.2, "person"),)
            ),
        ),
    ),
)
COUNTS = Counts(
    posts=5,
    revisions=6,
    hits=4,
    stories=3,
    digests=1,
    sources=2,
    unmatched=0,
    ungrouped=0,
    expired=0,
    waiting=0,
    parked=0,
    unknown=0,
    oldest_waiting=None,
    oldest_post=None,
    gaps=0,
    arrivals={Arrival.BASELINE: 1, Arrival.LIVE: 4},
    size=0,
    log_size=0,
    schema="0001",
    engine="SQLite 3.53.0",
    journal="wal",
)
FINDINGS = Findings(
    sources=(FRONT, WIRE),
    watches=(SUDZHA, BERDIN),
    counts=COUNTS,
    stories=STORIES,
    unwatched=(
        Traced(source="wire", when=EIGHT, text="Погода " + "хорошая " * 20, why="no watched place in revision 1"),
    ),
    placements={
        "wire/3": Placement(post="wire/3", story="front/2", relation=Relation.COPY, reason="same text"),
    },
    decisions={1: Reason.BASELINE, 2: Reason.TOLD, 3: Reason.UNSURE},
    episodes=(
        Episode(source="wire", state="http_503", since=EIGHT, until=EIGHT + timedelta(hours=1)),
        Episode(source="front", state="no_preview", since=EIGHT, remedy="add a reader"),
    ),
    zone="Europe/Kyiv",
    confidence=0.5,
)
PAGE = """
READ  5 posts from 1 feed and 1 channel; 1 older than the watch, 1 edit.

FOUND  3 mentions of 1 watched places, written
  Суджа    3   Суджей · Судже
  Бердин   0

GROUPED  4 posts into 3 stories; told more than once:
  08:02  Фронт: В Судже бой
    copy     08:03  Wire (same text)

LEFT OUT
  not announced: read before the watch began (first reading):
    08:01  Фронт: Суджей интересуются
  not announced: below the route's confidence (0.50), kept for review:
    08:04  Wire: Николай Бердин взял серебро
      Бердин: 0.20 (rule, person)
  no watched place in revision 1:
    08:00  Wire: Погода хорошая хорошая хорошая хорошая хорошая хорошая хорошая…

SOURCES IN TROUBLE
  Wire: http_503, from 08:00 until 09:00
  Фронт: no_preview, from 08:00 still; add a reader
"""


def test_the_page_says_what_was_found_grouped_and_left_out_and_why() -> None:
    rule, page = compose_report(FINDINGS).strip("\n").split("\n", 1)
    page, end = page.rsplit("\n", 1)
    assert rule == end
    assert set(rule) == {"─"}
    assert page == PAGE.strip("\n")


def test_a_round_up_is_named_with_its_own_story() -> None:
    included = Placement(post="wire/4", story="wire/4", relation=Relation.INCLUDED, reason="contains", within="front/2")
    page = compose_report(replace(FINDINGS, placements={"wire/4": included}))
    assert "what they gather:\n    08:04  Wire: Николай Бердин взял серебро\n      08:02  Фронт: В Судже бой\n" in page


def test_the_same_in_other_words_stands_beside_it() -> None:
    like = Placement(post="front/2", story="front/2", relation=Relation.FIRST, reason="", related=("wire/4", "gone/1"))
    page = compose_report(replace(FINDINGS, placements={"front/2": like}))
    assert "never merged:\n    08:02  Фронт: В Судже бой\n      08:04  Wire: Николай Бердин взял серебро\n\n" in page


def test_what_was_read_before_its_original_is_not_called_the_first() -> None:
    original, forward = STORIES[1].reports
    post = replace(forward.stored.post, forwarded_from="front/2")
    forward = replace(forward, relation=Relation.FIRST, stored=replace(forward.stored, post=post))
    story = replace(STORIES[1], reports=(replace(original, relation=Relation.COPY), forward))
    page = compose_report(replace(FINDINGS, stories=(story,), placements={}))
    assert "  08:02  Фронт: В Судже бой\n    forward  08:03  Wire\n" in page


def test_a_morning_without_trouble_says_so() -> None:
    assert "SOURCES  all worked, all the time." in compose_report(replace(FINDINGS, episodes=()))


def test_what_the_eye_cannot_see_is_named() -> None:
    hits = (hit(1, SUDZHA, "\N{LATIN CAPITAL LETTER C}уджа", 0.9), hit(2, SUDZHA, "Суд\N{SOFT HYPHEN}жа", 0.9))
    story = Story(row=1, reports=(Report(stored=POSTS[1], source=FRONT, relation=Relation.FIRST, hits=hits),))
    page = compose_report(replace(FINDINGS, stories=(story,)))
    assert "Cуджа (look-alike letters) · Суджа (hidden characters)" in page
