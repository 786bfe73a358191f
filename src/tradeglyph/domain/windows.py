"""Windows: the unit that is drawn and scored, one account, one symbol, one span of time."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tradeglyph.domain.fills import Fills

LEAST_FILLS = 2
"""A window is answered if so many merged fills have a candle."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Windows:
    """n windows over m fills, in compressed rows: window i owns `offset[i]:offset[i + 1]`.

    `fills` holds merged fills (one element for equal side, price and second), sorted by window,
    then second, side, price. `start` is inclusive and `end` exclusive, in microseconds UTC.
    """

    fills: Fills
    offset: NDArray[np.int64]
    """Length n + 1."""
    account: NDArray[np.int32]
    symbol: NDArray[np.int32]
    start: NDArray[np.int64]
    end: NDArray[np.int64]
    trade_count: NDArray[np.int32]
    """Fills as they stood in the file, before merging."""
    habit: NDArray[np.float64]
    """Money of a usual fill of the account before the window, any symbol: the geometric mean of
    price times quantity; NaN where nothing is known from before."""

    def __len__(self) -> int:
        return len(self.account)

    @property
    def sizes(self) -> NDArray[np.int64]:
        """Merged fills per window."""
        return self.offset[1:] - self.offset[:-1]

    @property
    def owner(self) -> NDArray[np.int64]:
        """The window of each fill."""
        if len(self) == 1:  # as with a withdrawal
            return np.zeros(len(self.fills), dtype=np.int64)
        return np.repeat(np.arange(len(self)), self.sizes)

    def slice(self, first: int, last: int) -> "Windows":
        """Windows `first` to `last - 1`, with just their fills."""
        low, high = int(self.offset[first]), int(self.offset[last])
        return Windows(
            fills=self.fills.take(np.arange(low, high)),
            offset=self.offset[first : last + 1] - low,
            account=self.account[first:last],
            symbol=self.symbol[first:last],
            start=self.start[first:last],
            end=self.end[first:last],
            trade_count=self.trade_count[first:last],
            habit=self.habit[first:last],
        )

    def take(self, index: NDArray[np.intp]) -> "Windows":
        """The windows at `index`, in that order, repeats allowed, with just their fills."""
        offset = np.append(0, np.cumsum(self.sizes[index])).astype(np.int64)
        rows = np.repeat(self.offset[index] - offset[:-1], np.diff(offset))
        return Windows(
            fills=self.fills.take(rows + np.arange(offset[-1])),
            offset=offset,
            account=self.account[index],
            symbol=self.symbol[index],
            start=self.start[index],
            end=self.end[index],
            trade_count=self.trade_count[index],
            habit=self.habit[index],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedWindows:
    """Windows whose fills know their candle: what pictures and features are made from.

    Arrays run along `windows.fills`, except where said.
    """

    windows: Windows
    candle: NDArray[np.int64]
    """Position in the candles; -1 where the fill has none (it is left out of the picture)."""
    place: NDArray[np.float64]
    """0 at the candle's low, 1 at its high, clipped; 0.5 in a zero-range candle; NaN without."""
    share: NDArray[np.float64]
    """Quantity over the candle's volume, at most 1; NaN where the volume is not known."""
    clipped: NDArray[np.bool_]
    """The price was outside [low, high]."""
    over_volume: NDArray[np.bool_]
    """The quantity was over the candle's volume."""
    alone: NDArray[np.bool_]
    """Per window: in every candle it traded in, no other account is known to have traded."""

    def slice(self, first: int, last: int) -> "PlacedWindows":
        """Windows `first` to `last - 1`, with just their fills."""
        fills = slice(int(self.windows.offset[first]), int(self.windows.offset[last]))
        return PlacedWindows(
            windows=self.windows.slice(first, last),
            candle=self.candle[fills],
            place=self.place[fills],
            share=self.share[fills],
            clipped=self.clipped[fills],
            over_volume=self.over_volume[fills],
            alone=self.alone[first:last],
        )
