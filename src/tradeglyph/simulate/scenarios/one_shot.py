"""One or two trips so large that they are the candle: fraud by the contract's definition."""

import numpy as np
from numpy.random import Generator

from tradeglyph.simulate.draft import Draft, Ints, lots_for, owners, pick_slots, round_trips
from tradeglyph.simulate.market import Market
from tradeglyph.simulate.scenario import Scenario, ScenarioInfo

LARGE = 0.2
"""Of their candle's volume, from which on one or two trips are no longer normal."""

INFO = ScenarioInfo(
    name="one_shot",
    label="fraud",
    role="beneficiary",
    weight=3,
    title_en="One shot",
    title_zh="一次性转移",
    description_en="One or two round trips, low to high, whose size is most of the candle's "
    "volume, against one victim.",
    description_zh="只做一两个来回，但成交量占了那根 K 线的大半，低买高卖，对手是同一个被盗账户。",
    source="Contract: one or two trips are normal unless they are 20 % of their candles' volume",
    least_share=LARGE,
    against="one_shot_victim",
)


def draw(rng: Generator, market: Market, world: Ints) -> Draft:
    """Sizes of 0.35 to 6 times the other volume: 26 to 86 % of what the candle then shows."""
    trips = rng.integers(1, 3, len(world))
    # Without a volume nobody can know that the trips are large, and small ones are normal.
    allowed = (market.height[world] >= 6) & market.publishes_volume[world][:, None]
    made = allowed.sum(axis=1) >= trips
    owner, slot = owners(trips), pick_slots(rng, allowed, trips)
    at = world[owner]
    low, height = market.low[at, slot], market.height[at, slot]
    inward = np.rint(rng.beta(1, 9, (2, len(owner))) * height).astype(np.int64)
    lots = lots_for(rng, market.volume[at, slot], 0.35, 6)
    return round_trips(rng, made, owner, slot, low + inward[0], low + height - inward[1], lots)


ONE_SHOT = Scenario(INFO, draw)
