"""Honest size: somebody is most of a thin candle, and moves no money by it."""

import numpy as np
from numpy.random import Generator

from tradeglyph.simulate.draft import Draft, Ints, owners, round_trips
from tradeglyph.simulate.market import Market
from tradeglyph.simulate.orders import when_printed
from tradeglyph.simulate.parameter import Parameter
from tradeglyph.simulate.picks import pick_slots, sized
from tradeglyph.simulate.scenario import QUIET, Scenario, ScenarioInfo

WIDEST_GAP = 0.4
"""Of the candle's height; further apart, one or two such trips would be fraud by definition."""

TRIPS = Parameter(name="trips", low=1, high=4, unit="round trips")
GAP = Parameter(name="gap", low=-WIDEST_GAP, high=WIDEST_GAP, unit="of the candle's height")
SHARE = Parameter(name="share", low=0.1, high=6, unit="of the candle's other volume")

INFO = ScenarioInfo(
    name="block_trader",
    kind="normal",
    label="normal",
    allowed_without=QUIET,
    allowed_with=QUIET,
    weight=8,
    title_en="Block trader",
    title_zh="大单交易者",
    description_en="One to four round trips that are a good part of the candle's volume, in and "
    "out at prices near each other.",
    description_zh="一到四个来回，成交量占那根 K 线的不小一部分，但进出价格相差不远。",
    source="The contract's line for large trips, seen from its honest side",
    parameters=(TRIPS, GAP, SHARE),
)


def draw(rng: Generator, market: Market, world: Ints) -> Draft:
    """Both places uniform, at most `WIDEST_GAP` apart; sizes as those of `one_shot` and below."""
    trips = TRIPS.whole(rng, len(world))
    allowed = market.exists[world]
    made = allowed.sum(axis=1) >= trips
    owner, slot = owners(trips), pick_slots(rng, allowed, trips)
    at, m = world[owner], len(owner)
    low, height = market.low[at, slot], market.high[at, slot] - market.low[at, slot]
    gap = (2 * rng.beta(1.3, 1.3, m) - 1) * WIDEST_GAP
    buy = rng.uniform(np.maximum(-gap, 0), np.minimum(1 - gap, 1))
    buy_ticks = low + np.rint(buy * height).astype(np.int64)
    sell_ticks = low + np.rint((buy + gap) * height).astype(np.int64)
    lots = sized(rng, market.volume[at, slot], SHARE)
    done = round_trips(rng, market, made, owner, at, slot, buy_ticks, sell_ticks, lots)
    return when_printed(rng, market, done)


BLOCK_TRADER = Scenario(INFO, draw)
