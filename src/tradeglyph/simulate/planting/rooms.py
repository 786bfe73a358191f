"""Which candles a plant may use: those of its symbol and day that are tall enough."""

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from tradeglyph.domain.candles import Candles
from tradeglyph.domain.fills import MICROSECONDS
from tradeglyph.domain.windows import Windows
from tradeglyph.simulate.planting.grades import FEW_TRIPS, LEAST_TICKS
from tradeglyph.simulate.planting.sides import Sides

Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]

_SYMBOL_SHIFT = 40
"""Seconds since 1970 fit 40 bits, which leaves 23 for symbols."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rooms:
    """The candles of n windows, `first[i]` to `last[i] - 1`, and what they can take."""

    first: Ints
    last: Ints
    tall: Mask
    """Per candle: at least `LEAST_TICKS` tall."""
    sized: Mask
    """Per candle: its volume is known."""

    @property
    def open_(self) -> Mask:
        """Per window: it has room for a plant.

        One or two trips can be called large only where the volume is known; more need candles.
        """
        tall, sized = (self._count(mask) for mask in (self.tall, self.tall & self.sized))
        return (sized > 0) | (tall > FEW_TRIPS)

    def _count(self, mask: Mask) -> Ints:
        before = np.concatenate([[0], np.cumsum(mask)])
        return np.asarray(before[self.last] - before[self.first])


def rooms_of(windows: Windows, candles: Candles, ticks: Ints) -> Rooms:
    """The rooms of all windows; `ticks` is the height of each candle in ticks."""
    return Rooms(
        first=candle_at(candles, windows.symbol, windows.start),
        last=candle_at(candles, windows.symbol, windows.end),
        tall=ticks >= LEAST_TICKS,
        sized=candles.volume > 0,
    )


def candle_at(candles: Candles, symbol: NDArray[np.int32], time: NDArray[np.int64]) -> Ints:
    """The first candle of the symbol that starts at `time` or later, to the second."""

    def key(codes: NDArray[np.int32], instants: NDArray[np.int64]) -> Ints:
        return (codes.astype(np.int64) << _SYMBOL_SHIFT) + instants // MICROSECONDS

    keys = key(candles.symbol, candles.start)
    return np.asarray(np.searchsorted(keys, key(symbol, time)), dtype=np.int64)


def choose_candles(
    rng: Generator, rooms: Rooms, windows: Windows, candles: Candles, sides: Sides, trips: Ints
) -> list[Ints]:
    """Different candles for each plant, as many as `trips` asks or a few less; none for no room.

    They lie between the first and the last of the host's own fills where those leave room. Where
    there are few trips, whose share of the volume makes them fraud, no other plant gets their
    candles.
    """
    touched, kept = np.zeros(len(candles), dtype=bool), np.zeros(len(candles), dtype=bool)
    chosen: list[Ints] = [np.empty(0, dtype=np.int64)] * len(sides)
    for at in np.argsort(trips > FEW_TRIPS, kind="stable"):
        span = slice(int(rooms.first[sides.world[at]]), int(rooms.last[sides.world[at]]))
        free = rooms.tall[span] & ~kept[span]
        alone = free & rooms.sized[span] & ~touched[span]
        few = int(trips[at]) <= FEW_TRIPS and alone.any()
        pool = np.flatnonzero(alone if few else free) + span.start
        wanted = int(trips[at]) if few else max(int(trips[at]), FEW_TRIPS + 1)
        if not few and len(pool) <= FEW_TRIPS:
            continue
        away = _outside(windows, candles, _host(sides, int(at)), pool)
        chosen[at] = np.sort(pool[np.argsort(rng.random(len(pool)) + away)[:wanted]])
        touched[chosen[at]] = True
        kept[chosen[at]] |= few
    return chosen


def _host(sides: Sides, at: int) -> int:
    """The window whose own trades cover the plant; -1 for a plant between strangers."""
    beneficiary = int(sides.beneficiary[at])
    return beneficiary if beneficiary >= 0 else int(sides.victim[at])


def _outside(windows: Windows, candles: Candles, host: int, pool: Ints) -> Mask:
    """Which candles of `pool` end before the host's first fill or start after its last."""
    if host < 0:
        return np.zeros(len(pool), dtype=bool)
    own = windows.fills.time[int(windows.offset[host]) : int(windows.offset[host + 1])]
    start = candles.start[pool]
    return np.asarray((start + candles.interval <= own[0]) | (start > own[-1]))
