"""Commands that look, from hits to doctor. They never take the instance lock.

In: what to look at. Out: a table, or JSON lines with --json. Invariant: looking changes nothing.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from bot.cli.context import Json, Row, context_of, harmless, plain, print_lines, run, show
from bot.errors import WrongUsage
from bot.model import flat

if TYPE_CHECKING:
    from bot.config import Config
    from bot.store import Event, Filters, Store

T = TypeVar("T")


LARGEST = 2**63 - 1
"""No row has a number beyond it."""
_LOOKED_THROUGH = 1.0
"""Seconds that a database without an answer is looked through for damage: one of 100 MB is, to its end."""
_HELD_LINES = 20
"""Held stories that `digest` names one by one; below them stand their numbers by reason."""


def add_to(app: typer.Typer) -> None:
    for command in (hits, stories, sources, outbox, quality, search, trace, digest, doctor):
        app.command()(command)


def hits(context: typer.Context, as_json: Json = False) -> None:
    """Every mention that was found, newest last, with the reason for it."""
    rows = _rows(context, lambda store: _all(store.hits()))
    show(
        rows,
        ("id", "watch", "text", "confidence", "why", "state", "verdict", "late", "post"),
        as_json=as_json,
        empty="No hits yet.",
    )


def stories(context: typer.Context, as_json: Json = False) -> None:
    """Reports of one thing, put together: first report, copies, sides."""
    rows = _rows(context, lambda store: _all(store.stories()))
    show(rows, ("id", "watches", "sources", "sides", "published", "post"), as_json=as_json, empty="No stories yet.")


def sources(context: typer.Context, as_json: Json = False) -> None:
    """Every source with its state in words."""
    rows = _rows(context, lambda store: store.sources())
    show(
        rows,
        ("id", "kind", "state", "detail", "remedy", "posts", "due"),
        as_json=as_json,
        empty="No sources yet: `once --all` reads them.",
    )


def outbox(context: typer.Context, as_json: Json = False) -> None:
    """What was sent, what waits and why."""
    rows = _rows(context, lambda store: _all(store.outbox()))
    show(
        rows,
        ("id", "route", "to", "action", "digest", "part", "outcome", "reason", "sent"),
        as_json=as_json,
        empty="Nothing was composed yet.",
    )


def quality(context: typer.Context, as_json: Json = False) -> None:
    """How often hits were right, by place, source, evidence and confidence, and how sure that is."""
    from bot.review.pages.quality import quality_rows  # noqa: PLC0415

    rows = _rows(context, quality_rows)
    columns = ("by", "of", "share", "low", "high", "counted", "right", "judged")
    show(rows, columns, as_json=as_json, empty="Nobody has decided anything yet.")


def search(  # noqa: PLR0913, PLR0917 (one filter each)
    context: typer.Context,
    text: Annotated[str, typer.Argument(metavar="TEXT", help="Words, in any grammatical case; all must stand there.")],
    source: Annotated[list[str], typer.Option(metavar="NAME", help="Posts of this source; may be repeated.")] = [],  # noqa: B006
    side: Annotated[list[str], typer.Option(metavar="SIDE", help="Posts of this side; may be repeated.")] = [],  # noqa: B006
    place: Annotated[
        list[str], typer.Option(metavar="ID", help="Posts with a hit of this watch; may be repeated.")
    ] = [],  # noqa: B006
    language: Annotated[
        list[str], typer.Option(metavar="ru|uk|en", help="Posts in this language; may be repeated.")
    ] = [],  # noqa: B006
    since: Annotated[
        str | None, typer.Option(metavar="30d", help="Posts from then on: a duration, or a date in UTC.")
    ] = None,
    until: Annotated[
        str | None, typer.Option(metavar="DATE", help="Posts before then: a duration, or a date in UTC.")
    ] = None,
    limit: Annotated[int, typer.Option(metavar="50", min=1, help="So many posts at most.")] = 50,
    before: Annotated[
        int | None, typer.Option(metavar="NUMBER", min=1, max=LARGEST, help="Go on where the last page ended.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Search every post and every earlier wording; the newest first.

    If there are more, the last line names the `--before` of the next page; with --json the last post does ("before").
    """
    from bot.service.spans import moment  # noqa: PLC0415
    from bot.store import Filters  # noqa: PLC0415

    now = datetime.now(UTC)
    filters = Filters(
        sources=source,
        sides=side,
        places=place,
        languages=language,
        since=moment(since, now) if since else None,
        until=moment(until, now, "--until") if until else None,
    )
    found, following = _asked(context, lambda store: store.search_page(text, filters, limit=limit, before=before))
    rows = [flat(row) for row in found]
    if not rows:
        _refuse_unknown(context_of(context).config(), filters)
    if following and as_json:
        rows[-1]["before"] = following
    show(rows, ("id", "published", "text"), as_json=as_json, empty="Nothing was found.")
    if following and not as_json:
        typer.echo(f"There are more: the same with --before {following}", err=True)


