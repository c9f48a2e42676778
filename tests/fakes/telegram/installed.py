"""A configuration that reads from the fake by web and by one account, for tests that open the whole house."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from tests.fakes.telegram.server import Telegram
from tests.fakes.telegram.world import Account


def configure(folder: Path, fake: Telegram, person: Account, channels: Iterable[str]) -> None:
    """Write `folder`/config; `channels` are entries of sources.yaml, the one route goes to `folder`/out.txt."""
    config = folder / "config"
    (config / "watchlists").mkdir(parents=True)
    for name, text in (("hash", "0" * 32), ("r.session", fake.session(person))):
        (folder / name).write_text(text, encoding="ascii")
        (folder / name).chmod(0o600)
    reader = f"{{name: main, api_id: 1, api_hash_file: {folder}/hash, session_file: {folder}/r.session}}"
    files = {
        "bot.yaml": f"database: sqlite:///{folder}/x.db\nhttp: {{allow_private_networks: true}}\ntelegram:\n"
        f"  web: {{base_url: {fake.web}}}\n  readers: [{reader}]\n  server: {fake.settings(folder)}\n",
        "sources.yaml": f"channels: [{', '.join(channels)}]\n",
        "watchlists/a.yaml": "places: [{name: Суджа, id: sudzha}, {name: Бердин, id: berdin}]\n",
        "routes.yaml": f"routes: [{{name: all, to: 'file:{folder}/out.txt', digest: {{cron: '* * * * * *'}}}}]\n",
    }
    for name, text in files.items():
        (config / name).write_text(text, encoding="utf-8")
