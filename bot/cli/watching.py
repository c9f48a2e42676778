"""Commands for the watchlist: watch suggest, import, test, prefer, apply.

In: names, a region, a point, a CSV file, a text. Out: one table, or JSON lines with --json. Invariant: nothing is
written without --write, and no proposal is taken over that was not shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli.context import Json, Row, context_of, harmless, rows_named, run, show
from bot.errors import PlacewireError, WrongUsage

if TYPE_CHECKING:
    from bot.config.proposing import Proposal
    from bot.gazetteer import Gazetteer

watch = typer.Typer(help="The watchlist: suggest, import, test, prefer, apply.", no_args_is_help=True)
Write = Annotated[
    Path | None, typer.Option(metavar="FILE", help="Append what is shown to this watchlist; its comments stay.")
]
Only = Annotated[str | None, typer.Option(metavar="1,2,5-9", help="Of the table only these rows.")]
Tags = Annotated[list[str], typer.Option(metavar="TAG", help="A tag for what is written; may be repeated.")]
COLUMNS = ("row", "name", "ru", "uk", "en", "other_names", "in", "at", "namesakes", "doubts")


def add_to(app: typer.Typer) -> None:
    app.add_typer(watch, name="watch")


@watch.command()
def suggest(  # noqa: PLR0913, PLR0917 (one filter each)
    context: typer.Context,
    names: Annotated[
        list[str] | None, typer.Argument(metavar="[NAME...]", help="Places, as a person writes them.")
    ] = None,
    within: Annotated[
        str | None, typer.Option("--in", metavar="REGION", help="The places of this name in it; without a name, all.")
    ] = None,
    around: Annotated[
        str | None, typer.Option(metavar="LAT,LON", help="Every place around this point, in degrees.")
    ] = None,
    km: Annotated[float, typer.Option(metavar="20", min=0.1, max=500, help="How far around, in kilometres.")] = 20,
    write: Write = None,
    only: Only = None,
    tag: Tags = [],  # noqa: B006
    as_json: Json = False,
) -> None:
    """Propose places for a watchlist: names in other languages, region, coordinates, homonyms, doubts.

    From an open gazetteer, if it is installed, else by rule. Nothing is written without --write.
    """
    from bot.config import proposing  # noqa: PLC0415

    if names and around:
        raise WrongUsage("watch suggest", "is given names and --around", "give one of the two")
    at = _point(around) if around else None
    registers = _gazetteer(needed=not names)
    found = proposing.around(at, km, registers) if at else proposing.of_names(names or (), within, registers)
    _finish(context, proposing.tagged(found, tag), write=write, only=only, as_json=as_json)


@watch.command("import")
def import_(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE.csv", help="Columns: name, in, lat, lon, ru, uk, en, ...")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Write nothing, whatever --write says.")] = False,
    write: Write = None,
    only: Only = None,
    tag: Tags = [],  # noqa: B006
    as_json: Json = False,
) -> None:
    """Propose the places of a CSV file for a watchlist, completed and with doubts.

    Columns: name (the only one that must be there), in, lat, lon, ru, uk, en, also, not, tags; several values in a cell
    are parted by "|". What the file says goes before what the gazetteer says. Nothing is written without --write.
    """
    from bot.config import proposing  # noqa: PLC0415

    found, bad = proposing.of_csv(file, _gazetteer(needed=False))
    _finish(context, proposing.tagged(found, tag), write=None if dry_run else write, only=only, as_json=as_json)
    for line in bad:
        typer.echo(harmless(f"{file}:{line.line}: {line.what}; this line was left out"), err=True)
    if bad:
        raise typer.Exit(1)


@watch.command("test")
def explain(
    context: typer.Context,
    text: Annotated[str, typer.Argument(metavar="TEXT", help="A text, as a post might have it.")],
    source: Annotated[
        str | None, typer.Option(metavar="NAME", help="The source that it comes from: its region counts.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Explain what is found in a text: each form, rule and piece of evidence with its weight, and what routes do."""
    from bot.service.explaining import explain as explained  # noqa: PLC0415

    config = context_of(context).config()
    found = run(explained(config, text, source))
    if as_json:
        show([each.as_row() for each in found], (), as_json=True, empty="")
        return
    for each in found:
        typer.echo(harmless("\n".join(each.lines())))
    if not found:
        typer.echo("Nothing is found: no watched form stands in this text.", err=True)


