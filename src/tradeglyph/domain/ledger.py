"""What the transfer ledger finds: who lost to whom, beyond what the market explains."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfers:
    """n directed flows of money, one element per pair of accounts, symbol and look-back.

    Money is in quote currency, before fees except where said. `low <= high`; NaN in both where
    there is no independent reference (the ledger abstains).
    """

    loser: NDArray[np.int32]
    gainer: NDArray[np.int32]
    symbol: NDArray[np.int32]
    window_end: NDArray[np.int64]
    """Exclusive end of the look-back, microseconds UTC."""
    trades: NDArray[np.int64]
    """Matched trades between the two in the look-back."""
    quantity: NDArray[np.float64]
    """What they exchanged, in base units, both directions added."""
    volume_share: NDArray[np.float64]
    """Of all quantity that the tape shows in the symbol and the look-back."""
    low: NDArray[np.float64]
    """At least so much went from `loser` to `gainer`: the headline."""
    high: NDArray[np.float64]
    excess: NDArray[np.float64]
    """`low` less three times the market's median half-spread on the quantity; 0 at least. Only
    this alerts."""
    deviation: NDArray[np.float64]
    """`low` over the standard error that the references give it: how far it is from chance."""
    gainer_share: NDArray[np.float64]
    """Of all that the gainer gained from anybody in the look-back, what came from this loser."""
    loser_share: NDArray[np.float64]
    """Of all that the loser lost to anybody in the look-back, what went to this gainer."""
    cluster: NDArray[np.int64]
    """Number of the connected cluster that the pair belongs to, from 0."""

    def __len__(self) -> int:
        return len(self.loser)
