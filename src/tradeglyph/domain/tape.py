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
