"""Candles that a fraud prints: its own prices make their high, low, open or close."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tradeglyph.simulate.draft import Draft
from tradeglyph.simulate.market import PRINTS, Ints, Market, Quotes


def with_prints(market: Market, drafted: Draft) -> Market:
    """The market with candles that hold all fills, and are marked where one was outside.

    A candle whose own prints enclose the fills stays as it is.
    """
    cell = drafted.world * market.slots + drafted.slot
    low, high = market.low.ravel()[cell], market.high.ravel()[cell]
    outside = (high < 0) | (drafted.ticks > high) | (drafted.ticks < low)
    if not outside.any():
        return market
    printed = np.zeros(market.high.size, dtype=bool)
    printed[cell[outside]] = True
    into = printed[cell]
    edges = _edges(market, cell[into], drafted.second[into], drafted.ticks[into])
    shown = printed.reshape(market.high.shape)
    return replace(
        market,
        # Whoever comes later is not led into them by what others printed there.
        prints=np.where(shown[:, :, None], -1, market.prints),
        open=edges.open,
        high=edges.high,
        low=edges.low,
        close=edges.close,
        printed=market.printed | shown,
        quotes=_quoted(market, edges),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Edges:
    """Shape (w, slots), ticks."""

    open: Ints
    high: Ints
    low: Ints
    close: Ints


def _edges(market: Market, cell: Ints, second: Ints, ticks: Ints) -> _Edges:
    shape, none = market.high.shape, np.iinfo(np.int64).max
    high = market.high.ravel().copy()
    low = np.where(market.low.ravel() < 0, none, market.low.ravel())
    np.maximum.at(high, cell, ticks)
    np.minimum.at(low, cell, ticks)
    first, last = _printed_seconds(market)
    order = np.lexsort((second, cell))
    cell, second, ticks = cell[order], second[order], ticks[order]
    head, tail = _bounds(cell)
    opened, closed = market.open.ravel().copy(), market.close.ravel().copy()
    earlier = head[second[head] < first[cell[head]]]
    later = tail[second[tail] > last[cell[tail]]]
    opened[cell[earlier]] = ticks[earlier]
    closed[cell[later]] = ticks[later]
    return _Edges(
        open=opened.reshape(shape),
        high=high.reshape(shape),
        low=np.where(low == none, -1, low).reshape(shape),
        close=closed.reshape(shape),
    )


def _bounds(cell: Ints) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """The first and the last of each run of equal cells."""
    new = np.flatnonzero(np.diff(cell)) + 1
    return np.concatenate([[0], new]), np.concatenate([new - 1, [len(cell) - 1]])


def _printed_seconds(market: Market) -> tuple[Ints, Ints]:
    """Seconds of the first and the last print that each cell's market had by itself."""
    has = (market.prints >= 0).reshape(-1, PRINTS)
    first = np.where(has.any(axis=1), has.argmax(axis=1) * market.print_seconds, market.seconds)
    last = (PRINTS - 1 - has[:, ::-1].argmax(axis=1)) * market.print_seconds
    return first, np.where(has.any(axis=1), last, -1)


def _quoted(market: Market, edges: _Edges) -> Quotes | None:
    """What a file said, but for the prices that were printed over."""
    if market.quotes is None:
        return None
    quotes = market.quotes

    def changed(name: str) -> NDArray[np.float64]:
        ticks, before = getattr(edges, name), getattr(market, name)
        world, slot = np.nonzero(ticks != before)
        prices: NDArray[np.float64] = getattr(quotes, name).copy()
        prices[world, slot] = market.price_of(world, ticks[world, slot])
        return prices

    return replace(quotes, **{name: changed(name) for name in ("open", "high", "low", "close")})
