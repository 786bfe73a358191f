"""Somebody who holds: few orders, on some of the days."""

import numpy as np
from numpy.random import Generator

from tradeglyph.domain.fills import BUY, SELL
from tradeglyph.simulate.draft import Draft, Ints, numbered
from tradeglyph.simulate.market import Market
from tradeglyph.simulate.orders import EITHER, orders
from tradeglyph.simulate.parameter import Parameter
from tradeglyph.simulate.picks import days_from
from tradeglyph.simulate.scenario import QUIET, Scenario, ScenarioInfo

DAYS = Parameter(name="days", low=1, high=20, unit="days in a row")
ACTIVE = Parameter(name="active", low=0.2, high=1, unit="of the days, with an order")
FILLS = Parameter(name="fills", low=1, high=4, unit="fills on such a day")
SIZE = Parameter(name="size", low=0.0005, high=0.2, unit="of a candle in the middle")
TURN = Parameter(name="turn", low=0, high=1.5, unit="of its days, from when on it sells")

INFO = ScenarioInfo(
    name="investor",
    kind="normal",
    label="normal",
    allowed_without=QUIET,
    allowed_with=QUIET,
    weight=8,
    title_en="Investor",
    title_zh="投资者",
    description_en="One to four orders on some days of up to twenty: bought first and sold later, "
    "if at all.",
    description_zh="最多二十天里隔三岔五下一到四笔单：先买，过些日子再卖，也可能一直不卖。",
    source="Most accounts of any broker",
    parameters=(DAYS, ACTIVE, FILLS, SIZE, TURN),
)


def draw(rng: Generator, market: Market, world: Ints) -> Draft:
    """One in six trades both ways on every day."""
    n = len(world)
    days = np.minimum(DAYS.whole_scaled(rng, n), market.days_left[world])
    owner, at = days_from(market, world, days)
    nth = numbered(days)
    # The first day always counts, so that the account exists where its home has a candle.
    active = (rng.random(len(at)) < ACTIVE.even(rng, n)[owner]) | (nth == 0)
    fills = np.where(active, FILLS.whole(rng, len(at)), 0)
    late = nth >= (TURN.even(rng, n) * days)[owner]
    side = np.where(late, SELL, BUY)
    side = np.where((rng.random(n) < 1 / 6)[owner], EITHER, side)
    size = SIZE.scaled(rng, n)
    # Some are most of a thin market.
    size = np.where(rng.random(n) < 0.1, np.exp(rng.uniform(-1, 2, n)), size)
    made = market.traded[world]
    looks = rng.integers(1, 5, n)[owner]
    return orders(rng, market, made, owner, at, fills, size=size[owner], side=side, looks=looks)


INVESTOR = Scenario(INFO, draw)
