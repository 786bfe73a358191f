"""The same sum at the same time: dollar-cost averaging, by the day or by the hour."""

import numpy as np
from numpy.random import Generator

from tradeglyph.domain.fills import BUY, SELL
from tradeglyph.simulate.draft import Draft, Ints, draft, numbered, owners
from tradeglyph.simulate.market import PRINTS, Market
from tradeglyph.simulate.parameter import Parameter
from tradeglyph.simulate.picks import days_from, nth_candle, print_at, typical_volume, whole_lots
from tradeglyph.simulate.scenario import QUIET, Scenario, ScenarioInfo

DAYS = Parameter(name="days", low=1, high=22, unit="days in a row")
DAILY = Parameter(name="daily", low=1, high=24, unit="orders a day, one commonest")
SIZE = Parameter(name="size", low=0.0002, high=0.05, unit="of a candle in the middle, always equal")

INFO = ScenarioInfo(
    name="dca",
    kind="normal",
    label="normal",
    allowed_without=QUIET,
    allowed_with=QUIET,
    weight=4,
    title_en="Savings plan",
    title_zh="定投",
    description_en="Orders of one size at fixed times, one to twenty-four a day, nearly always "
    "bought, at whatever the price is.",
    description_zh="每天在固定时间下一到二十四笔同样大小的单，几乎都是买入，不挑价格。",
    source="Dollar-cost averaging plans of exchanges and brokers",
    parameters=(DAYS, DAILY, SIZE),
)


def draw(rng: Generator, market: Market, world: Ints) -> Draft:
    """At even distances from a time of the account's own, the same on all days."""
    n = len(world)
    owner, day = days_from(market, world, DAYS.whole_scaled(rng, n))
    traded = market.traded[day]
    owner, day = owner[traded], day[traded]
    daily = np.where(rng.random(n) < 0.5, 1, DAILY.whole_scaled(rng, n))[owner]
    row = owners(daily)
    who, at = owner[row], day[row]
    begin = rng.random(n)[who]
    share = (begin + numbered(daily) / daily[row]) % 1
    candles = market.exists.sum(axis=1)[at]
    slot = nth_candle(market, at, (share * candles).astype(np.int64))
    ticks, second = print_at(market, at, slot, rng.integers(PRINTS, size=n)[who])
    side = np.where(rng.random(n) < 0.9, BUY, SELL)[who]
    lots = whole_lots(SIZE.scaled(rng, n) * typical_volume(market)[world])[who]
    made = market.traded[world]
    seconds = np.minimum(second + rng.integers(5, size=len(who)), market.seconds - 1)
    return draft(made, who, at, slot, seconds, side, ticks, lots)


DCA = Scenario(INFO, draw)
