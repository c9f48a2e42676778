"""Third room: from hits to stories.

Takes posts in the order they were read, and what the store remembers of the last 48 hours (`REMEMBERED`). Gives each
post its place (`Placement`): the story, how it belongs to it, and why. Nothing here touches the world.
"""

from __future__ import annotations

from datetime import timedelta

from bot.stories.filter import Lines
from bot.stories.grouper import Ground, Grouper
from bot.stories.live import WINDOW

REMEMBERED = timedelta(seconds=WINDOW)
"""What is older can join no story: a grouper is restored from what was placed within it."""

__all__ = ["REMEMBERED", "Ground", "Grouper", "Lines"]
