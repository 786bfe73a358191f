"""The evasion curve: how much money a pair can move in an hour before it is more likely caught.

A beneficiary and a victim make their trips in one hour of a simulated market: the gap they take
from each candle, the number of trips and their size are set, all else is drawn. The pair is caught
if either account's window is flagged. Money is counted against what everybody else traded in that
hour, so that one figure serves markets of any size; times the turnover of a market of yours it is
an amount.
"""

from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from tradeglyph.domain.candles import FIVE_MINUTES_US, Candles
from tradeglyph.domain.fills import BUY, MICROSECONDS, SELL, Fills
from tradeglyph.learning.intervals import exact_share
from tradeglyph.learning.probes import Ask
from tradeglyph.pipeline.cut import cut, day_edges
from tradeglyph.simulate.market import Market
from tradeglyph.simulate.random_walk import simulate_market

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Figures = dict[str, Any]

GAPS = (0.1, 0.2, 0.35, 0.5, 0.65, 0.8, 0.95)
"""Sale less purchase over the height of the candle."""
TRIPS = (1, 2, 3, 6, 12)
SIZES = (0.02, 0.1, 0.25, 0.45)
"""One side over all that its candle shows, the pair's own fills counted; under a half, because both
legs of a trip are in the same candle."""
HOUR = 12
"""Candles."""
LEAST_TICKS = 20
"""Height of the candles used, so that each gap can be hit."""
WORLDS = 150
HALF = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairs:
    """k pairs, their markets and what they moved. Pair i trades symbol i as accounts 2i, 2i + 1."""

    fills: Fills
    candles: Candles
    edges: Ints
    gap: Floats
    trips: Ints
    size: Floats
    money: Floats
    """Moved, over what everybody else traded in the hour."""

    def __len__(self) -> int:
        return len(self.gap)


def evasion(ask: Ask, *, threshold: float, pairs_each: int, seed: int) -> Figures:
    """The curve: for each gap, the most money an hour at no more than 50 % detection.

    Whoever evades chooses trips and sizes freely, so the most over all of them is taken; None where
    each choice is caught more often than not. `cells` has every choice, `detected` of it with its
    exact interval.

    Args:
        ask: gives probabilities.
        threshold: flagged above it.
        pairs_each: pairs per gap, number of trips and size.
        seed: of the markets and the pairs.
    """
    rng = np.random.default_rng(seed)
    pairs = fraud_pairs(rng, simulate_market(rng, WORLDS), pairs_each)
    windows = cut(pairs.fills, pairs.edges)
    flagged = np.nan_to_num(ask(windows, pairs.candles), nan=-1.0) > threshold
    caught = np.zeros(len(pairs), dtype=bool)
    np.logical_or.at(caught, windows.symbol, flagged)
    cells = [_cell(pairs, caught, *choice) for choice in product(GAPS, TRIPS, SIZES)]
    return {
        "pairs": len(pairs),
        "threshold": threshold,
        "detection": HALF,
        "gaps": [_most(cells, gap) for gap in GAPS],
        "by_trips": [_by_trips(pairs, caught, trips) for trips in TRIPS],
        "cells": cells,
    }


def _cell(pairs: Pairs, caught: NDArray[np.bool_], gap: float, trips: int, size: float) -> Figures:
    own = (pairs.gap == gap) & (pairs.trips == trips) & (pairs.size == size)
    return {
        "gap": gap,
        "trips": trips,
        "size": size,
        "detected": exact_share(int(caught[own].sum()), int(own.sum())).to_json(),
        "money": float(pairs.money[own].mean()) if own.any() else np.nan,
    }


def _most(cells: list[Figures], gap: float) -> Figures:
    evading = [c for c in cells if c["gap"] == gap and c["detected"]["value"] <= HALF]
    if not evading:
        return {"gap": gap, "money": None, "trips": None, "size": None, "detected": None}
    best = max(evading, key=lambda cell: cell["money"])
    return {**best, "detected": best["detected"]["value"]}


def _by_trips(pairs: Pairs, caught: NDArray[np.bool_], trips: int) -> Figures:
    """Detection by gap for one number of trips, over all sizes."""
    mine = pairs.trips == trips
    shares = [caught[mine & (pairs.gap == gap)] for gap in GAPS]
    detected = [float(share.mean()) if len(share) else np.nan for share in shares]
    return {"trips": trips, "detected": detected}


