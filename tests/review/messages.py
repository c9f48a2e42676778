"""Every word of the page that can be translated, as the templates and the labels hold them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from babel.messages.extract import extract_from_dir

import bot.review
from bot.review import labels

FOLDER = Path(bot.review.__file__).parent / "templates"
Message = str | tuple[str, str]


def messages() -> set[Message]:
    return {*_in_templates(), *labels.WORDS, *labels.BORROWED}


def _in_templates() -> Iterator[Message]:
    options = {"**.html": {"trimmed": "false", "extensions": "jinja2.ext.i18n"}}
    found = extract_from_dir(str(FOLDER), [("**.html", "jinja2")], options_map=options)
    for _file, _line, message, *_rest in found:
        if isinstance(message, str):
            yield message
        else:
            one, many, *_ = message
            yield one, many
