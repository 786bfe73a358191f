"""In and out at market where the candle is little more than the spread: each trip costs it."""

import numpy as np
from numpy.random import Generator

from tradeglyph.simulate.draft import Draft, Ints, owners, round_trips
from tradeglyph.simulate.market import Market
from tradeglyph.simulate.parameter import Parameter
from tradeglyph.simulate.picks import pick_slots, sized
from tradeglyph.simulate.scenario import QUIET, Scenario, ScenarioInfo

TRIPS = Parameter(name="trips", low=1, high=6, unit="round trips")
INWARD = Parameter(name="inward", low=0, high=0.3, unit="of the candle, from its high or its low")
SHARE = Parameter(name="share", low=0.001, high=1.5, unit="of the candle's other volume")

INFO = ScenarioInfo(
    name="spread_taker",
    kind="normal",
    label="normal",
    allowed_without=QUIET,
    allowed_with=QUIET,
    weight=5,
    title_en="Taker on a wide spread",
    title_zh="吃价差的市价单交易者",
    description_en="Round trips at market in quiet candles that are hardly taller than the spread: "
    "bought at the ask, which is the high, and sold at the bid, which is the low.",
    description_zh="在很矮的 K 线里用市价单来回：K 线几乎只有一个价差高，"
    "买在卖一价（最高），卖在买一价（最低），每个来回都亏一个价差。",
    source="On its fills alone a victim looks like a taker on wide spreads",
    parameters=(TRIPS, INWARD, SHARE),
)


def draw(rng: Generator, market: Market, world: Ints) -> Draft:
    """Among the lower half of its world's candles, where the height is mostly the bounce."""
    n = len(world)
    trips = TRIPS.whole(rng, n)
    exists, height = market.exists[world], market.height[world]
    ordered = np.sort(np.where(exists, height, np.iinfo(np.int64).max), axis=1)
    middle = ordered[np.arange(n), exists.sum(axis=1) // 2]
    allowed = exists & (height <= middle[:, None])
    made = allowed.sum(axis=1) >= trips
    owner, slot = owners(trips), pick_slots(rng, allowed, trips)
    at, m = world[owner], len(owner)
    low, tall = market.low[at, slot], market.height[at, slot]
    inward = np.rint(np.stack([INWARD.even(rng, m), INWARD.even(rng, m)]) * tall).astype(np.int64)
    lots = sized(rng, market.volume[at, slot], SHARE)
    # One or two trips of a large size are a transfer by definition; these stay below it.
    small = (trips[owner] <= 2) & (lots > 0.15 * market.volume[at, slot])
    lots = np.where(small, np.maximum(0.15 * market.volume[at, slot], 1), lots).astype(np.int64)
    return round_trips(
        rng, market, made, owner, at, slot, low + tall - inward[0], low + inward[1], lots
    )


SPREAD_TAKER = Scenario(INFO, draw)
