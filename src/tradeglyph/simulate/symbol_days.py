"""Which days of which symbols of a file of candles become worlds."""

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from tradeglyph.domain.candles import Candles
from tradeglyph.domain.fills import DAY_US
from tradeglyph.simulate.market import Floats, Ints

LONG_RUN, SHORT_RUN = 25, 5
"""Days in a row: of every fifth run, so that slow behaviours have room, and of the others."""
LEAST_WORLDS_FOR_LONG = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class SymbolDays:
    """w worlds, sorted by symbol and day."""

    head: Ints
    """Shape (w,): position of each world's first candle."""
    count: Ints
    """Shape (w,): how many candles it has, one after the other."""
    codes: Ints
    """Symbol codes that the candles have for `names`."""
    names: tuple[str, ...]
    symbol: Ints
    """Shape (w,): positions in `names`."""

    def spread(self, values: NDArray[np.generic], missing: float) -> Floats:
        """Values of candles as shape (w, slots), `missing` after a world's last candle."""
        slot = np.arange(int(self.count.max()))
        inside = slot < self.count[:, None]
        at = np.where(inside, self.head[:, None] + slot, 0)
        return np.where(inside, values[at], np.asarray(missing, dtype=values.dtype))

    def __len__(self) -> int:
        return len(self.head)


def chosen_days(rng: Generator, candles: Candles, worlds: int) -> SymbolDays:
    """`worlds` symbol-days in runs of consecutive ones, spread over the symbols; all of them where
    there are no more. `candles` must not be empty."""
    day = candles.start // DAY_US
    new = np.flatnonzero((np.diff(day) != 0) | (np.diff(candles.symbol) != 0)) + 1
    head = np.concatenate([[0], new])
    count = np.diff(np.append(head, len(day)))
    code = candles.symbol[head].astype(np.int64)
    taken = np.arange(len(head))
    if len(head) > worlds:
        taken = np.sort(_runs(rng, code, worlds))
    codes, symbol = np.unique(code[taken], return_inverse=True)
    return SymbolDays(
        head=head[taken],
        count=count[taken],
        codes=codes,
        names=tuple(candles.symbol_names[codes].tolist()),
        symbol=symbol.astype(np.int64),
    )


def _runs(rng: Generator, code: Ints, worlds: int) -> Ints:
    """Positions of `worlds` days, run by run, a random symbol after the other."""
    stretches = []
    for of in rng.permutation(np.unique(code)).tolist():
        days = np.flatnonzero(code == of)
        begin = int(rng.integers(len(days)))
        stretches.append([days[begin:], days[:begin]])
    taken: list[Ints] = []
    left, run = worlds, 0
    while left:
        of_symbol = stretches[run % len(stretches)]
        long = worlds >= LEAST_WORLDS_FOR_LONG and run % 5 == 0
        days = of_symbol[0][: min(LONG_RUN if long else SHORT_RUN, left)]
        of_symbol[0] = of_symbol[0][len(days) :]
        if not len(of_symbol[0]):
            of_symbol[:] = [*of_symbol[1:], of_symbol[0]]
        taken.append(days)
        left, run = left - len(days), run + 1
    return np.concatenate(taken)
