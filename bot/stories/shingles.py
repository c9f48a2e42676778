"""Shingles of five characters as whole numbers: which there are, which of them stand for the text in an index.

In: plain bytes. Out: numbers of 32 bits, the same on every machine and in every process.

A byte is first made of each pair of neighbours, by two fixed tables: then four bytes tell five characters, and a number
is read at every fourth place, four times. It is several times quicker than a slice and a hash for each shingle.
"""

from __future__ import annotations

import re
from struct import unpack
from zlib import crc32

WIDTH = 5
_SAMPLED = re.compile(rb"(?=([\x00-\x3f].{13}))", re.DOTALL)
"""Fourteen pairs, fifteen characters, from a quarter of all places: the others are never looked up."""
_LEAST, _ONE_IN = 16, 24


def _permutation(seed: int) -> bytes:
    """All bytes in an order without order: a fixed table."""
    ranked = sorted((crc32(bytes([seed, byte, byte ^ seed, seed])), byte) for byte in range(256))
    return bytes(byte for _, byte in ranked)


_LEFT, _RIGHT = _permutation(1), _permutation(2)


def pairs(plain: bytes) -> bytes:
    """A byte for each two neighbours."""
    size = max(0, len(plain) - 1)
    left = int.from_bytes(plain[:size].translate(_LEFT), "little")
    right = int.from_bytes(plain[1:].translate(_RIGHT), "little")
    return (left ^ right).to_bytes(size, "little")


def runs(paired: bytes) -> list[tuple[int, ...]]:
    """Every shingle, in four runs: from the first place, the second, the third and the fourth."""
    size = len(paired) - WIDTH + 2
    counts = [(shift, max(0, size - shift + 3) // 4) for shift in range(4)]
    return [unpack(f"<{count}I", paired[shift : shift + 4 * count]) for shift, count in counts]


def in_order(found: list[tuple[int, ...]]) -> list[int]:
    """The shingles of four runs as they stand in the text."""
    values = [0] * sum(map(len, found))
    for shift, run in enumerate(found):
        values[shift::4] = run
    return values


def sample(paired: bytes) -> list[int]:
    """The tags by which a text is looked up, lowest first.

    A tag tells fifteen characters: five stand in thousands of posts, fifteen in few; most outlive faults of typing.
    """
    return sorted(set(map(crc32, _SAMPLED.findall(paired))))


def chosen(tags: list[int], size: int) -> list[int]:
    """The tags under which a text of `size` characters is entered: the lowest, more of a long text."""
    return tags[: max(_LEAST, size // _ONE_IN)]
