"""Matched trades of a tape: one element per trade whose two sides are known."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tradeglyph.domain.fills import BUY
from tradeglyph.domain.tape import Tape
from tradeglyph.recognizers.row_order import row_order
from tradeglyph.recognizers.wash.turnover import once

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Matches:
    """m trades in an order that does not depend on the order of the tape's rows: by symbol, time,
    then buyer, seller, price and quantity."""

    symbol: NDArray[np.int32]
    time: Ints
    """Microseconds UTC."""
    buyer: NDArray[np.int32]
    seller: NDArray[np.int32]
    price: Floats
    quantity: Floats
    number: Ints
    """The tape's `match`."""

    def __len__(self) -> int:
        return len(self.time)

    def take(self, index: NDArray[np.intp] | NDArray[np.bool_]) -> "Matches":
        """The trades at `index` (positions or a mask), in that order."""
        return Matches(
            symbol=self.symbol[index],
            time=self.time[index],
            buyer=self.buyer[index],
            seller=self.seller[index],
            price=self.price[index],
            quantity=self.quantity[index],
            number=self.number[index],
        )


def matches_of(tape: Tape) -> Matches:
    """Each matched trade of the tape once, though it may have two rows."""
    row = np.flatnonzero(once(tape) & (tape.match >= 0))
    fills, other = tape.fills, tape.other[row]
    buys = fills.side[row] == BUY
    found = Matches(
        symbol=fills.symbol[row],
        time=fills.time[row],
        buyer=np.where(buys, fills.account[row], other),
        seller=np.where(buys, other, fills.account[row]),
        price=fills.price[row],
        quantity=fills.quantity[row],
        number=tape.match[row],
    )
    ties = found.buyer, found.seller, found.price, found.quantity
    return found.take(row_order(found.symbol, found.time, *ties))


def rows_of(tape: Tape, numbers: Ints) -> NDArray[np.bool_]:
    """Along the tape: the rows of the matched trades `numbers`."""
    named = np.zeros(int(tape.match.max(initial=-1)) + 2, dtype=bool)
    named[numbers] = True
    return np.asarray(named[tape.match])  # the last element answers for -1
