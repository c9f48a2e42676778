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


def add_to(app: typer.Typer) -> None:
    app.command("run")(run_service)
    for command in (once, demo, review):
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


def demo(
    card: Annotated[
        Path | None, typer.Option(metavar="FILE.png", help="Draw the morning too: places on a small map, and times.")
    ] = None,
) -> None:
    """Watch a small newsroom on this machine for half a minute: no account, no keys, no network."""
    import logging  # noqa: PLC0415

    from bot.demo.run import run_demo  # noqa: PLC0415
    from bot.service import logs  # noqa: PLC0415

    # The last page tells of every trouble; here a warning would only break the line that shows how far it is.
    logs.configure(least=logging.ERROR)
    run(run_demo(sys.stdout, card=card))


def review(context: typer.Context) -> None:
    """Serve the page for maintainers alone, also beside a running service on another port."""
    from bot.service import logs, reviewing  # noqa: PLC0415

    logs.configure()
    run(reviewing.serve(context_of(context).checked()))
