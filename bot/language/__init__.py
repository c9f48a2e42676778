"""What the house knows of Russian, Ukrainian and English: pure knowledge that touches nothing.

Folding with the way back (`fold`), words and hashtags (`tokens`), declension of place names (`inflect`), Latin
spellings (`translit`), one phonetic key for both scripts (`phonetic`), the language of a text (`detect`).
Import what you need from its module: `inflect` brings the Russian dictionary when it is first asked, nothing else does.
"""

from __future__ import annotations

from bot.language.detect import Language
from bot.language.fold import Folded, fold, key, utf16
from bot.language.tokens import Tokens, tokenise
from bot.language.translit import slug

__all__ = ["Folded", "Language", "Tokens", "fold", "key", "slug", "tokenise", "utf16"]
