"""Stale quotes picked off: bought low and sold high within seconds, from many people."""

import numpy as np
from numpy.random import Generator

from tradeglyph.domain.fills import BUY, SELL
from tradeglyph.simulate.draft import Draft, Ints, draft, join, owners
from tradeglyph.simulate.market import Market
from tradeglyph.simulate.parameter import Parameter
from tradeglyph.simulate.picks import slots_for, typical_volume, whole_lots
from tradeglyph.simulate.scenario import NO_HOLD, QUIET, Scenario, ScenarioInfo, with_room

TRIPS = Parameter(name="trips", low=4, high=60, unit="round trips")
EDGE = Parameter(name="edge", low=0.05, high=0.4, unit="of the candle's height, mean place")
TIGHTNESS = Parameter(name="tightness", low=2, high=15, unit="of the beta distribution of places")
LOST = Parameter(name="lost", low=0, high=0.25, unit="of the trips, the wrong way round")
APART = Parameter(name="apart", low=0, high=20, unit="seconds from leg to leg")
SIZE = Parameter(name="size", low=0.001, high=0.3, unit="of a candle in the middle")

INFO = ScenarioInfo(
    name="latency_arbitrage",
    kind="ambiguous",
    label="normal",
    allowed_without=NO_HOLD,
    allowed_with=QUIET,
    weight=2,
    title_en="Latency arbitrage",
    title_zh="延迟套利",
    description_en="Four to sixty trips that take quotes which others forgot: bought low and sold "
    "high in one candle within seconds, each leg with somebody else.",
    description_zh="抢别人来不及撤的旧报价，四到六十个来回：几秒之内在同一根 K 线里低买高卖，"
    "每一笔都是不同的对手。",
    source="Evaluation protocol: on its own fills a beneficiary, with counterparties nobody's",
    parameters=(TRIPS, EDGE, TIGHTNESS, LOST, APART, SIZE),
)

LEAST_HEIGHT = 4
LEAST_TRIPS = 3


def draw(rng: Generator, market: Market, world: Ints) -> Draft:
    """Candles may be visited again."""
    n = len(world)
    room = market.exists[world] & (market.height[world] >= LEAST_HEIGHT)
    wanted = TRIPS.whole_scaled(rng, n)
    visited, slot = slots_for(rng, room, np.maximum(wanted // 2, LEAST_TRIPS))
    again = owners(rng.integers(1, 4, len(visited)))
    owner, slot = visited[again], slot[again]
    at, m = world[owner], len(owner)
    edge, tightness = EDGE.even(rng, n)[owner], TIGHTNESS.even(rng, n)[owner]
    low, height = market.low[at, slot], market.height[at, slot]
    inward = rng.beta(edge * tightness, (1 - edge) * tightness, (2, m)) * height
    bought = low + np.rint(inward[0]).astype(np.int64)
    sold = low + height - np.rint(inward[1]).astype(np.int64)
    lost = rng.random(m) < LOST.even(rng, n)[owner]
    bought, sold = np.where(lost, sold, bought), np.where(lost, bought, sold)
    begin = rng.integers(market.seconds, size=m)
    end = np.minimum(begin + APART.whole(rng, m), market.seconds - 1)
    lots = whole_lots(
        SIZE.scaled(rng, n)[owner] * typical_volume(market)[at] * rng.lognormal(0, 0.3, m)
    )
    made = room.sum(axis=1) >= LEAST_TRIPS
    return join(
        [
            draft(made, owner, at, slot, begin, BUY, bought, lots),
            draft(made, owner, at, slot, end, SELL, sold, lots),
        ]
    )


LATENCY_ARBITRAGE = Scenario(INFO, draw, with_room(LEAST_TRIPS, LEAST_HEIGHT))
