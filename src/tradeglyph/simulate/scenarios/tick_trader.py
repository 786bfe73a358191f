"""Round trips across the spread: bought at the ask and sold at the bid, tick-sized losses."""

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from tradeglyph.simulate.draft import Draft, Ints, owners, round_trips
from tradeglyph.simulate.market import Market
from tradeglyph.simulate.orders import when_printed
from tradeglyph.simulate.parameter import Parameter
from tradeglyph.simulate.picks import pick_slots, whole_lots
from tradeglyph.simulate.scenario import QUIET, Scenario, ScenarioInfo

TRIPS = Parameter(name="trips", low=2, high=25, unit="round trips")
PATIENT = Parameter(name="patient", low=0, high=1, unit="of the trips, beta(0.5, 0.5)")
SHARE = Parameter(name="share", low=0.001, high=0.5, unit="of the candle's other volume")

INFO = ScenarioInfo(
    name="tick_trader",
    kind="normal",
    label="normal",
    allowed_without=QUIET,
    allowed_with=QUIET,
    weight=10,
    title_en="Trader in a one-tick book",
    title_zh="一档价差里的交易者",
    description_en="Two to twenty-five round trips in candles one to three ticks tall, where every "
    "fill is at the low or the high: a tick won by patience or lost across the spread.",
    description_zh="在只有一到三个价位高的 K 线里做两到二十五个来回：成交不是最低就是最高，"
    "要么挂单赚一个价位，要么吃单亏一个价位。",
    source="Evaluation protocol: tick-sized trading is the hard normal",
    parameters=(TRIPS, PATIENT, SHARE),
)

TALLEST = 3
"""Ticks; above it, the places of fills mean something."""


def draw(rng: Generator, market: Market, world: Ints) -> Draft:
    """Patient and impatient trips in a mixture of the account's own."""
    n = len(world)
    trips = TRIPS.whole_scaled(rng, n)
    allowed = market.exists[world] & (market.height[world] <= TALLEST)
    made = allowed.sum(axis=1) >= trips
    owner, slot = owners(trips), pick_slots(rng, allowed, trips)
    at, m = world[owner], len(owner)
    low, high = market.low[at, slot], market.high[at, slot]
    patient = rng.random(m) < rng.beta(0.5, 0.5, n)[owner]
    lots = whole_lots(SHARE.scaled(rng, n)[owner] * market.volume[at, slot])
    buy, sell = np.where(patient, low, high), np.where(patient, high, low)
    done = round_trips(rng, market, made, owner, at, slot, buy, sell, lots)
    return when_printed(rng, market, done)


def suits(market: Market) -> NDArray[np.bool_]:
    """There are low candles for most numbers of trips."""
    low = market.exists & (market.height <= TALLEST)
    return np.asarray(low.sum(axis=1) >= TRIPS.high / 2)


TICK_TRADER = Scenario(INFO, draw, suits)
