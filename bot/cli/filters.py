"""The filters: match, forms, group, poll. JSON lines in, JSON lines out, no database.

In: records on standard input, or arguments. Out: one JSON object a line; of `forms`, on a terminal, a list for people.
Invariant: a line that is not valid is named on standard error with its number, the rest goes through, and the status
is 1.
"""

from __future__ import annotations

import json
import shutil
import sys
import textwrap
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli.context import context_of, harmless, plain, print_lines, run

if TYPE_CHECKING:
    from bot.matching import Form, Matcher

Record = dict[str, Any]
_HASTY = "words that do not agree, found with less confidence"
_WIDEST = 100
"""Columns of a list that is easy to read."""
FINE = frozenset({"ok", "empty", "not_modified"})


def add_to(app: typer.Typer) -> None:
    for command in (match, forms, group, poll):
        app.command()(command)


def match(
    context: typer.Context,
    watchlist: Annotated[
        list[Path] | None,
        typer.Option(metavar="FILE", help="A watchlist; may be given again. Else those of the configuration."),
    ] = None,
) -> None:
    """Find the watched places in texts: {"id", "text", "language"?, "source"?} a line in, a hit a line out."""
    from bot.config import load_watchlists  # noqa: PLC0415
    from bot.config.cache import cache_folder  # noqa: PLC0415
    from bot.matching import load_matcher  # noqa: PLC0415

    config = None if watchlist else context_of(context).config()
    matcher = run(load_matcher(config.watches if config else load_watchlists(watchlist or ()), cache_folder()))
    regions = {source.name: source.region for source in config.sources} if config else {}
    lines = Lines("language", "source")
    print_lines(hit for record in lines for hit in _hits(matcher, record, regions))
    lines.end()


def _hits(matcher: Matcher, record: Record, regions: Mapping[str, str | None]) -> Iterator[Record]:
    """The hits in a record; `regions` are those that the configured sources write from."""
    source = record.get("source")
    region = regions.get(source or "")
    for hit in matcher.match(record["text"], language=record.get("language"), source=source, source_region=region):
        line = {
            "id": record["id"],
            "watch": hit.watch,
            "start": hit.start,
            "end": hit.end,
            "text": hit.text,
            "confidence": hit.confidence,
            "why": list(hit.why),
        }
        yield line | ({"candidates": list(hit.candidates)} if hit.candidates else {})


def forms(
    names: Annotated[list[str], typer.Argument(metavar="NAME...", help="Places, as a person writes them.")],
    language: Annotated[str | None, typer.Option(metavar="ru|uk|en", help="The language of the names.")] = None,
    agreeing: Annotated[bool, typer.Option("--agreeing", help="Only forms whose words agree in case.")] = False,
    adjectives: Annotated[bool, typer.Option("--adjectives", help="Adjectives too, as of `adjectives: true`.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line, on a terminal too.")] = False,
) -> None:
    """Show every form under which a name is found, with its origin.

    A form is a whole name. First come those whose words agree in case ("agrees": true), then what hasty writers make of
    them (Нового Буг; "agrees": false), which the matcher finds with less confidence. A terminal shows a list, by
    origin; a file or a pipe gets JSON lines.
    """
    from bot.matching import forms as forms_of  # noqa: PLC0415

    if language not in {None, "ru", "uk", "en"}:
        raise typer.BadParameter(f"{language!r} is not a language placewire declines; use ru, uk or en")
    found = (
        (name, [form for form in forms_of(name, language, adjectival=adjectives) if form.agrees or not agreeing])
        for name in names
    )
    if not as_json and sys.stdout.isatty():
        typer.echo("\n\n".join(_listed(name, forms) for name, forms in found))
        return
    print_lines(
        {
            "name": name,
            "forms": [{"form": f.form, "origin": f.origin, "script": f.script, "agrees": f.agrees} for f in forms],
        }
        for name, forms in found
    )


def _listed(name: str, forms: Iterable[Form]) -> str:
    """The forms as people read them: a paragraph for each origin, those whose words do not agree last."""
    width = min(shutil.get_terminal_size().columns, _WIDEST)
    by_origin: dict[str, list[str]] = {}
    for form in forms:
        by_origin.setdefault(form.origin.value if form.agrees else _HASTY, []).append(form.form)
    paragraphs = (
        textwrap.fill(
            harmless(f"{origin}: {', '.join(each)}"),
            width,
            initial_indent="  ",
            subsequent_indent="    ",
            break_long_words=False,
            break_on_hyphens=False,
        )
        for origin, each in sorted(by_origin.items(), key=lambda item: item[0] == _HASTY)
    )
    return "\n".join([harmless(name), *paragraphs])


def group() -> None:
    """Put reposts together: {"id", "text", "source"?, "published"?, "forwarded_from"?} in order of time."""
    lines = Lines("source", "published", "forwarded_from")
    print_lines(_grouped(lines))
    lines.end()


def _grouped(lines: Lines) -> Iterator[Record]:
    from bot.stories import Lines as Stories  # noqa: PLC0415

    stories = Stories()
    for record in lines:
        try:
            yield stories.line(record)
        except ValueError as error:
            lines.refuse(f"has a time that is none ({error})")


def poll(
    context: typer.Context,
    targets: Annotated[list[str], typer.Argument(metavar="TARGET...", help="Feed addresses and @channels.")],
) -> None:
    """Read sources once, as the service would, without the database: a post a line."""
    from bot.service.polling import poll_targets  # noqa: PLC0415

    states = run(poll_targets(context_of(context).config_if_any(), targets, print_lines))
    for target, condition in states.items():
        remedy = f"; {condition.remedy}" if condition.remedy else ""
        detail = f": {condition.detail}" if condition.detail else ""
        typer.echo(plain(f"{target}: {condition.state}{detail}{remedy}"), err=True)
    if any(condition.state not in FINE for condition in states.values()):
        raise typer.Exit(1)


class Lines:
    """The records of standard input: "id" and "text" must be strings, `optional` keys too or null or not there."""

    def __init__(self, *optional: str) -> None:
        self.optional = optional
        self.number = 0
        self.bad = 0

    def __iter__(self) -> Iterator[Record]:
        # Bytes, so that one line of broken UTF-8 does not end the reading of the others.
        for self.number, raw in enumerate(sys.stdin.buffer, 1):
            if not raw.strip():
                continue
            record, fault = self._read(raw)
            if record is None:
                self.refuse(fault)
            else:
                yield record

    def refuse(self, fault: str) -> None:
        """Name the line that was given last, and why it is left out."""
        self.bad += 1
        typer.echo(f"line {self.number}: {fault}; this line was left out", err=True)

    def _read(self, raw: bytes) -> tuple[Record | None, str]:
        try:
            record = json.loads(raw)
        except (ValueError, RecursionError) as error:
            return None, f"is not JSON ({error})"
        if not isinstance(record, dict):
            return None, "is not a JSON object"
        for key in ("id", "text"):
            if not isinstance(record.get(key), str):
                return None, f"has no {key!r} that is a string"
        for key in self.optional:
            if not isinstance(record.get(key), str | None):
                return None, f"has a {key!r} that is no string"
        return record, ""

    def end(self) -> None:
        """End the command with status 1 if a line was left out."""
        if self.bad:
            raise typer.Exit(1)
