"""Markets written by hand, for tests of what is drafted in them."""

from dataclasses import replace

import numpy as np

from tradeglyph.domain.candles import FIVE_MINUTES_US
from tradeglyph.simulate.market import PRINTS, Market
from tradeglyph.simulate.random_walk import simulate_market
from tradeglyph.simulate.sessions import FIRST_DAY_US, SLOTS

Prints = dict[int, dict[int, int]]
"""slot -> index of a print -> price in ticks"""


def hand_market(*worlds: Prints, volume: float = 1000.0) -> Market:
    """Worlds of one symbol on successive days; a slot that is not named has no candle."""
    count = len(worlds)
    prints = np.full((count, SLOTS, PRINTS), -1, dtype=np.int64)
    for world, slots in enumerate(worlds):
        for slot, prices in slots.items():
            for index, ticks in prices.items():
                prints[world, slot, index] = ticks
    high = prints.max(axis=2)
    low = np.where(prints >= 0, prints, np.iinfo(np.int64).max).min(axis=2)
    day = FIRST_DAY_US + np.arange(count) * SLOTS * FIVE_MINUTES_US
    return Market(
        symbol=np.zeros(count, dtype=np.int64),
        symbol_names=("HAND",),
        start=day[:, None] + np.arange(SLOTS) * FIVE_MINUTES_US,
        prints=prints,
        open=high,
        close=high,
        high=high,
        low=np.where(high >= 0, low, -1),
        printed=np.zeros(high.shape, dtype=bool),
        volume=np.where(high >= 0, volume, 0.0),
        publishes_volume=np.ones(count, dtype=bool),
        tick_step=np.full(count, 5, dtype=np.int64),
        decimals=np.full(count, 2, dtype=np.int64),
        lot=np.ones(count),
        listing=np.zeros(count, dtype=bool),
    )


def mixed_market(seed: int = 0, worlds: int = 400) -> Market:
    """A simulated market whose first world is empty, and whose second has one flat candle."""
    market = simulate_market(np.random.default_rng(seed), worlds)
    prints, volume = market.prints.copy(), market.volume.copy()
    edges = {name: getattr(market, name).copy() for name in ("open", "high", "low", "close")}
    prints[:2], volume[:2] = -1, 0.0
    prints[1, 3, 5], volume[1, 3] = 700, 40.0
    for prices in edges.values():
        prices[:2] = -1
        prices[1, 3] = 700
    return replace(market, prints=prints, volume=volume, **edges)
