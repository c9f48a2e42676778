"""Where secrets come from: files that `*_file` keys name, and ${VARIABLES} of the environment.

Enters: a path or a text. Leaves: the secret, read once, or why it cannot be had. Faults are the checks' to report.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from bot.config.environment import Environment
from bot.config.secret import Headers, Refusal, Secret, read_secret

_VARIABLE: Final = re.compile(r"\$\{([^}]*)\}")


class Vault:
    """Secrets by the path of their file, and the environment."""

    def __init__(self, environment: Environment, environ: Mapping[str, str]) -> None:
        self.environment = environment
        self._environ = environ
        self._read: dict[str, Secret | Refusal] = {}

    def ask(self, path: str) -> Secret | Refusal:
        """What the file holds, or why it is not taken."""
        if path not in self._read:
            self._read[path] = read_secret(Path(path))
        return self._read[path]

    def secret(self, path: str | None) -> Secret | None:
        found = self.ask(path) if path else None
        return found if isinstance(found, Secret) else None

    def unset(self, text: str) -> Iterable[str]:
        """The variables in a text that the environment does not have."""
        return sorted({name for name in _VARIABLE.findall(text) if not self._environ.get(name)})

    def filled(self, text: str) -> str:
        """A text with its variables filled in; one that is not set becomes nothing."""
        return _VARIABLE.sub(lambda match: self._environ.get(match[1], ""), text)

    def headers(self, written: Mapping[str, str]) -> Headers:
        return Headers({name: self.filled(text) for name, text in written.items()})
