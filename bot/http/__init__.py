"""The one door to HTTP: guarded connections, bounded bodies, politeness.

Used by sources, webhooks and the demo. `serve` is imported where it is used (`from bot.http.serving import serve`):
the server half of aiohttp is not needed to poll.
"""

from bot.http.patience import retry_after
from bot.http.session import Http, Response
from bot.http.settings import USER_AGENT, HttpSettings
from bot.http.trouble import never_left

__all__ = ["USER_AGENT", "Http", "HttpSettings", "Response", "never_left", "retry_after"]
