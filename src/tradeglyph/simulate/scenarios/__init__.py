"""Behaviours that accounts can be given: one visible list. The crowd takes the other sides."""

from tradeglyph.simulate.scenario import Scenario
from tradeglyph.simulate.scenarios.accumulator import ACCUMULATOR
from tradeglyph.simulate.scenarios.block_trader import BLOCK_TRADER
from tradeglyph.simulate.scenarios.camouflaged import CAMOUFLAGED, DEEP
from tradeglyph.simulate.scenarios.casual_trader import CASUAL_TRADER
from tradeglyph.simulate.scenarios.churner import CHURNER
from tradeglyph.simulate.scenarios.clustered_hacker import CLUSTERED_HACKER
from tradeglyph.simulate.scenarios.copy_leader import COPY_LEADER
from tradeglyph.simulate.scenarios.day_trader import DAY_TRADER, SCALPER
from tradeglyph.simulate.scenarios.dca import DCA
from tradeglyph.simulate.scenarios.drip import DRIP
from tradeglyph.simulate.scenarios.front_runner import FRONT_RUNNER
from tradeglyph.simulate.scenarios.grid import GRID
from tradeglyph.simulate.scenarios.hacker import HACKER, SOFT_HACKER
from tradeglyph.simulate.scenarios.investor import INVESTOR
from tradeglyph.simulate.scenarios.latency_arbitrage import LATENCY_ARBITRAGE
from tradeglyph.simulate.scenarios.limit_locked import LIMIT_LOCKED
from tradeglyph.simulate.scenarios.liquidate_first import LIQUIDATE_FIRST
from tradeglyph.simulate.scenarios.listing_day import LISTING_DAY
from tradeglyph.simulate.scenarios.market_maker import LIMIT_TRADER, MARKET_MAKER
from tradeglyph.simulate.scenarios.mixture import MIXTURE
from tradeglyph.simulate.scenarios.momentum import MEAN_REVERSION, MOMENTUM
from tradeglyph.simulate.scenarios.mule_ring import MULE_RING
from tradeglyph.simulate.scenarios.night_trader import NIGHT_TRADER
from tradeglyph.simulate.scenarios.one_leg import ONE_LEG
from tradeglyph.simulate.scenarios.one_shot import ONE_SHOT
from tradeglyph.simulate.scenarios.order_in_parts import ORDER_IN_PARTS
from tradeglyph.simulate.scenarios.partial_fills import PARTIAL_FILLS
from tradeglyph.simulate.scenarios.quoting_maker import QUOTING_MAKER
from tradeglyph.simulate.scenarios.sandwich_bot import SANDWICH_BOT
from tradeglyph.simulate.scenarios.seed_normal import SEED_NORMAL
from tradeglyph.simulate.scenarios.sole_dealer import SOLE_DEALER
from tradeglyph.simulate.scenarios.spread_taker import SPREAD_TAKER
from tradeglyph.simulate.scenarios.stop_trader import STOP_TRADER
from tradeglyph.simulate.scenarios.sweeper import SWEEPER
from tradeglyph.simulate.scenarios.thin_hacker import THIN_HACKER
from tradeglyph.simulate.scenarios.tick_trader import TICK_TRADER
from tradeglyph.simulate.scenarios.wash_trader import WASH_TRADER
from tradeglyph.simulate.scenarios.wick_ladder import WICK_LADDER

SCENARIOS: tuple[Scenario, ...] = (
    # Fraud
    HACKER,
    SOFT_HACKER,
    CLUSTERED_HACKER,
    THIN_HACKER,
    CAMOUFLAGED,
    DEEP,
    ONE_SHOT,
    ONE_LEG,
    DRIP,
    LIQUIDATE_FIRST,
    MULE_RING,
    PARTIAL_FILLS,
    FRONT_RUNNER,
    # Normal
    SEED_NORMAL,
    CASUAL_TRADER,
    INVESTOR,
    DCA,
    DAY_TRADER,
    SCALPER,
    CHURNER,
    MOMENTUM,
    MEAN_REVERSION,
    STOP_TRADER,
    NIGHT_TRADER,
    MARKET_MAKER,
    LIMIT_TRADER,
    QUOTING_MAKER,
    SOLE_DEALER,
    ACCUMULATOR,
    TICK_TRADER,
    BLOCK_TRADER,
    SWEEPER,
    ORDER_IN_PARTS,
    SPREAD_TAKER,
    GRID,
    COPY_LEADER,
    LISTING_DAY,
    LIMIT_LOCKED,
    MIXTURE,
    # Ambiguous on their own fills
    LATENCY_ARBITRAGE,
    WICK_LADDER,
    SANDWICH_BOT,
    # Wash volume
    WASH_TRADER,
)
