"""Commands that look: hits, stories, sources, outbox, trace, digest, doctor. They never take the instance lock.

In: what to look at. Out: a table, or JSON lines with --json. Invariant: looking changes nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli.context import Row, context_of, plain, print_lines, show

if TYPE_CHECKING:
    from bot.store import Store

Json = Annotated[bool, typer.Option("--json", help="One JSON object a line.")]


def add_to(app: typer.Typer) -> None:
    for command in (hits, stories, sources, outbox, trace, digest, doctor):
        app.command()(command)


def hits(context: typer.Context, as_json: Json = False) -> None:
    """Every mention that was found, newest last, with the reason for it."""
    rows = _rows(context, lambda store: _all(store.hits()))
    show(
        rows,
        ("id", "watch", "text", "confidence", "why", "state", "late", "post"),
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
        ("id", "route", "to", "digest", "part", "outcome", "reason", "sent"),
        as_json=as_json,
        empty="Nothing was composed yet.",
    )


def trace(
    context: typer.Context,
    key: Annotated[
        str, typer.Argument(metavar="ID", help="A post, hit, story, digest or delivery, as another command prints it.")
    ],
    as_json: Json = False,
) -> None:
    """What happened to a post, hit, story, digest or delivery, step by step."""
    events = _rows(context, lambda store: store.trace(key))
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
        str | None, typer.Option(metavar="24h", help="Tell the stories of so long, told before or not.")
    ] = None,
    send: Annotated[bool, typer.Option("--send", help="Queue it and send it now; told stories are then told.")] = False,
) -> None:
    """Show what the route would tell now, and why it leaves the rest out. Nothing is sent without --send."""
    from bot.service import previewing  # noqa: PLC0415
    from bot.service.clock import SystemClock  # noqa: PLC0415

    config = context_of(context).config()
    shown = asyncio.run((previewing.send if send else previewing.show)(config, route, since, SystemClock()))
    typer.echo(shown.text)
    for reason, count in shown.held.items():
        typer.echo(f"{count} {'story' if count == 1 else 'stories'} {reason}", err=True)


def doctor(
    context: typer.Context,
    as_json: Json = False,
    online: Annotated[bool, typer.Option("--online", help="Ask Telegram too: token, sessions, rights.")] = False,
    send_test: Annotated[
        bool, typer.Option("--send-test", help="Send each Telegram destination a test, twice under one key.")
    ] = False,
) -> None:
    """Examine the installation: database, disk, sources, sessions, deliveries; and why there was no digest."""
    from bot.service.asking import ask_telegram  # noqa: PLC0415
    from bot.service.doctor import examine  # noqa: PLC0415

    config = context_of(context).config()
    findings = asyncio.run(examine(config))
    if online or send_test:
        findings += asyncio.run(ask_telegram(config, send_test=send_test))
    if as_json:
        print_lines(_flat(finding) for finding in findings)
    else:
        for finding in findings:
            remedy = f"; {finding.remedy}" if finding.remedy else ""
            typer.echo(f"{finding.verdict:<5} {finding.subject:<18} {plain(finding.text)}{plain(remedy)}")
    if any(finding.verdict == "bad" for finding in findings):
        raise typer.Exit(1)


def _rows(context: typer.Context, query: Callable[[Store], Awaitable[Sequence[Any]]]) -> list[Row]:
    from bot.service.memory import looking  # noqa: PLC0415

    async def ask() -> Sequence[Any]:
        async with looking(context_of(context).config()) as store:
            return await query(store)

    return [_flat(row) for row in asyncio.run(ask())]


async def _all(rows: AsyncIterator[Any]) -> list[Any]:
    return [row async for row in rows]


def _flat(row: Any) -> Row:
    return {key: value.isoformat() if isinstance(value, datetime) else value for key, value in asdict(row).items()}
