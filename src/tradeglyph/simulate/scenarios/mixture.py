"""Two behaviours in one account: nobody keeps to one."""

from dataclasses import replace

import numpy as np
from numpy.random import Generator

from tradeglyph.simulate.draft import Draft, Ints, join
from tradeglyph.simulate.market import Market
from tradeglyph.simulate.parameter import Parameter
from tradeglyph.simulate.scenario import QUIET, Scenario, ScenarioInfo
from tradeglyph.simulate.scenarios.accumulator import ACCUMULATOR
from tradeglyph.simulate.scenarios.casual_trader import CASUAL_TRADER
from tradeglyph.simulate.scenarios.churner import CHURNER
from tradeglyph.simulate.scenarios.day_trader import DAY_TRADER, SCALPER
from tradeglyph.simulate.scenarios.grid import GRID
from tradeglyph.simulate.scenarios.market_maker import LIMIT_TRADER, MARKET_MAKER
from tradeglyph.simulate.scenarios.momentum import MEAN_REVERSION, MOMENTUM
from tradeglyph.simulate.scenarios.stop_trader import STOP_TRADER

INGREDIENTS = (
    ACCUMULATOR,
    CASUAL_TRADER,
    CHURNER,
    DAY_TRADER,
    SCALPER,
    GRID,
    LIMIT_TRADER,
    MARKET_MAKER,
    MEAN_REVERSION,
    MOMENTUM,
    STOP_TRADER,
)
KEPT = Parameter(name="kept", low=0.2, high=1, unit="of the fills of either behaviour")

INFO = ScenarioInfo(
    name="mixture",
    kind="normal",
    label="normal",
    allowed_without=QUIET,
    allowed_with=QUIET,
    weight=10,
    title_en="Mixture",
    title_zh="混合交易者",
    description_en="Parts of two honest behaviours on one day: a grid and some trips at market, "
    "patient orders and a breakout.",
    description_zh="同一天里混着两种正常做法的一部分：一边挂网格一边按市价做几个来回，"
    "或者一边低吸一边追突破。",
    source="Market practice",
    parameters=(KEPT,),
)

LEAST_FILLS = 2


def draw(rng: Generator, market: Market, world: Ints) -> Draft:
    """Two different ones of the ingredients."""
    n, kinds = len(world), len(INGREDIENTS)
    first = rng.integers(kinds, size=n)
    second = (first + rng.integers(1, kinds, n)) % kinds
    parts = []
    for number, scenario in enumerate(INGREDIENTS):
        of = np.flatnonzero((first == number) | (second == number))
        drawn = scenario.draw(rng, market, world[of])
        kept = rng.random(len(drawn)) < KEPT.even(rng, len(of))[drawn.owner]
        drawn = drawn.keep(kept)
        everybody = np.ones(n, dtype=bool)
        parts.append(replace(drawn, made=everybody, owner=of[drawn.owner]))
    return join(parts).with_at_least(LEAST_FILLS)


MIXTURE = Scenario(INFO, draw)
