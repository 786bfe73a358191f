"""Fills without a candle: they are in no picture, and may leave a question open."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tradeglyph.domain.candles import Candles
from tradeglyph.domain.findings import Unanswered
from tradeglyph.domain.windows import LEAST_FILLS, Windows
from tradeglyph.pipeline.place import place

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Gaps:
    """One element per window: whether so many of its fills that they could be a trip ..."""

    late: Mask
    """... come after the symbol's last candle: it may be asked again later."""
    missing: Mask
    """... have no candle."""

    @classmethod
    def of(cls, windows: Windows, candles: Candles) -> "Gaps":
        """Both share one table of symbol codes."""
        fills, owner = windows.fills, windows.owner
        ends = np.zeros(max(len(fills.symbol_names), len(candles.symbol_names)), dtype=np.int64)
        np.maximum.at(ends, candles.symbol, candles.start + candles.interval)
        until = ends[fills.symbol]  # 0 where the symbol has no candle at all
        missing = place(windows, candles).candle < 0
        late = missing & (until > 0) & (fills.time >= until)
        return cls(
            late=np.bincount(owner, late, minlength=len(windows)) >= LEAST_FILLS,
            missing=np.bincount(owner, missing, minlength=len(windows)) >= LEAST_FILLS,
        )

    @classmethod
    def none(cls, windows: int) -> "Gaps":
        """Every fill of so many windows has its candle."""
        return cls(late=np.zeros(windows, dtype=bool), missing=np.zeros(windows, dtype=bool))

    def take(self, windows: NDArray[np.intp]) -> "Gaps":
        """Those of the windows at these positions."""
        return Gaps(late=self.late[windows], missing=self.missing[windows])

    def why(self) -> Unanswered | None:
        """Why windows of which none is grave have no answer; None where nothing is left open."""
        if self.late.any():
            return Unanswered.STALE_FEED
        return Unanswered.NO_CANDLES if self.missing.any() else None
