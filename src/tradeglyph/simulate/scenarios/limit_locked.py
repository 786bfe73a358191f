"""Candles at the daily limit: one price for all, and the queue decides who gets it."""

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from tradeglyph.domain.fills import BUY, SELL
from tradeglyph.simulate.draft import Draft, Ints, draft, join
from tradeglyph.simulate.market import Market
from tradeglyph.simulate.orders import EITHER, orders
from tradeglyph.simulate.parameter import Parameter
from tradeglyph.simulate.picks import slots_for, typical_volume, whole_lots
from tradeglyph.simulate.scenario import QUIET, Scenario, ScenarioInfo

LOCKED = Parameter(name="locked", low=2, high=20, unit="fills in locked candles")
ROUND = Parameter(name="round", low=0, high=0.5, unit="of these, on the other side")
BEFORE = Parameter(name="before", low=0, high=6, unit="fills in candles that move")
SIZE = Parameter(name="size", low=0.001, high=0.5, unit="of a candle in the middle")

INFO = ScenarioInfo(
    name="limit_locked",
    kind="normal",
    label="normal",
    allowed_without=QUIET,
    allowed_with=QUIET,
    weight=4,
    title_en="Trader at the price limit",
    title_zh="涨跌停板上的交易者",
    description_en="Two to twenty fills in candles that are locked at the day's limit and have one "
    "price, mostly on one side, and a few before.",
    description_zh="在封住涨跌停、只有一个价位的 K 线里成交两到二十笔，多为同一方向，"
    "封板前也做几笔。",
    source="Daily price limits of the Shanghai and Shenzhen exchanges",
    parameters=(LOCKED, ROUND, BEFORE, SIZE),
)

LEAST_LOCKED = 6
"""Candles of a day that count as locked and not as merely quiet."""


def draw(rng: Generator, market: Market, world: Ints) -> Draft:
    """A candle of zero height at the highest or lowest price of the day."""
    n = len(world)
    locked = _locked(market)[world]
    row, slot = slots_for(rng, locked, LOCKED.whole_scaled(rng, n))
    at = world[row]
    first = np.where(rng.random(n) < 0.6, BUY, SELL)[row]
    turned = rng.random(len(row)) < ROUND.even(rng, n)[row]
    made = locked.sum(axis=1) >= LEAST_LOCKED
    size = SIZE.scaled(rng, n)
    lots = whole_lots(size[row] * typical_volume(market)[at] * rng.lognormal(0, 0.3, len(row)))
    queue = draft(
        made, row, at, slot, rng.integers(market.seconds, size=len(row)),
        np.where(turned, -first, first), market.high[at, slot], lots,
    )  # fmt: skip
    moving = market.exists[world] & ~locked
    before = orders(
        rng, market, made, np.arange(n), world, BEFORE.whole(rng, n),
        size=size, side=EITHER, looks=2, allowed=moving,
    )  # fmt: skip
    return join([queue, before])


def suits(market: Market) -> NDArray[np.bool_]:
    """At least half an hour is locked."""
    return np.asarray(_locked(market).sum(axis=1) >= LEAST_LOCKED)


def _locked(market: Market) -> NDArray[np.bool_]:
    """Shape (w, slots)."""
    exists = market.exists
    highest = np.where(exists, market.high, -1).max(axis=1)[:, None]
    lowest = np.where(exists, market.low, np.iinfo(np.int64).max).min(axis=1)[:, None]
    at_limit = (market.high == highest) | (market.low == lowest)
    return np.asarray(exists & (market.height == 0) & at_limit)


LIMIT_LOCKED = Scenario(INFO, draw, suits)
