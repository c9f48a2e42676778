"""When two words are one: faults of typing, endings, the other script, words for one thing.

In: two words of essences, in lower case. Out: whether they are one. `faults` says how many faults of typing the texts
plainly have: in a text without any, two in a short word make another word; in one full of them they are believed.

Source: written for this project by its authors. Licence: MIT, as the project.
"""

from __future__ import annotations

import re
from itertools import takewhile

from bot.stories.essence import essence, plain
from bot.stories.meanings import opposed, thing

MIN_WORD, MIN_NAME = 4, 3
"""Shorter words are grammar, unless they deny or count; so are capitals where a sentence begins."""
_MANY_FAULTS = 2
"""From so many on a text is full of them."""


def one_word(one: bytes, two: bytes, *, faults: int) -> bool:
    """Whether two words are one, or stand for one thing."""
    if one == two or (thing(one) is not None and thing(one) == thing(two)):
        return True
    if opposed(one, two):
        return False
    return _spelled_alike(one, two, faults) or _ending_alike(one, two) or _in_two_scripts(one, two)


def one_name(one: bytes, two: bytes, *, faults: int) -> bool:
    """Whether two names are spellings or endings of one."""
    if _a_slip(one, two) or _ending_alike(one, two) or _sounds_alike(one, two):
        return True
    return one[0] == two[0] and not _faulty(one, two, faults)


def slipped(one: bytes, two: bytes) -> bool:
    """Whether two words are one with a letter typed wrong; another ending is none."""
    return len(one) == len(two) >= MIN_WORD and _differing(one, two) == 1 and not _ending_alike(one, two)


def _spelled_alike(one: bytes, two: bytes, faults: int) -> bool:
    longer = max(len(one), len(two))
    if longer >= MIN_WORD:
        head = _agree(one, two)
        tail = _agree(one[:head:-1], two[:head:-1])
        if head >= 0.6 * longer or head + tail >= 0.75 * longer or _a_slip(one, two):
            return True
    return not _faulty(one, two, faults)


def _faulty(one: bytes, two: bytes, faults: int) -> bool:
    """Whether the words differ in more than faults of typing."""
    return len(one) != len(two) or (_differing(one, two) > _believed(len(one), faults) and not _turned_over(one, two))


def _believed(length: int, faults: int) -> int:
    """How many faults in one word are believed."""
    if not faults:
        return max(1, (length + 1) // 4)
    if faults < _MANY_FAULTS:
        return 3 if length > 2 * MIN_WORD else min(2, (length + 1) // 3)
    return max(3, length // 3) if length > MIN_WORD else 2


def _differing(one: bytes, two: bytes) -> int:
    """In how many places they differ, as far as the shorter goes: all at once, for whole texts are asked for, too."""
    size = min(len(one), len(two))
    apart = int.from_bytes(one[:size], "big") ^ int.from_bytes(two[:size], "big")
    return size - apart.to_bytes(size, "big").count(0)


def _turned_over(one: bytes, two: bytes) -> bool:
    """Whether two neighbouring letters changed places."""
    head = _agree(one, two)
    return one[head : head + 2] == two[head : head + 2][::-1] and one[head + 2 :] == two[head + 2 :]


def _a_slip(one: bytes, two: bytes) -> bool:
    head = _agree(one, two)
    tail = _agree(one[head:][::-1], two[head:][::-1])
    return head > 0 and max(len(one), len(two)) - head - tail <= 1


def _ending_alike(one: bytes, two: bytes) -> bool:
    """Whether two words are cases of one, after the letters they share."""
    head = _agree(one, two)
    return head >= MIN_NAME and _ENDINGS.fullmatch(one[head:] + b" " + two[head:]) is not None


def _agree(one: bytes, two: bytes) -> int:
    return len(list(takewhile(lambda pair: pair[0] == pair[1], zip(one, two, strict=False))))


def _endings() -> re.Pattern[bytes]:
    """What is left of two cases of one noun, or of an adjective, after the letters they share: Шост-ка, Шост-ці."""
    vowels = b"[" + plain(essence("аеиоуыэюяьйіїє")) + b"]"
    ending = vowels + b"{0,2}(?:[" + plain(essence("мхвг")) + b"]" + vowels + b"{0,2})?"
    turns = b"[" + plain(essence("кцгзхсчж")) + b"]"
    return re.compile(b"(?:%b %b|%b%b %b%b)" % (ending, ending, turns, ending, turns, ending))


_ENDINGS = _endings()
_LATIN, _CYRILLIC = re.compile(rb"[a-z]"), re.compile(b"[" + plain(essence("бгджзийлпфцчшщъыьэюяєґ")) + b"]")
"""Letters that only one of the scripts has: the others are one in both."""


def _sounds(consonants: str) -> tuple[bytes, bytes]:
    """For `translate`: each letter as the first of its group, and the letters that are dropped."""
    groups = [plain(essence(group)) for group in consonants.split()]
    return bytes.maketrans(b"".join(groups), b"".join(group[:1] * len(group) for group in groups)), plain(
        essence("аеиоуыэюяьъйіїєґгнaeiouyghnj")
    )


_SOUND, _SILENT = _sounds("вvwбb рпpr счшщcs жзz кхkxq фf дd лl мm тt")


def _in_two_scripts(one: bytes, two: bytes) -> bool:
    """Whether one is surely in Cyrillic, and may be the other in Latin."""
    return bool(_CYRILLIC.search(one) or _CYRILLIC.search(two)) and _sounds_alike(one, two)


def _sounds_alike(one: bytes, two: bytes) -> bool:
    """Whether a name in Latin may be the other in Cyrillic: the same consonants, and one more for an ending.

    Vowels, н and г are not asked for: the look-alikes у, е and н stand for other sounds in each script.
    """
    if bool(_LATIN.search(one)) == bool(_LATIN.search(two)):
        return False
    ours, theirs = (re.sub(rb"(.)\1+", rb"\1", word.translate(_SOUND, _SILENT)) for word in (one, two))
    short, long = sorted((ours, theirs), key=len)
    return bool(short) and long.startswith(short) and len(long) - len(short) <= 1
