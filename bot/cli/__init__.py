"""The commands: ``python run_bot.py [--config DIR] COMMAND``; the console script ``placewire`` is the same.

In: arguments, standard input. Out: results on standard output, messages on standard error, an exit status: 0 done,
1 the work failed, 2 wrong usage or configuration. Invariant: an error is one line that says what to do next, never a
traceback.
"""

from __future__ import annotations

import os
import sys
from itertools import takewhile
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from bot import __version__
from bot.cli import deciding, exporting, filters, looking, matching_again, routing, running, setting_up, watching
from bot.cli.context import Context, harmless
from bot.errors import ConfigError, PlacewireError, WrongUsage

FAILED, WRONG_USAGE, INTERRUPTED = 1, 2, 130


class _Commands(TyperGroup):
    """The commands. What is common to all stands before them: who writes it behind one is told so."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        behind = [word.partition("=")[0] for word in takewhile("--".__ne__, args)]
        if "--config" in behind:
            raise WrongUsage("--config", "stands behind the command", f"write placewire --config DIR {args[0]}")
        return super().resolve_command(ctx, args)


# Plain help: rich would cost a third of a second at every start.
app = typer.Typer(
    name="placewire",
    cls=_Commands,
    help="Write a place once; hear every report of it, once.",
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for room in (running, looking, deciding, exporting, watching, filters, matching_again, setting_up, routing):
    room.add_to(app)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"placewire {__version__}")
        raise typer.Exit


@app.callback()
def _common(
    context: typer.Context,
    config: Annotated[Path, typer.Option(metavar="DIR", help="The configuration folder.")] = Path("config"),
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    del version  # its callback has answered
    context.obj = Context(folder=config)


def main() -> None:
    """Run one command and end the process with its status."""
    try:
        app()
    except PlacewireError as error:
        typer.echo(harmless(str(error)), err=True)
        sys.exit(WRONG_USAGE if isinstance(error, ConfigError | WrongUsage) else FAILED)
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    except BrokenPipeError:
        # The reader (head, less) has left; without this Python complains once more while it ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(FAILED)
