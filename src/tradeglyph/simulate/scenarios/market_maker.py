"""Resting orders on both sides: buys sit low and sells sit high, and it is honest work."""

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from tradeglyph.domain.fills import BUY, SELL
from tradeglyph.simulate.draft import Draft, Ints, best_print, draft, owners
from tradeglyph.simulate.market import PRINT_SECONDS, Market
from tradeglyph.simulate.scenario import Scenario, ScenarioInfo

INFO = ScenarioInfo(
    name="market_maker",
    label="normal",
    weight=14,
    title_en="Passive market maker",
    title_zh="被动做市商",
    description_en="Fifteen to two hundred fills of resting orders on both sides: buys low and "
    "sells high in their candles, inventory that wanders, against many counterparties.",
    description_zh="十五到两百笔挂单成交，双边报价：买单成交在 K 线低处、卖单成交在高处，"
    "持仓来回摆动，对手众多。",
    source="Evaluation protocol: on a real tape 34 % of passive buys lie in the lowest 15 % of "
    "their candle; the seeds' model flags every market maker",
)

SLOW_INFO = ScenarioInfo(
    name="limit_trader",
    label="normal",
    weight=10,
    title_en="Patient limit orders",
    title_zh="限价挂单者",
    description_en="Three to fourteen fills of resting orders, bought low here and sold high "
    "there: mean reversion in different candles, a trip inside one by chance.",
    description_zh="三到十四笔限价单成交，这里低吸、那里高抛：做均值回归，"
    "偶尔才在同一根 K 线里买卖。",
    source="Market practice; the honest neighbour of the fraud",
)


def draw_maker(rng: Generator, market: Market, world: Ints) -> Draft:
    """A quoting machine: clip of constant size, both sides equally likely."""
    return _resting(rng, market, world, 15, 200, most_looks=5)


def draw_limit_trader(rng: Generator, market: Market, world: Ints) -> Draft:
    """A person's limit orders, more patient and fewer."""
    return _resting(rng, market, world, 3, 14, most_looks=9)


def _resting(
    rng: Generator, market: Market, world: Ints, least: int, most: int, *, most_looks: int
) -> Draft:
    n = len(world)
    fills = np.exp(rng.uniform(np.log(least), np.log(most + 1), n)).astype(np.int64)
    slots = _slots_with_return(rng, market, world, fills)
    owner = owners(fills)
    at, m = world[owner], len(owner)
    side = np.where(rng.random(m) < 0.5, BUY, SELL)
    looks = 1 + rng.binomial(most_looks - 1, rng.uniform(0.2, 1, n)[owner], m)
    ticks, second = best_print(rng, market, at, slots, side, looks)
    size = np.exp(rng.uniform(np.log(0.0005), np.log(0.25), n))
    # A clip of constant size, jittered for some, never over the candle's own volume.
    jitter = rng.lognormal(0, rng.uniform(0, 0.5, n)[owner], m)
    clip = size[owner] * _typical_volume(market)[at] * jitter
    lots = np.maximum(np.rint(np.minimum(clip, market.volume[at, slots])), 1).astype(np.int64)
    made = np.asarray(market.exists[world].any(axis=1))
    return draft(
        made, owner, slots, second + rng.integers(PRINT_SECONDS, size=m), side, ticks, lots
    )


def _typical_volume(market: Market) -> NDArray[np.float64]:
    """Median volume of each world's candles; 1 in a world without any."""
    volume = np.where(market.exists, market.volume, np.nan)
    volume[~market.exists.any(axis=1)] = 1.0
    return np.asarray(np.nanmedian(volume, axis=1))


def _slots_with_return(rng: Generator, market: Market, world: Ints, fills: Ints) -> Ints:
    """Candles drawn with replacement from a part of the day of the account's own."""
    exists = market.exists[world]
    candles = exists.sum(axis=1)
    span = np.maximum(rng.uniform(0.05, 1, len(world)) * candles, 1).astype(np.int64)
    first = (rng.random(len(world)) * (candles - span + 1)).astype(np.int64)
    owner = owners(fills)
    nth = first[owner] + (rng.random(len(owner)) * span[owner]).astype(np.int64)
    # The nth existing slot of a world: existing ones first, in order of time.
    order = np.argsort(~market.exists, axis=1, kind="stable")
    return np.asarray(order[world[owner], np.minimum(nth, np.maximum(candles[owner] - 1, 0))])


MARKET_MAKER = Scenario(INFO, draw_maker)
LIMIT_TRADER = Scenario(SLOW_INFO, draw_limit_trader)
