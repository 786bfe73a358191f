"""In and out inside the same candle, without an eye for its low or its high."""

import numpy as np
from numpy.random import Generator

from tradeglyph.simulate.draft import Draft, Ints, owners, round_trips
from tradeglyph.simulate.market import PRINTS, Market
from tradeglyph.simulate.orders import when_printed
from tradeglyph.simulate.parameter import Parameter
from tradeglyph.simulate.picks import pick_slots, print_at, sized
from tradeglyph.simulate.scenario import QUIET, Scenario, ScenarioInfo

TRIPS = Parameter(name="trips", low=3, high=15, unit="round trips, few of them commonest")
SHARE = Parameter(name="share", low=0.001, high=0.6, unit="of the candle's other volume")

INFO = ScenarioInfo(
    name="churner",
    kind="normal",
    label="normal",
    allowed_without=QUIET,
    allowed_with=QUIET,
    weight=14,
    title_en="Churner",
    title_zh="快进快出者",
    description_en="Three to fifteen round trips, each opened and closed within one candle at "
    "whatever price there was: flat every time, won and lost by chance.",
    description_zh="三到十五个来回，每个都在同一根 K 线里开仓、平仓，价格碰到什么是什么："
    "每次都平掉，输赢全凭运气。",
    source="The seeds' model flags busy day traders; these look most like the fraud",
    parameters=(TRIPS, SHARE),
)


def draw(rng: Generator, market: Market, world: Ints) -> Draft:
    """Places uniform over the candle for some accounts, at prints of the tape for others."""
    n = len(world)
    trips = np.minimum(rng.geometric(0.25, n) + TRIPS.low - 1, TRIPS.high).astype(int)
    allowed = market.exists[world]
    made = allowed.sum(axis=1) >= trips
    owner, slot = owners(trips), pick_slots(rng, allowed, trips)
    at, m = world[owner], len(owner)
    low, height = market.low[at, slot], market.high[at, slot] - market.low[at, slot]
    on_tape = (rng.random(n) < 0.5)[owner]
    ticks = []
    for _ in range(2):
        printed, _second = print_at(market, at, slot, rng.integers(PRINTS, size=m))
        anywhere = low + np.rint(rng.random(m) * height).astype(np.int64)
        ticks.append(np.where(on_tape, printed, anywhere))
    lots = sized(rng, market.volume[at, slot], SHARE)
    done = round_trips(rng, market, made, owner, at, slot, ticks[0], ticks[1], lots)
    return when_printed(rng, market, done)


CHURNER = Scenario(INFO, draw)
