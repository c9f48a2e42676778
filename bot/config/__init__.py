"""The operator's files, read and checked: from `config/` to one frozen `Config`.

In: a folder of YAML and an environment. Out: `Config`, in the nouns of `bot.model` and a few settings; or a ConfigError
with every fault at once, each with file, line, column and remedy. No secret ever shows itself.
"""

from __future__ import annotations

from bot.config.folder import watchlist_files
from bot.config.load import Examination, examine, faults, load, load_watchlists
from bot.config.nearest import did_you_mean
from bot.config.schema import json_schemas
from bot.config.secret import Secret, masked
from bot.config.settings import (
    OPS,
    BackupSettings,
    Config,
    HttpSettings,
    KeepSettings,
    OpsSettings,
    ProxySettings,
    PublisherSettings,
    ReaderSettings,
    ReviewSettings,
    ServerSettings,
    TelegramSettings,
    WebSettings,
)

__all__ = [
    "OPS",
    "BackupSettings",
    "Config",
    "Examination",
    "HttpSettings",
    "KeepSettings",
    "OpsSettings",
    "ProxySettings",
    "PublisherSettings",
    "ReaderSettings",
    "ReviewSettings",
    "Secret",
    "ServerSettings",
    "TelegramSettings",
    "WebSettings",
    "did_you_mean",
    "examine",
    "faults",
    "json_schemas",
    "load",
    "load_watchlists",
    "masked",
    "watchlist_files",
]
