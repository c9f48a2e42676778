"""The one door to resvg: a card's SVG as PNG.

In: an SVG document of ours. Out: the bytes of a PNG. resvg comes with the extra `card`, and is imported when the first
picture is made. It draws letters with the fonts of the system; where there are none, the picture has no letters.
"""

from __future__ import annotations

from bot.errors import CardNotDrawn


def png(svg: str) -> bytes:
    """Raises `CardNotDrawn` if resvg is not installed."""
    try:
        import resvg_py  # noqa: PLC0415 - an extra, and only for routes that ask for it
    except ImportError:
        raise CardNotDrawn(
            "card", "cannot be drawn: resvg is not installed", 'pip install "placewire[card]", or leave `card:` out'
        ) from None
    return bytes(resvg_py.svg_to_bytes(svg_string=svg))
