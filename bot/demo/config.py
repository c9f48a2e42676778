"""The configuration of the demonstration, as the files that an operator would write.

In: a folder, the newsroom and the address it is served at. Out: `bot.yaml`, `sources.yaml`, `routes.yaml` and
`watchlists/kursk.yaml` in that folder, read like any other configuration.
"""

from __future__ import annotations

from importlib import resources
from pathlib import Path

from bot.demo.newsroom import Form, Newsroom, Outlet

POLL = "5m"
DIGESTS = "0 8,10,12 * * *"
ROUTE, TITLE = "morning", "Kursk"


def write_config(folder: Path, newsroom: Newsroom, base_url: str) -> None:
    """Write all files; the database, the only other thing the demonstration keeps, stands beside them."""
    (folder / "watchlists").mkdir(parents=True, exist_ok=True)
    (folder / "watchlists" / "kursk.yaml").write_text(_watchlist(), "utf-8")
    (folder / "bot.yaml").write_text(_bot(folder, base_url), "utf-8")
    (folder / "sources.yaml").write_text(_sources(newsroom, base_url), "utf-8")
    (folder / "routes.yaml").write_text(_routes(newsroom), "utf-8")


def _watchlist() -> str:
    return resources.files(__package__).joinpath("watchlist.yaml").read_text("utf-8")


def _bot(folder: Path, base_url: str) -> str:
    """Loopback is a private network: the one guard that the demonstration has to lift."""
    return f"""\
database: "sqlite:///{folder / "placewire.db"}"
engine: local
http: {{allow_private_networks: true}}
telegram:
  web: {{base_url: "{base_url}", min_interval: 1s}}
"""


def _sources(newsroom: Newsroom, base_url: str) -> str:
    sides = ", ".join(f"{name}: {kind}" for name, kind in newsroom.sides.items())
    feeds = "\n".join(_feed(outlet, base_url) for outlet in newsroom.outlets if outlet.form is not Form.CHANNEL)
    channels = "\n".join(_channel(outlet) for outlet in newsroom.outlets if outlet.form is Form.CHANNEL)
    return f"sides: {{{sides}}}\nfeeds:\n{feeds}\nchannels:\n{channels}\n"


def _feed(outlet: Outlet, base_url: str) -> str:
    return f'  - {{name: {outlet.name}, url: "{base_url}/feeds/{outlet.name}", {_common(outlet)}}}'


def _channel(outlet: Outlet) -> str:
    return f"  - {{name: {outlet.name}, id: {outlet.number}, via: auto, {_common(outlet)}}}"


def _common(outlet: Outlet) -> str:
    backfill = f", backfill: {outlet.backfill}" if outlet.backfill else ""
    return f'title: "{outlet.title}", side: {outlet.side}, poll: {POLL}{backfill}'


def _routes(newsroom: Newsroom) -> str:
    return f"""\
routes:
  - name: {ROUTE}
    title: {TITLE}
    to: console
    watch: {{tags: [kursk]}}
    language: en
    digest: {{cron: "{DIGESTS}", timezone: {newsroom.zone}, max_stories: 20}}
    urgent: {{sources: 2, within: 30m, group: place}}
"""
