"""Orders of people who trade with anybody: at market, or patiently at a price."""

from dataclasses import replace

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from tradeglyph.domain.fills import BUY, SELL
from tradeglyph.simulate.draft import Draft, Ints, draft
from tradeglyph.simulate.market import Floats, Market
from tradeglyph.simulate.picks import (
    best_print,
    slots_for,
    typical_volume,
    whole_lots,
    within_print,
)

EITHER = 0
"""As a side: each fill buys or sells by chance."""


def orders(
    rng: Generator,
    market: Market,
    made: NDArray[np.bool_],
    owner: Ints,
    world: Ints,
    count: Ints,
    *,
    size: Floats,
    side: Ints | int = EITHER,
    looks: Ints | int = 1,
    allowed: NDArray[np.bool_] | None = None,
) -> Draft:
    """Up to `count[r]` fills of row r, each in another candle and against anybody.

    A row is one day of an account; there may be several of one account, and an account may have
    none.

    Args:
        made: shape (n,), which accounts exist.
        owner, world, count: shape (r,), as are `size`, `side` and `looks` where they are arrays.
        size: of a fill, as a share of the volume that the world's candles have in the middle.
        side: `BUY`, `SELL` or `EITHER`.
        looks: patience; a fill gets the best of so many prints of its candle.
        allowed: shape (r, slots), candles to trade in; all of them by default.
    """
    allowed = market.exists[world] if allowed is None else allowed
    row, slot = slots_for(rng, allowed, count)
    at, m = world[row], len(row)
    sides = np.broadcast_to(np.asarray(side), owner.shape)[row]
    sides = np.where(sides == EITHER, np.where(rng.random(m) < 0.5, BUY, SELL), sides)
    patience = np.broadcast_to(np.asarray(looks), owner.shape)[row]
    ticks, second = best_print(rng, market, at, slot, sides, patience)
    lots = whole_lots(size[row] * typical_volume(market)[at] * rng.lognormal(0, 0.3, m))
    second = within_print(rng, market, second)
    return draft(made, owner[row], at, slot, second, sides, ticks, lots)


def when_printed(rng: Generator, market: Market, drafted: Draft) -> Draft:
    """The same fills, each at the time of its candle at which the market printed nearest to its
    price: who trades with anybody gets a price when it is there."""
    prints = market.prints[drafted.world, drafted.slot]
    off = np.where(prints >= 0, np.abs(prints - drafted.ticks[:, None]), np.iinfo(np.int64).max)
    # Where several are as near, any of them.
    tied = off == off.min(axis=1, keepdims=True)
    index = np.where(tied, rng.random(off.shape, dtype=np.float32), -1).argmax(axis=1)
    second = within_print(rng, market, index * market.print_seconds)
    return replace(drafted, second=second)
