"""Commands that run the house: run, once, demo. `run` and `once` take the instance lock.

In: the configuration. Out: what the routes deliver; logs on standard error. Invariant: SIGTERM and SIGINT end a run
within 10 s with status 0, and nothing is lost or sent twice.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.context import context_of, harmless, run
from bot.model import WORKING


def add_to(app: typer.Typer) -> None:
    app.command("run")(run_service)
    for command in (once, backfill, demo, review):
        app.command()(command)


def run_service(
    context: typer.Context, quiet: Annotated[bool, typer.Option("--quiet", help="Log warnings only.")] = False
) -> None:
    """Run the service until it is told to stop."""
    import logging  # noqa: PLC0415

    from bot.service import logs, running  # noqa: PLC0415

    logs.configure(least=logging.WARNING if quiet else logging.INFO)
    known = context_of(context)
    run(running.serve(known.checked, known.folder))


def once(
    context: typer.Context,
    every: Annotated[bool, typer.Option("--all", help="Poll every source, due or not.")] = False,
) -> None:
    """Poll what is due, match, group, compose and deliver what is due, then stop."""
    from bot.service import logs, running  # noqa: PLC0415
    from bot.service.clock import SystemClock  # noqa: PLC0415

    logs.configure()
    done = run(running.once(context_of(context).checked(), SystemClock(), every=every))
    for line in done.unstored:
        typer.echo(harmless(line), err=True)
    typer.echo(done.words, err=True)
    if done.failed:
        raise typer.Exit(1)


def backfill(
    context: typer.Context,
    source: Annotated[str, typer.Argument(metavar="SOURCE", help="A source of sources.yaml.")],
    count: Annotated[
        int, typer.Option(metavar="200", min=1, max=100_000, help="So many of its newest posts shall be there.")
    ] = 200,
) -> None:
    """Read older posts of one source: stored, matched, marked late, and told in a section of the next digest.

    A running service does it; else it is done here. What is stored already stays as it is.
    """
    from bot.errors import AlreadyRunning  # noqa: PLC0415
    from bot.service import backfilling, logs  # noqa: PLC0415
    from bot.service.clock import SystemClock  # noqa: PLC0415

    logs.configure()
    config = context_of(context).checked()
    pid = run(backfilling.ask(config, source, count))
    try:
        filled = {} if pid is not None else run(backfilling.alone(config, SystemClock()))
    except AlreadyRunning as error:
        filled, pid = {}, error.pid
    if pid is not None or source not in filled:
        typer.echo(f"{source}: the running service (process {pid or 'unknown'}) reads it; `sources` counts", err=True)
        return
    done = filled[source]
    typer.echo(harmless(f"{source}: {done.new} older posts stored; {done.condition.state}"))
    if done.condition.state not in WORKING:
        typer.echo(harmless(f"{source}: {done.condition.detail}; {done.condition.remedy}"), err=True)
        raise typer.Exit(1)


def demo(
    card: Annotated[
        Path | None, typer.Option(metavar="FILE.png", help="Draw the morning too: places on a small map, and times.")
    ] = None,
    keep: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER", help="Keep its configuration and database here, for `--config FOLDER trace s1`."
        ),
    ] = None,
) -> None:
    """Watch a small newsroom on this machine for half a minute: no account, no keys, no network."""
    import logging  # noqa: PLC0415

    from bot.demo.run import run_demo  # noqa: PLC0415
    from bot.service import logs  # noqa: PLC0415

    # The last page tells of every trouble; here a warning would only break the line that shows how far it is.
    logs.configure(least=logging.ERROR)
    run(run_demo(sys.stdout, card=card, keep=keep))


def review(context: typer.Context) -> None:
    """Serve the page for maintainers alone, also beside a running service on another port."""
    from bot.service import logs, reviewing  # noqa: PLC0415

    logs.configure()
    known = context_of(context)
    run(reviewing.serve(known.checked, known.folder))
