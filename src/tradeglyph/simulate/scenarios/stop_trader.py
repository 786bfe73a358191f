"""Stopped out again and again: the stop is near and lies where everybody's is."""

import numpy as np
from numpy.random import Generator

from tradeglyph.simulate.draft import Draft, Ints
from tradeglyph.simulate.market import PRINTS, Market
from tradeglyph.simulate.parameter import Parameter
from tradeglyph.simulate.picks import mean_height, print_at, slots_for, typical_volume, whole_lots
from tradeglyph.simulate.positions import Entries, positions
from tradeglyph.simulate.scenario import QUIET, Scenario, ScenarioInfo

TRIPS = Parameter(name="trips", low=2, high=15, unit="positions")
STOP = Parameter(name="stop", low=0.15, high=1.5, unit="mean heights of a candle, from the entry")
TAKES = Parameter(name="takes", low=1, high=20, unit="times the stop, where profit is taken")
HORIZON = 48
"""Chances to print for which a position is held at most: four candles."""
SIZE = Parameter(name="size", low=0.001, high=0.8, unit="of a candle in the middle")

INFO = ScenarioInfo(
    name="stop_trader",
    kind="normal",
    label="normal",
    allowed_without=QUIET,
    allowed_with=QUIET,
    weight=6,
    title_en="Stopped-out trader",
    title_zh="频繁止损者",
    description_en="Two to fifteen positions at market with a near stop, most of them stopped "
    "within minutes, often in the candle they were opened in.",
    description_zh="按市价开仓两到十五次，止损设得很近，多数几分钟内就被打掉，"
    "常常在开仓的同一根 K 线里。",
    source="Market practice; a taker on wide candles resembles a victim",
    parameters=(TRIPS, STOP, TAKES, SIZE),
)


def draw(rng: Generator, market: Market, world: Ints) -> Draft:
    """Half of the accounts prefer the taller half of the candles."""
    n = len(world)
    exists, height = market.exists[world], market.height[world]
    tall = exists & (height >= mean_height(market)[world][:, None])
    allowed = np.where((rng.random(n) < 0.5)[:, None], tall, exists)
    row, slot = slots_for(rng, allowed, TRIPS.whole(rng, n))
    at = world[row]
    ticks, second = print_at(market, at, slot, rng.integers(PRINTS, size=len(row)))
    stop = STOP.scaled(rng, n)[row] * np.maximum(mean_height(market)[at], 1)
    entries = Entries(
        owner=row,
        world=at,
        slot=slot,
        second=second,
        ticks=ticks,
        direction=np.where(rng.random(len(row)) < rng.beta(1, 1, n)[row], 1, -1),
        lots=whole_lots(SIZE.scaled(rng, n)[row] * typical_volume(market)[at]),
    )
    target = stop * TAKES.scaled(rng, n)[row]
    trips = positions(
        rng, market, np.ones(n, dtype=bool), entries, stop=stop, target=target, horizon=HORIZON
    )
    return trips.with_at_least(2)


STOP_TRADER = Scenario(INFO, draw)
