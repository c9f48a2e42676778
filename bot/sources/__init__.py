"""First room: from sources to posts.

Takes a `Source`, its `SourceMemory` and `now`; gives a `Reading`, whatever the source does, and after it the new
memory. `AccountReader` is what it asks of whoever reads channels with an account.
"""

from bot.sources.channel import Web
from bot.sources.lines import poll_lines
from bot.sources.names import Refusal, channel_name, target
from bot.sources.reader import AccountReader, Reader
from bot.sources.schedule import after

__all__ = ["AccountReader", "Reader", "Refusal", "Web", "after", "channel_name", "poll_lines", "target"]
