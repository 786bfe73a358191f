"""The market's half-spread, per symbol, from the prints of many.

Two estimators, of which the larger counts, because an underestimate accuses honest clients of a
market maker:

- Roll 1984, "A Simple Implicit Measure of the Effective Bid-Ask Spread in an Efficient Market":
  the root of minus the covariance of consecutive price steps. Volatility does not raise it.
  Steps are limited to `LIMIT` typical ones: the spread wanted is the usual one, and wild prints
  make none.
- half the median step, of those that are not zero, between prints that follow each other so
  closely that the market hardly moved: the closest quarter. It holds where trades come in runs of
  one side, which Roll takes for a smaller spread.

Never less than half a unit of the last decimal.
"""

import numpy as np
from numpy.typing import NDArray

from tradeglyph.recognizers.ledger.exact import Floats, Ints
from tradeglyph.recognizers.ledger.trades import Columns

LIMIT = 2.0
CLOSEST = 0.25


def half_spreads(prints: Columns, unit: Floats) -> Floats:
    """Shape (symbols,), in quote currency; `unit` is the least price step of each symbol.

    `prints` are independent ones, sorted by symbol, then time. Steps inside one pair are no
    evidence and are left out.
    """
    symbols = len(unit)
    edges = np.searchsorted(prints.symbol, np.arange(symbols + 1))
    same_pair = (np.diff(prints.low) == 0) & (np.diff(prints.high) == 0)
    found = np.zeros(symbols)
    for symbol in np.flatnonzero(np.diff(edges) > 1):
        rows = slice(int(edges[symbol]), int(edges[symbol + 1]))
        usable = ~same_pair[rows.start : rows.stop - 1]
        found[symbol] = half_spread(prints.price[rows], prints.time[rows], usable)
    return np.asarray(np.maximum(found, unit / 2))


def half_spread(price: Floats, time: Ints, usable: NDArray[np.bool_]) -> float:
    """Of one symbol's n prints in the order of their times; shape (n - 1,): which of the steps
    between them count. 0 where none does."""
    step, gap = np.diff(price)[usable], np.diff(time)[usable]
    moved = np.abs(step[step != 0])
    if not len(moved):
        return 0.0
    limit = LIMIT * float(np.median(moved))
    return max(_roll(step.clip(-limit, limit)), _close_step(step, gap))


def _roll(step: Floats) -> float:
    if len(step) < 2:
        return 0.0
    covariance = float(np.mean(step[1:] * step[:-1]))
    return float(np.sqrt(max(-covariance, 0.0)))


def _close_step(step: Floats, gap: Ints) -> float:
    if not len(gap):
        return 0.0
    last = int(CLOSEST * (len(gap) - 1))
    close = np.abs(step[gap <= np.partition(gap, last)[last]])
    close = close[close > 0]
    return float(np.median(close)) / 2 if len(close) else 0.0
