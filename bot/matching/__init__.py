"""Second room: from posts to hits.

Takes watches, once, and the text of a post at a time; gives hits with their span, form, confidence and evidence.
`load_matcher` makes a matcher (expanding in a child process, cached); `Matcher.match` is pure and quick.
"""

from __future__ import annotations

from bot.matching.evidence import Evidence
from bot.matching.expand import Expansion, Form, expand, forms
from bot.matching.knowledge import Knowledge
from bot.matching.load import load_matcher
from bot.matching.matcher import Matcher

__all__ = ["Evidence", "Expansion", "Form", "Knowledge", "Matcher", "expand", "forms", "load_matcher"]
