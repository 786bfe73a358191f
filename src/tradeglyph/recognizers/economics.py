"""What an account's window came to in money: sides, cash, and trips inside one candle."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tradeglyph.domain.fills import BUY
from tradeglyph.domain.windows import PlacedWindows
from tradeglyph.picture.columns import Columns

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trips:
    """k candles in which the account both bought and sold."""

    candle: NDArray[np.int64]
    """Position in the candles."""
    buy_place: Floats
    sell_place: Floats
    quantity: Floats
    """The smaller of both sides."""
    gain: Floats
    """In quote currency, of that quantity, before fees: average sale less average purchase."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Economics:
    """One window's sums. Money in quote currency before fees, quantities in base units."""

    bought: float
    sold: float
    paid: float
    received: float
    trips: Trips

    @property
    def left_over(self) -> float:
        """Quantity bought and not sold in the window; negative where more was sold."""
        return self.bought - self.sold

    @property
    def trip_gain(self) -> float:
        """Gain of all trips: what moved inside candles. Negative for the side that lost."""
        return float(self.trips.gain.sum())


def economics_of(placed: PlacedWindows, columns: Columns, at: int) -> Economics:
    """Sums of window `at`."""
    fills, offset = placed.windows.fills, placed.windows.offset
    rows = slice(int(offset[at]), int(offset[at + 1]))
    buy = fills.side[rows] == BUY
    quantity = fills.quantity[rows]
    money = quantity * fills.price[rows]
    return Economics(
        bought=float(quantity[buy].sum()),
        sold=float(quantity[~buy].sum()),
        paid=float(money[buy].sum()),
        received=float(money[~buy].sum()),
        trips=_trips(columns, at, columns.of_fill[rows], buy, quantity, money),
    )


def gross_money(placed: PlacedWindows) -> Floats:
    """Per window: quote currency that changed hands, the larger of what it paid and received."""
    fills, owner = placed.windows.fills, placed.windows.owner
    money = fills.quantity * fills.price
    n = len(placed.windows)
    paid = np.bincount(owner, np.where(fills.side == BUY, money, 0.0), minlength=n)
    received = np.bincount(owner, np.where(fills.side == BUY, 0.0, money), minlength=n)
    return np.maximum(paid, received)


def _trips(
    columns: Columns,
    at: int,
    of_fill: NDArray[np.int64],
    buy: NDArray[np.bool_],
    quantity: Floats,
    money: Floats,
) -> Trips:
    mine = slice(int(columns.offset[at]), int(columns.offset[at + 1]))
    inside = of_fill >= 0
    local = of_fill[inside] - mine.start
    trip, quantity, gain = trips_of(
        local, mine.stop - mine.start, buy[inside], quantity[inside], money[inside]
    )
    return Trips(
        candle=columns.candle[mine][trip],
        buy_place=columns.buy_place[mine][trip],
        sell_place=columns.sell_place[mine][trip],
        quantity=quantity,
        gain=gain,
    )


def trips_of(
    bar: NDArray[np.int64], bars: int, buy: NDArray[np.bool_], quantity: Floats, money: Floats
) -> tuple[NDArray[np.bool_], Floats, Floats]:
    """Which of the `bars` an account both bought and sold in; of each such bar the smaller side,
    and what was gained on it: average sale less average purchase, before fees.

    `bar`, `buy`, `quantity` and `money` are along its fills.
    """
    bought, sold, paid, received = (
        np.bincount(bar, np.where(side, values, 0.0), minlength=bars)
        for values in (quantity, money)
        for side in (buy, ~buy)
    )
    trip = (bought > 0) & (sold > 0)
    turned = np.minimum(bought, sold)[trip]
    return trip, turned, turned * (received[trip] / sold[trip] - paid[trip] / bought[trip])
