"""Third room: from hits to stories.

Takes posts in the order they were read, and what the store remembers of the last 48 hours (`Remembered`). Gives each
post its place (`Placement`): the story, how it belongs to it, and why. What sources and sides report a story, and in
whose words, is told by `corroboration`. Nothing here touches the world.
"""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from bot.model import Placement, Post
from bot.stories.corroboration import Corroboration, Words, corroborate, judged
from bot.stories.filter import Lines, group_lines
from bot.stories.grouper import Ground, Grouper


class Places(Protocol):
    """What the pipeline asks of this room."""

    def place(self, post: Post, *, when: datetime, seen: datetime | None = None) -> Placement:
        """Where the post belongs."""

    def remember(self, post: Post, *, when: datetime, placement: Placement, seen: datetime | None = None) -> None:
        """Hold a post that was placed before."""


__all__ = [
    "Corroboration",
    "Ground",
    "Grouper",
    "Lines",
    "Places",
    "Words",
    "corroborate",
    "group_lines",
    "judged",
]
