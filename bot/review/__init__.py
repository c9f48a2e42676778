"""The web page for maintainers: what was found and why, how the sources do, what was delivered; and /healthz.

In: the store, where to listen. Out: pages of plain HTML. Invariant: it reads the service's memory and never the service
itself; a page that cannot be served never stops the service.
"""

from bot.review.health import Pulse
from bot.review.page import Page

__all__ = ["Page", "Pulse"]
