"""The line that shows how far the morning is, on a terminal and nowhere else.

In: counts, now and then. Out: one line that rewrites itself; what the digests print goes above it.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TextIO

from rich.console import Console
from rich.live import Live
from rich.text import Text

BAR = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How far it is: `share` of the morning from 0 to 1, `hour` in the newsroom's zone."""

    hour: datetime
    share: float
    posts: int
    hits: int
    stories: int
    digests: int
    troubles: tuple[str, ...] = ()


def line(standing: Standing) -> str:
    """The standing in words."""
    full = round(BAR * min(1.0, max(0.0, standing.share)))
    counts = (
        f"posts {standing.posts} · mentions {standing.hits} · stories {standing.stories} · digests {standing.digests}"
    )
    trouble = f" · trouble: {', '.join(standing.troubles)}" if standing.troubles else ""
    return f"{standing.hour:%H:%M}  {'█' * full}{'░' * (BAR - full)}  {counts}{trouble}"


class Screen:
    """Where the demonstration prints: `stream` for the digests, `show` for the standing."""

    def __init__(self, stream: TextIO, live: Live | None) -> None:
        self.stream = stream
        self._live = live

    @property
    def live(self) -> bool:
        """Whether there is a line to show the standing on."""
        return self._live is not None

    def show(self, standing: Standing) -> None:
        if self._live:
            self._live.update(Text(line(standing), no_wrap=True, overflow="ellipsis"), refresh=True)


@contextmanager
def screen(out: TextIO) -> Iterator[Screen]:
    """With a terminal, a live line; else `out` as it is and no line at all."""
    console = Console(file=out, highlight=False, markup=False, emoji=False)
    if not console.is_terminal:
        yield Screen(out, None)
        return
    # What is logged must not break the line; but a log that goes to a file stays there.
    logged = sys.stderr.isatty()
    with Live(
        console=console, transient=True, auto_refresh=False, redirect_stdout=False, redirect_stderr=logged
    ) as live:
        above = _Above(console)
        yield Screen(above, live)
        above.flush()


class _Above(io.StringIO):
    """A text stream whose content is printed above the live line when it is flushed."""

    def __init__(self, console: Console) -> None:
        super().__init__()
        self._console = console

    def flush(self) -> None:
        text = self.getvalue()
        self.seek(0)
        self.truncate()
        if text:
            self._console.print(Text(text.removesuffix("\n")), soft_wrap=True)