def fraud_pairs(rng: Generator, market: Market, each: int) -> Pairs:
    """`each` pairs for every gap, number of trips and size, in hours of twelve tall candles."""
    choice = np.repeat(np.array(list(product(GAPS, TRIPS, SIZES))), each, axis=0)
    gap, trips, size = choice[:, 0], choice[:, 1].astype(np.int64), choice[:, 2]
    world, first = _hours(rng, market, len(choice))
    pair = np.repeat(np.arange(len(choice)), trips)
    order = np.argsort(rng.random((len(choice), HOUR)), axis=1)
    slot = first[pair] + order[np.arange(HOUR) < trips[:, None]]
    at = world[pair]
    buy, sell = _ticks(rng, market, at, slot, gap[pair])
    volume = market.volume[at, slot]
    lots = np.maximum(np.rint(size[pair] * volume / (1 - 2 * size[pair])), 1)
    price = [market.price_of(at, ticks) for ticks in (buy, sell)]
    moved = np.bincount(pair, lots * (price[1] - price[0]), minlength=len(choice))
    turnover = _turnover(market, world, first)
    when = [
        market.start[at, slot] + rng.integers(300, size=len(at)) * MICROSECONDS for _ in range(2)
    ]
    fills = _fills(world, pair, when, price, lots * market.lot[at])
    return Pairs(
        fills=fills,
        candles=_candles(market, world, pair, slot, 2 * lots),
        edges=day_edges(int(fills.time.min()), int(fills.time.max())),
        gap=gap,
        trips=trips,
        size=size,
        money=moved / turnover,
    )


def _hours(rng: Generator, market: Market, count: int) -> tuple[Ints, Ints]:
    """World and first slot of `count` hours whose candles are all tall and have a volume."""
    tall = (market.height >= LEAST_TICKS) & market.publishes_volume[:, None]
    # An hour must not reach over a lunch break or a missing candle.
    running = np.cumsum(np.pad(tall, ((0, 0), (1, 0))), axis=1)
    span = market.start[:, HOUR - 1 :] - market.start[:, : 1 - HOUR]
    hour = (running[:, HOUR:] - running[:, :-HOUR] == HOUR) & (span == (HOUR - 1) * FIVE_MINUTES_US)
    worlds = np.flatnonzero(hour.any(axis=1))
    world = worlds[rng.integers(len(worlds), size=count)]
    keys = np.where(hour[world], rng.random((count, hour.shape[1])), -1.0)
    return world, keys.argmax(axis=1)


def _turnover(market: Market, world: Ints, first: Ints) -> Floats:
    """What everybody else traded in each hour: lots times the middle of their candle."""
    at, slot = np.broadcast_arrays(world[:, None], first[:, None] + np.arange(HOUR))
    low, high = (market.price_of(at, ticks[at, slot]) for ticks in (market.low, market.high))
    return np.asarray((market.volume[at, slot] * (low + high) / 2).sum(axis=1))


def _ticks(
    rng: Generator, market: Market, world: Ints, slot: Ints, gap: Floats
) -> tuple[Ints, Ints]:
    """A purchase and a sale `gap` of the candle apart, anywhere inside it."""
    low, height = market.low[world, slot], market.height[world, slot]
    buy = rng.uniform(0, 1 - gap) * height
    bought = low + np.rint(buy).astype(np.int64)
    sold = low + np.rint(buy + gap * height).astype(np.int64)
    return bought, np.minimum(sold, low + height)


def _fills(
    world: Ints, pair: Ints, when: list[Ints], price: list[Floats], quantity: Floats
) -> Fills:
    """Four fills a trip: the beneficiary buys and sells, the victim does the opposite."""
    pairs = len(world)
    trades = len(pair)
    return Fills(
        account=np.concatenate([2 * pair, 2 * pair, 2 * pair + 1, 2 * pair + 1]).astype(np.int32),
        symbol=np.tile(pair, 4).astype(np.int32),
        time=np.tile(np.concatenate(when), 2),
        side=np.repeat([BUY, SELL, SELL, BUY], trades).astype(np.int8),
        price=np.tile(np.concatenate(price), 2),
        quantity=np.tile(quantity, 4),
        account_names=np.array([f"E{n:07d}" for n in range(2 * pairs)], dtype=object),
        symbol_names=np.array([f"E{n:06d}" for n in range(pairs)], dtype=object),
    )


def _candles(market: Market, world: Ints, pair: Ints, slot: Ints, lots: Floats) -> Candles:
    """For each pair the day's candles of its world, their volume raised by what the pair traded."""
    of_pair, at = np.nonzero(market.exists[world])
    of_world = world[of_pair]
    more = np.zeros((len(world), market.exists.shape[1]))
    np.add.at(more, (pair, slot), lots)
    columns = {
        name: market.price_of(of_world, getattr(market, name)[of_world, at])
        for name in ("open", "high", "low", "close")
    }
    return Candles(
        symbol=of_pair.astype(np.int32),
        start=market.start[of_world, at],
        volume=(market.volume[of_world, at] + more[of_pair, at]) * market.lot[of_world],
        accounts=np.full(len(at), -1, dtype=np.int32),
        interval=FIVE_MINUTES_US,
        symbol_names=np.array([f"E{n:06d}" for n in range(len(world))], dtype=object),
        **columns,
    )
