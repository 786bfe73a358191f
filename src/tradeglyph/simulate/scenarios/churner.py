"""In and out inside the same candle, without an eye for its low or its high."""

import numpy as np
from numpy.random import Generator

from tradeglyph.simulate.draft import (
    Draft,
    Ints,
    lots_for,
    owners,
    pick_slots,
    print_at,
    round_trips,
)
from tradeglyph.simulate.market import PRINTS, Market
from tradeglyph.simulate.scenario import Scenario, ScenarioInfo

INFO = ScenarioInfo(
    name="churner",
    label="normal",
    weight=14,
    title_en="Churner",
    title_zh="快进快出者",
    description_en="Three to fifteen round trips, each opened and closed within one candle at "
    "whatever price there was: flat every time, won and lost by chance.",
    description_zh="三到十五个来回，每个都在同一根 K 线里开仓、平仓，价格碰到什么是什么："
    "每次都平掉，输赢全凭运气。",
    source="The seeds' model flags busy day traders; these look most like the fraud",
)


def draw(rng: Generator, market: Market, world: Ints) -> Draft:
    """Places uniform over the candle for some accounts, at prints of the tape for others."""
    n = len(world)
    trips = np.minimum(rng.geometric(0.25, n) + 2, 15)
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
    lots = lots_for(rng, market.volume[at, slot], 0.001, 0.6)
    return round_trips(rng, made, owner, slot, ticks[0], ticks[1], lots)


CHURNER = Scenario(INFO, draw)
