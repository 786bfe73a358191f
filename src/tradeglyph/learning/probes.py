"""Windows set apart to be asked about again after something was changed."""

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tradeglyph.domain.candles import Candles
from tradeglyph.domain.fills import Fills
from tradeglyph.domain.windows import Windows
from tradeglyph.learning.gather import beginnings
from tradeglyph.pipeline.cut import cut

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

Ask = Callable[[Windows, Candles], Floats]
"""Probabilities of windows, shape (n,); NaN where there is no answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """k windows, each with a symbol of its own and a private copy of that symbol's candles.

    So the market of one window can be changed without touching another's. Account codes and times
    stay, so that what is known of an account from earlier days stays too.
    """

    fills: Fills
    """Merged fills; the symbol's code is the number of the window."""
    edges: Ints
    """Ascending instants between which windows lie, microseconds UTC."""
    candles: Candles
    windows: int

    def asked(self, ask: Ask) -> Floats:
        """The answers, shape (k,), in the order of the windows."""
        return answers(ask, self.fills, self.edges, self.candles, self.windows)


def answers(ask: Ask, fills: Fills, edges: Ints, candles: Candles, count: int) -> Floats:
    """What is answered of `fills` cut at `edges`, by symbol code, shape (count,)."""
    windows = cut(fills, edges)
    said = np.full(count, np.nan)
    said[windows.symbol] = ask(windows, candles)
    return said


def probe_of(windows: Windows, candles: Candles, rows: NDArray[np.intp]) -> Probe:
    """The windows `rows` (each at most once) as a probe; windows must not overlap in time."""
    taken = beginnings(windows, rows, windows.sizes[rows])
    number = np.repeat(np.arange(len(rows)), taken.sizes).astype(np.int32)
    names = np.array([f"P{n:06d}" for n in range(len(rows))], dtype=object)
    at, own = _candles_of(taken, candles)
    private = columns_at(candles, at)
    return Probe(
        fills=replace(taken.fills, symbol=number, symbol_names=names),
        edges=np.unique(np.concatenate([taken.start, taken.end])),
        candles=replace(candles, **{**private, "symbol": own, "symbol_names": names}),
        windows=len(rows),
    )


def columns_at(candles: Candles, at: NDArray[Any]) -> dict[str, Any]:
    """The columns of the candles at positions or a mask, by name."""
    columns = {f.name: getattr(candles, f.name) for f in fields(candles)}
    return {
        name: column[at]
        for name, column in columns.items()
        if name not in ("interval", "symbol_names")
    }


def _candles_of(windows: Windows, candles: Candles) -> tuple[Ints, NDArray[np.int32]]:
    """Positions of the candles of each window's symbol and span, and the window of each."""
    low = _first_at(candles, windows.symbol, windows.start - candles.interval + 1)
    high = _first_at(candles, windows.symbol, windows.end)
    count = high - low
    own = np.repeat(np.arange(len(windows)), count)
    nth = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
    return np.repeat(low, count) + nth, own.astype(np.int32)


def _first_at(candles: Candles, symbol: NDArray[np.int32], time: Ints) -> Ints:
    """Position of the first candle of each symbol that starts at `time` or later."""
    seconds = candles.start // 1_000_000
    keys = (candles.symbol.astype(np.int64) << 40) + seconds
    wanted = (symbol.astype(np.int64) << 40) + -(-time // 1_000_000)
    return np.searchsorted(keys, wanted).astype(np.int64)


def sensitive(
    probability: Floats, fraud: NDArray[np.bool_], count: int, seed: int
) -> NDArray[np.intp]:
    """About `count` windows with an answer: a third fraud, a third honest, a third undecided.

    The undecided ones have the probabilities nearest one half: there a logit moves a probability
    most. In rising order.
    """
    known = np.flatnonzero(~np.isnan(probability))
    rng = np.random.default_rng(seed)
    each = max(count // 3, 1)
    undecided = known[np.argsort(np.abs(probability[known] - 0.5), kind="stable")[:each]]
    parts = [undecided]
    for mask in (fraud[known], ~fraud[known]):
        pool = known[mask]
        parts.append(rng.permutation(pool)[:each])
    return np.unique(np.concatenate(parts))


def whole_accounts(windows: Windows, rows: NDArray[np.intp], most: int) -> NDArray[np.intp]:
    """`rows` with all other windows of their accounts, so that habits are known; in rising order.

    `rows` as they are where that comes to more than `most`.
    """
    every = np.flatnonzero(np.isin(windows.account, windows.account[rows]))
    return every if len(every) <= most else rows
