"""One side all day: somebody builds or sells a position in pieces."""

import numpy as np
from numpy.random import Generator

from tradeglyph.domain.fills import BUY, SELL
from tradeglyph.simulate.draft import Draft, Ints, draft
from tradeglyph.simulate.market import Market
from tradeglyph.simulate.parameter import Parameter
from tradeglyph.simulate.picks import best_print, sized, slots_for, within_print
from tradeglyph.simulate.scenario import QUIET, Scenario, ScenarioInfo

FILLS = Parameter(name="fills", low=2, high=60, unit="fills, all on one side")
LOOKS = Parameter(name="looks", low=1, high=4, unit="prints that an order may wait for")
SHARE = Parameter(name="share", low=0.001, high=0.3, unit="of the candle's other volume")
ALONE = Parameter(name="alone", low=1, high=148, unit="times that, for one in four")

INFO = ScenarioInfo(
    name="accumulator",
    kind="normal",
    label="normal",
    allowed_without=QUIET,
    allowed_with=QUIET,
    weight=8,
    title_en="One-sided accumulator",
    title_zh="单边建仓者",
    description_en="Two to sixty fills, all buys or all sells, at market or with patience.",
    description_zh="两到六十笔成交，全买或全卖，有的按市价、有的耐心挂单。",
    source="Market practice",
    parameters=(FILLS, LOOKS, SHARE, ALONE),
)


def draw(rng: Generator, market: Market, world: Ints) -> Draft:
    """Different candles; patience from none to the best of four prints."""
    n = len(world)
    made = market.traded[world]
    owner, slot = slots_for(rng, market.exists[world], FILLS.whole_scaled(rng, n))
    at = world[owner]
    side = np.where(rng.random(n) < 0.6, BUY, SELL)[owner]
    looks = LOOKS.whole(rng, n)[owner]
    ticks, second = best_print(rng, market, at, slot, side, looks)
    lots = sized(rng, market.volume[at, slot], SHARE)
    # Some are nearly alone in a thin market: all but a few hundredths of the volume is theirs.
    alone = np.where(rng.random(n) < 0.25, ALONE.scaled(rng, n), 1.0)[owner]
    lots = np.rint(lots * alone).astype(np.int64)
    second = within_print(rng, market, second)
    return draft(made, owner, at, slot, second, side, ticks, lots)


ACCUMULATOR = Scenario(INFO, draw)
