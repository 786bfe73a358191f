"""Fraud in a market where hardly anybody trades: its own prints are the candle."""

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from tradeglyph.simulate.draft import Draft, Ints
from tradeglyph.simulate.market import Market
from tradeglyph.simulate.parameter import Parameter
from tradeglyph.simulate.picks import (
    quiet_share,
    quiet_slots,
    slots_for,
    standing,
    typical_volume,
    whole_lots,
)
from tradeglyph.simulate.scenario import HOLD, NO_HOLD, Scenario, ScenarioInfo
from tradeglyph.simulate.transfers import price_trips

TRIPS = Parameter(name="trips", low=2, high=12, unit="round trips")
GAP = Parameter(name="gap", low=0.008, high=0.15, unit="of the price")
SHARE = Parameter(name="share", low=0.1, high=4, unit="of the volume of a candle in the middle")

INFO = ScenarioInfo(
    name="thin_hacker",
    kind="fraud",
    label="fraud",
    role="beneficiary",
    allowed_without=NO_HOLD,
    allowed_with=HOLD,
    weight=1,
    title_en="Hacker in a thin market",
    title_zh="冷门标的里的黑客",
    description_en="Two to twelve round trips in five minutes in which hardly anybody else trades: "
    "its own purchase is the candle's low and its own sale the high, one to fifteen per cent "
    "apart.",
    description_zh="专挑几乎没人成交的五分钟做两到十二个来回：自己的买价就是最低价、"
    "自己的卖价就是最高价，相差百分之一到十五。",
    source="Matched transfers are made where no stranger can step between the two orders",
    parameters=(TRIPS, GAP, SHARE),
    against="thin_victim",
    prints_candles=True,
)

FEW_PRINTS = 3
LEAST_TRIPS = 2


def draw(rng: Generator, market: Market, world: Ints) -> Draft:
    """Slots of the session with a few prints or none, so that candles come to be."""
    n = len(world)
    row, slot = slots_for(rng, quiet_slots(market, FEW_PRINTS)[world], TRIPS.whole(rng, n))
    at = world[row]
    gap = GAP.scaled(rng, n)[row] * rng.lognormal(0, 0.2, len(row))
    share = SHARE.scaled(rng, n)[row] * rng.lognormal(0, 0.3, len(row))
    lots = whole_lots(share * typical_volume(market)[at])
    middle, made = standing(market)[at, slot], np.ones(n, dtype=bool)
    trips = price_trips(rng, market, made, row, at, slot, middle=middle, gap=gap, lots=lots)
    return trips.with_at_least(2 * LEAST_TRIPS)


def suits(market: Market) -> NDArray[np.bool_]:
    """A third of the session or more is quiet."""
    return np.asarray(quiet_share(market, FEW_PRINTS) > 1 / 3)


THIN_HACKER = Scenario(INFO, draw, suits)
