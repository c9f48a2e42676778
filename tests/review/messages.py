"""Every word of the page that can be translated, as the templates and the labels hold them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from babel.messages.extract import extract_from_dir

import bot.review
import bot.store
from bot.review import labels

STORE = Path(bot.store.__file__).parent
PAGE = Path(bot.review.__file__).parent
FOLDER = PAGE / "templates"
FOR_SCRIPTS = {"api.py", "streaming.py"}
Message = str | tuple[str, str]


def messages() -> set[Message]:
    return {*_in_templates(), *_of_the_store(), *_of_the_page(), *labels.WORDS, *labels.BORROWED}


def _of_the_page() -> Iterator[Message]:
    """Why it does not do what was asked; scripts are told so in English."""
    for keywords in ({"Said": None}, {"HTTPException": (2,)}):
        for file, _line, message, *_rest in extract_from_dir(str(PAGE), [("**.py", "python")], keywords=keywords):
            if file not in FOR_SCRIPTS and isinstance(message, str):
                yield message


def _of_the_store() -> Iterator[Message]:
    """What `trace` says, as far as there are words in it."""
    found = extract_from_dir(str(STORE), [("**.py", "python")], keywords={"Said": None})
    for _file, _line, message, *_rest in found:
        if isinstance(message, str) and re.search(r"[^\W\d_]", re.sub(r"%\(\w+\)s", "", message)):
            yield message


def _in_templates() -> Iterator[Message]:
    options = {"**.html": {"trimmed": "false", "extensions": "jinja2.ext.i18n"}}
    found = extract_from_dir(str(FOLDER), [("**.html", "jinja2")], options_map=options)
    for _file, _line, message, *_rest in found:
        if isinstance(message, str):
            yield message
        else:
            one, many, *_ = message
            yield one, many
