"""Resting orders on both sides: buys sit low and sells sit high, and it is honest work."""

import numpy as np
from numpy.random import Generator

from tradeglyph.domain.fills import BUY, SELL
from tradeglyph.simulate.draft import Draft, Ints, draft, owners
from tradeglyph.simulate.market import Market
from tradeglyph.simulate.parameter import Parameter
from tradeglyph.simulate.picks import (
    best_print,
    nth_candle,
    typical_volume,
    whole_lots,
    within_print,
)
from tradeglyph.simulate.scenario import QUIET, Scenario, ScenarioInfo

FILLS = Parameter(name="fills", low=15, high=200, unit="fills")
LOOKS = Parameter(name="looks", low=1, high=5, unit="prints, of which an order has the best")
PART = Parameter(name="part", low=0.05, high=1, unit="of the day's candles, one after the other")
SIZE = Parameter(name="size", low=0.0005, high=0.25, unit="of a candle in the middle")

INFO = ScenarioInfo(
    name="market_maker",
    kind="normal",
    label="normal",
    allowed_without=QUIET,
    allowed_with=QUIET,
    weight=14,
    title_en="Passive market maker",
    title_zh="被动做市商",
    description_en="Fifteen to two hundred fills of resting orders on both sides: buys low and "
    "sells high in their candles, inventory that wanders, against many counterparties.",
    description_zh="十五到两百笔挂单成交，双边报价：买单成交在 K 线低处、卖单成交在高处，"
    "持仓来回摆动，对手众多。",
    source="Evaluation protocol: on a real tape 34 % of passive buys lie in the lowest 15 % of "
    "their candle; the seeds' model flags every market maker",
    parameters=(FILLS, LOOKS, PART, SIZE),
)

SLOW_FILLS = Parameter(name="fills", low=3, high=14, unit="fills")
SLOW_LOOKS = Parameter(name="looks", low=1, high=9, unit="prints, of which an order has the best")

SLOW_INFO = ScenarioInfo(
    name="limit_trader",
    kind="normal",
    label="normal",
    allowed_without=QUIET,
    allowed_with=QUIET,
    weight=10,
    title_en="Patient limit orders",
    title_zh="限价挂单者",
    description_en="Three to fourteen fills of resting orders, bought low here and sold high "
    "there: mean reversion in different candles, a trip inside one by chance.",
    description_zh="三到十四笔限价单成交，这里低吸、那里高抛：做均值回归，"
    "偶尔才在同一根 K 线里买卖。",
    source="Market practice; the honest neighbour of the fraud",
    parameters=(SLOW_FILLS, SLOW_LOOKS, PART, SIZE),
)


def draw_maker(rng: Generator, market: Market, world: Ints) -> Draft:
    """A quoting machine: clip of constant size, both sides equally likely."""
    return _resting(rng, market, world, FILLS, LOOKS)


def draw_limit_trader(rng: Generator, market: Market, world: Ints) -> Draft:
    """A person's limit orders, more patient and fewer."""
    return _resting(rng, market, world, SLOW_FILLS, SLOW_LOOKS)


def _resting(
    rng: Generator, market: Market, world: Ints, fills_of: Parameter, looks_of: Parameter
) -> Draft:
    n = len(world)
    fills = fills_of.whole_scaled(rng, n)
    owner, slot = owners(fills), _slots_with_return(rng, market, world, fills)
    at, m = world[owner], len(owner)
    side = np.where(rng.random(m) < 0.5, BUY, SELL)
    most = int(looks_of.high)
    looks = 1 + rng.binomial(most - 1, rng.uniform(0.2, 1, n)[owner], m)
    ticks, second = best_print(rng, market, at, slot, side, looks)
    # A clip of constant size, jittered for some, never over the candle's own volume.
    jitter = rng.lognormal(0, rng.uniform(0, 0.5, n)[owner], m)
    clip = SIZE.scaled(rng, n)[owner] * typical_volume(market)[at] * jitter
    lots = whole_lots(np.minimum(clip, market.volume[at, slot]))
    made = market.traded[world]
    second = within_print(rng, market, second)
    return draft(made, owner, at, slot, second, side, ticks, lots)


def _slots_with_return(rng: Generator, market: Market, world: Ints, fills: Ints) -> Ints:
    """Candles drawn with replacement from a part of the day of the account's own."""
    candles = market.exists[world].sum(axis=1)
    span = np.maximum(PART.even(rng, len(world)) * candles, 1).astype(np.int64)
    first = (rng.random(len(world)) * (candles - span + 1)).astype(np.int64)
    owner = owners(fills)
    nth = first[owner] + (rng.random(len(owner)) * span[owner]).astype(np.int64)
    return nth_candle(market, world[owner], nth)


MARKET_MAKER = Scenario(INFO, draw_maker)
LIMIT_TRADER = Scenario(SLOW_INFO, draw_limit_trader)
