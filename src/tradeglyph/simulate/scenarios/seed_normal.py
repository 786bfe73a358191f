"""The seeds' normal account: one or two round trips, bought low and sold high too."""

import numpy as np
from numpy.random import Generator

from tradeglyph.simulate.draft import Draft, Ints, owners, round_trips
from tradeglyph.simulate.market import Market
from tradeglyph.simulate.orders import when_printed
from tradeglyph.simulate.parameter import Parameter
from tradeglyph.simulate.picks import pick_slots, sized
from tradeglyph.simulate.scenario import QUIET, Scenario, ScenarioInfo

TRIPS = Parameter(name="trips", low=1, high=2, unit="round trips")
BAND = Parameter(name="place", low=0, high=0.1, unit="of the candle's height, from either edge")
SHARE = Parameter(name="share", low=0.0005, high=0.2, unit="of the candle's other volume")

INFO = ScenarioInfo(
    name="seed_normal",
    kind="normal",
    label="normal",
    allowed_without=QUIET,
    allowed_with=QUIET,
    weight=12,
    title_en="The seeds' normal account",
    title_zh="种子文档的正常账户",
    description_en="One or two round trips in random candles, bought in the lowest tenth and sold "
    "in the highest: a lucky day, by definition normal while it is small.",
    description_zh="随机挑一两根 K 线各做一个来回，同样低买高卖：量不大时按定义属于正常。",
    source="Seed documents 1 and 2, section 1.2.3 (S3)",
    parameters=(TRIPS, BAND, SHARE),
)


def draw(rng: Generator, market: Market, world: Ints) -> Draft:
    """Fills of S3; sizes up to a sixth of the candle's volume."""
    trips = TRIPS.whole(rng, len(world))
    allowed = market.exists[world]
    made = allowed.sum(axis=1) >= trips
    owner, slot = owners(trips), pick_slots(rng, allowed, trips)
    at = world[owner]
    low, high = market.low[at, slot], market.high[at, slot]
    inward = (rng.random((2, len(owner))) * BAND.high * (high - low)).astype(np.int64)
    lots = sized(rng, market.volume[at, slot], SHARE)
    buy, sell = low + inward[0], high - inward[1]
    done = round_trips(rng, market, made, owner, at, slot, buy, sell, lots)
    return when_printed(rng, market, done)


SEED_NORMAL = Scenario(INFO, draw)
