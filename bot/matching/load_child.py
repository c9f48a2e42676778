"""The child process of `load`: pickled watches in, the expansion as JSON out; its memory goes when it ends."""

from __future__ import annotations

import gc
import json
import pickle
import sys

from bot.matching.expand import expand


def main() -> None:
    """Only the parent writes to this pipe."""
    gc.disable()  # all that is made is kept until the end: looking for garbage takes a fifth of the time
    watches = pickle.load(sys.stdin.buffer)  # noqa: S301
    sys.stdout.buffer.write(json.dumps(expand(watches).as_json(), ensure_ascii=False).encode(errors="surrogatepass"))


if __name__ == "__main__":
    main()
