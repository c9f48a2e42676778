"""The four kinds of files, each as one model: what may stand in it, what it means, what is assumed if it is left out.

The models describe; they decide nothing that needs a second file. Their descriptions feed the faults' remedies, the
editors' schemas and docs/configuration.md.
"""

from __future__ import annotations

from bot.config.files.bot import BotFile
from bot.config.files.routes import RoutesFile
from bot.config.files.sources import SourcesFile
from bot.config.files.watchlist import WatchlistFile

__all__ = ["BotFile", "RoutesFile", "SourcesFile", "WatchlistFile"]
