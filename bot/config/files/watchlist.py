"""watchlists/*.yaml: the places and words to watch. A place needs nothing but its name."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Final, Literal

from pydantic import Field, PlainValidator, WithJsonSchema

from bot.config.files.base import Entry
from bot.config.words import Name, Text, Texts, need_text, refused
from bot.language.query import QueryError, parse
from bot.model import Priority

Language = Literal["ru", "uk", "en"]
DECIMALS: Final = 5
_EXAMPLE: Final = "write [51.19, 35.27]: latitude first, then longitude, in degrees"


def coordinates(value: object) -> tuple[float, float]:
    """Latitude and longitude in degrees, of a settlement and nothing finer."""
    if not isinstance(value, list) or len(value) != 2:
        raise refused("must be two numbers", _EXAMPLE)
    latitude, longitude = (_degrees(number) for number in value)
    if abs(latitude) > 90 and abs(longitude) <= 90 and abs(latitude) <= 180:
        raise refused("has the longitude first", f"write [{longitude:g}, {latitude:g}]")
    if not (abs(latitude) <= 90 and abs(longitude) <= 180):
        raise refused("lies outside the globe", _EXAMPLE)
    return latitude, longitude


def _degrees(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise refused("must be two numbers", _EXAMPLE)
    exponent = Decimal(repr(value)).as_tuple().exponent
    if isinstance(exponent, int) and -exponent > DECIMALS:
        raise refused("is finer than a settlement", f"write at most {DECIMALS} decimals: {round(value, 2):g} is enough")
    return float(value)


Coordinates = Annotated[
    tuple[float, float],
    PlainValidator(coordinates),
    WithJsonSchema({"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2}),
]


def query(value: object) -> str:
    """A query that can be read."""
    text = need_text(value, 'a query such as "удар" NEAR/5 школа')
    try:
        parse(text)
    except QueryError as error:
        raise refused(f"{error.what} (character {error.at + 1})", error.remedy, at=error.at) from None
    return text


Query = Annotated[str, PlainValidator(query), WithJsonSchema({"type": "string"})]
_ID: Final = "Stable: hits are stored under it. If left out, it is made from the name in Latin letters."
_TAGS: Final = "Words that routes choose by."
_PRIORITY: Final = "`urgent` lets a route with `urgent:` tell it at once."


class Near(Entry):
    """Words that must stand near the name."""

    any: Texts = Field(
        min_length=1, examples=[["бои", "обстрел"]], description="At least one of these must stand near the name."
    )
    within: int = Field(default=12, ge=1, le=200, description="So many words before or after it, at most.")


class Forms(Entry):
    """What the forms of a place lack, and what they have too many. `placewire forms NAME` lists them."""

    add: Texts = Field(
        default=[], examples=[["Судженці"]], description="Forms to look for as they stand; they are not declined."
    )
    drop: Texts = Field(
        default=[], examples=[["Судже"]], description="Forms of the name, or names it is known by, not to look for."
    )


class Place(Entry):
    """A settlement, written once."""

    name: Text = Field(examples=["Суджа"], description="The name as you write it; the only key that must be there.")
    id: Name | None = Field(default=None, examples=["sudzha"], description=_ID)
    language: Language | None = Field(
        default=None,
        examples=["ru"],
        description="The language of `name`. If left out, letters and endings decide, and where they do not, forms of "
        "both languages are looked for.",
    )
    names: dict[Language, Texts] = Field(
        default={},
        examples=[{"ru": "Суджа", "uk": "Суджа", "en": ["Sudzha", "Soudja"]}],
        description="The name in other languages, each a name or a list; what is left out is derived.",
    )
    within: Text | None = Field(
        default=None,
        alias="in",
        examples=["Курская область"],
        description="The region; it tells places of the same name apart.",
    )
    at: Coordinates | None = Field(
        default=None,
        examples=[[51.19, 35.27]],
        description="Latitude and longitude in degrees, of the settlement and nothing finer.",
    )
    also: Texts = Field(default=[], examples=[["Суджанка"]], description="Further names, each with its cases.")
    never: Texts = Field(
        default=[],
        alias="not",
        examples=[["Суджанская улица"]],
        description="Texts that hold the name and never mean the place.",
    )
    near: Near | None = Field(
        default=None,
        examples=[{"any": ["бои", "обстрел"], "within": 12}],
        description="Words that must stand near the name, for names that are common words.",
    )
    adjectives: bool = Field(default=False, description="Find the adjective too (суджанский).")
    forms: Forms = Field(
        default=Forms(),
        examples=[{"add": ["Судженці"], "drop": ["Soudja"]}],
        description="Forms to add to those that `placewire forms NAME` lists, and forms to drop.",
    )
    tags: Texts = Field(default=[], examples=[["kursk"]], description=_TAGS)
    priority: Annotated[Priority, Field(strict=False)] = Field(default=Priority.NORMAL, description=_PRIORITY)


class Term(Entry):
    """Plain words, with their inflections."""

    name: Text = Field(examples=["РЭБ"], description="What the digests call it.")
    id: Name | None = Field(default=None, examples=["reb"], description=_ID)
    any: Texts = Field(
        default=[],
        examples=[["РЭБ", "electronic warfare"]],
        description="The words and phrases; if left out, the name.",
    )
    query: Query | None = Field(
        default=None,
        examples=['("удар" OR обстрел*) NEAR/5 (школа OR больница) NOT учения'],
        description='Beside `any` or instead of it: words in all their forms, "phrases" as they stand and prefixes*, '
        "joined by AND, OR, NOT, NEAR/n (at most n words apart) and parentheses. NEAR binds closest, then AND and "
        "NOT, then OR.",
    )
    tags: Texts = Field(default=[], examples=[["kursk"]], description=_TAGS)
    priority: Annotated[Priority, Field(strict=False)] = Field(default=Priority.NORMAL, description=_PRIORITY)


class WatchlistFile(Entry):
    """The places and words to watch. A place needs nothing but its name; ids are unique over all watchlists."""

    places: list[Place] = Field(default=[], description="Settlements, each written once.")
    terms: list[Term] = Field(default=[], description="Plain words, with their inflections.")
