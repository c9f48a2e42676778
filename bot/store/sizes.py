"""How much room each table takes in a file of SQLite, its indexes with it.

In: a path. Out: bytes by table. The SQLite that we link may be compiled without `dbstat`; that of Python has it almost
everywhere, and must not open the file beside it in one process, so a child asks, reading only.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

from bot.store.engine import uri

PATIENCE = 20
"""Seconds; every page is read, 600 MB in a second."""
INDEX = "search"
_ASK = """
import json, sqlite3, sys
conn = sqlite3.connect(sys.argv[1], uri=True)
page = conn.execute("PRAGMA page_size").fetchone()[0]
free = conn.execute("PRAGMA freelist_count").fetchone()[0] * page
rows = conn.execute(
    "SELECT coalesce(m.tbl_name, s.name), sum(s.pgsize) FROM dbstat AS s LEFT JOIN sqlite_master AS m "
    "ON m.name = s.name WHERE s.aggregate = TRUE GROUP BY 1"
).fetchall()
print(json.dumps([*rows, ["free", free]]))
"""


def of_file(path: Path) -> dict[str, int]:
    """Bytes by table, the largest first; `free` is room in the file that is filled before it grows.

    Nothing where that cannot be told.
    """
    try:
        done = subprocess.run(  # noqa: S603 - our own words, and a path as one argument
            [sys.executable, "-I", "-c", _ASK, uri(path, "ro")], capture_output=True, check=True, timeout=PATIENCE
        )
    except (subprocess.SubprocessError, OSError):
        return {}
    found: Counter[str] = Counter()
    for name, size in json.loads(done.stdout):
        found[INDEX if name.startswith(f"{INDEX}_") else name] += size
    return dict(found.most_common())
