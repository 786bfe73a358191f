"""A little every day for weeks: no day looks like much, the sum does."""

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from tradeglyph.simulate.draft import VICTIM, Draft, Ints, join
from tradeglyph.simulate.market import Market
from tradeglyph.simulate.orders import orders
from tradeglyph.simulate.parameter import Parameter
from tradeglyph.simulate.picks import days_from, sized, slots_for, tall_candles
from tradeglyph.simulate.scenario import HOLD, NO_HOLD, Scenario, ScenarioInfo
from tradeglyph.simulate.transfers import candle_trips

DAYS = Parameter(name="days", low=10, high=22, unit="days in a row")
TRIPS = Parameter(name="trips", low=3, high=7, unit="round trips a day")
GAP = Parameter(name="gap", low=0.2, high=0.45, unit="of the candle's height")
SHARE = Parameter(name="share", low=0.005, high=0.4, unit="of the candle's other volume")
HONEST = Parameter(name="honest", low=0, high=4, unit="honest fills a day, of either side")

INFO = ScenarioInfo(
    name="drip",
    kind="fraud",
    label="fraud",
    role="beneficiary",
    allowed_without=NO_HOLD,
    allowed_with=HOLD,
    weight=0.3,
    title_en="Drip",
    title_zh="细水长流式转移",
    description_en="Three to seven trips a day for ten to twenty-two days, each at a fifth to "
    "nearly half of its candle's height, always against the same victim.",
    description_zh="连续十到二十二天，每天三到七个来回，每次只取 K 线高度的两成到四成半，"
    "对手始终是同一个被盗账户。",
    source="Slow transfers below daily limits; evaluation protocol, hard fraud",
    parameters=(DAYS, TRIPS, GAP, SHARE, HONEST),
    against="drip_victim",
)

LEAST_HEIGHT = 10
TALLER = 1.6
"""Times the mean height: a fifth of a usual candle is what the spread costs."""
LEAST_DAYS = int(DAYS.low)
LEAST_WITH_ROOM = 7
"""Days with a candle that is tall enough."""


def draw(rng: Generator, market: Market, world: Ints) -> Draft:
    """Days that offer too few tall candles have fewer trips; an account needs most of its days."""
    n = len(world)
    owner, at = days_from(market, world, DAYS.whole(rng, n))
    room = tall_candles(market, LEAST_HEIGHT, TALLER)[at]
    row, slot = slots_for(rng, room, TRIPS.whole(rng, len(at)))
    gap = GAP.even(rng, n)[owner[row]]
    lots = sized(rng, market.volume[at[row], slot], SHARE)
    made = np.bincount(owner, room.any(axis=1), n) >= LEAST_WITH_ROOM
    trips = candle_trips(rng, market, made, owner[row], at[row], slot, gap=gap, lots=lots)
    honest = [
        orders(
            rng, market, made, owner, at, HONEST.whole(rng, len(at)),
            size=np.exp(rng.uniform(-6, -2, n))[owner],
        ).by(actor)
        for actor in (0, VICTIM)
    ]  # fmt: skip
    return join([trips, *honest])


def suits(market: Market) -> NDArray[np.bool_]:
    """Enough days of the symbol follow, and enough of these have room."""
    room = tall_candles(market, LEAST_HEIGHT, TALLER).any(axis=1)
    before = np.append(0, np.cumsum(room))
    last = np.minimum(np.arange(len(market)) + LEAST_DAYS, len(market))
    with_room = before[last] - before[:-1]
    return np.asarray((market.days_left >= LEAST_DAYS) & (with_room >= LEAST_WITH_ROOM))


DRIP = Scenario(INFO, draw, suits)
