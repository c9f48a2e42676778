"""Where secrets are fetched from while a configuration is built: `*_file` keys and ${VARIABLES}.

Enters: a key of a document. Leaves: a `Secret`, or None and a fault at that key.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from bot.config.nodes import Document, Loc
from bot.config.secret import Headers, Refusal, Secret, read_secret
from bot.errors import Fault

_VARIABLE: Final = re.compile(r"\$\{([^}]*)\}")


@dataclass(slots=True)
class Vault:
    """Reads secrets and keeps what went wrong: faults in the documents, warnings here."""

    environ: Mapping[str, str]
    warnings: list[Fault] = field(default_factory=list)

    def file(self, document: Document, loc: Loc, path: str | None) -> Secret | None:
        """The secret in a file; the fault stands at the key that names it."""
        if path is None:
            return None
        found = read_secret(Path(path))
        if isinstance(found, Refusal):
            document.refuse(loc, found.what, found.remedy)
            return None
        return found

    def session(self, document: Document, loc: Loc, path: str) -> Secret | None:
        """A session, which is not there before the first `login`: only worth a warning."""
        if Path(path).exists():
            return self.file(document, loc, path)
        remedy = "run placewire login; until then this reader reads nothing"
        self.warnings.append(document.fault(loc, f"there is no session in {path}", remedy))
        return None

    def headers(self, document: Document, loc: Loc, written: Mapping[str, str]) -> Headers:
        """Headers with their ${VARIABLES} filled in."""
        return Headers({name: self._filled(document, (*loc, name), text) for name, text in written.items()})

    def _filled(self, document: Document, loc: Loc, text: str) -> str:
        for name in sorted(set(_VARIABLE.findall(text)) - {known for known, value in self.environ.items() if value}):
            document.refuse(
                loc,
                f"the environment has no {name or 'variable without a name'}",
                f"set {name or 'one'} before starting",
            )
        filled = _VARIABLE.sub(lambda match: self.environ.get(match[1], ""), text)
        if re.search(r"[\x00-\x08\x0a-\x1f\x7f]", filled):
            document.refuse(loc, "a variable brings a line break or a control character", "set it without")
        return filled
