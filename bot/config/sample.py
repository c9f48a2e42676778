"""The sample configuration that `init DIR` writes: the shipped `config/`, with the schemas beside it for editors.

In: a folder that holds none of these files yet. Out: the files written. Nothing is ever overwritten.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path, PurePosixPath
from typing import Final

from bot.config.schema import json_schemas
from bot.errors import ConfigError, Fault

_IN_THE_REPOSITORY: Final = "../docs/schema/"
_IN_A_FOLDER: Final = "schema/"


def sample_files() -> Mapping[PurePosixPath, str]:
    """The shipped files as they are, by their path in `config/`."""
    root = files("bot.config") / "sample"
    return dict(_texts(root, PurePosixPath()))


def sample(folder: Path) -> tuple[Path, ...]:
    """Write the sample into a folder, made if need be. Raises ConfigError if one of its files is there already."""
    texts = {path: text.replace(_IN_THE_REPOSITORY, _IN_A_FOLDER) for path, text in sample_files().items()}
    schemas = {PurePosixPath(_IN_A_FOLDER, f"{name}.json"): spelt(schema) for name, schema in json_schemas().items()}
    found = {folder / path: text for path, text in {**texts, **schemas}.items()}
    there = [_refused(file, "is there already", "name a new folder") for file in found if file.exists()]
    if there:
        raise ConfigError(there)
    for file, text in found.items():
        _write(file, text)
    return tuple(found)


def spelt(schema: Mapping[str, object]) -> str:
    """A schema as its file holds it."""
    return json.dumps(schema, ensure_ascii=False, indent=2) + "\n"


def _texts(folder: Traversable, way: PurePosixPath) -> Iterator[tuple[PurePosixPath, str]]:
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.is_dir():
            yield from _texts(entry, way / entry.name)
        elif entry.name.endswith(".yaml"):
            yield way / entry.name, entry.read_text(encoding="utf-8")


def _write(file: Path, text: str) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("x", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
    except OSError as error:
        fault = _refused(file, f"cannot be written: {error.strerror}", "name a folder that you may write")
        raise ConfigError([fault]) from error


def _refused(file: Path, what: str, remedy: str) -> Fault:
    return Fault(file, 0, 0, "", what, remedy)
