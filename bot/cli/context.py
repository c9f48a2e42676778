"""What every command shares: the configuration folder, and how results are shown.

In: the folder that --config names. Out: a `Config`, rows printed as JSON lines or as a table. Invariant: colours and
tables only on a terminal, JSON lines in the order of the contract.
"""

from __future__ import annotations

import json
import os
import re
import sys
import textwrap
from collections.abc import Callable, Coroutine, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from bot.errors import ConfigError, WrongUsage

if TYPE_CHECKING:
    from bot.config import Config

Row = Mapping[str, Any]
T = TypeVar("T")
Json = Annotated[bool, typer.Option("--json", help="One JSON object a line.")]
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?\+00:00")
"""A moment as rows hold it."""
UNSAFE = {n: None for n in (*range(32), *range(127, 160), *range(0x202A, 0x202F), *range(0x2066, 0x206A)) if n != 10}
"""Control and direction characters: a stranger's text must not move the cursor or turn a line round."""


@dataclass(frozen=True, slots=True)
class Context:
    folder: Path

    def config(self) -> Config:
        """The configuration. Raises ConfigError with every fault."""
        from bot.config import load  # noqa: PLC0415

        return load(self.folder, os.environ)

    def checked(self) -> Config:
        """The configuration, its warnings told on standard error: for commands that read it to act on it."""
        from bot.config import examine  # noqa: PLC0415

        found = examine(self.folder, os.environ)
        for warning in found.warnings:
            typer.echo(harmless(f"warning: {warning}"), err=True)
        if found.config is None:
            raise ConfigError(found.faults)
        return found.config

    def config_if_any(self) -> Config:
        """The configuration, or the defaults where there is no such folder: for filters, which need none."""
        from bot.config import Config  # noqa: PLC0415

        return self.config() if self.folder.exists() else Config(folder=self.folder, database="")


def run(work: Coroutine[Any, Any, T]) -> T:
    """Do asynchronous work to its end. What it logs goes to standard error, also where no command has set that up."""
    import asyncio  # noqa: PLC0415 - a third of what --help would cost

    import structlog  # noqa: PLC0415

    from bot.service import logs  # noqa: PLC0415

    if not structlog.is_configured():
        logs.configure()
    return asyncio.run(work)


def context_of(context: typer.Context) -> Context:
    found = context.obj
    assert isinstance(found, Context)
    return found


def print_lines(rows: Iterable[Row]) -> None:
    """One JSON object a line. Lone surrogates are written as escapes: the output is always valid UTF-8."""
    write = sys.stdout.write
    for row in rows:
        line = json.dumps(row, ensure_ascii=False)
        write(line.encode("utf-8", "backslashreplace").decode() + "\n")


def show(rows: Iterable[Row], columns: Sequence[str], *, as_json: bool, empty: str) -> None:
    """Print rows as JSON lines, or a chosen few columns of them as a table."""
    if as_json:
        print_lines(rows)
        return
    rows = list(rows)
    if rows:
        _table(rows, columns)
    else:
        typer.echo(empty, err=True)


def _table(rows: Sequence[Row], columns: Sequence[str]) -> None:
    from rich.console import Console  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    moments = {column for column in columns if any(_is_moment(row[column]) for row in rows)}
    heads = [f"{column} (UTC)" if column in moments else column for column in columns]
    cells = [[_minute(row[each]) if _is_moment(row[each]) else plain(row[each]) for each in columns] for row in rows]
    console = Console() if sys.stdout.isatty() else Console(width=200, no_color=True)
    widths = [max(map(len, column)) for column in zip(heads, *cells, strict=True)]
    if sys.stdout.isatty() and sum(widths) + len(widths) - 1 > console.width:
        _narrow(heads, cells, widths, console.width)
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for head in heads:
        table.add_column(head)
    for each in cells:
        table.add_row(*map(Text, each))
    console.print(table)


def _narrow(heads: Sequence[str], cells: Iterable[Sequence[str]], widths: Sequence[int], width: int) -> None:
    """A table that does not fit: the widest column stands below each row, and nothing is cut, for ids are copied."""
    widest = widths.index(max(widths))
    below = textwrap.TextWrapper(
        width, initial_indent="    ", subsequent_indent="    ", break_long_words=False, break_on_hyphens=False
    )
    for row in (heads, *cells):
        typer.echo("  ".join(cell.ljust(widths[at]) for at, cell in enumerate(row) if at != widest).rstrip())
        if row[widest]:
            typer.echo(below.fill(row[widest]))


def _is_moment(value: object) -> bool:
    return isinstance(value, str) and _MOMENT.fullmatch(value) is not None


def _minute(moment: str) -> str:
    """As people read it."""
    return moment[:16].replace("T", " ")


def rows_named(only: str | None, count: int) -> Iterable[int]:
    """The rows that --only names, counted from 0; all of them without it."""
    if only is None:
        return range(count)
    wanted: list[int] = []
    for part in only.split(","):
        first, _, last = part.strip().partition("-")
        if not first.isdecimal() or not (last or first).isdecimal():
            raise WrongUsage("--only", f"{part} is no row", "write numbers of the table, such as 1,3,5-9")
        wanted += range(int(first) - 1, int(last or first))
    if any(not 0 <= at < count for at in wanted):
        raise WrongUsage("--only", f"the table has {count} rows", "write numbers of the table")
    return wanted


@contextmanager
def progress(label: str) -> Iterator[Callable[[float], None]]:
    """Takes how far the work is, from 0 to 1; a bar on a terminal, nothing elsewhere."""
    if not sys.stderr.isatty():
        yield lambda _share: None
        return
    from rich.console import Console  # noqa: PLC0415
    from rich.progress import Progress  # noqa: PLC0415

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(label, total=1.0)
        yield lambda share: bar.update(task, completed=share)


def harmless(text: str) -> str:
    """The text without characters that could act on the terminal; line breaks stay."""
    return text.translate(UNSAFE).encode("utf-8", "replace").decode()


def plain(value: object) -> str:
    """A cell's text: lists joined, nothing shown for None, and no character that could act on the terminal."""
    if value is None or value == "":
        return ""
    if isinstance(value, list | tuple):
        return ", ".join(plain(item) for item in value)
    text = f"{value:.2f}" if isinstance(value, float) else str(value)
    return " ".join(harmless(text).split())
