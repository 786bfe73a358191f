"""Markets whose candles are real: what a file says, and prints invented inside of it."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from tradeglyph.domain.candles import Candles
from tradeglyph.domain.errors import InputError
from tradeglyph.domain.fills import MICROSECONDS
from tradeglyph.simulate.market import PRINTS, Floats, Ints, Market, Quotes
from tradeglyph.simulate.symbol_days import SymbolDays, chosen_days
from tradeglyph.simulate.ticks import tick_of

LOTS_PER_CANDLE = 4
"""A symbol's median candle has 10 ** 4 lots, near enough."""
SHORTEST = PRINTS * MICROSECONDS
"""A shorter candle has no room for its prints, which lie at whole seconds."""


def market_of(rng: Generator, candles: Candles, worlds: int) -> Market:
    """`worlds` of the symbol-days of `candles`, or all where these are fewer.

    Days are those of UTC. A candle whose low and high have no tick between them, or in which by
    the file nothing was traded, is kept and nobody is drawn into it.

    Raises:
        InputError: no candles, or candles shorter than twelve seconds or not of whole seconds.
    """
    _check(candles)
    days = chosen_days(rng, candles, worlds)
    quotes = _quotes(candles, days)
    grid = _grid(candles, days)
    tradable, low, high = _bounds(quotes, grid)
    opened, closed = _edges(quotes, grid, low, high)
    volume, lot = _volume(rng, days, quotes)
    shown = ~np.isnan(quotes.high)

    def kept(ticks: Ints) -> Ints:
        return np.where(tradable, ticks, np.where(shown, 0, -1))

    return Market(
        symbol=days.symbol,
        symbol_names=days.names,
        start=days.spread(candles.start, -1).astype(np.int64),
        interval=candles.interval,
        prints=_prints(rng, tradable, (opened, low, high, closed), volume),
        open=kept(opened),
        high=kept(high),
        low=kept(low),
        close=kept(closed),
        # As if a fraud had printed it: a candle that can't be traded in is shown all the same.
        printed=shown & ~tradable,
        volume=np.where(tradable, volume, 0.0),
        publishes_volume=np.asarray((~np.isnan(quotes.volume) | ~shown).all(axis=1)),
        tick_step=grid.step,
        decimals=grid.decimals,
        lot=lot,
        listing=np.zeros(len(days), dtype=bool),
        quotes=quotes,
    )


def _check(candles: Candles) -> None:
    if not len(candles):
        raise InputError("--candles: there are no candles in it; give a file that has some")
    if candles.interval < SHORTEST or candles.interval % MICROSECONDS:
        raise InputError(
            f"--candles: its candles are {candles.interval / MICROSECONDS:g} s long, too short; "
            "build longer ones: tradeglyph candles build FILE --from candles --interval 5m"
        )


def _quotes(candles: Candles, days: SymbolDays) -> Quotes:
    """Without the volume of symbols that have none in any candle, as indices do."""
    names = ("open", "high", "low", "close", "volume")
    quotes = Quotes(**{name: days.spread(getattr(candles, name), np.nan) for name in names})
    traded = np.zeros(len(candles.symbol_names), dtype=bool)
    traded[candles.symbol[candles.volume > 0]] = True
    said = traded[days.codes][days.symbol]
    return replace(quotes, volume=np.where(said[:, None], quotes.volume, np.nan))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Grid:
    """The ticks of w worlds, shape (w,) each."""

    decimals: Ints
    step: Ints

    def units(self, prices: Floats) -> Floats:
        """Prices of shape (w, slots) in ticks, not yet whole; 0 where there is none."""
        known = np.where(np.isnan(prices), 0.0, prices)
        return np.asarray(known * (10.0**self.decimals / self.step)[:, None])

    def price(self, ticks: Ints) -> Floats:
        return np.asarray(ticks * self.step[:, None] / 10.0 ** self.decimals[:, None])


def _grid(candles: Candles, days: SymbolDays) -> _Grid:
    """Guessed from the highs and lows of all days that the file has of a symbol."""
    ticks = []
    for code in days.codes.tolist():
        of = candles.symbol == code
        ticks.append(tick_of(np.concatenate([candles.high[of], candles.low[of]])))
    decimals, step = (np.array([getattr(t, name) for t in ticks]) for name in ("decimals", "step"))
    return _Grid(decimals=decimals[days.symbol], step=step[days.symbol])


