"""Out and in: `export` of hits as files that others read, `opml import` and `opml export` of sources.

In: filters, a format, a file. Out: a file that is whole or not there, or a stream. Invariant: nothing of the
configuration is changed without --write.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.context import Json, context_of, harmless, print_lines, progress, rows_named, run
from bot.errors import PlacewireError, WrongUsage
from bot.export import Format
from bot.model import HitState, Verdict

if TYPE_CHECKING:
    from bot.config import Config
    from bot.sources.subscriptions import Offer
    from bot.store import Chosen


_STATES = (*HitState, *Verdict)


opml = typer.Typer(help="Sources as other readers keep them.", no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    app.command()(export)
    app.add_typer(opml, name="opml")


def export(  # noqa: PLR0913, PLR0917 (one filter each)
    context: typer.Context,
    format_: Annotated[
        Format | None, typer.Option("--format", metavar="csv|jsonl|geojson|atom", help="The form of the export.")
    ] = None,
    place: Annotated[list[str], typer.Option(metavar="ID", help="Hits of this watch; may be repeated.")] = [],  # noqa: B006
    source: Annotated[list[str], typer.Option(metavar="NAME", help="Hits of this source; may be repeated.")] = [],  # noqa: B006
    since: Annotated[
        str | None, typer.Option(metavar="DATE", help="Posts from then on: a duration, or a date in UTC.")
    ] = None,
    until: Annotated[
        str | None, typer.Option(metavar="DATE", help="Posts before then: a duration, or a date in UTC.")
    ] = None,
    state: Annotated[list[str], typer.Option(metavar="STATE", help=f"{', '.join(_STATES)}; may be repeated.")] = [],  # noqa: B006
    output: Annotated[
        Path | None, typer.Option(metavar="FILE", help="A file: whole, or not there. Without it, standard output.")
    ] = None,
    bom: Annotated[bool, typer.Option("--bom", help="Begin with the mark by which Excel knows UTF-8.")] = False,
    hit: Annotated[
        str | None, typer.Option(metavar="ID", help="One hit with all that proves it, into a new folder or FILE.zip.")
    ] = None,
) -> None:
    """Hits for other programs: CSV that is safe in spreadsheets, JSON lines, GeoJSON, an Atom feed; or one as proof.

    Everything that is named must fit; nothing named takes all. What was forgotten or has expired comes without words.
    """
    from bot.service import exporting  # noqa: PLC0415
    from bot.service.spans import moment  # noqa: PLC0415

    config, now = context_of(context).config(), datetime.now(UTC)
    if hit is not None:
        if output is None or format_ is not None:
            raise WrongUsage("--hit", "is written as files, in no other format", "add --output FOLDER or FILE.zip")
        run(exporting.prove(config, hit, output, now))
        typer.echo(f"{output}: {hit}; `sha256sum -c SHA256SUMS` in it checks the files", err=True)
        return
    if format_ is None:
        raise WrongUsage("--format", "is missing", f"name one of {', '.join(Format)}")
    first = moment(since, now) if since else None
    chosen = _chosen(config, place, source, state, first, moment(until, now, "--until") if until else None)
    with progress("Exporting") as shown:
        count = run(exporting.export(config, chosen, format_, output, now, shown, bom=bom))
    typer.echo(f"{count} {'hit' if count == 1 else 'hits'} exported", err=True)


def _chosen(
    config: Config,
    places: Sequence[str],
    sources: Sequence[str],
    states: Sequence[str],
    since: datetime | None,
    until: datetime | None,
) -> Chosen:
    from bot.store import Chosen  # noqa: PLC0415

    if unknown := sorted(set(states) - set(_STATES)):
        raise WrongUsage("--state", f"{unknown[0]} is no state of a hit", f"name one of {', '.join(_STATES)}")
    for kind, named, known in (
        ("watch", places, {watch.id for watch in config.watches}),
        ("source", sources, {each.name for each in config.sources}),
    ):
        for name in sorted(set(named) - known):
            # Its hits outlive it: invariant 6.
            typer.echo(
                harmless(f"warning: {name} is no {kind} of the configuration; only old hits can have it"), err=True
            )
    return Chosen(places=places, sources=sources, states=states, since=since, until=until)


@opml.command("import")
def import_(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="OPML, or lines of addresses and @channels.")],
    write: Annotated[bool, typer.Option("--write", help="Append them to sources.yaml; its comments stay.")] = False,
    only: Annotated[str | None, typer.Option(metavar="1,2,5-9", help="Of the new sources only these.")] = None,
    as_json: Json = False,
) -> None:
    """Propose the sources of an OPML file, or of a plain list, as lines for sources.yaml.

    A plain list has one feed address or @channel a line, its title behind it. What is read already is left out; what
    cannot be a source is named. Nothing is fetched, and nothing is written without --write.
    """
    from bot.config import subscribing  # noqa: PLC0415
    from bot.config.secret import masked  # noqa: PLC0415
    from bot.sources import subscriptions  # noqa: PLC0415

    content, target = _content(file), context_of(context).folder / "sources.yaml"
    offers = [(offer, _refusal(offer)) for offer in _offers(file, content)]
    refused = [(offer.written, fault) for offer, fault in offers if fault]
    groups = {offer.source.address: offer.group for offer, fault in offers if offer.source and not fault}
    new, old = subscribing.beside(target, [offer.source for offer, fault in offers if offer.source and not fault])
    chosen = [new[at] for at in rows_named(only, len(new))]
    if as_json:
        print_lines(
            {"kind": each.kind, "name": each.name, "address": each.address, "title": each.title} for each in chosen
        )
    else:
        typer.echo(harmless(subscribing.proposed(chosen, groups)), nl=False)
    for written, fault in refused:
        typer.echo(harmless(f"{file}: {masked(written)}: {fault}"), err=True)
    broken = subscriptions.broken(content)
    if broken:
        typer.echo(harmless(f"{file}: is damaged, sources may be missing ({broken}); export the list again"), err=True)
    typer.echo(f"{len(chosen)} new, {len(old)} read already, {len(refused)} left out", err=True)
    if write and chosen:
        subscribing.write(target, chosen, groups)
        typer.echo(f"{target}: {len(chosen)} sources added. Check them: placewire check", err=True)
    if refused or broken:
        raise typer.Exit(1)


def _refusal(offer: Offer) -> str | None:
    """Why it cannot be a source of ours; None if it can."""
    from bot.config import subscribing  # noqa: PLC0415

    if offer.refusal:
        return f"{offer.refusal.what}; {offer.refusal.remedy}"
    return subscribing.unfit(offer.source) if offer.source else None


def _content(file: Path) -> bytes:
    from bot.sources import subscriptions  # noqa: PLC0415

    try:
        with file.open("rb") as stream:
            content = stream.read(subscriptions.MAX_BYTES + 1)
    except OSError as error:
        raise PlacewireError(str(file), f"cannot be read ({error.strerror})", "name an OPML file") from error
    if len(content) > subscriptions.MAX_BYTES:
        raise PlacewireError(str(file), f"is larger than {subscriptions.MAX_BYTES // 2**20} MB", "split it")
    return content


def _offers(file: Path, content: bytes) -> list[Offer]:
    from bot.sources import subscriptions  # noqa: PLC0415

    try:
        return subscriptions.read(content)
    except ValueError as error:
        raise PlacewireError(str(file), f"cannot be taken: {error}", "export the list as OPML again") from error


@opml.command("export")
def export_sources(
    context: typer.Context,
    output: Annotated[
        Path | None, typer.Option(metavar="FILE", help="A file: whole, or not there. Without it, standard output.")
    ] = None,
) -> None:
    """The sources of the configuration as OPML; channels as links, for feed readers cannot read them."""
    from bot.config import subscribing  # noqa: PLC0415
    from bot.export.output import opened  # noqa: PLC0415

    sources = context_of(context).config().sources
    with opened(output) as write:
        write(subscribing.as_opml(sources))
    typer.echo(f"{len(sources)} sources exported", err=True)
