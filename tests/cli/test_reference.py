"""docs/commands.md says what the commands say of themselves. PLACEWIRE_REWRITE=1 writes it anew."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer

from bot.cli import app

PAGE = Path(__file__).parents[2] / "docs/commands.md"
HEAD = """# Commands

Made from the code; `placewire COMMAND --help` says the same. `python run_bot.py` is the same program as `placewire`.
Exit status: 0 done, 1 the work failed, 2 wrong usage or configuration. `--json` prints one JSON object a line.
"""


def commands(group: Any, prefix: str = "") -> Iterator[tuple[str, Any]]:
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, f"{prefix}{name} ")
        else:
            yield f"{prefix}{name}", command


def section(name: str, command: Any) -> str:
    usage = " ".join(["placewire", name, *(p.metavar for p in command.params if p.param_type_name == "argument")])
    rows = [f"- `{option(p)}`: {p.help}" for p in command.params if p.param_type_name == "option"]
    return "\n".join([f"## {name}", "", f"    {usage}", "", command.help, *(["", *rows] if rows else [])])


def option(parameter: Any) -> str:
    return (
        parameter.opts[0]
        if parameter.is_flag
        else f"{parameter.opts[0]} {parameter.metavar or parameter.type.name.upper()}"
    )


def test_the_reference_of_commands_is_up_to_date() -> None:
    root = typer.main.get_command(app)
    made = "\n\n".join([HEAD.rstrip(), *(section(name, command) for name, command in commands(root))]) + "\n"
    if os.environ.get("PLACEWIRE_REWRITE"):
        PAGE.write_text(made, encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == made


def test_every_command_of_the_contract_that_this_version_has_is_there() -> None:
    names = {name for name, _ in commands(typer.main.get_command(app))}
    promised = "init run once demo check match forms group poll digest hits stories sources outbox trace doctor"
    assert {*promised.split(), "db upgrade", "db backup"} <= names
