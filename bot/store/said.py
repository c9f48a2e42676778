"""English that can be said in other languages: a text that remembers the words it was made of, and what fills them.

In: templates of ours, values. Out: a plain `str` for commands and scripts, which a page may say anew. Pure.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Self


class Said(str):
    """`Said("revision %(number)s", number=2)` is "revision 2". A value that is `Said` is said anew with it."""

    __slots__ = ("template", "values")
    template: str
    values: Mapping[str, object]

    def __new__(cls, template: str, **values: object) -> Self:
        made = super().__new__(cls, template % values if values else template)
        made.template, made.values = template, values
        return made

    def told(self, word: Callable[[str], str]) -> str:
        """The same in the words that `word` gives for each template."""
        if not self.values:
            return word(self.template)
        return word(self.template) % {
            name: value.told(word) if isinstance(value, Said) else value for name, value in self.values.items()
        }


def joined(*parts: str, by: str = "") -> Said:
    """The parts one after the other."""
    return Said(by.join(f"%(p{at})s" for at in range(len(parts))), **{f"p{at}": each for at, each in enumerate(parts)})
