"""sources.yaml: the feeds and public channels that are read, and whose side each speaks for."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Annotated, Final

from pydantic import Field, PlainValidator, WithJsonSchema

from bot.config.files.base import Entry
from bot.config.words import Duration, Name, Text, WebAddress, need_text, refused
from bot.model import Identity, SideKind, Via

_USERNAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]{3,31}\Z")
_LINK: Final = re.compile(
    r"(?:https?://)?(?:t\.me|telegram\.me|telegram\.dog)/(?:s/)?([A-Za-z][A-Za-z0-9_]{3,31})(?:[/?].*)?\Z"
)
_PRIVATE: Final = re.compile(r"\+|joinchat|(?:^|/)c/|^-?[0-9]+\Z|^tg:")
_ONLY_PUBLIC: Final = (
    "name a public broadcast channel: placewire reads no groups, members or private posts (docs/responsible-use.md)"
)
_HEADER: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+\Z")


def username(value: object) -> str:
    """The public username of a broadcast channel, without @."""
    if isinstance(value, int) and not isinstance(value, bool):
        raise refused("is a number, not a public username", _ONLY_PUBLIC)
    text = need_text(value, "the channel's public username, such as rybar")
    if _PRIVATE.search(text):
        raise refused("is an invite link, a private channel or a group", _ONLY_PUBLIC)
    plain = _LINK.match(text)
    bare = plain[1] if plain else text.removeprefix("@")
    if not _USERNAME.match(bare):
        raise refused(
            f"{text!r} is not a public username", "write 4 to 32 letters, digits or _, beginning with a letter"
        )
    if bare != text:
        raise refused(f"{text!r} is more than the username", f"write {bare}")
    return bare


def header_name(value: object) -> str:
    """The name of a request header."""
    text = need_text(value, "Accept-Language")
    if not _HEADER.match(text):
        raise refused(f"{text!r} is not the name of a header", "write a name such as Accept-Language")
    return text


Username = Annotated[
    str, PlainValidator(username), WithJsonSchema({"type": "string", "pattern": _USERNAME.pattern[:-2] + "$"})
]
HeaderName = Annotated[str, PlainValidator(header_name), WithJsonSchema({"type": "string"})]

_TITLE: Final = "What people call it; digests show it."
_SIDE: Final = "Whose side it speaks for: one of the names under `sides`."
_BACKFILL: Final = (
    "How many older posts the first reading stores; they are matched, marked late, and told in a section of their own."
)
_REGION: Final = "The region it mostly writes about; it tells places of the same name apart."


class Feed(Entry):
    """An RSS, Atom, RDF or JSON feed."""

    name: Name = Field(
        examples=["isw"], description="A short name; unique over feeds and channels. Posts are stored under it."
    )
    url: WebAddress = Field(examples=["https://example.org/feed.xml"], description="The feed's address, http or https.")
    title: Text | None = Field(default=None, examples=["ISW"], description=_TITLE)
    side: Text | None = Field(default=None, examples=["think-tank"], description=_SIDE)
    poll: Duration = Field(
        default=timedelta(minutes=10),
        description="How often it is asked; less often by itself while nothing comes, and when the server says so.",
    )
    backfill: int | None = Field(default=None, ge=0, le=100_000, examples=[200], description=_BACKFILL)
    identity: Annotated[Identity, Field(strict=False)] | None = Field(
        default=None,
        examples=["link"],
        description="What tells one item from another. If left out, the first reading decides.",
    )
    region: Text | None = Field(default=None, examples=["Курская область"], description=_REGION)
    headers: dict[HeaderName, Text] = Field(
        default={},
        examples=[{"Authorization": "Bearer ${NEWS_TOKEN}"}],
        description="Further request headers. `${VARIABLE}` is taken from the environment; they never follow a "
        "redirect to another host.",
    )


class Channel(Entry):
    """A public broadcast channel of Telegram."""

    name: Username = Field(
        examples=["rybar"],
        description="Its public username, without @; unique over feeds and channels. Groups, invite links and private "
        "channels are refused.",
    )
    title: Text | None = Field(default=None, examples=["Рыбарь"], description=_TITLE)
    side: Text | None = Field(default=None, examples=["ru"], description=_SIDE)
    via: Annotated[Via, Field(strict=False)] = Field(
        default=Via.AUTO,
        description="How it is read: `web` by the public preview, `mtproto` by a reader, `auto` by the preview, or by "
        "a reader where the preview is off.",
    )
    poll: Duration = Field(default=timedelta(seconds=90), description="How often it is read.")
    backfill: int | None = Field(default=None, ge=0, le=100_000, examples=[200], description=_BACKFILL)
    id: int | None = Field(
        default=None,
        ge=1,
        examples=[1234567890],
        description="Its numeric id. It pins the channel: another one under the same name is then never read. If left "
        "out, the id of the first reading is kept.",
    )
    region: Text | None = Field(default=None, examples=["Курская область"], description=_REGION)


class SourcesFile(Entry):
    """The feeds and public channels that are read, and whose side each speaks for."""

    sides: dict[Name, Annotated[SideKind, Field(strict=False)]] = Field(
        default={},
        examples=[{"ru": "party", "ua": "party", "think-tank": "observer"}],
        description='The sides, each a party or an observer. "Both sides" means two parties; observers are named.',
    )
    feeds: list[Feed] = Field(default=[], description="RSS, Atom, RDF and JSON feeds.")
    channels: list[Channel] = Field(default=[], description="Public broadcast channels of Telegram.")
