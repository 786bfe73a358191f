"""The order of a tape's rows that share a symbol and a time."""

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.integer] | NDArray[np.floating]


def row_order(
    symbol: NDArray[np.integer], time: NDArray[np.integer], *ties: Numbers
) -> NDArray[np.intp]:
    """Positions, shape (n,), that sort rows by symbol, then time, then `ties`, the first of them
    before the others; equal ones stay as they are.

    A tape is in order of symbol and time, and mostly of the rest: what is in order is not sorted.
    """
    keys = (symbol, time, *ties)
    order = np.arange(len(time), dtype=np.intp)
    wrong = _smaller(*keys)
    if not wrong.any():
        return order
    if _smaller(symbol, time).any():
        return np.lexsort(keys[::-1])
    run = np.zeros(len(time), dtype=np.int64)
    np.cumsum((symbol[1:] != symbol[:-1]) | (time[1:] != time[:-1]), out=run[1:])
    in_disorder = np.zeros(int(run[-1]) + 1, dtype=bool)
    in_disorder[run[1:][wrong]] = True
    moved = np.flatnonzero(in_disorder[run])
    order[moved] = moved[np.lexsort([key[moved] for key in keys[::-1]])]
    return order


def _smaller(*keys: Numbers) -> NDArray[np.bool_]:
    """Whether each row but the first comes before the one above it."""
    smaller = np.zeros(max(len(keys[0]) - 1, 0), dtype=bool)
    same = np.ones_like(smaller)
    for key in keys:
        smaller |= same & (key[1:] < key[:-1])
        same &= key[1:] == key[:-1]
    return smaller