@watch.command()
def prefer(
    context: typer.Context,
    place: Annotated[str, typer.Argument(metavar="ID", help="The watch that is meant where a text does not tell.")],
    over: Annotated[str, typer.Option(metavar="ID", help="Its namesake.")],
    source: Annotated[str | None, typer.Option(metavar="NAME", help="Only in posts of this source.")] = None,
    withdraw: Annotated[bool, typer.Option("--withdraw", help="Forget what was decided on these two.")] = False,
) -> None:
    """Decide once which of two places of one name is meant where nothing in the text tells; regions still do."""
    from datetime import UTC, datetime  # noqa: PLC0415

    from bot.model import Preference  # noqa: PLC0415
    from bot.service.memory import changing  # noqa: PLC0415

    config = context_of(context).config()
    for identity in (place, over):
        if identity not in {each.id for each in config.watches}:
            raise WrongUsage(identity, "is no watch", "name the id of one; `watch test` shows them")
    if source is not None and source not in {each.name for each in config.sources}:
        raise WrongUsage(source, "is no source", "name one of sources.yaml")
    decided = Preference(place, over, source)

    async def act() -> None:
        async with changing(config) as store:
            await (store.withdraw(decided) if withdraw else store.prefer(decided, datetime.now(UTC)))

    run(act())
    where = f" in {source}" if source else ""
    typer.echo(f"{place} and {over}: nothing is decided{where}" if withdraw else f"{place} goes before {over}{where}")


@watch.command()
def apply(
    context: typer.Context,
    patch: Annotated[Path, typer.Argument(metavar="PATCH", help="A rule, as the page gives it; - for standard input.")],
) -> None:
    """Put a rule into the watchlist that holds its watch, a new watch into added.yaml; every other byte stays."""
    import sys  # noqa: PLC0415

    from bot.config.drafts import apply_patch  # noqa: PLC0415

    try:
        text = sys.stdin.read() if str(patch) == "-" else patch.read_text(encoding="utf-8")
    except (OSError, UnicodeError) as error:
        raise WrongUsage(str(patch), "cannot be read", "name a file that the page gave you") from error
    folder = context_of(context).config().folder
    file = apply_patch(text, folder)
    typer.echo(f"{file}: the rule is in it; `rematch --dry-run` says what it changes in stored posts", err=True)


def _gazetteer(*, needed: bool) -> Gazetteer | None:
    """The gazetteer; none if it is not installed, which is said, and is an error where nothing works without it."""
    from bot.config.cache import cache_folder  # noqa: PLC0415
    from bot.gazetteer import CREDITS, open_gazetteer  # noqa: PLC0415

    try:
        found = open_gazetteer(cache_folder(), lambda words: typer.echo(f"gazetteer: {words}", err=True))
    except PlacewireError as error:
        if needed:
            raise
        typer.echo(f"{error}. Until then names are derived by rule alone.", err=True)
        return None
    typer.echo(CREDITS, err=True)
    return found


def _point(written: str) -> tuple[float, float]:
    latitude, comma, longitude = written.partition(",")
    try:
        at = float(latitude), float(longitude)
    except ValueError:
        at = (1000.0, 0.0)
    if not comma or abs(at[0]) > 90 or abs(at[1]) > 180:
        raise WrongUsage("--around", f"{written} is no point", "write latitude and longitude, such as 51.19,35.27")
    return at


def _finish(
    context: typer.Context, found: Sequence[Proposal], *, write: Path | None, only: str | None, as_json: bool
) -> None:
    """Show the proposals, those chosen, and append them if that was asked for."""
    from bot.config import proposing  # noqa: PLC0415

    folder = context_of(context).folder
    numbered = proposing.beside(folder, write, found)
    chosen = [numbered[at] for at in rows_named(only, len(numbered))]
    show(
        (_row(each, whole=as_json) for each in chosen),
        COLUMNS,
        as_json=as_json,
        empty="The gazetteer has no such place.",
    )
    if write is not None and chosen:
        proposing.write(write, chosen)
        typer.echo(f"{write}: {len(chosen)} places added. Check them: placewire check", err=True)


def _row(proposal: Proposal, *, whole: bool) -> Row:
    """A row of the table; `whole`: of JSON, with every list complete."""
    place = proposal.place
    names: dict[str, Any] = {code.value: list(spelt) for code, spelt in place.names.items()}
    return {
        "row": proposal.number,
        "name": place.name,
        "id": proposal.id,
        **{code: names.get(code, []) for code in ("ru", "uk", "en")},
        "by_rule": sorted(code.value for code in place.by_rule if code in place.names),
        "other_names": list(place.other_names) if whole else _few(place.other_names),
        "in": place.within,
        "at": list(place.at) if place.at else None,
        "namesakes": list(place.namesakes) if whole else _few(place.namesakes),
        "doubts": [str(doubt) for doubt in place.doubts],
        "tags": list(proposal.tags),
        "origin": list(place.origin),
    }


def _few(words: Sequence[str]) -> str:
    """The first three, and how many more there are."""
    return ", ".join(words[:3]) + (f" and {len(words) - 3} more" if len(words) > 3 else "")
