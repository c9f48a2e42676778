"""The one door to resvg: a card's SVG as PNG.

In: an SVG document of ours. Out: the bytes of a PNG, or a file with them. resvg comes with the extra `card`, and is
imported when the first picture is made. It draws letters with the fonts of the system; where there are none, the
picture has no letters.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from bot.errors import CardNotDrawn, PlacewireError


def png(svg: str) -> bytes:
    """Raises `CardNotDrawn` if resvg is not installed."""
    return drawer()(svg)


def draw(svg: str, path: Path) -> None:
    """Write the picture to a file. Raises `CardNotDrawn`, and `PlacewireError` if the file cannot be written."""
    try:
        path.write_bytes(png(svg))
    except OSError as error:
        raise PlacewireError(str(path), f"cannot be written ({error.strerror})", "name another file") from error


def drawer() -> Callable[[str], bytes]:
    """What makes a PNG of an SVG. Raises `CardNotDrawn` if resvg is not installed."""
    try:
        import resvg_py  # noqa: PLC0415 - an extra, and only for routes that ask for it
    except ImportError:
        raise CardNotDrawn(
            "card", "cannot be drawn: resvg is not installed", 'pip install "placewire[card]", or leave the card out'
        ) from None
    return lambda svg: bytes(resvg_py.svg_to_bytes(svg_string=svg))
