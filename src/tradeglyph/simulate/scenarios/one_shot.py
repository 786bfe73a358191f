"""One or two trips so large that they are the candle: fraud by the contract's definition."""

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from tradeglyph.simulate.draft import LEAD, VICTIM, Draft, Ints, join, owners, round_trips
from tradeglyph.simulate.market import Floats, Market
from tradeglyph.simulate.orders import orders
from tradeglyph.simulate.parameter import Parameter
from tradeglyph.simulate.picks import days_before, pick_slots, sized, standing, typical_volume
from tradeglyph.simulate.scenario import HOLD, NO_HOLD, Scenario, ScenarioInfo
from tradeglyph.simulate.transfers import apart

LARGE = 0.2
"""Of their candle's volume, from which on one or two trips are no longer normal."""

TRIPS = Parameter(name="trips", low=1, high=2, unit="round trips")
SHARE = Parameter(name="share", low=0.35, high=6, unit="of the candle's other volume")
GAP = Parameter(name="gap", low=0.03, high=0.3, unit="of the price, where it prints the candle")
HABIT = Parameter(name="habit", low=20, high=200, unit="times the size of its usual fill")
HABIT_DAYS = Parameter(name="habit_days", low=0, high=5, unit="days before with usual fills")
HABIT_FILLS = Parameter(name="habit_fills", low=1, high=6, unit="usual fills a day")

INFO = ScenarioInfo(
    name="one_shot",
    kind="fraud",
    label="fraud",
    role="beneficiary",
    allowed_without=NO_HOLD,
    allowed_with=HOLD,
    weight=1.4,
    title_en="One shot",
    title_zh="一次性转移",
    description_en="One or two round trips, low to high, whose size is most of the candle's "
    "volume and twenty to two hundred times what the account is used to, against one victim; "
    "half of them print the candle's low and high themselves.",
    description_zh="只做一两个来回，但成交量占了那根 K 线的大半，是平时的二十到两百倍，"
    "低买高卖，对手是同一个被盗账户；一半账户连最低价、最高价都是自己打出来的。",
    source="Contract: one or two trips are normal unless they are 20 % of their candles' volume",
    parameters=(TRIPS, SHARE, GAP, HABIT, HABIT_DAYS, HABIT_FILLS),
    least_share=LARGE,
    against="one_shot_victim",
    prints_candles=True,
)

LEAST_HEIGHT = 6


def draw(rng: Generator, market: Market, world: Ints) -> Draft:
    """Sizes of 0.35 to 6 times the other volume: 26 to 86 % of what the candle then shows."""
    n = len(world)
    prints = rng.random(n) < 0.5
    trips = TRIPS.whole(rng, n)
    # Without a volume nobody can know that the trips are large, and small ones are normal.
    known = market.exists[world] & market.publishes_volume[world][:, None]
    allowed = known & ((market.height[world] >= LEAST_HEIGHT) | prints[:, None])
    made = allowed.sum(axis=1) >= trips
    owner, slot = owners(trips), pick_slots(rng, allowed, trips)
    at = world[owner]
    buy, sell = _prices(rng, market, at, slot, prints[owner])
    lots = sized(rng, market.volume[at, slot], SHARE)
    shot = round_trips(rng, market, made, owner, at, slot, buy, sell, lots).against(VICTIM)
    usual = np.bincount(owner, lots, n) / trips / HABIT.scaled(rng, n)
    habits = [_habit(rng, market, made, world, usual).by(actor) for actor in (LEAD, VICTIM)]
    return join([shot, *habits])


def _prices(
    rng: Generator, market: Market, world: Ints, slot: Ints, prints: NDArray[np.bool_]
) -> tuple[Ints, Ints]:
    """Near the candle's edges, or a gap of the price apart around what it last was."""
    low, height = market.low[world, slot], market.height[world, slot]
    inward = np.rint(rng.beta(1, 9, (2, len(world))) * height).astype(np.int64)
    wide = apart(rng, standing(market)[world, slot], GAP.scaled(rng, len(world)))
    buy = np.where(prints, wide[0], low + inward[0])
    return buy, np.where(prints, wide[1], low + height - inward[1])


def _habit(
    rng: Generator, market: Market, made: NDArray[np.bool_], world: Ints, usual: Floats
) -> Draft:
    """Small fills on days before; `usual` is their size in lots, shape (n,)."""
    owner, at = days_before(market, world, HABIT_DAYS.whole(rng, len(world)))
    fills = HABIT_FILLS.whole(rng, len(at))
    size = usual[owner] / typical_volume(market)[at]
    return orders(rng, market, made, owner, at, fills, size=size)


def suits(market: Market) -> NDArray[np.bool_]:
    """The feed says a volume, and some candles are there to be most of."""
    return np.asarray(market.publishes_volume & (market.exists.sum(axis=1) >= TRIPS.high))


ONE_SHOT = Scenario(INFO, draw, suits)
