"""One hit as files, for those who must prove what was said when; `sha256sum -c SHA256SUMS` checks them.

In: what the store knows of the hit. Out: a folder or a zip, whole or not there. Invariant: the same hit, unchanged,
gives the same bytes, but for the time of the export, which one file holds alone.
"""

from __future__ import annotations

import io
import json
import shutil
import tempfile
import zipfile
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from bot import __version__
from bot.errors import PlacewireError
from bot.export.formats import Watches, flat
from bot.export.output import written
from bot.store import Evidence

SUMS = "SHA256SUMS"
README = """\
{id}: a mention that placewire found, with what it was found in.

hit.json        the mention: its span, form and reasons, the watch's rule, its post with address and times
wordings.json   when each wording was seen, and the hash it was stored under: SHA-256 of title, NUL, text
wording-N.txt   wording N as it was read, title first; spans count code points from its start
decisions.json  what people decided on it: who, when, how, before and after
trace.json      what happened to it, step by step: seen, edited, deleted, matched, grouped, told
export.json     when this was exported, by which version

Check that nothing was changed since: sha256sum -c {sums}
The sums show changes of these files. They do not show who made them: sign {sums}, or have it time-stamped, for that.
"""


def files(found: Evidence, watches: Watches, now: datetime) -> dict[str, bytes]:
    """Each file of the bundle by its name, the sums last."""
    row = found.row
    wordings = [
        {"number": each.number, "seen": each.seen, "edited": each.edited, "stored_hash": found.hashes.get(each.number)}
        for each in found.wordings
    ]
    made = {
        "README.txt": README.format(id=row.hit.id, sums=SUMS).encode(),
        "hit.json": _json(flat(row, watches) | {"rule": found.watch}),
        "wordings.json": _json(wordings),
        **{f"wording-{each.number}.txt": each.body.encode("utf-8", "replace") for each in found.wordings if each.body},
        "decisions.json": _json([asdict(act) for act in found.acts]),
        "trace.json": _json([asdict(event) for event in found.events]),
        "export.json": _json({"hit": row.hit.id, "exported": now, "placewire": __version__}),
    }
    return made | {SUMS: _sums(made)}


def _json(value: Any) -> bytes:
    text = json.dumps(value, ensure_ascii=False, indent=2, default=_plain)
    return text.encode("utf-8", "replace") + b"\n"


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    raise TypeError(f"{type(value).__name__} has no form in JSON")


def _sums(made: Mapping[str, bytes]) -> bytes:
    return "".join(f"{sha256(content).hexdigest()}  {name}\n" for name, content in made.items()).encode()


def save(made: Mapping[str, bytes], to: Path) -> None:
    """Write the bundle as a zip where the name ends so, else as a new folder; only its owner may read it."""
    if to.suffix.lower() == ".zip":
        _zip(made, to)
    else:
        _folder(made, to)


def _zip(made: Mapping[str, bytes], to: Path) -> None:
    with written(to) as file:
        file.write(zipped(made))


def zipped(made: Mapping[str, bytes]) -> bytes:
    """The bundle as one file, always of the same bytes."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in made.items():
            archive.writestr(zipfile.ZipInfo(name), content)
    return file.getvalue()


def _folder(made: Mapping[str, bytes], to: Path) -> None:
    if to.exists():
        raise PlacewireError(str(to), "is there already", "name a new folder, or a .zip")
    part: Path | None = None
    try:
        part = Path(tempfile.mkdtemp(dir=to.parent, prefix=f".{to.name}.", suffix=".part"))
        for name, content in made.items():
            (part / name).write_bytes(content)
            (part / name).chmod(0o600)
        part.rename(to)
    except OSError as error:
        raise PlacewireError(str(to), f"cannot be written ({error.strerror})", "name another folder") from error
    finally:
        if part is not None and part.exists():
            shutil.rmtree(part)
