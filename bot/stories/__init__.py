"""Third room: from hits to stories.

Takes posts with the places that they certainly name, and what the store remembers of those that were placed before
(`Sketches`). Gives each post its place (`Placement`): the story, how it belongs to it, and why. Nothing here touches
the world.
"""

from bot.stories.filter import Lines
from bot.stories.grouper import Ground, Grouper, sketched
from bot.stories.memory import Memory, Sketches
from bot.stories.places import certain

__all__ = ["Ground", "Grouper", "Lines", "Memory", "Sketches", "certain", "sketched"]
