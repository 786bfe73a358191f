"""Fills that no candle places: what a picture says without them leaves a question open."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tradeglyph.domain.candles import Candles
from tradeglyph.domain.columns import taken
from tradeglyph.domain.findings import Unanswered
from tradeglyph.domain.windows import LEAST_FILLS, Windows
from tradeglyph.pipeline.place import place

Mask = NDArray[np.bool_]

_NOISE = 1e-6
"""Of a price: what is left of it in single precision, in which some keep candles."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gaps:
    """One element per window: whether so many of its fills that they could be a trip ..."""

    late: Mask
    """... come after the symbol's last candle: it may be asked again later."""
    missing: Mask
    """... have no candle."""
    outside: Mask
    """... and most of those that have one, are priced further from it than it is high: in cents
    perhaps, or of another market. On its edge, where a picture puts them, they mean nothing."""

    @classmethod
    def of(cls, windows: Windows, candles: Candles) -> "Gaps":
        """Both share one table of symbol codes."""
        fills, owner = windows.fills, windows.owner
        ends = np.zeros(max(len(fills.symbol_names), len(candles.symbol_names)), dtype=np.int64)
        np.maximum.at(ends, candles.symbol, candles.start + candles.interval)
        until = ends[fills.symbol]  # 0 where the symbol has no candle at all
        placed = place(windows, candles)
        missing = placed.candle < 0
        late = missing & (until > 0) & (fills.time >= until)
        outside = placed.clipped.copy()
        outside[outside] = _far(fills.price[outside], placed.candle[outside], candles)

        def count(mask: Mask) -> NDArray[np.int64]:
            return np.bincount(owner[mask], minlength=len(windows))

        return cls(
            late=count(late) >= LEAST_FILLS,
            missing=count(missing) >= LEAST_FILLS,
            outside=(count(outside) >= LEAST_FILLS) & (2 * count(outside) > count(~missing)),
        )

    @classmethod
    def none(cls, windows: int) -> "Gaps":
        """Every fill of so many windows is inside its candle."""
        nowhere = np.zeros(windows, dtype=bool)
        return cls(late=nowhere, missing=nowhere, outside=nowhere)

    def take(self, windows: NDArray[np.intp]) -> "Gaps":
        """Those of the windows at these positions."""
        return taken(self, windows)

    def why(self) -> Unanswered | None:
        """Why windows of which none is grave have no answer; None where nothing is left open."""
        if self.late.any():
            return Unanswered.STALE_FEED
        if self.missing.any():
            return Unanswered.NO_CANDLES
        return Unanswered.OUTSIDE_CANDLES if self.outside.any() else None


def _far(price: NDArray[np.float64], at: NDArray[np.int64], candles: Candles) -> Mask:
    """Whether each price is further from its candle than that is high."""
    high, low = candles.high[at], candles.low[at]
    away = np.maximum(price - high, low - price)
    return np.asarray(away > np.maximum(high - low, _NOISE * high))
