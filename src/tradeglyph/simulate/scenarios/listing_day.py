"""The first day of a symbol: everybody comes, and the price looks for itself."""

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from tradeglyph.simulate.draft import Draft, Ints, join
from tradeglyph.simulate.market import PRINTS, Market
from tradeglyph.simulate.orders import orders
from tradeglyph.simulate.parameter import Parameter
from tradeglyph.simulate.picks import (
    candle_rank,
    mean_height,
    print_at,
    slots_for,
    typical_volume,
    whole_lots,
)
from tradeglyph.simulate.positions import Entries, positions
from tradeglyph.simulate.scenario import QUIET, Scenario, ScenarioInfo

ORDERS = Parameter(name="orders", low=1, high=12, unit="fills of either side")
TRIPS = Parameter(name="trips", low=0, high=10, unit="quick positions")
STOP = Parameter(name="stop", low=0.3, high=3, unit="mean heights of a candle, from the entry")
PART = Parameter(name="part", low=0.05, high=1, unit="of the day, from its begin on")
SIZE = Parameter(name="size", low=0.001, high=0.3, unit="of a candle in the middle")

INFO = ScenarioInfo(
    name="listing_day",
    kind="normal",
    label="normal",
    allowed_without=QUIET,
    allowed_with=QUIET,
    weight=3,
    title_en="Trader on a listing day",
    title_zh="上市首日的交易者",
    description_en="Orders and quick positions in the wide candles of a symbol's first day, most "
    "of them early.",
    description_zh="在新标的上市第一天的大振幅 K 线里下单、快进快出，多数集中在开盘后不久。",
    source="First days of shares and of tokens: wide candles are nobody's fraud",
    parameters=(ORDERS, TRIPS, STOP, PART, SIZE),
)

HORIZON = 36


def draw(rng: Generator, market: Market, world: Ints) -> Draft:
    """In the first part of the day, its length drawn per account."""
    n = len(world)
    early = candle_rank(market, world) <= PART.scaled(rng, n)[:, None]
    made = early.any(axis=1) & market.listing[world]
    size = SIZE.scaled(rng, n)
    single = orders(
        rng, market, made, np.arange(n), world, ORDERS.whole(rng, n),
        size=size, looks=rng.integers(1, 5, n), allowed=early,
    )  # fmt: skip
    row, slot = slots_for(rng, early, TRIPS.whole(rng, n))
    at = world[row]
    ticks, second = print_at(market, at, slot, rng.integers(PRINTS, size=len(row)))
    entries = Entries(
        owner=row,
        world=at,
        slot=slot,
        second=second,
        ticks=ticks,
        direction=rng.choice([-1, 1], len(row)),
        lots=whole_lots(size[row] * typical_volume(market)[at]),
    )
    stop = STOP.scaled(rng, n)[row] * np.maximum(mean_height(market)[at], 1)
    quick = positions(
        rng, market, made, entries.keep(made[row]),
        stop=stop[made[row]], target=stop[made[row]] * 1.5, horizon=HORIZON,
    )  # fmt: skip
    return join([single, quick])


def suits(market: Market) -> NDArray[np.bool_]:
    """A listing day with a candle."""
    return np.asarray(market.listing & market.traded)


LISTING_DAY = Scenario(INFO, draw, suits)
