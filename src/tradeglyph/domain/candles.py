"""Candles: what the market did, one element per symbol and interval."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tradeglyph.domain.fills import MICROSECONDS

FIVE_MINUTES_US = 300 * MICROSECONDS


@dataclass(frozen=True, slots=True, kw_only=True)
class Candles:
    """Columns of one length n, sorted by (symbol, start), without two of one symbol and start.

    `start` is the candle's first instant in microseconds since 1970-01-01 UTC. What a feed does
    not give is NaN (`open`, `close`, `volume`) or -1 (`accounts`). A candle without a trade is
    absent.
    """

    symbol: NDArray[np.int32]
    start: NDArray[np.int64]
    high: NDArray[np.float64]
    low: NDArray[np.float64]
    open: NDArray[np.float64]
    close: NDArray[np.float64]
    volume: NDArray[np.float64]
    accounts: NDArray[np.int32]
    """How many accounts traded in it; -1 where nobody counted."""
    interval: int
    """Length of every candle in microseconds."""
    symbol_names: NDArray[np.object_]

    def __len__(self) -> int:
        return len(self.start)
