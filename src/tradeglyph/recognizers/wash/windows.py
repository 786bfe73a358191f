"""Tumbling windows, and numbers for groups of rows."""

import numpy as np
from numpy.typing import NDArray

from tradeglyph.domain.fills import DAY_US

Ints = NDArray[np.int64]

_MONDAY_US = 4 * DAY_US
"""1970-01-05 was a Monday: weeks are those of ISO 8601, days and hours those of UTC."""


def windows(time: Ints, length_us: int) -> Ints:
    """Start of the tumbling window of `length_us` that each instant lies in, microseconds UTC."""
    return (time - _MONDAY_US) // length_us * length_us + _MONDAY_US


def numbered(*keys: NDArray[np.generic]) -> tuple[Ints, NDArray[np.intp]]:
    """A number from 0 for every distinct row of `keys`, ascending, and one position of each."""
    order = np.lexsort(keys[::-1])
    new = np.zeros(len(order), dtype=bool)
    for key in keys:
        ordered = key[order]
        new[1:] |= ordered[1:] != ordered[:-1]
    new[:1] = True
    number = np.empty(len(order), dtype=np.int64)
    number[order] = np.cumsum(new) - 1
    return number, order[new]
