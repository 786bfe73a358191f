"""Candles on their way from a source: any order, bad ones and repeats among them."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from tradeglyph.domain.candles import Candles
from tradeglyph.sources.live.left_out import LeftOut
from tradeglyph.sources.live.rows import positive

# Feeds round the four prices one by one; a billionth of the price is no contradiction.
_TOLERANCE = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class CandleColumns:
    """Columns of one length; NaN where not known."""

    MEASURES: ClassVar = ("high", "low", "open", "close", "volume", "accounts")

    symbol: NDArray[np.int32]
    start: NDArray[np.int64]
    """Microseconds UTC."""
    high: NDArray[np.float64]
    low: NDArray[np.float64]
    open: NDArray[np.float64]
    close: NDArray[np.float64]
    volume: NDArray[np.float64]
    accounts: NDArray[np.float64]

    @classmethod
    def concat(cls, parts: Sequence["CandleColumns"]) -> "CandleColumns":
        """All of them, in order; no parts are no candles."""
        dtypes = {"symbol": np.int32, "start": np.int64}
        return cls(
            **{
                f.name: np.concatenate(
                    [
                        np.zeros(0, dtypes.get(f.name, np.float64)),
                        *(getattr(p, f.name) for p in parts),
                    ]
                )
                for f in fields(cls)
            }
        )

    def take(self, index: NDArray[np.intp] | NDArray[np.bool_]) -> "CandleColumns":
        """Those at `index` (positions or a mask), in that order."""
        return CandleColumns(**{f.name: getattr(self, f.name)[index] for f in fields(self)})

    def checked(self, timed: NDArray[np.bool_], left_out: LeftOut) -> "CandleColumns":
        """The good ones; the others are counted."""
        low, high = self.low, self.high
        slack = high * _TOLERANCE

        def inside(price: NDArray[np.float64]) -> NDArray[np.bool_]:
            return np.isnan(price) | ((price >= low - slack) & (price <= high + slack))

        good = left_out.good(
            len(timed),
            time=timed,
            high=positive(high),
            low=positive(low) & (low <= high),
            open=inside(self.open),
            close=inside(self.close),
            volume=np.isnan(self.volume) | ((self.volume >= 0) & np.isfinite(self.volume)),
        )
        return self.take(good)

    def clash(self) -> int | None:
        """The first start of two candles of one symbol whose high or low differ."""
        ordered = self.take(np.lexsort((self.start, self.symbol)))
        same = (np.diff(ordered.symbol) == 0) & (np.diff(ordered.start) == 0)
        clash = same & ((np.diff(ordered.high) != 0) | (np.diff(ordered.low) != 0))
        return int(ordered.start[1:][clash][0]) if clash.any() else None

    def candles(self, interval: int, symbols: Sequence[str], left_out: LeftOut) -> Candles:
        """Sorted, the first of each symbol and start; the other ones are counted."""
        order = np.lexsort((self.start, self.symbol))
        ordered = self.take(order)
        repeat = np.zeros(len(order), dtype=np.bool_)
        repeat[1:] = (np.diff(ordered.symbol) == 0) & (np.diff(ordered.start) == 0)
        left_out.add("repeat", int(repeat.sum()))
        kept = ordered.take(~repeat)
        names = np.empty(len(symbols), dtype=object)
        names[:] = symbols
        accounts = np.where(kept.accounts >= 0, kept.accounts, -1)
        return Candles(
            symbol=kept.symbol,
            start=kept.start,
            high=kept.high,
            low=kept.low,
            open=kept.open,
            close=kept.close,
            volume=kept.volume,
            accounts=np.minimum(accounts, np.iinfo(np.int32).max).astype(np.int32),
            interval=interval,
            symbol_names=names,
        )
