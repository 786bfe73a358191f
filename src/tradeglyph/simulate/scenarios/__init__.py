"""Behaviours that accounts can be given: one visible list. The crowd takes the other sides."""

from tradeglyph.simulate.scenario import Scenario
from tradeglyph.simulate.scenarios.accumulator import ACCUMULATOR
from tradeglyph.simulate.scenarios.block_trader import BLOCK_TRADER
from tradeglyph.simulate.scenarios.casual_trader import CASUAL_TRADER
from tradeglyph.simulate.scenarios.churner import CHURNER
from tradeglyph.simulate.scenarios.day_trader import DAY_TRADER, SCALPER
from tradeglyph.simulate.scenarios.grid import GRID
from tradeglyph.simulate.scenarios.hacker import HACKER, SOFT_HACKER
from tradeglyph.simulate.scenarios.market_maker import LIMIT_TRADER, MARKET_MAKER
from tradeglyph.simulate.scenarios.one_shot import ONE_SHOT
from tradeglyph.simulate.scenarios.seed_normal import SEED_NORMAL
from tradeglyph.simulate.scenarios.sweeper import SWEEPER
from tradeglyph.simulate.scenarios.tick_trader import TICK_TRADER

SCENARIOS: tuple[Scenario, ...] = (
    HACKER,
    SOFT_HACKER,
    ONE_SHOT,
    SEED_NORMAL,
    CASUAL_TRADER,
    DAY_TRADER,
    SCALPER,
    CHURNER,
    MARKET_MAKER,
    LIMIT_TRADER,
    ACCUMULATOR,
    TICK_TRADER,
    BLOCK_TRADER,
    SWEEPER,
    GRID,
)
