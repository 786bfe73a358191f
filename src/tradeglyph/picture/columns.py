"""Traded candles: what an account did inside each candle it traded in, one element per column.

The ground that pictures of layout `places`, features and reasons share.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tradeglyph.domain.candles import Candles
from tradeglyph.domain.fills import SELL
from tradeglyph.domain.windows import PlacedWindows

_EQUAL = 1e-9
"""Two prices nearer than this share of the price are one price (float noise, not a tick)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """k traded candles of n windows, sorted by window and time. Quantities in base units."""

    owner: NDArray[np.int64]
    """The window of each column."""
    offset: NDArray[np.int64]
    """Length n + 1: window i owns columns `offset[i]:offset[i + 1]`."""
    candle: NDArray[np.int64]
    """Position in the candles."""
    of_fill: NDArray[np.int64]
    """Along the fills: the column of each; -1 for a fill without a candle."""
    bought: NDArray[np.float64]
    sold: NDArray[np.float64]
    buy_place: NDArray[np.float64]
    """Quantity-weighted mean place of the buys in the candle; NaN without a buy."""
    sell_place: NDArray[np.float64]
    buy_share: NDArray[np.float64]
    """Bought quantity over the candle's volume, at most 1; NaN where the volume is unknown."""
    sell_share: NDArray[np.float64]
    height: NDArray[np.float64]
    """High minus low of the candle, in quote currency."""
    ticks: NDArray[np.float64]
    """Height of the candle in ticks; the tick is the smallest step seen in the fills' span."""
    relative_range: NDArray[np.float64]
    """Height of the candle over the mean height of the candles in the fills' span."""
    pause: NDArray[np.int64]
    """Candle intervals since the window's previous column; 0 for its first."""

    @property
    def ordinal(self) -> NDArray[np.int64]:
        """Position of each column inside its window, from 0."""
        return np.arange(len(self.owner)) - self.offset[self.owner]

    @property
    def balance(self) -> NDArray[np.float64]:
        """How much of a column is a round trip: smaller side over larger, 0 for one side only."""
        return np.minimum(self.bought, self.sold) / np.maximum(self.bought, self.sold)


