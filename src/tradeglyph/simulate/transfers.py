"""Matched round trips by which money passes from a victim to whoever holds both accounts."""

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from tradeglyph.simulate.draft import VICTIM, Draft, Ints, round_trips
from tradeglyph.simulate.market import Floats, Market

WORTH_IT = 1.4
"""Times the mean height of a world's candles. A trip in a lower candle moves little more than the
two half-spreads that it costs, and nobody hijacks an account for that."""


def candle_trips(
    rng: Generator,
    market: Market,
    made: NDArray[np.bool_],
    owner: Ints,
    world: Ints,
    slot: Ints,
    *,
    gap: Floats,
    lots: Ints,
) -> Draft:
    """One trip in each candle, sold `gap` of its height above where it was bought; the trip lies
    anywhere in the candle where there is room, and gaps differ a little from trip to trip."""
    low, height = market.low[world, slot], market.height[world, slot]
    gap = np.clip(gap * rng.lognormal(0, 0.1, len(gap)), 0.02, 1)
    below = rng.beta(1.3, 1.3, len(gap)) * (1 - gap)
    buy = low + np.rint(below * height).astype(np.int64)
    sell = low + np.rint((below + gap) * height).astype(np.int64)
    return round_trips(rng, market, made, owner, world, slot, buy, sell, lots).against(VICTIM)


def price_trips(
    rng: Generator,
    market: Market,
    made: NDArray[np.bool_],
    owner: Ints,
    world: Ints,
    slot: Ints,
    *,
    middle: Ints,
    gap: Floats,
    lots: Ints,
) -> Draft:
    """One trip in each slot around the price `middle` in ticks, sold `gap` of that price above
    where it was bought, one tick at least. It may print the candle."""
    low, high = apart(rng, middle, gap)
    return round_trips(rng, market, made, owner, world, slot, low, high, lots).against(VICTIM)


def apart(rng: Generator, middle: Ints, gap: Floats) -> tuple[Ints, Ints]:
    """Two prices in ticks, `gap` of `middle` apart, on both sides of it or with one near it."""
    below = rng.beta(1.3, 1.3, len(middle))
    low = np.maximum(np.rint(middle * (1 - gap * below)), 1).astype(np.int64)
    high = np.rint(middle * (1 + gap * (1 - below))).astype(np.int64)
    return low, np.maximum(high, low + 1)
