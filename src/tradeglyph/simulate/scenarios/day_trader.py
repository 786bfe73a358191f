"""Traders who go in and out at the market's price, many times a day."""

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from tradeglyph.domain.fills import BUY
from tradeglyph.simulate.draft import (
    Draft,
    Ints,
    draft,
    join,
    next_candle,
    owners,
    pick_slots,
    print_at,
)
from tradeglyph.simulate.market import PRINT_SECONDS, PRINTS, SLOTS, Market
from tradeglyph.simulate.scenario import Scenario, ScenarioInfo

DAY_TRADER_INFO = ScenarioInfo(
    name="day_trader",
    label="normal",
    weight=14,
    title_en="Day trader",
    title_zh="日内交易者",
    description_en="Three to nine round trips at market prices, long or short, held from seconds "
    "to an hour, about half of them at a loss.",
    description_zh="一天三到九个来回，按市价进出，可多可空，持有几秒到一小时，大约一半亏钱。",
    source="Evaluation protocol: the seeds' model flags 96-100 % of them",
)

SCALPER_INFO = ScenarioInfo(
    name="scalper",
    label="normal",
    weight=12,
    title_en="Scalper",
    title_zh="剥头皮交易者",
    description_en="Ten to fifty quick round trips for a few ticks, more often won than lost, "
    "each over within minutes.",
    description_zh="十到五十个快进快出的来回，每次只赚几个价位，赢多输少，几分钟内了结。",
    source="Market practice",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TraderParameters:
    """Ranges drawn per account."""

    min_trips: int
    max_trips: int
    max_hold: int
    """Longest holding time in print steps of 25 seconds; each account draws its own typical one."""
    skill: float
    """Most looks at prices for an exit: 1 takes what comes, 2 the better of two, and so on."""


DAY_TRADER_PARAMETERS = TraderParameters(min_trips=3, max_trips=9, max_hold=144, skill=1)
SCALPER_PARAMETERS = TraderParameters(min_trips=10, max_trips=50, max_hold=10, skill=2)


def draw_trader(rng: Generator, market: Market, world: Ints, parameters: TraderParameters) -> Draft:
    """Entries at random prints; exits later, at a print of that time."""
    n = len(world)
    trips = rng.integers(parameters.min_trips, parameters.max_trips + 1, n)
    allowed = market.exists[world]
    made = allowed.sum(axis=1) >= trips
    owner, slot = owners(trips), pick_slots(rng, allowed, trips)
    at, m = world[owner], len(owner)
    index = rng.integers(PRINTS, size=m)
    entry, second = print_at(market, at, slot, index)

    typical = np.exp(rng.uniform(0, np.log(parameters.max_hold), n))[owner]
    later = slot * PRINTS + second // PRINT_SECONDS + 1 + rng.exponential(typical).astype(np.int64)
    exit_slot = next_candle(market, at, np.minimum(later // PRINTS, SLOTS - 1))
    exit_ticks, exit_second = print_at(market, at, exit_slot, later % PRINTS)
    direction = np.where(rng.random(m) < rng.choice([0.5, 1.0], n)[owner], 1, -1) * BUY
    if parameters.skill > 1:
        other, other_second = print_at(market, at, exit_slot, rng.integers(PRINTS, size=m))
        better = (other - exit_ticks) * direction > 0
        keen = better & (rng.random(m) < rng.uniform(0, 1, n)[owner])
        exit_ticks = np.where(keen, other, exit_ticks)
        exit_second = np.where(keen, other_second, exit_second)
    size = np.exp(rng.uniform(np.log(0.0005), np.log(0.3), n))
    # Some are most of a thin market.
    size = np.where(rng.random(n) < 0.1, np.exp(rng.uniform(-1, 3, n)), size)[owner]
    lots = np.maximum(np.rint(size * market.volume[at, slot] * rng.lognormal(0, 0.3, m)), 1)
    lots = lots.astype(np.int64)
    jitter = rng.integers(PRINT_SECONDS, size=(2, m))
    return join(
        [
            draft(made, owner, slot, second + jitter[0], direction, entry, lots),
            draft(made, owner, exit_slot, exit_second + jitter[1], -direction, exit_ticks, lots),
        ]
    )


def draw_day_trader(rng: Generator, market: Market, world: Ints) -> Draft:
    """Three to nine trips without an eye for the price."""
    return draw_trader(rng, market, world, DAY_TRADER_PARAMETERS)


def draw_scalper(rng: Generator, market: Market, world: Ints) -> Draft:
    """Ten to fifty trips of seconds to minutes with some skill at the exit."""
    return draw_trader(rng, market, world, SCALPER_PARAMETERS)


DAY_TRADER = Scenario(DAY_TRADER_INFO, draw_day_trader)
SCALPER = Scenario(SCALPER_INFO, draw_scalper)
