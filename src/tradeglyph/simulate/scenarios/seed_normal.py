"""The seeds' normal account: one or two round trips, bought low and sold high too."""

import numpy as np
from numpy.random import Generator

from tradeglyph.simulate.draft import Draft, Ints, lots_for, owners, pick_slots, round_trips
from tradeglyph.simulate.market import Market
from tradeglyph.simulate.scenario import Scenario, ScenarioInfo

INFO = ScenarioInfo(
    name="seed_normal",
    label="normal",
    weight=12,
    title_en="The seeds' normal account",
    title_zh="种子文档的正常账户",
    description_en="One or two round trips in random candles, bought in the lowest tenth and sold "
    "in the highest: a lucky day, by definition normal while it is small.",
    description_zh="随机挑一两根 K 线各做一个来回，同样低买高卖：量不大时按定义属于正常。",
    source="Seed documents 1 and 2, section 1.2.3 (S3)",
)


def draw(rng: Generator, market: Market, world: Ints) -> Draft:
    """Fills of S3; sizes up to a sixth of the candle's volume."""
    trips = rng.integers(1, 3, len(world))
    allowed = market.exists[world]
    made = allowed.sum(axis=1) >= trips
    owner, slot = owners(trips), pick_slots(rng, allowed, trips)
    at = world[owner]
    low, high = market.low[at, slot], market.high[at, slot]
    inward = (rng.random((2, len(owner))) * 0.1 * (high - low)).astype(np.int64)
    lots = lots_for(rng, market.volume[at, slot], 0.0005, 0.2)
    return round_trips(rng, made, owner, slot, low + inward[0], high - inward[1], lots)


SEED_NORMAL = Scenario(INFO, draw)
