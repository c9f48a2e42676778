"""The program's first step: `run` obeys SIGTERM and SIGINT from the moment it is started, then the command runs.

In: the arguments of the process. Out: what bot/cli makes of them. Invariant: nothing is imported before the signals are
heard, for importing takes seconds on a small machine.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Sequence
from typing import NoReturn


def main() -> None:
    """Run one command and end the process with its status."""
    if _command(sys.argv[1:]) == "run":
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, _end)
    from bot.cli import main as command  # noqa: PLC0415 - what takes long

    command()


def _command(arguments: Sequence[str]) -> str | None:
    rest = iter(arguments)
    for each in rest:
        if each == "--config":
            next(rest, None)
        elif not each.startswith("-"):
            return each
    return None


def _end(_number: int, _frame: object) -> NoReturn:
    """Nothing is open yet: the service listens itself before it opens anything. An exception could be swallowed."""
    os._exit(0)
