"""Fills: what accounts did, one element per account and fill."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

BUY = 1
SELL = -1

MICROSECONDS = 1_000_000
DAY_US = 86_400 * MICROSECONDS


@dataclass(frozen=True, slots=True, kw_only=True)
class Fills:
    """Columns of one length n. Accounts and symbols are codes into their name tables.

    Times are microseconds since 1970-01-01 UTC. Prices and quantities are positive and finite.
    """

    account: NDArray[np.int32]
    symbol: NDArray[np.int32]
    time: NDArray[np.int64]
    side: NDArray[np.int8]
    """`BUY` (+1) or `SELL` (-1)."""
    price: NDArray[np.float64]
    quantity: NDArray[np.float64]
    account_names: NDArray[np.object_]
    symbol_names: NDArray[np.object_]

    def __len__(self) -> int:
        return len(self.time)

    def take(self, index: NDArray[np.intp] | NDArray[np.bool_]) -> "Fills":
        """The fills at `index` (positions or a mask), in that order."""
        return Fills(
            account=self.account[index],
            symbol=self.symbol[index],
            time=self.time[index],
            side=self.side[index],
            price=self.price[index],
            quantity=self.quantity[index],
            account_names=self.account_names,
            symbol_names=self.symbol_names,
        )
