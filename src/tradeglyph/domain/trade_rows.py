"""Trade rows: everybody's fills as a source gives them, before codes."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, kw_only=True)
class TradeRows:
    """Columns of one length n, in any order; texts are str, empty where not known."""

    account_id: NDArray[np.object_]
    symbol: NDArray[np.object_]
    time: NDArray[np.int64]
    """Microseconds since 1970-01-01 UTC."""
    side: NDArray[np.int8]
    """`BUY` (+1) or `SELL` (-1)."""
    price: NDArray[np.float64]
    """Positive and finite, as is `quantity`."""
    quantity: NDArray[np.float64]
    trade_id: NDArray[np.object_]
    counterparty_id: NDArray[np.object_]
    fee: NDArray[np.float64]
    """NaN where not known."""

    def __len__(self) -> int:
        return len(self.time)

    def take(self, index: NDArray[np.intp] | NDArray[np.bool_]) -> "TradeRows":
        """The rows at `index` (positions or a mask), in that order."""
        return TradeRows(**{name: getattr(self, name)[index] for name in TradeRows.__slots__})


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountRows(TradeRows):
    """The rows of one account that can be read, and how many more there are."""

    unreadable: int = 0
    """Rows of the account whose symbol, side, price or quantity can't be read, in the span that was
    asked for, and those whose time can't be: they may lie in it."""

    @classmethod
    def of(cls, rows: TradeRows, unreadable: int) -> "AccountRows":
        """These rows, with the count."""
        columns = {name: getattr(rows, name) for name in TradeRows.__slots__}
        return cls(**columns, unreadable=unreadable)


def no_rows() -> TradeRows:
    """Columns of length 0."""
    texts, numbers = np.zeros(0, dtype=object), np.zeros(0)
    return TradeRows(
        account_id=texts,
        symbol=texts,
        time=np.zeros(0, dtype=np.int64),
        side=np.zeros(0, dtype=np.int8),
        price=numbers,
        quantity=numbers,
        trade_id=texts,
        counterparty_id=texts,
        fee=numbers,
    )