def _refuse_unknown(config: Config, filters: Filters) -> None:
    """A name that nothing has is a slip; what was configured once may still be found, so it is asked only now."""
    from bot.config.nearest import did_you_mean  # noqa: PLC0415

    for option, named, known in (
        ("--source", filters.sources, {each.name for each in config.sources}),
        ("--side", filters.sides, {each.side for each in config.sources if each.side}),
        ("--place", filters.places, {watch.id for watch in config.watches}),
        ("--language", filters.languages, {"ru", "uk", "en"}),
    ):
        for name in sorted(set(named) - known):
            remedy = did_you_mean(name, known) or f"name one of {', '.join(sorted(known)[:10]) or 'the configured'}"
            raise WrongUsage(option, f"nothing is called {name}", remedy)


def trace(
    context: typer.Context,
    key: Annotated[
        str, typer.Argument(metavar="ID", help="A post, hit, story, digest or delivery, as another command prints it.")
    ],
    as_json: Json = False,
) -> None:
    """What happened to a post, hit, story, digest or delivery, step by step."""
    from bot.service.ringing import unrung  # noqa: PLC0415

    config, now = context_of(context).config(), datetime.now(UTC)

    async def events_of(store: Store) -> list[Event]:
        return [*await store.trace(key), *await unrung(config, store, key, now)]

    events = _rows(context, events_of)
    if as_json:
        print_lines(events)
        return
    for event in events:
        at = event["at"][:19].replace("T", " ") if event["at"] else " " * 19
        typer.echo(f"{at}  {plain(event['step']):<9} {plain(event['text'])}")


def digest(
    context: typer.Context,
    route: Annotated[str, typer.Argument(metavar="ROUTE", help="A route of routes.yaml.")],
    since: Annotated[
        str | None,
        typer.Option(
            metavar="24h", help="Tell the stories since then, told before or not: a duration, or a date in UTC."
        ),
    ] = None,
    send: Annotated[bool, typer.Option("--send", help="Queue it and send it now; told stories are then told.")] = False,
    picture: Annotated[
        Path | None, typer.Option("--card", metavar="FILE.png", help="Draw it too: places on a small map, and times.")
    ] = None,
) -> None:
    """Show what the route would tell now, and why it leaves the rest out. Nothing is sent without --send."""
    from bot.service import previewing  # noqa: PLC0415
    from bot.service.clock import SystemClock  # noqa: PLC0415

    config = context_of(context).config()
    shown = run((previewing.send if send else previewing.show)(config, route, since, SystemClock()))
    for card in shown.cards:
        typer.echo(f"{card}\n")
    typer.echo(shown.text)
    for line in shown.waiting[:_HELD_LINES]:
        typer.echo(harmless(line), err=True)
    if (rest := len(shown.waiting) - _HELD_LINES) > 0:
        typer.echo(f"and {rest} more", err=True)
    if picture is not None:
        _draw(shown.picture, picture)
    if shown.sent:
        typer.echo(shown.sent, err=True)
    for reason, count in shown.held.items():
        typer.echo(f"{count} {'story' if count == 1 else 'stories'} {reason}", err=True)


def _draw(svg: str | None, path: Path) -> None:
    from bot.delivery.picture import draw  # noqa: PLC0415

    if svg is None:
        typer.echo(f"{path}: not drawn: no place that is told has coordinates (at:)", err=True)
    else:
        draw(svg, path)


def doctor(
    context: typer.Context,
    as_json: Json = False,
    online: Annotated[
        bool, typer.Option("--online", help="Ask Telegram too: token, sessions, rights, previews, clock.")
    ] = False,
    send_test: Annotated[
        bool, typer.Option("--send-test", help="Send each Telegram destination a test, twice under one key.")
    ] = False,
) -> None:
    """Examine the installation: database, disk, sources, sessions, deliveries; and why there was no digest."""
    from bot.service.asking import ask_telegram  # noqa: PLC0415
    from bot.service.doctor import examine  # noqa: PLC0415

    config = context_of(context).config()
    findings = run(examine(config))
    if online or send_test:
        findings += run(ask_telegram(config, send_test=send_test))
    if as_json:
        print_lines(flat(finding) for finding in findings)
    else:
        for finding in findings:
            remedy = f"; {finding.remedy}" if finding.remedy else ""
            typer.echo(f"{finding.verdict:<5} {finding.subject:<18} {plain(finding.text)}{plain(remedy)}")
    if any(finding.verdict == "bad" for finding in findings):
        raise typer.Exit(1)


def _rows(context: typer.Context, query: Callable[[Store], Awaitable[Sequence[Any]]]) -> list[Row]:
    rows = _asked(context, query)
    if not rows:
        _refuse_damaged(context_of(context).config())
    return [flat(row) for row in rows]


def _refuse_damaged(config: Config) -> None:
    """A damaged page may look empty: that there is nothing is said of a database that was looked through."""
    from bot.store import Store  # noqa: PLC0415

    until = monotonic() + _LOOKED_THROUGH
    run(Store.check(config.database, lambda: monotonic() < until))


def _asked(context: typer.Context, query: Callable[[Store], Awaitable[T]]) -> T:
    from bot.service.memory import looking  # noqa: PLC0415

    async def ask() -> T:
        async with looking(context_of(context).config()) as store:
            return await query(store)

    return run(ask())


async def _all(rows: AsyncIterator[Any]) -> list[Any]:
    return [row async for row in rows]
