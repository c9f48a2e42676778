"""How long a digest of many stories takes: composed, and rendered in every form.

    python benchmarks/digests.py [--stories 1000] [--reports 5] [--seed 1]

The stories are made: sentences with a mention, several reports each, copies and forwards among them, three places, two
sides. Composing and every form are timed apart; the sum of composing and Telegram's parts is what is promised (1 s).
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from time import process_time

from bot.digests import Flavour, compose, render
from bot.digests.card import card
from bot.model import (
    Destination,
    DestinationKind,
    Place,
    Relation,
    Report,
    Route,
    Schedule,
    SideKind,
    Source,
    SourceKind,
    Story,
)
from tests.digests.reports import naming

SLOT = datetime(2026, 1, 6, 10, tzinfo=UTC)
PLACES = (
    Place(id="sudzha", name="Суджа", at=(51.19, 35.27)),
    Place(id="berdin", name="Бердин", at=(51.27, 35.42)),
    Place(id="guevo", name="Гуево", at=(51.09, 35.33)),
)
SOURCES = tuple(
    Source(
        name=f"channel{number}",
        kind=SourceKind.CHANNEL,
        address=f"https://t.me/channel{number}",
        title=f"Канал {number}",
        side=("ru", "ua")[number % 2],
        side_kind=SideKind.PARTY,
    )
    for number in range(40)
)
ROUTE = Route(
    name="kursk",
    to=Destination(DestinationKind.TELEGRAM, "@kursk"),
    card=True,
    digest=Schedule(cron="0 * * * *", timezone="Europe/Kyiv", max_stories=100_000),
)


def stories(count: int, reports: int, rnd: random.Random) -> Iterator[Story]:
    for row in range(1, count + 1):
        place = rnd.choice(PLACES)
        told = tuple(_report(row, number, reports, place, rnd) for number in range(rnd.randint(1, 2 * reports - 1)))
        yield Story(row=row, reports=told)


def _report(row: int, number: int, reports: int, place: Place, rnd: random.Random) -> Report:
    words = " ".join(rnd.choices(("бои", "обстрел", "северо-восточнее", "сообщают", "жители", "дорога"), k=18))
    text = f"По состоянию на утро {words} у населённого пункта {place.name}. {words.capitalize()}."
    ident, source = row * 2 * reports + number, rnd.choice(SOURCES)
    when = SLOT - timedelta(seconds=rnd.randrange(10_000))
    relation = rnd.choice((Relation.COPY, Relation.FORWARD)) if number else Relation.FIRST
    return naming(source, ident, text, when, {place.name: place.id}, relation=relation)


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--stories", type=int, default=1_000)
    options.add_argument("--reports", type=int, default=5)
    options.add_argument("--seed", type=int, default=1)
    chosen = options.parse_args()
    made = list(stories(chosen.stories, chosen.reports, random.Random(chosen.seed)))
    posts = sum(len(story.reports) for story in made)
    began = process_time()
    digest = compose(
        replace(ROUTE, card=False), made, slot=SLOT, since=SLOT - timedelta(hours=3), now=SLOT, watches=PLACES
    ).digest
    assert digest is not None
    print(f"{len(made)} stories, {posts} posts")
    print(f"composed      {process_time() - began:7.3f} s")
    for flavour in Flavour:
        began = process_time()
        parts = render(digest, flavour=flavour)
        print(f"{flavour.value:13} {process_time() - began:7.3f} s   {len(parts)} parts")
    began = process_time()
    card(digest, PLACES)
    print(f"card (SVG)    {process_time() - began:7.3f} s")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
