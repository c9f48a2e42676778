"""Commands about routes: silence, routes test, routes pin.

In: what to keep quiet, an id or a text, a route. Out: silences, explanations, a pinned message. Invariant: `test` and
`pin --show` change nothing.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from typing import Annotated

import typer

from bot.cli.context import Json, context_of, harmless, print_lines, run, show
from bot.model import flat

silence = typer.Typer(help="Keep a place, a tag, a source or a route quiet for a time.", no_args_is_help=True)
routes = typer.Typer(help="Where a post would go and why; the pinned message of a channel.", no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    app.add_typer(silence, name="silence")
    app.add_typer(routes, name="routes")


@silence.command()
def add(  # noqa: PLR0913, PLR0917 (one matcher each)
    context: typer.Context,
    comment: Annotated[str, typer.Option(metavar="TEXT", help="Why; `trace` and `digest` show it.")],
    place: Annotated[str | None, typer.Option(metavar="ID", help="A place, with all in it, or a term.")] = None,
    tag: Annotated[str | None, typer.Option(metavar="TAG", help="All watches with this tag.")] = None,
    source: Annotated[str | None, typer.Option(metavar="NAME", help="What this source alone reports.")] = None,
    route: Annotated[str | None, typer.Option(metavar="NAME", help="This route alone, or all of it.")] = None,
    length: Annotated[str | None, typer.Option("--for", metavar="8h", help="How long it lasts.")] = None,
    until: Annotated[str | None, typer.Option(metavar="DATE", help="Or when it ends, in UTC.")] = None,
    author: Annotated[str | None, typer.Option(metavar="NAME", help="Who wants it; else who is logged in.")] = None,
) -> None:
    """Hold what fits everything that is named; it is told in the digest after the end."""
    from bot.config.operator import operator  # noqa: PLC0415
    from bot.service import silencing  # noqa: PLC0415

    wanted = silencing.Wanted(
        place=place,
        tag=tag,
        source=source,
        route=route,
        length=length,
        until=until,
        author=author or operator(),
        comment=comment,
    )
    made = run(silencing.add(context_of(context).config(), wanted, datetime.now(UTC)))
    typer.echo(harmless(f"{made.key}: {made.named}, until {made.until:%Y-%m-%d %H:%M} UTC"))


@silence.command("list")
def list_silences(
    context: typer.Context,
    every: Annotated[bool, typer.Option("--all", help="Those that have ended, too.")] = False,
    as_json: Json = False,
) -> None:
    """Silences that last, with their ends, authors and comments."""
    from bot.service import silencing  # noqa: PLC0415

    rows = [flat(each) for each in run(silencing.listed(context_of(context).config(), datetime.now(UTC), every=every))]
    columns = ("id", "place", "tag", "source", "route", "until", "author", "comment")
    show(rows, columns, as_json=as_json, empty="Nothing is silenced.")


@silence.command()
def expire(
    context: typer.Context, key: Annotated[str, typer.Argument(metavar="ID", help="As `silence list` prints it.")]
) -> None:
    """End a silence now."""
    from bot.service import silencing  # noqa: PLC0415

    done = run(silencing.expire(context_of(context).config(), key, datetime.now(UTC)))
    typer.echo(harmless(f"{key}: {'ended' if done else 'had ended before'}"))


@routes.command("test")
def try_routes(
    context: typer.Context,
    given: Annotated[
        str | None,
        typer.Argument(metavar="[ID|TEXT]", help="A post, hit or story by its id, or a text; else standard input."),
    ] = None,
    source: Annotated[str | None, typer.Option(metavar="NAME", help="The source that would say the text.")] = None,
    as_json: Json = False,
) -> None:
    """Where a post would go, and why: its mentions, its story, and each route's decision.

    What looks like an id (h10, s4, rybar/12) and is none is refused; it is not tried as a text.
    """
    from bot.service.clock import SystemClock  # noqa: PLC0415
    from bot.service.routing import explain  # noqa: PLC0415

    text = given if given not in {None, "-"} else sys.stdin.read()
    steps = run(explain(context_of(context).config(), text or "", source, SystemClock().now()))
    if as_json:
        print_lines(flat(step) for step in steps)
        return
    for step in steps:
        typer.echo(harmless(f"{step.step:<9} {step.text}"))


@routes.command()
def pin(
    context: typer.Context,
    route: Annotated[str, typer.Argument(metavar="ROUTE", help="A route of routes.yaml.")],
    only_show: Annotated[bool, typer.Option("--show", help="Print the message; send nothing.")] = False,
) -> None:
    """Write and pin the message that tells subscribers what the channel is; again, to change it."""
    from bot.service import pinning  # noqa: PLC0415
    from bot.service.clock import SystemClock  # noqa: PLC0415

    config = context_of(context).config()
    if only_show:
        typer.echo(run(pinning.shown(config, route, SystemClock())))
    else:
        typer.echo(run(pinning.pin(config, route, SystemClock())), err=True)
