"""Shingles of five characters as whole numbers: which there are, which of them stand for the text in an index.

In: plain bytes. Out: numbers of 32 bits, the same on every machine and in every process.
"""

from __future__ import annotations

from random import Random
from struct import unpack

WIDTH = 5
_NEAR, _FAR, _PRIME = 0x5BD1E995, 0x3C6EF372, 2147483629
_APART = 10
_SKIPPED = 0xC0
"""Bits of which one set excludes a shingle from the sample: a quarter stays, the rest is never looked up."""
_LEAST, _ONE_IN = 12, 32


def _permutation(seed: int) -> bytes:
    return bytes(Random(seed).sample(range(256), 256))  # noqa: S311  a fixed table, no secret


_LEFT, _RIGHT = _permutation(1), _permutation(2)


def shingles(plain: bytes) -> list[int]:
    """Every run of five bytes, in order, as a hash.

    A byte is first made of each pair of neighbours, by two fixed tables: then five characters are four bytes, which
    are read at every fourth place, four times. It is several times quicker than a slice and a hash for each shingle.
    """
    size = len(plain) - WIDTH + 1
    if size < 1:
        return []
    many = size + WIDTH - 2
    left = int.from_bytes(plain[:-1].translate(_LEFT), "little")
    right = int.from_bytes(plain[1:].translate(_RIGHT), "little")
    pairs = (left ^ right).to_bytes(many, "little") + bytes(4)
    found = [0] * (size + 3)
    for shift in range(4):
        count = (size - shift + 3) // 4
        found[shift : shift + 4 * count : 4] = unpack(f"<{count}I", pairs[shift : shift + 4 * count])
    del found[size:]
    return found


def sample(values: list[int]) -> list[int]:
    """The tags by which a text is looked up, lowest first: for a quarter of its shingles, each with the one ten on.

    One shingle stands in thousands of posts; two of them, so far apart, in few. What is between does not count, so
    that a fault of typing costs ten tags of its neighbourhood, not fifteen.
    """
    pairs = zip(values, values[_APART:], strict=False)
    return sorted({(near * _NEAR + far * _FAR) % _PRIME for near, far in pairs if not near & _SKIPPED})


def chosen(tags: list[int], size: int) -> list[int]:
    """The tags under which a text of `size` shingles is entered: the lowest, more of a long text."""
    return tags[: max(_LEAST, size // _ONE_IN)]
