"""Prices and quantities as integers, and sums of their products that never round.

A price of a symbol is a whole number of units, 10^-d for the fewest decimals d that all prices of
the symbol need; a quantity is a whole number of lots likewise. Where a float holds no more digits,
as with the raw units of a token (10^25 of them, at 10^-20 each), d is less than nothing. A
reference may lie half way between two accounts' medians, and each of those half way between two
prices, so references are whole quarters of a unit. Money is then a whole number of quarter units
times lots.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

QUARTERS = 4
MOST_DECIMALS = 45
LEAST_DECIMALS = -30
_WHOLE = 2**53
"""Up to here a float holds every integer."""
_POWERS = np.array([float(f"1e{power}") for power in range(MOST_DECIMALS + 1)])
"""Of no decimals and more; less than none divide (`_scaled`), so that no digit is lost twice."""
_SMALLEST = 1e-30
_SAMPLE = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Scales:
    """Decimals of every symbol's prices and quantities, shape (symbols,)."""

    price: Ints
    quantity: Ints

    def in_quote(self, symbol: int, total: int) -> float:
        """So many quarter units times lots in quote currency, rounded once."""
        both = int(self.price[symbol] + self.quantity[symbol])
        return float(total * 10 ** max(-both, 0) / (QUARTERS * 10 ** max(both, 0)))

    def unit(self) -> Floats:
        """Shape (symbols,): what one unit of price is worth in quote currency."""
        return floats(np.ones(len(self.price), dtype=np.int64), self.price)


def decimals(values: Floats, group: NDArray[np.integer], groups: int) -> Ints:
    """Fewest decimals that write all `values` of each group, shape (groups,).

    Where the values have more digits than an integer of a float can hold (averages, say), as many
    as it holds: those values are rounded.
    """
    largest = np.zeros(groups)
    np.maximum.at(largest, group, np.abs(values))
    room = np.floor(np.log10(_WHOLE / np.maximum(largest, _SMALLEST)))
    room = room.clip(LEAST_DECIMALS, MOST_DECIMALS).astype(np.int64)
    found = np.zeros(groups, dtype=np.int64)
    _raise_to(found, room, values[::_SAMPLE], group[::_SAMPLE])
    unlike = ~_whole(values, _POWERS[found[group]])
    _raise_to(found, room, values[unlike], group[unlike])
    return np.minimum(found, room)


def integers(values: Floats, decimals_: Ints) -> Ints:
    """`values` in units of their decimals, both of one shape."""
    return np.asarray(np.rint(_scaled(values, decimals_)).astype(np.int64))


def quarters_of(values: Floats, decimals_: Ints) -> Floats:
    """`values` in quarters of a unit, rounded to whole ones; infinite where there is no such
    float."""
    with np.errstate(over="ignore"):
        return np.asarray(np.rint(QUARTERS * _scaled(values, decimals_)))


def floats(values: Ints, decimals_: Ints) -> Floats:
    """The nearest floats to integers of so many decimals."""
    return _scaled(values.astype(np.float64), -decimals_)


def products(one: Ints, other: Ints) -> NDArray[Any]:
    """Elementwise products of which any sum fits: int64 where a bound shows it, else objects."""
    if not len(one):
        return np.zeros(0, dtype=np.int64)
    bound = int(np.abs(one).max()) * int(np.abs(other).max()) * len(one)
    if bound < 2**63:
        return np.asarray(one * other)
    return np.asarray(one.astype(object) * other.astype(object))


def sums(values: NDArray[Any], group: Ints, groups: int) -> list[int]:
    """Exact sum of each group's values; `group` in any order."""
    total = np.zeros(groups, dtype=values.dtype)
    if values.dtype == object:
        total = np.array([0] * groups, dtype=object)
    np.add.at(total, group, values)
    return [int(value) for value in total]


def _scaled(values: Floats, power: Ints) -> Floats:
    """`values` times ten to each `power`, rounded once where the power is at most 22."""
    if (power >= 0).all():
        return np.asarray(values * _POWERS[power])
    if (power <= 0).all():
        return np.asarray(values / _POWERS[-power])
    return np.asarray(values * _POWERS[np.maximum(power, 0)] / _POWERS[np.maximum(-power, 0)])


def _raise_to(found: Ints, room: Ints, values: Floats, group: NDArray[np.integer]) -> None:
    """Raises `found` to the decimals of the values, or just over the `room` of their group."""
    for power in range(MOST_DECIMALS):
        rest = ~_whole(values, _POWERS[power]) & (room[group] >= power)
        if not rest.any():
            return
        values, group = values[rest], group[rest]
        found[group] = np.maximum(found[group], power + 1)


def _whole(values: Floats, scale: Floats | np.float64) -> NDArray[np.bool_]:
    # n / 10^d is rounded once, so it gives the very float that a reader made of the text.
    return np.asarray(np.rint(values * scale) / scale == values)
