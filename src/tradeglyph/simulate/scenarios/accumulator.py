"""One side all day: somebody builds or sells a position in pieces."""

import numpy as np
from numpy.random import Generator

from tradeglyph.domain.fills import BUY, SELL
from tradeglyph.simulate.draft import Draft, Ints, best_print, draft, lots_for, owners, pick_slots
from tradeglyph.simulate.market import PRINT_SECONDS, Market
from tradeglyph.simulate.scenario import Scenario, ScenarioInfo

INFO = ScenarioInfo(
    name="accumulator",
    label="normal",
    weight=8,
    title_en="One-sided accumulator",
    title_zh="单边建仓者",
    description_en="Two to sixty fills, all buys or all sells, at market or with patience.",
    description_zh="两到六十笔成交，全买或全卖，有的按市价、有的耐心挂单。",
    source="Market practice",
)


def draw(rng: Generator, market: Market, world: Ints) -> Draft:
    """Different candles; patience from none to the best of four prints."""
    n = len(world)
    fills = np.exp(rng.uniform(np.log(2), np.log(61), n)).astype(np.int64)
    fills = np.minimum(fills, np.maximum(market.exists[world].sum(axis=1), 1))
    made = np.asarray(market.exists[world].any(axis=1))
    owner, slot = owners(fills), pick_slots(rng, market.exists[world], fills)
    at = world[owner]
    side = np.where(rng.random(n) < 0.6, BUY, SELL)[owner]
    looks = rng.integers(1, 5, n)[owner]
    ticks, second = best_print(rng, market, at, slot, side, looks)
    lots = lots_for(rng, market.volume[at, slot], 0.001, 0.3)
    # Some are nearly alone in a thin market: all but a few hundredths of the volume is theirs.
    alone = np.where(rng.random(n) < 0.25, np.exp(rng.uniform(0, 5, n)), 1.0)[owner]
    lots = np.rint(lots * alone).astype(np.int64)
    second = second + rng.integers(PRINT_SECONDS, size=len(owner))
    return draft(made, owner, slot, second, side, ticks, lots)


ACCUMULATOR = Scenario(INFO, draw)
