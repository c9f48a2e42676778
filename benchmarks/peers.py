"""The packages that benchmarks alone need: imported, or the remedy named."""

from __future__ import annotations

from importlib import import_module
from typing import Any

GROUP = "uv sync --inexact --locked --group benchmarks --all-extras"


def peer(name: str) -> Any:
    """The module of a peer or a tool; ends the run with what to install if it is not there."""
    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        raise SystemExit(f"benchmarks: the package {error.name} is not installed; run: .venv/bin/{GROUP}") from None
