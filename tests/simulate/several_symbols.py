"""A simulated population as one day of accounts in several symbols.

A simulated account trades in one symbol. A place inside a candle has neither price nor date, so
every symbol's day can stand for a symbol of its own, all of them on one day, and the accounts of
some of them for one account; and an account's candles can be dealt out over copies of the symbol.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tradeglyph.domain.candles import Candles
from tradeglyph.domain.fills import BUY, DAY_US, Fills
from tradeglyph.domain.windows import Windows
from tradeglyph.pipeline.cut import cut, day_edges
from tradeglyph.pipeline.place import place
from tradeglyph.simulate.population import Population

Ints = NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class OneDay:
    """Worlds side by side: symbol codes are those of the worlds, all times on one day."""

    fills: Fills
    candles: Candles
    scenario: NDArray[np.object_]
    """Of each account and world, by `account * worlds + world`; empty where it did not trade."""

    def windows(self) -> Windows:
        return _windows(self.fills)

    def of(self, scenario: str) -> Ints:
        """Keys of the accounts' days of a scenario."""
        return np.flatnonzero(self.scenario == scenario)


def one_day(population: Population) -> OneDay:
    """Every symbol's day of a population as a symbol of its own."""
    candles, fills, labels = population.candles, population.fills, population.labels
    days = int(candles.start.max() // DAY_US) + 1
    worlds, of_candle = np.unique(
        candles.symbol.astype(np.int64) * days + candles.start // DAY_US, return_inverse=True
    )
    of_fill = np.searchsorted(worlds, fills.symbol.astype(np.int64) * days + fills.time // DAY_US)
    of_label = np.searchsorted(
        worlds, labels.symbol.astype(np.int64) * days + labels.window_start // DAY_US
    )
    names = np.array([f"W{world:05}" for world in range(len(worlds))], dtype=object)
    scenario = np.full(len(fills.account_names) * len(worlds), "", dtype=object)
    scenario[labels.account * len(worlds) + of_label] = labels.scenario
    key = fills.account.astype(np.int64) * len(worlds) + of_fill
    return OneDay(
        fills=replace(
            fills,
            account=key.astype(np.int32),
            symbol=of_fill.astype(np.int32),
            time=fills.time % DAY_US,
            account_names=np.array([f"K{key}" for key in range(len(scenario))], dtype=object),
            symbol_names=names,
        ),
        candles=replace(
            candles,
            symbol=of_candle.astype(np.int32),
            start=candles.start % DAY_US,
            symbol_names=names,
        ),
        scenario=scenario,
    )


def together(day: OneDay, keys: Ints, symbols: int) -> Windows:
    """The accounts' days `keys` as accounts in so many symbols each; the rest are left out."""
    count = len(keys) // symbols
    owner = np.full(len(day.scenario), -1, dtype=np.int32)
    owner[keys[: count * symbols]] = np.repeat(np.arange(count), symbols)
    fills = day.fills.take(owner[day.fills.account] >= 0)
    names = np.array([f"M{number}" for number in range(count)], dtype=object)
    return _windows(replace(fills, account=owner[fills.account], account_names=names))


def dealt(day: OneDay, keys: Ints, symbols: int) -> tuple[Windows, Candles]:
    """The candles of each account's day `keys` dealt out over so many copies of its symbol, those
    with a trip first in turn; the copies cost twice as much each as the one before."""
    fills = day.fills.take(np.isin(day.fills.account, keys))
    placed = place(_windows(fills), day.candles)
    fills, candle = placed.windows.fills, placed.candle
    owner = placed.windows.owner * (len(day.candles) + 1) + candle + 1
    column, of_fill = np.unique(owner, return_inverse=True)
    buys, sells = (
        np.bincount(of_fill, (fills.side == BUY) == bought, minlength=len(column)) > 0
        for bought in (True, False)
    )
    lane = np.zeros(len(column), dtype=np.int64)
    account = column // (len(day.candles) + 1)
    for trips in (True, False):
        at = np.flatnonzero((buys & sells) == trips)
        lane[at] = (np.arange(len(at)) - np.searchsorted(account[at], account[at])) % symbols
    own = lane[of_fill]
    worlds = len(day.candles.symbol_names)
    names = np.array([f"{w}x{c}" for c in range(symbols) for w in day.candles.symbol_names], object)
    fills = replace(
        fills,
        symbol=(fills.symbol + own * worlds).astype(np.int32),
        price=fills.price * 2.0**own,
        symbol_names=names,
    )
    return _windows(fills), _copies(day.candles, symbols, names)


def _copies(candles: Candles, count: int, names: NDArray[np.object_]) -> Candles:
    worlds = len(candles.symbol_names)
    lane = np.repeat(np.arange(count), len(candles))
    columns = {
        name: np.tile(getattr(candles, name), count) * 2.0**lane
        for name in ("high", "low", "open", "close")
    }
    return replace(
        candles,
        symbol=(np.tile(candles.symbol, count) + lane * worlds).astype(np.int32),
        symbol_names=names,
        **columns,
        **{
            name: np.tile(getattr(candles, name), count) for name in ("start", "volume", "accounts")
        },
    )


def _windows(fills: Fills) -> Windows:
    return cut(fills, day_edges(0, 0))
