"""The tick of a symbol, guessed from the prices that a file has of it."""

from dataclasses import dataclass

import numpy as np

from tradeglyph.simulate.market import Floats

MOST_DECIMALS = 10
ON_TICK = 0.99
"""Share of the prices that must lie on a tick; a few are averages or typing errors."""
GUESSED_DIGITS = 5
"""Where no tick fits (adjusted prices), it is taken at so many digits of the median price."""
COARSEST = 0.01
"""Of the median price; what a few prices have in common by chance is more."""
MOST_UNITS = 1e12
BLURRED = 0.05
"""Of a unit; where numbers are no more exact, everything would lie on tick."""
DOUBLE, SINGLE = 1e-14, 6e-8
"""Relative noise of prices that were kept in so much precision."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """`step` units of the last of `decimals`."""

    decimals: int
    step: int


def tick_of(prices: Floats) -> Tick:
    """The largest tick on which the prices lie, none of them NaN, all above 0.

    Prices that were kept in single precision are told by having no more of it.
    """
    precisions = [DOUBLE]
    if (prices == prices.astype(np.float32)).all():
        precisions.append(SINGLE)
    for noise in precisions:
        for decimals in range(MOST_DECIMALS + 1):
            step = _step(prices * 10.0**decimals, noise)
            if step:
                return Tick(decimals=decimals, step=step)
    digits = GUESSED_DIGITS - np.ceil(np.log10(np.median(prices)))
    return Tick(decimals=int(np.clip(digits, 0, MOST_DECIMALS)), step=1)


def _step(units: Floats, noise: float) -> int:
    """What the prices, in units of a decimal, have in common; 0 where they are not whole."""
    if units.max() * noise > BLURRED or units.max() > MOST_UNITS:
        return 0
    on = np.abs(units - np.rint(units)) <= units * noise + 1e-9
    if on.mean() < ON_TICK:
        return 0
    whole = np.rint(units[on]).astype(np.int64)
    step = int(np.gcd.reduce(whole))
    return 1 if step > COARSEST * np.median(whole) else max(step, 1)