def columns_of(placed: PlacedWindows, candles: Candles) -> Columns:
    """The traded candles of every window; fills without a candle take no part."""
    windows = placed.windows
    inside = (placed.candle >= 0).nonzero()[0]
    # Fills are sorted by window and time, so columns start where either changes.
    owner, candle = windows.owner[inside], placed.candle[inside]
    new = np.ones(len(inside), dtype=bool)
    new[1:] = (owner[1:] != owner[:-1]) | (candle[1:] != candle[:-1])
    of_fill = np.full(len(windows.fills), -1, dtype=np.int64)
    of_fill[inside] = new.cumsum() - 1
    owner, candle = owner[new], candle[new]
    high, low = candles.high[candle], candles.low[candle]
    own, volume = high - low, candles.volume[candle]
    with np.errstate(divide="ignore", invalid="ignore"):
        buy, sell = _sides(placed, volume, of_fill)
        offset = owner.searchsorted(np.arange(len(windows) + 1))
        ticks, relative_range = _heights(placed, candles, offset, candle, own, of_fill)
    return Columns(
        owner=owner,
        offset=offset,
        candle=candle,
        of_fill=of_fill,
        bought=buy.quantity,
        sold=sell.quantity,
        buy_place=buy.place,
        sell_place=sell.place,
        buy_share=buy.share,
        sell_share=sell.share,
        height=own,
        ticks=ticks,
        relative_range=relative_range,
        pause=_pause(candles, owner, candle),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Side:
    """What was bought, or what was sold, per column."""

    quantity: NDArray[np.float64]
    place: NDArray[np.float64]
    share: NDArray[np.float64]


def _sides(
    placed: PlacedWindows, volume: NDArray[np.float64], of_fill: NDArray[np.int64]
) -> tuple[_Side, _Side]:
    """What was bought, and what was sold."""
    fills, k = placed.windows.fills, len(volume)
    inside = (of_fill >= 0).nonzero()[0]
    # The columns once for buys, then once more for sells, so that one count serves both.
    at = of_fill[inside] + k * (fills.side[inside] == SELL)
    amount = fills.quantity[inside]

    def total(values: NDArray[np.float64]) -> NDArray[np.float64]:
        # bincount of nothing counts in integers
        of_both = np.bincount(at, values, minlength=2 * k).astype(np.float64, copy=False)
        return of_both.reshape(2, k)

    quantity = total(amount)
    place = total(amount * placed.place[inside]) / quantity
    share = np.minimum(quantity / np.where(volume > 0, volume, np.nan), 1)
    buy, sell = (
        _Side(quantity=quantity[side], place=place[side], share=share[side]) for side in (0, 1)
    )
    return buy, sell


def _pause(candles: Candles, owner: NDArray[np.int64], at: NDArray[np.int64]) -> NDArray[np.int64]:
    pause = np.zeros(len(at), dtype=np.int64)
    start = candles.start[at]
    steps = (start[1:] - start[:-1]) // candles.interval
    np.multiply(steps, owner[1:] == owner[:-1], out=pause[1:])
    return pause


def _heights(
    placed: PlacedWindows,
    candles: Candles,
    offset: NDArray[np.int64],
    at: NDArray[np.int64],
    own: NDArray[np.float64],
    of_fill: NDArray[np.int64],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Height of each column's candle in ticks, and over the mean height in the fills' span.

    Only candles between a window's first and last column are read, so that what the market did
    before and after the account does not change the picture.
    """
    if not len(at):
        return np.empty(0), np.empty(0)
    columns = offset[1:] - offset[:-1]
    busy = columns.nonzero()[0]
    first, last = at[offset[busy]], at[offset[busy + 1] - 1]
    inside, head = _ranges(first, last)
    high, low = candles.high[inside], candles.low[inside]
    mean = np.add.reduceat(high - low, head) / (last - first + 1)
    prices = candles.open[inside], low, high, candles.close[inside]
    step = np.minimum.reduceat(_candle_steps(*prices), head)
    step = np.minimum(step, _smallest_fill_steps(placed, candles, offset[busy], of_fill))

    step, mean = step.repeat(columns[busy]), mean.repeat(columns[busy])
    # A step of infinity means that no two prices differ: the candles have no height either.
    ticks = np.where(own > 0, own / step, 0.0)
    return ticks, np.where(mean > 0, own / mean, 1.0)


def _ranges(
    first: NDArray[np.int64], last: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """All of `first[i], ..., last[i]` for every i in one array, and where each i begins in it.

    Costs what the ranges hold, however many candles lie outside them.
    """
    length = last - first + 1
    head = length.cumsum() - length
    return (first - head).repeat(length) + np.arange(length.sum()), head


def _candle_steps(
    opened: NDArray[np.float64],
    low: NDArray[np.float64],
    high: NDArray[np.float64],
    closed: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Per candle: the smallest distance of neighbours among its prices; infinity without."""
    opened, closed = (np.where(np.isnan(p), low, p) for p in (opened, closed))
    inner, outer = np.minimum(opened, closed), np.maximum(opened, closed)
    return _least(high, inner - low, outer - inner, high - outer)


def _smallest_fill_steps(
    placed: PlacedWindows, candles: Candles, first: NDArray[np.int64], of_fill: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Per window: the smallest distance of a fill to the low or the high of its candle.

    `first` holds the first column of each window.
    """
    found = (of_fill >= 0).nonzero()[0]
    at, price = placed.candle[found], placed.windows.fills.price[found]
    steps = _least(price, price - candles.low[at], candles.high[at] - price)
    # Columns, and so the fills in them, are sorted by window.
    return np.minimum.reduceat(steps, of_fill[found].searchsorted(first))


def _least(price: NDArray[np.float64], *steps: NDArray[np.float64]) -> NDArray[np.float64]:
    """The smallest of several distances between prices, infinity where none differ."""
    least, noise = np.full(len(price), np.inf), _EQUAL * price
    for step in steps:
        distance = np.abs(step)
        np.minimum(least, distance, out=least, where=distance > noise)
    return least
