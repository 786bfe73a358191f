"""Markets: symbols on consecutive days, printed tick by tick, hundreds of worlds at once.

A world is one symbol on one day. Worlds of a symbol follow one another, its days in order.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tradeglyph.domain.candles import FIVE_MINUTES_US
from tradeglyph.domain.fills import MICROSECONDS

PRINTS = 12
"""Chances to print in a candle, evenly spread over it."""

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Quotes:
    """Prices and volume of candles that were read and not simulated, as the file has them.

    Shape (w, slots) each, quote currency and base units; NaN where there is no candle or the file
    does not say.
    """

    open: Floats
    high: Floats
    low: Floats
    close: Floats
    volume: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Market:
    """w worlds of `slots` slots. Prices are whole ticks; `price_of` turns them into money."""

    symbol: Ints
    """Shape (w,): symbol number of each world, ascending."""
    symbol_names: tuple[str, ...]
    start: Ints
    """Shape (w, slots): candle starts, microseconds UTC; -1 past the session."""
    interval: int = FIVE_MINUTES_US
    """Length of every candle in microseconds, whole seconds."""
    prints: Ints
    """Shape (w, slots, PRINTS): printed prices in ticks; -1 where nothing printed."""
    open: Ints
    """Shape (w, slots), ticks, as are `high`, `low`, `close`; -1 without a candle."""
    high: Ints
    low: Ints
    close: Ints
    printed: NDArray[np.bool_]
    """Shape (w, slots): candles that a fraud has printed; nobody else is drawn into them."""
    volume: Floats
    """Shape (w, slots), in lots: what traded besides the simulated accounts; 0 without a candle."""
    publishes_volume: NDArray[np.bool_]
    """Shape (w,): whether the feed says the volume of every candle; some feeds do not."""
    tick_step: Ints
    """Shape (w,): units of the last decimal in a tick."""
    decimals: Ints
    """Shape (w,): decimals of a price."""
    lot: Floats
    """Shape (w,): quantity of one lot."""
    listing: NDArray[np.bool_]
    """Shape (w,): the first day that the symbol is traded at all."""
    quotes: Quotes | None = None
    """What a file says of the candles, where it is known more exactly than in ticks and lots."""

    @property
    def slots(self) -> int:
        """Candles that a world can have."""
        return int(self.start.shape[1])

    @property
    def seconds(self) -> int:
        """Length of a candle."""
        return self.interval // MICROSECONDS

    @property
    def print_seconds(self) -> int:
        """From one chance to print to the next."""
        return max(self.seconds // PRINTS, 1)

    @property
    def shown(self) -> NDArray[np.bool_]:
        """Shape (w, slots): whether there is a candle."""
        return self.high >= 0

    @property
    def exists(self) -> NDArray[np.bool_]:
        """Shape (w, slots): whether there is a candle that anybody can trade in."""
        return self.shown & ~self.printed

    @property
    def traded(self) -> NDArray[np.bool_]:
        """Shape (w,): whether there is any such candle."""
        return np.asarray(self.exists.any(axis=1))

    @property
    def height(self) -> Ints:
        """Shape (w, slots): high minus low in ticks; 0 without a candle."""
        return np.where(self.shown, self.high - self.low, 0)

    @property
    def day(self) -> Ints:
        """Shape (w,): how many days of its symbol come before each world."""
        at = np.arange(len(self))
        return at - np.searchsorted(self.symbol, self.symbol, side="left")

    @property
    def days_left(self) -> Ints:
        """Shape (w,): days of its symbol from each world on, itself included."""
        at = np.arange(len(self))
        return np.searchsorted(self.symbol, self.symbol, side="right") - at

    def price_of(self, world: Ints, ticks: Ints) -> Floats:
        """Prices in quote currency, rounded to the symbol's decimals, so that they lie on tick."""
        scale = 10.0 ** self.decimals[world]
        return np.asarray(ticks * self.tick_step[world] / scale)

    def __len__(self) -> int:
        return len(self.symbol)
