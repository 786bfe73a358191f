"""A maker that quotes both sides wide: in candle after candle it buys at the low, sells at the
high, and is filled on one side only where the other is not reached."""

import numpy as np
from numpy.random import Generator

from tradeglyph.domain.fills import BUY, SELL
from tradeglyph.simulate.draft import Draft, Ints, draft, join, owners
from tradeglyph.simulate.market import Market
from tradeglyph.simulate.parameter import Parameter
from tradeglyph.simulate.picks import pick_slots
from tradeglyph.simulate.scenario import QUIET, Scenario, ScenarioInfo

CANDLES = Parameter(name="candles", low=8, high=48, unit="candles in which it is filled")
BOTH = Parameter(name="both", low=0.25, high=0.85, unit="of them in which both quotes are filled")
INWARD = Parameter(name="inward", low=2, high=9, unit="second shape of a beta(1, .) from the end")
SHARE = Parameter(name="share", low=0.0003, high=0.15, unit="of the candle's other volume")

INFO = ScenarioInfo(
    name="quoting_maker",
    kind="normal",
    label="normal",
    allowed_without=QUIET,
    allowed_with=QUIET,
    weight=8,
    title_en="Maker quoting wide",
    title_zh="宽报价做市商",
    description_en="Eight to forty-eight candles in which a wide quote is filled: low on the "
    "buying side, high on the selling side, both in a part of them, never of quite equal size.",
    description_zh="在八到四十八根 K 线里挂宽报价成交：买在低处、卖在高处，"
    "只有一部分 K 线两边都成交，两边数量也总不相等。",
    source="Evaluation protocol: 34 % of passive buys lie in the lowest 15 % of their candle and "
    "40 % of passive sells in the top 20 %; the hard normal",
    parameters=(CANDLES, BOTH, INWARD, SHARE),
)


def draw(rng: Generator, market: Market, world: Ints) -> Draft:
    """Each side's size apart from the other's: what comes to a quote is chance."""
    n = len(world)
    allowed = market.exists[world]
    wanted = CANDLES.whole_scaled(rng, n)
    candles = np.minimum(wanted, np.maximum(allowed.sum(axis=1), 1))
    made = allowed.sum(axis=1) >= CANDLES.low
    owner, slot = owners(candles), pick_slots(rng, allowed, candles)
    at, m = world[owner], len(owner)
    both = rng.random(m) < BOTH.even(rng, n)[owner]
    buys = both | (rng.random(m) < 0.5)
    sides = ((BUY, buys), (SELL, both | ~buys))
    shape = INWARD.even(rng, n)[owner]
    low, height = market.low[at, slot], market.height[at, slot]
    share = SHARE.scaled(rng, n)[owner]
    parts = []
    for side, filled in sides:
        inward = np.rint(rng.beta(1, shape) * height).astype(np.int64)
        ticks = low + (inward if side == BUY else height - inward)
        lots = np.rint(share * market.volume[at, slot] * rng.lognormal(0, 0.4, m))
        lots = np.maximum(lots, 1).astype(np.int64)
        second = rng.integers(market.seconds, size=m)
        one = (owner, at, slot, second, ticks, lots)
        own, where, when, exact, price, size = (column[filled] for column in one)
        parts.append(draft(made, own, where, when, exact, side, price, size))
    return join(parts)


QUOTING_MAKER = Scenario(INFO, draw)
