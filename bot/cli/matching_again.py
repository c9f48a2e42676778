"""Commands that match stored posts again: config diff, rematch.

In: the configuration, and another one to compare with. Out: what is gained and lost. Invariant: `config diff` and
`--dry-run` change nothing.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.context import Json, Row, context_of, harmless, print_lines, progress, run, show
from bot.errors import WrongUsage

if TYPE_CHECKING:
    from bot.service.rematching import Outcome

configuration = typer.Typer(help="The configuration: diff.", no_args_is_help=True)
SIGNS = {"added": "+", "removed": "-", "changed": "~"}
LISTED = 50


def add_to(app: typer.Typer) -> None:
    app.add_typer(configuration, name="config")
    app.command()(rematch)


@configuration.command()
def diff(
    context: typer.Context,
    old: Annotated[
        Path | None, typer.Argument(metavar="[OLD_DIR]", help="Compare with this folder, not with what ran last.")
    ] = None,
    since: Annotated[
        str | None, typer.Option(metavar="7d", help="Compare with what was in use then: a duration, or a date in UTC.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Show places added and removed since the last run, and the hits gained and lost by it over the last 30 days.

    A running service takes over a changed file at once: then it is compared with what was in use before, and says since
    when it no longer is ("adopted").
    """
    from bot.service import rematching  # noqa: PLC0415
    from bot.service.spans import moment  # noqa: PLC0415

    if old and since:
        raise WrongUsage("config diff", "is given a folder and --since", "give one of the two")
    config, now = context_of(context).config(), datetime.now(UTC)
    then = moment(since, now) if since else None
    if then and then > now:
        raise WrongUsage("--since", f"{since} is still to come", "name a moment that has passed")
    with progress("comparing") as shown:
        outcome = run(rematching.config_diff(config, old, now, shown, since=then))
    adopted = outcome.adopted.isoformat() if outcome.adopted else None
    rows = [{"change": change.value, "watch": watch.id, "name": watch.name} for change, watch in outcome.watches]
    if as_json:
        print_lines({**row, "adopted": adopted} for row in [*rows, *_rows(outcome)])
        return
    if outcome.adopted:
        typer.echo(f"in use since {outcome.adopted:%Y-%m-%d %H:%M} UTC; against what was in use before:")
    for row in rows:
        typer.echo(harmless(f"{SIGNS[row['change']]} {row['name']} ({row['watch']})"))
    if not rows:
        typer.echo("the same places and terms")
        return
    _tell(outcome, "over the last 30 days")


def rematch(
    context: typer.Context,
    since: Annotated[
        str | None, typer.Option(metavar="30d", help="Posts seen since then: a duration, or a date in UTC.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would change, and change nothing.")] = False,
    as_json: Json = False,
) -> None:
    """Match stored posts with today's places and rules: new hits are late and never ring, lost ones are ruled out.

    What people decided is a test: confirmed hits that are found no more and rejected ones that come back are named, and
    `--dry-run` then ends with status 1.
    """
    from bot.service import rematching  # noqa: PLC0415
    from bot.service.spans import moment  # noqa: PLC0415

    config, now = context_of(context).config(), datetime.now(UTC)
    with progress("matching") as shown:
        outcome = run(rematching.rematch(config, moment(since, now) if since else None, now, shown, dry=dry_run))
    if as_json:
        print_lines(_rows(outcome))
    else:
        _tell(outcome, "would be so" if dry_run else "written down")
    if outcome.regressions:
        typer.echo(_judged(outcome), err=True)
    if outcome.regressions and dry_run:
        raise typer.Exit(1)


def _judged(outcome: Outcome) -> str:
    """Where the rules contradict what people decided."""
    counts = Counter(mention.change.value for mention in outcome.regressions)
    hits = " ".join(str(mention.hit) for mention in outcome.regressions[:LISTED])
    return (
        f"against what people decided: {counts['missed']} confirmed hits are found no more (they stay), "
        f"{counts['returned']} rejected hits come back: {hits}; mend the rule, or `undo` the decision"
    )


def _rows(outcome: Outcome) -> list[Row]:
    """Those that contradict decisions first."""
    from bot.rematching import REGRESSIONS  # noqa: PLC0415

    return [asdict(mention) for mention in sorted(outcome.mentions, key=lambda each: each.change not in REGRESSIONS)]


def _tell(outcome: Outcome, when: str) -> None:
    counts = Counter((mention.change.value, mention.watch) for mention in outcome.mentions)
    total = Counter(mention.change.value for mention in outcome.mentions)
    typer.echo(f"{outcome.posts} posts; hits gained: {total['gained']}, lost: {total['lost']}, {when}")
    for (change, watch), count in sorted(counts.items()):
        typer.echo(harmless(f"  {change} {watch}: {count}"))
    if outcome.mentions:
        show(_rows(outcome)[:LISTED], ("change", "hit", "watch", "text", "confidence", "post"), as_json=False, empty="")
    if len(outcome.mentions) > LISTED:
        typer.echo(f"and {len(outcome.mentions) - LISTED} more: --json lists all", err=True)
