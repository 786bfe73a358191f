"""One leg at a price of their own, the other honest and on other days, as T+1 markets ask."""

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from tradeglyph.domain.fills import BUY, SELL
from tradeglyph.simulate.draft import VICTIM, Draft, Ints, draft, join, numbered, owners
from tradeglyph.simulate.market import Floats, Market
from tradeglyph.simulate.orders import orders
from tradeglyph.simulate.parameter import Parameter
from tradeglyph.simulate.picks import (
    days_before,
    days_from,
    slots_for,
    standing,
    typical_volume,
    whole_lots,
)
from tradeglyph.simulate.scenario import HOLD, NO_HOLD, Scenario, ScenarioInfo

DAYS = Parameter(name="days", low=1, high=8, unit="days of honest trading before or after")
DAILY = Parameter(name="daily", low=2, high=10, unit="honest fills a day")
RISE = Parameter(name="rise", low=0.1, high=0.18, unit="of the last independent print")
FILLS = Parameter(name="fills", low=2, high=6, unit="fills of the transfer")
SHARE = Parameter(name="share", low=1.2, high=8, unit="of the bar's other volume")
MINUTES = Parameter(name="minutes", low=1, high=10, unit="minutes of the transfer")
MIRRORED = 0.25
"""Share of the accounts that do it the other way round: bought from the victim far below the last
print, sold honestly on the days after."""

INFO = ScenarioInfo(
    name="one_leg",
    kind="fraud",
    label="fraud",
    role="beneficiary",
    allowed_without=NO_HOLD,
    allowed_with=HOLD,
    weight=0.8,
    title_en="One leg",
    title_zh="单腿转移",
    description_en="Bought honestly over days, then sold to the victim within ten minutes ten to "
    "eighteen per cent above the last independent print: most of the bar's volume, and its high. "
    "Some do it the other way round, bought cheaply first.",
    description_zh="先用几天正常买入，再在十分钟内以高出最近一笔独立成交百分之十到十八的价格"
    "全部卖给被盗账户：占那根 K 线成交量的大半，最高价也是它打出来的；"
    "也有反过来先低价接货、之后几天再卖出的。",
    source="Hijacked brokerage accounts under T+1: shares bought beforehand are sold to them",
    parameters=(DAYS, DAILY, RISE, FILLS, SHARE, MINUTES),
    against="one_leg_victim",
    prints_candles=True,
)


def draw(rng: Generator, market: Market, world: Ints) -> Draft:
    """At home on the day of the transfer."""
    n = len(world)
    made, bar = np.zeros(n, dtype=bool), np.zeros(n, dtype=np.int64)
    row, slot = slots_for(rng, market.exists[world], np.ones(n, dtype=np.int64))
    made[row], bar[row] = True, slot
    mirrored = (rng.random(n) < MIRRORED) & (market.days_left[world] > 1)
    made &= mirrored | (market.day[world] > 0)
    # No bar is so quiet that the position would be nothing.
    other = np.maximum(market.volume[world, bar], 0.2 * typical_volume(market)[world])
    lots = SHARE.scaled(rng, n) * other
    side = np.where(mirrored, BUY, SELL)
    transfer = _transfer(rng, market, made, world, bar, side, lots)
    return join([transfer, _honest_leg(rng, market, made, world, -side, lots)])


def _transfer(
    rng: Generator,
    market: Market,
    made: NDArray[np.bool_],
    world: Ints,
    bar: Ints,
    side: Ints,
    lots: Floats,
) -> Draft:
    n = len(world)
    fills = FILLS.whole(rng, n)
    owner = owners(fills)
    span = MINUTES.even(rng, n) * 60
    later = rng.integers(market.seconds, size=n)[owner] + (rng.random(len(owner)) * span[owner])
    wanted = np.minimum(bar[owner] + later.astype(np.int64) // market.seconds, market.slots - 1)
    at = world[owner]
    free = (market.start[at, wanted] >= 0) & ~market.printed[at, wanted]
    # The first fill stands in the bar, so that there is most of its volume in it.
    free &= (numbered(fills) > 0) & (rng.random(len(owner)) < 0.5)
    slot = np.where(free, wanted, bar[owner])
    rise = RISE.even(rng, n)[owner] + rng.beta(1, 4, len(owner)) * 0.01
    last = standing(market)[world, bar][owner]
    ticks = np.maximum(np.rint(last * (1 - side[owner] * rise)), 1).astype(np.int64)
    second = later.astype(np.int64) % market.seconds
    size = whole_lots(lots[owner] / fills[owner])
    return draft(made, owner, at, slot, second, side[owner], ticks, size).against(VICTIM)


def _honest_leg(
    rng: Generator,
    market: Market,
    made: NDArray[np.bool_],
    world: Ints,
    side: Ints,
    lots: Floats,
) -> Draft:
    """Bought on the days before, or sold on the days after."""
    days = DAYS.whole(rng, len(world))
    before = days_before(market, world, np.where(side == BUY, days, 0))
    after = days_from(market, world, np.where(side == SELL, days + 1, 0))
    later = after[1] > world[after[0]]
    owner = np.concatenate([before[0], after[0][later]])
    at = np.concatenate([before[1], after[1][later]])
    daily = DAILY.whole(rng, len(at))
    total = np.maximum(np.bincount(owner, daily, len(world)), 1)
    size = (lots / total)[owner] / typical_volume(market)[at]
    looks = rng.integers(1, 5, len(world))[owner]
    return orders(rng, market, made, owner, at, daily, size=size, side=side[owner], looks=looks)


def suits(market: Market) -> NDArray[np.bool_]:
    """There is a day before, and a candle to begin with."""
    return np.asarray((market.day > 0) & market.traded)


ONE_LEG = Scenario(INFO, draw, suits)
