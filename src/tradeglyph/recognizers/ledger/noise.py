"""How far a print lies from its rough reference by chance, per symbol.

A price is a walk plus the half-spread, so the distance grows with the time to the prints that the
reference is made of. What the model misses (fat tails, bursts, a spread that varies) is put right
by one factor per symbol, from the distances that independent prints really have: after it, half of
them are within 0.67 and all but a hundredth within 2.58 deviations, as of a normal distribution,
or more of them.

In a symbol of which hardly anybody prints, the walk is that of its quoted prices where there are
enough of them, else it is not known.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tradeglyph.recognizers.ledger.exact import Floats, Ints
from tradeglyph.recognizers.ledger.quoted import Quotes
from tradeglyph.recognizers.ledger.settings import MINUTE_US
from tradeglyph.recognizers.ledger.trades import Columns

QUANTILES = (0.5, 0.99)
NORMAL = np.array([0.6745, 2.5758])
"""The same quantiles of the size of a standard normal number."""
LONGEST_GAP = 120 * MINUTE_US
"""Steps over a longer silence, the night say, are no measure of a walk."""
LIMIT = 5.0
"""Steps count as so many typical ones at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Noise:
    """Per symbol."""

    half_spread: Floats
    walk: Floats
    """Variance of the price per microsecond."""
    factor: Floats
    known: NDArray[np.bool_]
    """Whether the walk is, which may be 0: a price that many prints leave where it is does not
    move. 0 where not."""

    def of_print(self, symbol: Ints, distance: Floats) -> Floats:
        """Standard deviation of a price about a rough reference `distance` microseconds away."""
        variance = self.half_spread[symbol] ** 2 + self.walk[symbol] * distance
        return np.asarray(self.factor[symbol] * np.sqrt(variance))

    def of_trip(self, symbol: Ints, apart: Floats) -> Floats:
        """The same of the gain of a purchase and a sale `apart` microseconds from each other."""
        variance = 2 * self.half_spread[symbol] ** 2 + self.walk[symbol] * apart
        return np.asarray(self.factor[symbol] * np.sqrt(variance))


def noise_of(
    trades: Columns,
    independent: NDArray[np.bool_],
    away: Floats,
    distance: Floats,
    half_spread: Floats,
) -> Noise:
    """The noise that the `independent` trades show.

    Args:
        away: per trade, |price - reference|; NaN without a reference.
        distance: `Rough.distance`.
        half_spread: per symbol, positive.
    """
    rows = np.flatnonzero(independent)
    symbol = trades.symbol[rows]
    edges = np.searchsorted(symbol, np.arange(len(half_spread) + 1))
    walk, factor = np.zeros(len(half_spread)), np.ones(len(half_spread))
    several = np.diff(edges) > 1
    for number in np.flatnonzero(several):
        part = rows[edges[number] : edges[number + 1]]
        walk[number] = _walk(trades.price[part], trades.time[part])
        expected = np.sqrt(half_spread[number] ** 2 + walk[number] * distance[part])
        factor[number] = _factor(away[part] / expected)
    return Noise(half_spread=half_spread, walk=walk, factor=factor, known=several)


def with_quotes(
    noise: Noise, quotes: Quotes, thin: NDArray[np.bool_], unit: Floats, since: int, until: int
) -> Noise:
    """The noise with the walk of the quoted prices in [since, until) in `thin` symbols, of which
    so few accounts print that the prints are those of the pairs to be measured.

    `unit` is the least price step of each symbol. Where there are prices but too few, the walk is
    not known.
    """
    walk, factor, known = noise.walk.copy(), noise.factor.copy(), noise.known.copy()
    for number in quotes.symbols:
        if thin[number]:
            found = quotes.walk(int(number), since, until)
            walk[number] = (found or 0.0) * unit[number] ** 2
            factor[number], known[number] = 1.0, found is not None
    return replace(noise, walk=walk, factor=factor, known=known)


def _walk(price: Floats, time: Ints) -> float:
    step, gap = np.abs(np.diff(price)), np.diff(time)
    step, gap = step[gap <= LONGEST_GAP], gap[gap <= LONGEST_GAP]
    moved = step[step > 0]
    if not len(moved) or not gap.sum():
        return 0.0
    limited = np.minimum(step, LIMIT * float(np.median(moved)))
    return float((limited**2).sum() / gap.sum())


def _factor(ratio: Floats) -> float:
    ratio = ratio[np.isfinite(ratio)]
    if not len(ratio):
        return 1.0
    return float(max((np.quantile(ratio, QUANTILES) / NORMAL).max(), 0.1))
