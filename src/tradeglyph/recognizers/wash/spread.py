"""Half-spread of each symbol, read from its prints."""

import numpy as np
from numpy.typing import NDArray

from tradeglyph.domain.fills import Fills
from tradeglyph.recognizers.row_order import row_order
from tradeglyph.recognizers.wash.settings import WashSettings

Floats = NDArray[np.float64]

_NOISE = 1e-8
"""Of a price: what files that computed prices from amounts add to them. No tick is as fine."""


def half_spreads(fills: Fills, settings: WashSettings) -> Floats:
    """Per symbol code: half of the median step between neighbouring prints of unequal price, as a
    share of the price; 0 where no two neighbours differ.

    The bounce between bid and ask is what moves most prices from one print to the next (Roll
    1984, "A simple implicit measure of the effective bid-ask spread in an efficient market").
    His covariance has no value in a trend and drowns in one outlier; the median step has the same
    meaning and neither fault. Equal prices, such as wash trades print by the hundred, do not
    count; neither do neighbours further apart than a round trip may last, where the market moved.

    Not the ledger's estimator: that one takes the larger of two, in quote currency and from
    independent prints, as too small a spread would accuse honest clients there. Here too large a
    spread would: a round trip that costs no more than it is called wash volume.
    """
    order = row_order(fills.symbol, fills.time, fills.price)
    symbol, time, price = fills.symbol[order], fills.time[order], fills.price[order]
    near = (symbol[1:] == symbol[:-1]) & (np.diff(time) <= settings.trip_span_us)
    step = np.abs(np.diff(price)) / np.minimum(price[1:], price[:-1])
    used = near & (step > _NOISE)
    return _medians(symbol[1:][used], step[used], len(fills.symbol_names)) / 2


def _medians(group: NDArray[np.int32], values: Floats, groups: int) -> Floats:
    """Lower median of the values of each group; 0 for a group without any."""
    ordered = values[np.lexsort((values, group))]
    count = np.bincount(group, minlength=groups)
    end = np.cumsum(count)
    median = np.zeros(groups)
    some = count > 0
    median[some] = ordered[(end - count + (count - 1) // 2)[some]]
    return median
