"""One or two small trips at any place of their candles: normal by the contract's definition."""

import numpy as np
from numpy.random import Generator

from tradeglyph.simulate.draft import Draft, Ints, owners, round_trips
from tradeglyph.simulate.market import Market
from tradeglyph.simulate.orders import when_printed
from tradeglyph.simulate.parameter import Parameter
from tradeglyph.simulate.picks import pick_slots, sized
from tradeglyph.simulate.scenario import QUIET, Scenario, ScenarioInfo

TRIPS = Parameter(name="trips", low=1, high=2, unit="round trips")
PLACE = Parameter(name="place", low=0, high=1, unit="of the candle's height, beta(0.3, 0.3)")
EDGE = Parameter(name="edge", low=0.05, high=0.25, unit="of the candle's height, mean place")
TIGHTNESS = Parameter(name="tightness", low=4, high=20, unit="of the beta distribution of places")
SHARE = Parameter(name="share", low=0.0005, high=0.2, unit="of the candle's other volume")

INFO = ScenarioInfo(
    name="casual_trader",
    kind="normal",
    label="normal",
    allowed_without=QUIET,
    allowed_with=QUIET,
    weight=12,
    title_en="Casual trader",
    title_zh="偶尔交易者",
    description_en="One or two small round trips, anywhere in their candles, won or lost: often "
    "at the very low and the very high, where a candle is only a few ticks tall.",
    description_zh="一两个小额来回，价格落在 K 线哪里都有，有赚有赔；"
    "K 线只有几个最小价位高时，常常正好落在最低价和最高价。",
    source="Contract: one or two trips are normal; public prediction-market trades, whose lone "
    "trips lose the spread",
    parameters=(TRIPS, PLACE, EDGE, TIGHTNESS, SHARE),
)


def draw(rng: Generator, market: Market, world: Ints) -> Draft:
    """Half anywhere, a beta(0.3, 0.3) with much mass at both ends; half near one end on either
    side, won or lost, placed as a transfer's trips are: their number alone makes them normal."""
    n = len(world)
    trips = TRIPS.whole(rng, n)
    allowed = market.exists[world]
    made = allowed.sum(axis=1) >= trips
    owner, slot = owners(trips), pick_slots(rng, allowed, trips)
    at = world[owner]
    low, height = market.low[at, slot], market.height[at, slot]
    edge, tightness = EDGE.even(rng, n)[owner], TIGHTNESS.even(rng, n)[owner]
    near = rng.beta(edge * tightness, (1 - edge) * tightness, (2, len(owner)))
    won = (rng.random(n) < 0.6)[owner]
    apart = np.where(won, np.stack([near[0], 1 - near[1]]), np.stack([1 - near[0], near[1]]))
    anywhere = rng.beta(0.3, 0.3, (2, len(owner)))
    place = np.where((rng.random(n) < 0.5)[owner], anywhere, apart)
    buy, sell = low + np.rint(place * height).astype(np.int64)
    lots = sized(rng, market.volume[at, slot], SHARE)
    done = round_trips(rng, market, made, owner, at, slot, buy, sell, lots)
    return when_printed(rng, market, done)


CASUAL_TRADER = Scenario(INFO, draw)