def _bounds(quotes: Quotes, grid: _Grid) -> tuple[NDArray[np.bool_], Ints, Ints]:
    """Which candles can be traded in, and their lowest and highest ticks."""
    low = np.rint(grid.units(quotes.low)).astype(np.int64)
    high = np.rint(grid.units(quotes.high)).astype(np.int64)
    # To the last bit inside of what the file says.
    low += grid.price(low) < quotes.low
    high -= grid.price(high) > quotes.high
    inside = ~np.isnan(quotes.high) & (low <= high) & (low >= 1)
    return inside & ~(quotes.volume == 0), low, high


def _edges(quotes: Quotes, grid: _Grid, low: Ints, high: Ints) -> tuple[Ints, Ints]:
    """Open and close in ticks; the low and the high where the file does not say."""
    sides = ((quotes.open, quotes.low), (quotes.close, quotes.high))
    found = [np.where(np.isnan(price), other, price) for price, other in sides]
    first, last = (np.rint(grid.units(price)).astype(np.int64) for price in found)
    return np.clip(first, low, np.maximum(low, high)), np.clip(last, low, np.maximum(low, high))


def _volume(rng: Generator, days: SymbolDays, quotes: Quotes) -> tuple[Floats, Floats]:
    """Volume in lots, shape (w, slots), and the lot of each world. Where the file does not say,
    a volume is made up for sizes to be drawn from; it is not written."""
    said = quotes.volume
    made_up = 10.0**LOTS_PER_CANDLE * rng.lognormal(0, 0.8, said.shape)
    exponent = np.zeros(len(days.names))
    for code in range(len(days.names)):
        some = said[days.symbol == code]
        some = some[some > 0]
        exponent[code] = np.rint(np.log10(np.median(some))) if len(some) else LOTS_PER_CANDLE
    lot = (10.0 ** (exponent - LOTS_PER_CANDLE))[days.symbol]
    lots = np.where(np.isnan(said), made_up, said / lot[:, None])
    return np.where(np.isnan(quotes.high), 0.0, lots), lot


def _prints(
    rng: Generator,
    tradable: NDArray[np.bool_],
    edges: tuple[Ints, Ints, Ints, Ints],
    volume: Floats,
) -> Ints:
    """Open first, close last, low and high in between, and between these a noisy way.

    Candles of much volume print at every chance, those of little at some of them.
    """
    world, slot = np.nonzero(tradable)
    opened, low, high, closed = (ticks[world, slot] for ticks in edges)
    n = len(world)
    turns = np.sort(rng.permuted(np.tile(np.arange(1, PRINTS - 1), (n, 1)), axis=1)[:, :2], axis=1)
    falls = rng.random(n) < np.where(closed >= opened, 0.7, 0.3)
    knots = np.stack(
        [opened, np.where(falls, low, high), np.where(falls, high, low), closed], axis=1
    )
    at = np.concatenate([np.zeros((n, 1)), turns, np.full((n, 1), PRINTS - 1)], axis=1)
    way = _between(at, knots) + rng.uniform(-0.2, 0.2, (n, PRINTS)) * (high - low)[:, None]
    ticks = np.clip(np.rint(way).astype(np.int64), low[:, None], high[:, None])
    np.put_along_axis(ticks, at.astype(np.int64), knots, axis=1)
    busy = rng.random((n, PRINTS)) < _rank(volume[world, slot])[:, None]
    kept = busy.copy()
    np.put_along_axis(kept, at.astype(np.int64), True, axis=1)
    # Where hardly anything was traded, the low may have been the open, and printed once.
    for knot in range(1, 4):
        row, index = np.arange(n), at[:, knot].astype(np.int64)
        again = (knots[:, :knot] == knots[:, knot : knot + 1]).any(axis=1)
        kept[row, index] = np.where(again, busy[row, index], True)
    prints = np.full((*tradable.shape, PRINTS), -1, dtype=np.int64)
    prints[world, slot] = np.where(kept, ticks, -1)
    return prints


def _between(at: Floats, knots: Ints) -> Floats:
    """Straight lines through four knots, shape (n, 4), at every index; shape (n, PRINTS)."""
    index = np.arange(PRINTS)
    way = np.zeros((len(at), PRINTS))
    for leg in range(3):
        begin, end = at[:, leg : leg + 1], at[:, leg + 1 : leg + 2]
        share = np.clip((index - begin) / (end - begin), 0, 1)
        step = knots[:, leg : leg + 1] + share * (knots[:, leg + 1] - knots[:, leg])[:, None]
        way = np.where((index >= begin) & (index <= end), step, way)
    return way


def _rank(values: Floats) -> Floats:
    """0 for the smallest, towards 1 for the largest."""
    rank = np.empty(len(values))
    rank[np.argsort(values, kind="stable")] = np.arange(len(values)) / max(len(values), 1)
    return rank
