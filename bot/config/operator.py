"""Who runs this: the name that stands in the audit where nobody has logged in.

In: the environment. Out: a name. Invariant: there is always one, also in a container whose user has no name.
"""

from __future__ import annotations

import getpass


def operator() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "operator"
