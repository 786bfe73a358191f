"""Who did too little for a transfer, whatever its picture says.

One or two round trips are normal, as in the seeds (document 2, section 1.2.3), unless they are a
fifth of their candles' volume or more: then they made the candle.
"""

import numpy as np
from numpy.typing import NDArray

MOST_FILLS = 4
"""Two round trips, a buy and a sell each; parts of one price and second are one fill."""
LEAST_SHARE = 0.2
"""Of a candle's volume, by the larger of the two sides."""


def is_casual(
    fills: NDArray[np.float64], max_volume_share: NDArray[np.float64]
) -> NDArray[np.bool_]:
    """Shape (n,), from `Features` of these names. Where the volume is not known, so is not what
    share of it this was: False."""
    return np.asarray((fills <= MOST_FILLS) & (max_volume_share < LEAST_SHARE))
