"""The page's words in the reader's language: gettext over .po files, read once by Babel.

In: what a reader prefers. Out: words, numbers and moments in a language we have. A new language is one file,
`locale/LANGUAGE.po`. Invariant: a word without a translation is shown in English, never as nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path
from typing import Any

from babel import Locale, negotiate_locale
from babel.dates import format_datetime, format_timedelta
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.units import format_unit
from markupsafe import Markup

from bot.errors import PlacewireError
from bot.store.said import Said

LOCALE = Path(__file__).parent / "locale"
ENGLISH = "en"
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Language:
    """One language: `name` is its code."""

    name: str
    locale: Locale
    catalog: NullTranslations

    @property
    def shown(self) -> str:
        return (self.locale.get_display_name(self.locale) or self.name).capitalize()

    def word(self, text: str) -> str:
        return self.catalog.gettext(text) if text else ""

    def gettext(self, text: str, **values: Any) -> Markup:
        """For templates: values are escaped, the text itself is ours."""
        return Markup(self.catalog.gettext(text)) % values  # noqa: S704 (ours)

    def ngettext(self, one: str, many: str, n: int, **values: Any) -> Markup:
        return Markup(self.catalog.ngettext(one, many, n)) % {"num": n, **values}  # noqa: S704 (ours)

    def said(self, text: str) -> str:
        """What the store or the page says of something, in these words."""
        return text.told(self.word) if isinstance(text, Said) else self.word(text)

    def trouble(self, error: PlacewireError) -> str:
        """What went wrong and what to do, in these words as far as there are any."""
        if not isinstance(error.what, Said):
            return str(error)
        return f"{error.resource}: {self.said(error.what)}; {self.said(error.remedy)}"

    def length(self, seconds: float) -> str:
        """A length of time: in minutes, to the tenth, or in seconds where it is shorter."""
        if seconds < 60:
            return format_unit(round(seconds), "duration-second", "short", locale=self.locale)
        return format_unit(round(seconds / 60, 1), "duration-minute", "short", locale=self.locale)

    def moment(self, moment: datetime | None) -> str:
        """In UTC, as one writes it here; nothing for None."""
        return format_datetime(moment.astimezone(UTC), "d MMM y, HH:mm", locale=self.locale) if moment else ""

    def ago(self, moment: datetime | None, now: datetime) -> str:
        """How long ago, or in how long."""
        if moment is None:
            return ""
        apart = moment - now
        if timedelta(0) <= apart < timedelta(seconds=1):
            apart = -timedelta(seconds=1)  # what is just now has been
        return format_timedelta(apart, add_direction=True, locale=self.locale, threshold=0.99)

    @property
    def context(self) -> Mapping[str, Callable[..., Any]]:
        """What templates call."""
        return {"gettext": self.gettext, "ngettext": self.ngettext, "_": self.word}


@cache
def languages() -> Mapping[str, Language]:
    """Every language there is a file for, and English."""
    english = Language(ENGLISH, Locale(ENGLISH), NullTranslations())
    others = {file.stem: _read(file) for file in sorted(LOCALE.glob("*.po"))}
    return {ENGLISH: english, **others}


def _read(file: Path) -> Language:
    with file.open("rb") as lines:
        catalog = read_po(lines, locale=file.stem)
    compiled = BytesIO()
    write_mo(compiled, catalog)
    compiled.seek(0)
    return Language(file.stem, Locale(file.stem), GNUTranslations(compiled))


def preferred(chosen: str | None, accepted: str) -> Language:
    """The language that was chosen, else the best of an Accept-Language header."""
    known = languages()
    if chosen in known:
        return known[str(chosen)]
    wanted = [part.partition(";")[0].strip().replace("-", "_") for part in accepted.split(",")]
    return known[negotiate_locale(wanted, list(known)) or ENGLISH]
