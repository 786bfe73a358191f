"""When a market's prints first reach a price: stops, targets and breakouts."""

import numpy as np
from numpy.typing import NDArray

from tradeglyph.simulate.market import PRINTS, Ints, Market


def first_beyond(
    market: Market, world: Ints, index: Ints, lower: Ints, upper: Ints, horizon: int
) -> tuple[Ints, NDArray[np.bool_]]:
    """The first print after `index` that is at or beyond one of two prices.

    Args:
        world: shape (m,).
        index: shape (m,), positions in a world's prints, `slot * PRINTS + chance`.
        lower, upper: shape (m,), ticks.
        horizon: how many chances to print are looked at.

    Returns:
        The position of that print, else of the last print within the horizon, else `index`
        itself; and whether a price was reached.
    """
    path = market.prints.reshape(len(market), -1)
    last = path.shape[1] - 1
    found, reached = index.copy(), np.zeros(len(index), dtype=bool)
    for step in range(1, horizon + 1):
        at = np.minimum(index + step, last)
        ticks = path[world, at]
        seen = (ticks >= 0) & ~reached
        found = np.where(seen, at, found)
        reached |= seen & ((ticks <= lower) | (ticks >= upper))
    return found, reached


def extremes_before(market: Market, candles: int) -> tuple[Ints, Ints]:
    """Shape (w, slots) each, ticks: the lowest low and the highest high of so many slots before
    each; no lower than anything and no higher than anything where there was no candle."""
    exists, none = market.exists, np.iinfo(np.int64).max
    low = np.where(exists, market.low, none)
    high = np.where(exists, market.high, -1)
    lowest, highest = np.full(low.shape, none), np.full(high.shape, -1)
    for back in range(1, min(candles, market.slots - 1) + 1):
        lowest[:, back:] = np.minimum(lowest[:, back:], low[:, :-back])
        highest[:, back:] = np.maximum(highest[:, back:], high[:, :-back])
    return lowest, highest


def slot_and_second(market: Market, index: Ints) -> tuple[Ints, Ints]:
    """Where positions in a world's prints lie."""
    return index // PRINTS, index % PRINTS * market.print_seconds
