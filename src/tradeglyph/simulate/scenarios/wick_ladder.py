"""Orders that rest where only a wick reaches them."""

import numpy as np
from numpy.random import Generator

from tradeglyph.domain.fills import BUY, SELL
from tradeglyph.simulate.draft import Draft, Ints, draft, join, split_fills
from tradeglyph.simulate.market import Market
from tradeglyph.simulate.orders import when_printed
from tradeglyph.simulate.parameter import Parameter
from tradeglyph.simulate.picks import mean_height, slots_for, typical_volume, whole_lots
from tradeglyph.simulate.scenario import NO_HOLD, QUIET, Scenario, ScenarioInfo, with_room

CANDLES = Parameter(name="candles", low=3, high=18, unit="candles with a wick")
EDGE = Parameter(name="edge", low=0.02, high=0.2, unit="of the candle's height, mean place")
TIGHTNESS = Parameter(name="tightness", low=5, high=25, unit="of the beta distribution of places")
REACHED = Parameter(name="reached", low=0.55, high=1, unit="of the orders on either side")
RUNGS = Parameter(name="rungs", low=1, high=4, unit="fills of an order")
SIZE = Parameter(name="size", low=0.002, high=0.3, unit="of a candle in the middle")

INFO = ScenarioInfo(
    name="wick_ladder",
    kind="ambiguous",
    label="normal",
    allowed_without=NO_HOLD,
    allowed_with=QUIET,
    weight=2,
    title_en="Ladder in the wicks",
    title_zh="挂在影线里的阶梯单",
    description_en="Orders at the far ends of three to eighteen tall candles, a buy at the bottom "
    "and a sell at the top wherever the price came by.",
    description_zh="在三到十八根长影线 K 线的两端挂单：跌到底的接一笔，冲到顶的卖一笔，"
    "价格到了才成交。",
    source="Evaluation protocol: on its own fills a beneficiary, with counterparties nobody's",
    parameters=(CANDLES, EDGE, TIGHTNESS, REACHED, RUNGS, SIZE),
)

LEAST_HEIGHT = 6
LEAST_CANDLES = 3


def draw(rng: Generator, market: Market, world: Ints) -> Draft:
    """The taller half of the candles."""
    n = len(world)
    tall = np.maximum(mean_height(market)[world], LEAST_HEIGHT)[:, None]
    room = market.exists[world] & (market.height[world] >= tall)
    row, slot = slots_for(rng, room, CANDLES.whole(rng, n))
    at, m = world[row], len(row)
    made = room.sum(axis=1) >= LEAST_CANDLES
    low, height = market.low[at, slot], market.height[at, slot]
    edge, tightness = EDGE.even(rng, n)[row], TIGHTNESS.even(rng, n)[row]
    reached = REACHED.even(rng, n)[row]
    lots = whole_lots(SIZE.scaled(rng, n)[row] * typical_volume(market)[at])
    sides = []
    for side in (BUY, SELL):
        inward = np.rint(rng.beta(edge * tightness, (1 - edge) * tightness) * height)
        ticks = np.where(side == BUY, low + inward, low + height - inward).astype(np.int64)
        second = rng.integers(market.seconds, size=m)
        fills = draft(np.ones(n, dtype=bool), row, at, slot, second, side, ticks, lots)
        sides.append(fills.keep(rng.random(m) < reached).only(made))
    ladder = when_printed(rng, market, join(sides).with_at_least(2))
    return split_fills(rng, market, ladder, RUNGS.whole(rng, n))


WICK_LADDER = Scenario(INFO, draw, with_room(2 * LEAST_CANDLES, LEAST_HEIGHT))
