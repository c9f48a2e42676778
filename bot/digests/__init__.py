"""Fourth room: from stories to digests.

In: a route and the stories it has not decided on yet. Out: one `Digest` with a reason for every story, and its
messages for a destination. Everything here is pure: the same stories give the same letters.
"""

from bot.digests.compose import Composition, Health, compose
from bot.digests.lists import gathers
from bot.digests.notice_words import notice_words
from bot.digests.render import Flavour, flavour_of, illustrated, render
from bot.digests.taking import taken
from bot.digests.telling import foreign
from bot.digests.troubles import trouble

__all__ = [
    "Composition",
    "Flavour",
    "Health",
    "compose",
    "flavour_of",
    "foreign",
    "gathers",
    "illustrated",
    "notice_words",
    "render",
    "taken",
    "trouble",
]
