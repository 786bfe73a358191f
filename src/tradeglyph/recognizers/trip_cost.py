"""What an account made of its trips inside five-minute candles, in half-spreads of its market.

Who buys at the ask and sells at the bid loses the spread, one half of it on each of the two trades.
On a candle that is hardly taller than the spread that looks like a victim's day, and a maker's like
a beneficiary's; but no more money moved than a trade costs anybody. A thief's gap is many times the
spread, or it would take hundreds of trips. This needs no other side.
"""

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from tradeglyph.domain.candles import FIVE_MINUTES_US
from tradeglyph.domain.fills import BUY, SELL
from tradeglyph.domain.tape import Tape
from tradeglyph.recognizers.ledger.spread import half_spread

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

LEAST_PRINTS = 20
"""A spread of fewer prints is a guess."""
_SIDES: tuple[Literal["left", "right"], ...] = ("left", "right")


def trip_costs(tape: Tape, account: Ints, symbol: Ints, start: Ints, end: Ints) -> Floats:
    """Shape (n,): what n windows gained or lost on each unit that they bought or sold inside a
    candle in which they did both, in half-spreads; never negative.

    The spread is that of the window's own span, from prints that are not the account's. NaN where
    there are fewer than `LEAST_PRINTS` of them, no spread among them, or no candle with both.

    Args:
        tape: sorted by symbol, then time.
        account: a code of the tape; so is `symbol`. -1: not on the tape.
        start: microseconds UTC, as is `end`, which is exclusive.
    """
    codes = tape.fills.symbol
    first, last = (np.searchsorted(codes, symbol, side=side) for side in _SIDES)
    found = np.full(len(account), np.nan)
    for at in np.flatnonzero((account >= 0) & (symbol >= 0)):  # suspected windows are few
        time = tape.fills.time[first[at] : last[at]]
        begin, until = first[at] + np.searchsorted(time, [start[at], end[at]])
        found[at] = _cost(tape, slice(begin, until), int(account[at]))
    return found


def _cost(tape: Tape, rows: slice, account: int) -> float:
    """Of one window."""
    fills = tape.fills
    time, price = fills.time[rows], fills.price[rows]
    own = fills.account[rows] == account
    spread = _spread_of_others(time, price, fills.account[rows], own)
    _, bar = np.unique(time[own] // FIVE_MINUTES_US, return_inverse=True)

    def per_bar(values: Floats, way: int) -> Floats:
        mine = values * (fills.side[rows][own] == way)
        return np.bincount(bar, mine).astype(np.float64)

    quantity = fills.quantity[rows][own]
    bought, sold = per_bar(quantity, BUY), per_bar(quantity, SELL)
    paid, got = per_bar(quantity * price[own], BUY), per_bar(quantity * price[own], SELL)
    both = (bought > 0) & (sold > 0)
    turned = np.minimum(bought[both], sold[both])
    gained = turned * (got[both] / sold[both] - paid[both] / bought[both])
    if not both.any() or not spread > 0:
        return float("nan")
    return float(abs(gained.sum()) / (2 * turned.sum() * spread))


def _spread_of_others(
    time: Ints, price: Floats, account: NDArray[np.int32], own: NDArray[np.bool_]
) -> float:
    """Half-spread of the prints at which the account was on neither side; NaN for too few.

    The two rows of a match are one print, and so are parts of an order at one price: of rows with
    one time and price the first stands for all, and all go where one is the account's.
    """
    order = np.lexsort((~own, price, time))
    new = np.ones(len(order), dtype=bool)
    new[1:] = (np.diff(time[order]) != 0) | (np.diff(price[order]) != 0)
    prints = order[new]
    prints = prints[~own[prints]]
    if len(prints) < LEAST_PRINTS:
        return float("nan")
    different = np.diff(account[prints]) != 0
    return half_spread(price[prints], time[prints], different)
