"""Shingles of five characters as whole numbers: which there are, which of them stand for the text in an index.

In: plain bytes. Out: numbers, the same on every machine and in every process.
"""

from __future__ import annotations

from struct import unpack

WIDTH = 5
_FIVE = (1 << 8 * WIDTH) - 1
_FACTOR, _PRIME = 0x9E3779B1, 2147483629
_SAMPLED = _PRIME // 4
"""A quarter of all shingles may stand for a text: the rest is never looked up."""
_LEAST, _ONE_IN = 12, 32


def shingles(plain: bytes) -> list[int]:
    """Every run of five bytes, in order."""
    size = len(plain) - WIDTH + 1
    if size < 1:
        return []
    # Eight bytes are read at once at every eighth place, eight times: far quicker than one slice a shingle.
    padded = plain + bytes(16)
    found = [0] * (size + 7)
    for shift in range(8):
        many = (size - shift + 7) // 8
        if many > 0:
            found[shift : shift + 8 * many : 8] = unpack(f"<{many}Q", padded[shift : shift + 8 * many])
    return [value & _FIVE for value in found[:size]]


def sample(values: list[int]) -> list[int]:
    """The tags by which a text is looked up: a quarter of its shingles, by hash; lowest first."""
    return sorted({tag for value in values if (tag := value * _FACTOR % _PRIME) < _SAMPLED})


def chosen(tags: list[int], size: int) -> list[int]:
    """The tags under which a text of `size` shingles is entered: the lowest, more of a long text."""
    return tags[: max(_LEAST, size // _ONE_IN)]
