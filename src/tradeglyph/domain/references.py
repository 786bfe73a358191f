"""Reference prices: what a trade should have been worth, as others than its parties say."""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray


class Reference(IntEnum):
    """Where a reference price comes from, the best first; the larger, the weaker.

    The order is that of the ledger's specification: a quote that nobody need trade at is the
    market's own word, what others paid comes next, then another market, then a price that was fixed
    hours away.
    """

    NONE = 0
    """There is no independent reference: the ledger abstains."""
    MIDQUOTE = 1
    """Middle of the best bid and ask of the very market."""
    OTHERS = 2
    """What other accounts paid around the trade: the usual one, which no file has to give."""
    VENUE = 3
    """Price of the same thing at another venue."""
    SETTLEMENT = 4
    """Price that an exchange or index fixed, once a day or so."""


QUOTED = (Reference.MIDQUOTE, Reference.VENUE, Reference.SETTLEMENT)
"""Those that a file of reference prices may give."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferencePrices:
    """Columns of one length n, sorted by symbol, then time."""

    symbol: NDArray[np.int32]
    """Code into `symbol_names`."""
    time: NDArray[np.int64]
    """When it was known, microseconds UTC."""
    price: NDArray[np.float64]
    """Positive, in quote currency."""
    kind: NDArray[np.int8]
    """One of `QUOTED`."""
    symbol_names: NDArray[np.object_]

    def __len__(self) -> int:
        return len(self.time)

    def take(self, at: NDArray[np.int64]) -> "ReferencePrices":
        """The prices at `at`, ascending."""
        return ReferencePrices(
            symbol=self.symbol[at],
            time=self.time[at],
            price=self.price[at],
            kind=self.kind[at],
            symbol_names=self.symbol_names,
        )

    def on(self, symbol_names: NDArray[np.object_]) -> "ReferencePrices":
        """The prices of the given symbols, with these as their codes; others are left out."""
        code = {name: at for at, name in enumerate(symbol_names.tolist())}
        of = np.array([code.get(name, -1) for name in self.symbol_names.tolist()], dtype=np.int32)
        symbol = of[self.symbol]
        order = np.lexsort((self.time, symbol))
        order = order[symbol[order] >= 0]
        return ReferencePrices(
            symbol=symbol[order],
            time=self.time[order],
            price=self.price[order],
            kind=self.kind[order],
            symbol_names=symbol_names,
        )
