"""The variables of the environment that are ours: PLACEWIRE_... Enters: a mapping. Leaves: a frozen `Environment`.

No value is ever shown, in no fault and in no repr.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, PlainValidator, ValidationError
from pydantic_core import PydanticCustomError

from bot.config.files.bot import database
from bot.config.proxies import way_to_telegram
from bot.config.secret import Secret
from bot.config.settings import ProxySettings
from bot.config.words import REFUSED, refused, split_url
from bot.errors import Fault

PREFIX: Final = "PLACEWIRE_"
_FILE: Final = Path("environment")


def _proxy(value: str) -> Secret:
    parts = split_url(value)
    if parts.scheme != "http" or not parts.hostname:
        raise refused("is not an http proxy", "set it to http://USER:PASSWORD@HOST:PORT")
    way_to_telegram(value)  # MTProto may go there, too
    return Secret(value)


def _database(value: str) -> Secret:
    try:
        return Secret(database(value))
    except PydanticCustomError:
        raise refused(
            "names no database that placewire knows", "set it to postgresql://USER:PASSWORD@HOST/DATABASE"
        ) from None


Hidden = Annotated[Secret, PlainValidator(Secret)]
HiddenDatabase = Annotated[Secret, PlainValidator(_database)]
HiddenProxy = Annotated[Secret, PlainValidator(_proxy)]
TelegramProxy = Annotated[ProxySettings, PlainValidator(way_to_telegram)]


class Environment(BaseModel):
    """What the environment may say."""

    model_config = ConfigDict(frozen=True, extra="ignore", arbitrary_types_allowed=True)

    database: HiddenDatabase | None = Field(
        default=None, description="The database's URL with its password. Goes before `database`."
    )
    bot_token: Hidden | None = Field(
        default=None,
        description="The token of the bot that sends. Goes before `telegram.publisher.bot_token_file`; no publisher "
        "needs to be written then.",
    )
    api_id: int | None = Field(
        default=None, ge=1, description="From my.telegram.org, for every reader and publisher without an `api_id`."
    )
    api_hash: Hidden | None = Field(
        default=None, description="From my.telegram.org, for every reader and publisher without an `api_hash`."
    )
    proxy: HiddenProxy | None = Field(
        default=None, description="An HTTP proxy with its password. Goes before `http.proxy`."
    )
    telegram_proxy: TelegramProxy | None = Field(
        default=None,
        description="A proxy for MTProto alone: socks5://USER:PASSWORD@HOST:PORT, http://... or "
        "mtproxy://SECRET@HOST:PORT. Goes before `telegram.proxy`; without both MTProto goes through `http.proxy`.",
    )


def read_environment(environ: Mapping[str, str]) -> tuple[Environment, tuple[Fault, ...]]:
    """Take what is ours out of the environment; a variable that is empty counts as not set."""
    ours = {
        name.removeprefix(PREFIX).lower(): value.strip()
        for name, value in environ.items()
        if name.startswith(PREFIX) and value.strip()
    }
    try:
        return Environment.model_validate(ours), ()
    except ValidationError as error:
        return Environment(), tuple(
            Fault(_FILE, 0, 0, PREFIX + str(detail["loc"][0]).upper(), *_words(detail["type"], detail.get("ctx", {})))
            for detail in error.errors(include_url=False, include_input=False)
        )


def _words(kind: str, context: Mapping[str, str]) -> tuple[str, str]:
    if kind == REFUSED:
        return context["what"], context["remedy"]
    return "is not a whole number from 1", "set it to the number that my.telegram.org shows"
