"""One order of an ordinary size, filled in a few parts: all there is of an account that day."""

import numpy as np
from numpy.random import Generator

from tradeglyph.domain.fills import BUY, SELL
from tradeglyph.simulate.draft import Draft, Ints, draft, numbered, owners
from tradeglyph.simulate.market import Market
from tradeglyph.simulate.parameter import Parameter
from tradeglyph.simulate.picks import pick_slots, sized
from tradeglyph.simulate.scenario import QUIET, Scenario, ScenarioInfo

ORDERS = Parameter(name="orders", low=1, high=3, unit="orders, each in its candle")
PARTS = Parameter(name="parts", low=2, high=9, unit="fills of an order")
SHARE = Parameter(name="share", low=0.003, high=8, unit="of the candle's other volume")
REACH = Parameter(
    name="reach", low=0, high=1, unit="of the candle, from the first part to the last"
)

INFO = ScenarioInfo(
    name="order_in_parts",
    kind="normal",
    label="normal",
    allowed_without=QUIET,
    allowed_with=QUIET,
    weight=10,
    title_en="One order in parts",
    title_zh="一张单分笔成交",
    description_en="One to three orders a day, each filled in two to nine parts: eating its way "
    "through the book, or resting at one price and being eaten. Nothing is closed again in the "
    "same candle.",
    description_zh="一天一到三张委托，每张分二到九笔成交：要么一路吃上去（或砸下来），"
    "要么挂在一个价位上被吃。同一根 K 线里不反向平仓。",
    source="Real tapes: most fills of an account on a day are one order's; it often makes the "
    "high or the low of its candle",
    parameters=(ORDERS, PARTS, SHARE, REACH),
)


def draw(rng: Generator, market: Market, world: Ints) -> Draft:
    """A third rest at one price; the others reach some way, half of them to the candle's end."""
    n = len(world)
    orders = np.where(rng.random(n) < 0.6, 1, ORDERS.whole(rng, n))
    allowed = market.exists[world]
    made = allowed.sum(axis=1) >= orders
    owner, slot = owners(orders), pick_slots(rng, allowed, orders)
    at, m = world[owner], len(owner)
    side = rng.choice(np.array([BUY, SELL]), size=m)
    size = sized(rng, market.volume[at, slot], SHARE)
    parts = np.minimum(PARTS.whole(rng, m), size)
    reach = np.where(rng.random(m) < 1 / 3, 0.0, REACH.even(rng, m))
    last = np.where(rng.random(m) < 0.5, 1.0, reach + rng.random(m) * (1 - reach))
    order = owners(parts)
    nth = numbered(parts)
    back = reach[order] * (1 - nth / np.maximum(parts[order] - 1, 1))
    # Of a buy: the last part is the highest. A sale is the mirror image.
    up = np.clip(last[order] - back, 0, 1)
    place = np.where(side[order] > 0, up, 1 - up)
    low, height = market.low[at, slot][order], market.height[at, slot][order]
    begin = rng.integers(market.seconds, size=m)[order]
    return draft(
        made,
        owner[order],
        at[order],
        slot[order],
        np.minimum(begin + nth * rng.integers(0, 6, m)[order], market.seconds - 1),
        side[order],
        low + np.rint(place * height).astype(np.int64),
        np.maximum(size[order] // parts[order], 1),
    )


ORDER_IN_PARTS = Scenario(INFO, draw)
