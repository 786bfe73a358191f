"""Ahead of a fund's order, and out against it: 老鼠仓."""

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from tradeglyph.domain.fills import BUY, SELL
from tradeglyph.simulate.draft import VICTIM, Draft, Ints, draft, join, numbered, owners
from tradeglyph.simulate.market import PRINTS, Market
from tradeglyph.simulate.parameter import Parameter
from tradeglyph.simulate.picks import days_from, print_at, slots_for, typical_volume, whole_lots
from tradeglyph.simulate.scenario import HOLD, NO_HOLD, Scenario, ScenarioInfo

DAYS = Parameter(name="days", low=1, high=5, unit="days in a row")
RUNS = Parameter(name="runs", low=1, high=5, unit="orders of the fund a day that are run ahead of")
IMPACT = Parameter(name="impact", low=0.006, high=0.06, unit="of the price, by the fund's order")
SHARE = Parameter(name="share", low=0.2, high=4, unit="of the volume of a candle in the middle")
SWEEP = Parameter(name="sweep", low=2, high=12, unit="fills of the fund with others, on the way")
OTHERS = Parameter(name="others", low=0.05, high=0.6, unit="of the insider's size, all of these")

INFO = ScenarioInfo(
    name="front_runner",
    kind="fraud",
    label="fraud",
    role="beneficiary",
    allowed_without=NO_HOLD,
    allowed_with=HOLD,
    weight=0.5,
    title_en="Front-running",
    title_zh="老鼠仓",
    description_en="The insider buys from anybody, the fund's order lifts the price by one to six "
    "per cent, and the insider sells to the fund at the top of it, or the mirror image; one to "
    "five times a day, for up to a week.",
    description_zh="内幕账户先从市场买入，基金的大单把价格推高百分之一到六，"
    "内幕账户再在高位卖给基金（或反向操作）；一天一到五次，最多持续一周。",
    source="Criminal Law of China, article 180 (trading on undisclosed information of funds)",
    parameters=(DAYS, RUNS, IMPACT, SHARE, SWEEP, OTHERS),
    against="front_run_fund",
    prints_candles=True,
)

LEAST_TICKS = 4
"""By which the price is moved at least."""


def draw(rng: Generator, market: Market, world: Ints) -> Draft:
    """A run lies inside one candle: the insider first, the fund's way up, the insider's exit."""
    n = len(world)
    owner, day = days_from(market, world, DAYS.whole(rng, n))
    row, slot = slots_for(rng, market.exists[day], RUNS.whole(rng, len(day)))
    who, at, m = owner[row], day[row], len(row)
    way = np.where(rng.random(m) < 0.6, BUY, SELL)
    before, second = print_at(market, at, slot, rng.integers(PRINTS // 2, size=m))
    second = np.minimum(second, market.seconds // 2)
    moved = np.maximum(IMPACT.scaled(rng, n)[who] * before, LEAST_TICKS)
    after = np.maximum(before + np.rint(way * moved).astype(np.int64), 1)
    lots = whole_lots(SHARE.scaled(rng, n)[who] * typical_volume(market)[at])
    made = market.traded[world]
    end = second + rng.integers(market.seconds // 3, market.seconds // 2, m)
    entry = draft(made, who, at, slot, second, way, before, lots)
    leave = draft(made, who, at, slot, end, -way, after, lots).against(VICTIM)
    return join([entry, leave, _swept(rng, entry, leave)])


def _swept(rng: Generator, entry: Draft, leave: Draft) -> Draft:
    """What the fund gets from others between the insider's entry and exit, ever dearer."""
    fills = SWEEP.whole(rng, len(entry))
    run = owners(fills)
    begin, end = entry.take(run), leave.take(run)
    share = (numbered(fills) + rng.random(len(run))) / fills[run]
    ticks = begin.ticks + np.rint(0.9 * share * (end.ticks - begin.ticks)).astype(np.int64)
    second = begin.second + np.rint(share * (end.second - begin.second)).astype(np.int64)
    size = OTHERS.even(rng, len(entry))[run] / fills[run] * begin.lots
    return draft(
        entry.made, begin.owner, begin.world, begin.slot, second, begin.side, ticks,
        whole_lots(size),
    ).by(VICTIM)  # fmt: skip


def suits(market: Market) -> NDArray[np.bool_]:
    """Somebody trades."""
    return market.traded


FRONT_RUNNER = Scenario(INFO, draw, suits)
