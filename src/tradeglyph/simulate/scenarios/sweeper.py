"""A large order in many parts: each burst goes through the book and is most of its candle."""

import numpy as np
from numpy.random import Generator

from tradeglyph.domain.fills import BUY, SELL
from tradeglyph.simulate.draft import Draft, Ints, draft, numbered, owners
from tradeglyph.simulate.market import Market
from tradeglyph.simulate.parameter import Parameter
from tradeglyph.simulate.picks import pick_slots, sized
from tradeglyph.simulate.scenario import QUIET, Scenario, ScenarioInfo

BURSTS = Parameter(name="bursts", low=1, high=8, unit="candles that are swept")
PARTS = Parameter(name="parts", low=1, high=40, unit="fills of a burst")
SHARE = Parameter(name="share", low=0.3, high=60, unit="of the candle's other volume")

INFO = ScenarioInfo(
    name="sweeper",
    kind="normal",
    label="normal",
    allowed_without=QUIET,
    allowed_with=QUIET,
    weight=6,
    title_en="Sweeper",
    title_zh="扫单者",
    description_en="One to eight bursts of up to forty fills, each on one side, through the whole "
    "candle and most of its volume; the position is closed in later bursts, or kept.",
    description_zh="一到八次扫单，每次最多四十笔，同一方向，从 K 线一端吃到另一端，占去大半成交量；"
    "之后再分批平仓，或者一直拿着。",
    source="Heavy perpetual-futures accounts whose candles are built from their own trades",
    parameters=(BURSTS, PARTS, SHARE),
)


def draw(rng: Generator, market: Market, world: Ints) -> Draft:
    """Bursts in different candles; buys climb from the low, sells descend from the high."""
    n = len(world)
    bursts = BURSTS.whole(rng, n)
    allowed = market.exists[world]
    made = allowed.sum(axis=1) >= bursts
    owner, slot = owners(bursts), pick_slots(rng, allowed, bursts)
    first = np.where(rng.random(n) < 0.5, BUY, SELL)
    # Half of them keep to one side; the others turn round at any burst.
    turns = np.where(rng.random(n) < 0.5, 0.0, 0.5)[owner]
    side = np.where(rng.random(len(owner)) < turns, -first[owner], first[owner])
    at = world[owner]
    size = sized(rng, market.volume[at, slot], SHARE)
    parts = np.minimum(PARTS.whole(rng, n)[owner], size)
    burst = owners(parts)
    nth = numbered(parts)
    way = nth / np.maximum(parts[burst] - 1, 1)
    place = np.where(side[burst] > 0, way, 1 - way)
    # A single part crosses nothing: it lies anywhere.
    place = np.where(parts[burst] == 1, rng.random(len(burst)), place)
    low, height = market.low[at, slot][burst], market.height[at, slot][burst]
    start = rng.integers(market.seconds, size=len(owner))
    return draft(
        made,
        owner[burst],
        at[burst],
        slot[burst],
        np.minimum(start[burst] + nth // 4, market.seconds - 1),
        side[burst],
        low + np.rint(place * height).astype(np.int64),
        np.maximum(size[burst] // parts[burst], 1),
    )


SWEEPER = Scenario(INFO, draw)
