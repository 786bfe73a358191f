"""Positions over night: opened at the end of a day and closed at the beginning of the next."""

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from tradeglyph.simulate.draft import Draft, Ints, draft, join, owners
from tradeglyph.simulate.market import PRINTS, Market
from tradeglyph.simulate.parameter import Parameter
from tradeglyph.simulate.picks import (
    days_from,
    nth_candle,
    print_at,
    typical_volume,
    whole_lots,
    within_print,
)
from tradeglyph.simulate.scenario import QUIET, Scenario, ScenarioInfo

NIGHTS = Parameter(name="nights", low=1, high=6, unit="nights in a row")
TRIPS = Parameter(name="trips", low=1, high=6, unit="positions a night")
WITHIN = Parameter(name="within", low=1, high=18, unit="candles of the day's end and beginning")
SIZE = Parameter(name="size", low=0.001, high=0.4, unit="of a candle in the middle")

INFO = ScenarioInfo(
    name="night_trader",
    kind="normal",
    label="normal",
    allowed_without=QUIET,
    allowed_with=QUIET,
    weight=4,
    title_en="Trips across midnight",
    title_zh="跨日来回",
    description_en="One to six positions a night, opened in a day's last candles and closed in "
    "the next day's first: each day shows one half of the trips.",
    description_zh="每晚一到六笔仓位，在当天最后几根 K 线开仓、次日最初几根平仓："
    "单看哪一天都只有来回的一半。",
    source="Days that are cut at midnight cut trips of markets that do not sleep",
    parameters=(NIGHTS, TRIPS, WITHIN, SIZE),
)


def draw(rng: Generator, market: Market, world: Ints) -> Draft:
    """Where there is no day before or after, the account is not made."""
    n = len(world)
    last = market.days_left[world] - 1
    owner, evening = days_from(market, world, np.minimum(NIGHTS.whole(rng, n), last))
    traded = market.traded
    both = traded[evening] & traded[np.minimum(evening + 1, len(market) - 1)]
    owner, evening = owner[both], evening[both]
    night = owners(TRIPS.whole(rng, len(owner)))
    who, m = owner[night], len(night)
    within = WITHIN.whole(rng, n)[who]
    # The last candles of the evening, counted from its end, and the first of the morning.
    candles = market.exists.sum(axis=1)[evening[night]]
    late = candles - 1 - (rng.random(m) * within).astype(np.int64)
    early = (rng.random(m) * within).astype(np.int64)
    made = market.traded[world] & (np.bincount(who, minlength=n) > 0)
    side = np.where(rng.random(m) < rng.choice([0.0, 0.5, 1.0], n)[who], 1, -1)
    lots = whole_lots(SIZE.scaled(rng, n)[who] * typical_volume(market)[evening[night]])
    legs = []
    for at, nth, way in ((evening[night], late, side), (evening[night] + 1, early, -side)):
        slot = nth_candle(market, at, nth)
        ticks, second = print_at(market, at, slot, rng.integers(PRINTS, size=m))
        second = within_print(rng, market, second)
        legs.append(draft(made, who, at, slot, second, way, ticks, lots))
    return join(legs)


def suits(market: Market) -> NDArray[np.bool_]:
    """Another day follows."""
    return np.asarray((market.days_left > 1) & market.traded)


NIGHT_TRADER = Scenario(INFO, draw, suits)
