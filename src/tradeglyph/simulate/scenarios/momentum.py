"""Breakouts: bought at new highs, sold when it turns out to be none; short the other way round."""

import numpy as np
from numpy.random import Generator

from tradeglyph.simulate.crossing import extremes_before
from tradeglyph.simulate.draft import Draft, Ints
from tradeglyph.simulate.market import Market
from tradeglyph.simulate.parameter import Parameter
from tradeglyph.simulate.picks import best_print, mean_height, slots_for, typical_volume, whole_lots
from tradeglyph.simulate.positions import Entries, positions
from tradeglyph.simulate.scenario import QUIET, Scenario, ScenarioInfo

TRIPS = Parameter(name="trips", low=2, high=14, unit="positions")
STOP = Parameter(name="stop", low=0.5, high=4, unit="mean heights of a candle, from the entry")
REWARD = Parameter(name="reward", low=1, high=5, unit="times the stop, where profit is taken")
HOLD_CHANCES = Parameter(name="horizon", low=4, high=72, unit="chances to print, at most")
SIZE = Parameter(name="size", low=0.001, high=0.4, unit="of a candle in the middle")
LOOK_BACK = (6, 12, 24)
"""Candles whose high or low is broken; each account has one of these."""

INFO = ScenarioInfo(
    name="momentum",
    kind="normal",
    label="normal",
    allowed_without=QUIET,
    allowed_with=QUIET,
    weight=6,
    title_en="Breakout trader",
    title_zh="追涨杀跌者",
    description_en="Two to fourteen positions, bought near the high of a candle that breaks out, "
    "stopped low or sold at a profit; and the mirror image.",
    description_zh="两到十四次追突破：在创新高的 K 线高处买进，不对就低位止损，对了就止盈；"
    "做空时反过来。",
    source="Market practice; on its fills it resembles a victim",
    parameters=(TRIPS, STOP, REWARD, HOLD_CHANCES, SIZE),
)

MEAN_INFO = ScenarioInfo(
    name="mean_reversion",
    kind="normal",
    label="normal",
    allowed_without=QUIET,
    allowed_with=QUIET,
    weight=8,
    title_en="Mean reversion with stops",
    title_zh="均值回归（带止损）",
    description_en="Two to fourteen positions, bought near the low of a candle that falls out of "
    "its range, sold at a limit above or at a stop below; and the mirror image.",
    description_zh="两到十四次抄底：在跌破区间的 K 线低处买进，反弹到限价卖出，继续跌就止损；"
    "做空时反过来。",
    source="Evaluation protocol: a lucky mean-reversion day resembles a beneficiary",
    parameters=(TRIPS, STOP, REWARD, HOLD_CHANCES, SIZE),
)


def draw_momentum(rng: Generator, market: Market, world: Ints) -> Draft:
    """Along with the move."""
    return _draw(rng, market, world, along=1)


def draw_mean_reversion(rng: Generator, market: Market, world: Ints) -> Draft:
    """Against it."""
    return _draw(rng, market, world, along=-1)


def _draw(rng: Generator, market: Market, world: Ints, *, along: int) -> Draft:
    n = len(world)
    move = _moves(rng, market, world)
    row, slot = slots_for(rng, move != 0, TRIPS.whole(rng, n))
    at, m = world[row], len(row)
    moved = move[row, slot]
    # Whoever runs after a move pays up; whoever stands in its way waits for the last of it.
    looks = rng.integers(1, 5, n)[row]
    ticks, second = best_print(rng, market, at, slot, -moved, looks)
    stop = STOP.scaled(rng, n)[row] * np.maximum(mean_height(market)[at], 1)
    reward = REWARD.scaled(rng, n)[row]
    scale = reward if along > 0 else 1 / np.sqrt(reward)
    entries = Entries(
        owner=row,
        world=at,
        slot=slot,
        second=second,
        ticks=ticks,
        direction=along * moved,
        lots=whole_lots(
            SIZE.scaled(rng, n)[row] * typical_volume(market)[at] * rng.lognormal(0, 0.2, m)
        ),
    )
    horizon = int(HOLD_CHANCES.high)
    made = np.ones(n, dtype=bool)
    trips = positions(rng, market, made, entries, stop=stop, target=stop * scale, horizon=horizon)
    return trips.with_at_least(2)


def _moves(rng: Generator, market: Market, world: Ints) -> Ints:
    """Shape (n, slots): +1 in candles that break out upwards, -1 downwards, by each account's
    look-back; 0 elsewhere."""
    which = rng.integers(len(LOOK_BACK), size=len(world))
    move = np.zeros((len(world), market.slots), dtype=np.int64)
    for number, candles in enumerate(LOOK_BACK):
        lowest, highest = extremes_before(market, candles)
        known = market.exists & (highest >= 0)
        up, down = known & (market.high > highest), known & (market.low < lowest)
        of = which == number
        move[of] = (up.astype(np.int64) - down)[world[of]]
    return move


MOMENTUM = Scenario(INFO, draw_momentum)
MEAN_REVERSION = Scenario(MEAN_INFO, draw_mean_reversion)
