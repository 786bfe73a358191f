"""Numbers for groups of rows that share some keys."""

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]

_FEW = 1_000
"""Rows up to which nothing is faster than sorting them by one key after the other."""
_DENSE = 4
"""Places for each row up to which marking those that are taken costs less than sorting the rows."""
_ROOM = 1 << 63
"""Different rows that one number can tell apart."""


def numbered(*keys: NDArray[np.integer]) -> tuple[Ints, NDArray[np.intp]]:
    """A number from 0 for every distinct row of `keys`, ascending with the first key before the
    others, and the first position of each.

    Args:
        keys: one at least, shape (n,) each.
    """
    rows = len(keys[0])
    if rows > _FEW:
        code, places = _coded(keys)
        if places <= _DENSE * rows:
            return _marked(code, places)
        if places <= _ROOM:
            keys = (code,)
    order = np.lexsort(keys[::-1])
    new = np.zeros(rows, dtype=bool)
    for key in keys:
        ordered = key[order]
        new[1:] |= ordered[1:] != ordered[:-1]
    new[:1] = True
    number = np.empty(rows, dtype=np.int64)
    number[order] = np.cumsum(new) - 1
    return number, order[new]


def _coded(keys: tuple[NDArray[np.integer], ...]) -> tuple[Ints, int]:
    """One number for each row, in the order of the rows, and how many there may be: where they are
    more than `_ROOM` the numbers mean nothing."""
    code, places = np.zeros(len(keys[0]), dtype=np.int64), 1
    for key in keys:
        least = int(key.min())
        span = int(key.max()) - least + 1
        places *= span
        if places > _ROOM:
            break
        code *= span
        code += key.astype(np.int64) - least
    return code, places


def _marked(code: Ints, places: int) -> tuple[Ints, NDArray[np.intp]]:
    taken = np.zeros(places, dtype=bool)
    taken[code] = True
    number = (np.cumsum(taken) - 1)[code]
    first = np.empty(int(number.max()) + 1, dtype=np.intp)
    first[number[::-1]] = np.arange(len(code))[::-1]  # of equal indices the last assigned stays
    return number, first
