"""What an account made of its trips inside five-minute candles, in half-spreads of its market.

Who buys at the ask and sells at the bid loses the spread, one half of it on each of the two trades.
On a candle that is hardly taller than the spread that looks like a victim's day, and a maker's like
a beneficiary's; but no more money moved than a trade costs anybody. A thief's gap is many times the
spread, or it would take hundreds of trips. This needs no other side.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tradeglyph.domain.candles import FIVE_MINUTES_US
from tradeglyph.domain.fills import BUY, Fills
from tradeglyph.domain.tape import Tape
from tradeglyph.recognizers.economics import trips_of
from tradeglyph.recognizers.groups import numbered
from tradeglyph.recognizers.ledger.spread import half_spread

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

LEAST_PRINTS = 20
"""A spread of fewer prints is a guess."""


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
    found = np.full(len(account), np.nan)
    there = np.flatnonzero((account >= 0) & (symbol >= 0))
    spans = symbol[there], start[there], end[there]
    of, first = numbered(*spans)
    order = np.argsort(of, kind="stable")
    heads = np.searchsorted(of[order], np.arange(len(first) + 1))
    of_each = tape.spans(*(key[first] for key in spans))
    for number, rows in enumerate(zip(*of_each, strict=True)):  # suspected: few
        market = _Market.of(tape, slice(*rows))
        for at in there[order[heads[number] : heads[number + 1]]]:
            found[at] = market.cost(int(account[at]))
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class _Market:
    """One symbol in a span: its rows in the order of time and price, and the prints they make.

    The two rows of a match are one print, and so are parts of an order at one price: rows with one
    time and price.
    """

    fills: Fills
    print_: Ints
    """Along the rows: the print of each, from 0."""
    first: Ints
    """Row of each print that stands for it."""

    @classmethod
    def of(cls, tape: Tape, rows: slice) -> "_Market":
        order = np.lexsort((tape.fills.price[rows], tape.fills.time[rows]))
        fills = tape.fills.take(rows.start + order)
        new = np.ones(len(fills), dtype=bool)
        new[1:] = (np.diff(fills.time) != 0) | (np.diff(fills.price) != 0)
        return cls(fills=fills, print_=np.cumsum(new) - 1, first=np.flatnonzero(new))

    def cost(self, account: int) -> float:
        """Half-spreads a unit and trade that the account's trips made; NaN where not known."""
        own = np.flatnonzero(self.fills.account == account)
        fills = self.fills.take(own)
        bars, bar = np.unique(fills.time // FIVE_MINUTES_US, return_inverse=True)
        money = fills.quantity * fills.price
        _, turned, gain = trips_of(bar, len(bars), fills.side == BUY, fills.quantity, money)
        spread = self._spread_without(own) if len(turned) else 0.0
        return float(abs(gain.sum()) / (2 * turned.sum() * spread)) if spread > 0 else float("nan")

    def _spread_without(self, own: Ints) -> float:
        """Half-spread of the prints that the rows `own` have no part in; 0 for too few."""
        others = np.ones(len(self.first), dtype=bool)
        others[self.print_[own]] = False
        rows = self.first[others]
        if len(rows) < LEAST_PRINTS:
            return 0.0
        different = np.diff(self.fills.account[rows]) != 0
        return half_spread(self.fills.price[rows], self.fills.time[rows], different)
