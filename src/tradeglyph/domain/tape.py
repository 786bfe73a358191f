"""The tape: everybody's fills, with the other side of each where it is known."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tradeglyph.domain.fills import Fills


@dataclass(frozen=True, slots=True, kw_only=True)
class Tape:
    """Columns along `fills`, one element per account and fill, sorted by symbol, then time.

    The account names of `fills` include accounts that are known as an other side only.
    """

    fills: Fills
    other: NDArray[np.int32]
    """Account code of the other side; -1 where it is not known; may be the account itself."""
    match: NDArray[np.int64]
    """Number of the matched trade, from 0; its two rows share one, or it has one row where the
    file has only one of them. -1 where the other side is not known."""
    fee: NDArray[np.float64]
    """What the account paid for the fill, in quote currency; NaN where the file does not say."""

    def __len__(self) -> int:
        return len(self.fills)

    def take(self, index: NDArray[np.intp]) -> "Tape":
        """The rows at `index`, ascending, with all names and numbers as they are."""
        return Tape(
            fills=self.fills.take(index),
            other=self.other[index],
            match=self.match[index],
            fee=self.fee[index],
        )

    def spans(
        self, symbol: NDArray[np.int64], since: NDArray[np.int64], until: NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Where the rows of n symbols in [since, until), microseconds UTC, begin and end."""
        time = self.fills.time
        if not len(time) or not len(symbol):
            return np.zeros(len(symbol), dtype=np.int64), np.zeros(len(symbol), dtype=np.int64)
        begin = min(int(time.min()), int(since.min()))
        stretch = max(int(time.max()), int(until.max())) - begin + 1
        # Every symbol in a stretch of its own, so that one search serves all of them.
        key = self.fills.symbol.astype(np.int64) * stretch + (time - begin)
        first, last = (np.searchsorted(key, symbol * stretch + t - begin) for t in (since, until))
        return first, last
