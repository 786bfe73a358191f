"""Round trips across the spread: bought at the ask and sold at the bid, tick-sized losses."""

import numpy as np
from numpy.random import Generator

from tradeglyph.simulate.draft import Draft, Ints, owners, pick_slots, round_trips
from tradeglyph.simulate.market import Market
from tradeglyph.simulate.scenario import Scenario, ScenarioInfo

INFO = ScenarioInfo(
    name="tick_trader",
    label="normal",
    weight=10,
    title_en="Trader in a one-tick book",
    title_zh="一档价差里的交易者",
    description_en="Two to twenty-five round trips in candles one to three ticks tall, where every "
    "fill is at the low or the high: a tick won by patience or lost across the spread.",
    description_zh="在只有一到三个价位高的 K 线里做两到二十五个来回：成交不是最低就是最高，"
    "要么挂单赚一个价位，要么吃单亏一个价位。",
    source="Evaluation protocol: tick-sized trading is the hard normal",
)

TALLEST = 3
"""Ticks; above it, the places of fills mean something."""


def draw(rng: Generator, market: Market, world: Ints) -> Draft:
    """Patient and impatient trips in a mixture of the account's own."""
    n = len(world)
    trips = np.exp(rng.uniform(np.log(2), np.log(26), n)).astype(np.int64)
    allowed = market.exists[world] & (market.height[world] <= TALLEST)
    made = allowed.sum(axis=1) >= trips
    owner, slot = owners(trips), pick_slots(rng, allowed, trips)
    at, m = world[owner], len(owner)
    low, high = market.low[at, slot], market.high[at, slot]
    patient = rng.random(m) < rng.beta(0.5, 0.5, n)[owner]
    size = np.exp(rng.uniform(np.log(0.001), np.log(0.5), n))[owner]
    lots = np.maximum(np.rint(size * market.volume[at, slot]), 1).astype(np.int64)
    buy, sell = np.where(patient, low, high), np.where(patient, high, low)
    return round_trips(rng, made, owner, slot, buy, sell, lots)


TICK_TRADER = Scenario(INFO, draw)
