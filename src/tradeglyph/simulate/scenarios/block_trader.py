"""Honest size: somebody is most of a thin candle, and moves no money by it."""

import numpy as np
from numpy.random import Generator

from tradeglyph.simulate.draft import Draft, Ints, lots_for, owners, pick_slots, round_trips
from tradeglyph.simulate.market import Market
from tradeglyph.simulate.scenario import Scenario, ScenarioInfo

INFO = ScenarioInfo(
    name="block_trader",
    label="normal",
    weight=8,
    title_en="Block trader",
    title_zh="大单交易者",
    description_en="One to four round trips that are a good part of the candle's volume, in and "
    "out at prices near each other.",
    description_zh="一到四个来回，成交量占那根 K 线的不小一部分，但进出价格相差不远。",
    source="The contract's line for large trips, seen from its honest side",
)

WIDEST_GAP = 0.4
"""Of the candle's height; further apart, one or two such trips would be fraud by definition."""


def draw(rng: Generator, market: Market, world: Ints) -> Draft:
    """Both places uniform, at most `WIDEST_GAP` apart; sizes as those of `one_shot` and below."""
    trips = rng.integers(1, 5, len(world))
    allowed = market.exists[world]
    made = allowed.sum(axis=1) >= trips
    owner, slot = owners(trips), pick_slots(rng, allowed, trips)
    at, m = world[owner], len(owner)
    low, height = market.low[at, slot], market.high[at, slot] - market.low[at, slot]
    gap = rng.uniform(-WIDEST_GAP, WIDEST_GAP, m)
    buy = rng.uniform(np.maximum(-gap, 0), np.minimum(1 - gap, 1))
    buy_ticks = low + np.rint(buy * height).astype(np.int64)
    sell_ticks = low + np.rint((buy + gap) * height).astype(np.int64)
    lots = lots_for(rng, market.volume[at, slot], 0.1, 6)
    return round_trips(rng, made, owner, slot, buy_ticks, sell_ticks, lots)


BLOCK_TRADER = Scenario(INFO, draw)
