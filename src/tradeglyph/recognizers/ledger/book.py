"""One account's book in one symbol, in whole numbers: where its change of wealth came from.

    cash + value = transfers + holding - fees

Cash is what it received less what it paid and its fees; value is the change of what it holds, at
the reference; transfers are what it gained on each trade against the reference of that moment;
holding is its inventory times each change of the reference. The first two are what a broker's
statement shows, the others say why.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from tradeglyph.recognizers.ledger.exact import QUARTERS


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """Money as whole numbers of quarter units times lots (`Scales.money`)."""

    cash: int
    value: int
    transfers: int
    holding: int
    fees: int


def book(
    side: Sequence[int],
    lots: Sequence[int],
    units: Sequence[int],
    quarters: Sequence[int],
    *,
    opening: int,
    closing: int,
    held: int = 0,
    fees: int = 0,
) -> Book:
    """The book of trades in the order of time.

    Args:
        side: +1 bought, -1 sold.
        units: prices, in units.
        quarters: reference of each trade, in quarters of a unit.
        opening: reference at the start of the look-back, in quarters.
        closing: at its end.
        held: lots at the start.
        fees: what it paid, in the money of the book.
    """
    cash, transfers, holding = -fees, 0, 0
    inventory, last = held, opening
    for sign, size, price, reference in zip(side, lots, units, quarters, strict=True):
        cash -= sign * size * QUARTERS * price
        transfers += sign * size * (reference - QUARTERS * price)
        holding += inventory * (reference - last)
        inventory += sign * size
        last = reference
    holding += inventory * (closing - last)
    value = inventory * closing - held * opening
    return Book(cash=cash, value=value, transfers=transfers, holding=holding, fees=fees)
