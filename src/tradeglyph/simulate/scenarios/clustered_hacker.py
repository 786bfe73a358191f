"""Everything within minutes: the money is gone before anybody looks."""

import numpy as np
from numpy.random import Generator

from tradeglyph.simulate.draft import Draft, Ints, owners
from tradeglyph.simulate.market import Market
from tradeglyph.simulate.parameter import Parameter
from tradeglyph.simulate.picks import slots_for, tall_candles, whole_lots
from tradeglyph.simulate.scenario import HOLD, NO_HOLD, Scenario, ScenarioInfo, with_room
from tradeglyph.simulate.transfers import WORTH_IT, candle_trips

TRIPS = Parameter(name="trips", low=3, high=14, unit="round trips")
MINUTES = Parameter(name="minutes", low=2, high=20, unit="minutes from first to last")
GAP = Parameter(name="gap", low=0.4, high=0.95, unit="of the candle's height")
SHARE = Parameter(name="share", low=0.01, high=2, unit="of the candle's other volume, all trips")

INFO = ScenarioInfo(
    name="clustered_hacker",
    kind="fraud",
    label="fraud",
    role="beneficiary",
    allowed_without=NO_HOLD,
    allowed_with=HOLD,
    weight=1.4,
    title_en="Hacker in a hurry",
    title_zh="几分钟内转完的黑客",
    description_en="Three to fourteen round trips within two to twenty minutes, several of them "
    "in one candle, bought low and sold high against one victim.",
    description_zh="两到二十分钟内连做三到十四个来回，常有好几个挤在同一根 K 线里，"
    "低买高卖，对手是同一个被盗账户。",
    source="Account takeovers that must be over before the owner notices",
    parameters=(TRIPS, MINUTES, GAP, SHARE),
    against="clustered_victim",
)

LEAST_HEIGHT = 10


def draw(rng: Generator, market: Market, world: Ints) -> Draft:
    """A trip that would fall into a candle without room stays in the first candle."""
    n = len(world)
    room = tall_candles(market, LEAST_HEIGHT, WORTH_IT)
    made, first = np.zeros(n, dtype=bool), np.zeros(n, dtype=np.int64)
    row, slot = slots_for(rng, room[world], np.ones(n, dtype=np.int64))
    made[row], first[row] = True, slot
    trips, span = TRIPS.whole(rng, n), MINUTES.even(rng, n) * 60
    owner = owners(trips)
    at, m = world[owner], len(owner)
    later = rng.integers(market.seconds, size=n)[owner] + rng.random(m) * span[owner]
    wanted = np.minimum(first[owner] + later.astype(np.int64) // market.seconds, market.slots - 1)
    # A lunch break would make hours of the minutes.
    away = market.start[at, wanted] - market.start[at, first[owner]]
    near = room[at, wanted] & (away <= (wanted - first[owner]) * market.interval)
    slots = np.where(near, wanted, first[owner])
    share = SHARE.scaled(rng, n)[owner] / trips[owner] * rng.lognormal(0, 0.4, m)
    lots = whole_lots(share * market.volume[at, slots])
    gap = GAP.even(rng, n)[owner]
    return candle_trips(rng, market, made, owner, at, slots, gap=gap, lots=lots)


CLUSTERED_HACKER = Scenario(INFO, draw, with_room(3, LEAST_HEIGHT, WORTH_IT))
