"""What the transfer ledger finds: who lost to whom, beyond what the market explains."""

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfers:
    """n directed flows of money, one element per pair of accounts, symbol and look-back.

    Money is in quote currency, before fees except where said. `low <= high`; NaN in both, in
    `excess` and in `deviation`, where there is no independent reference (the ledger abstains):
    then who lost and who gained is a guess. A pair that is not here stayed within what the market
    explains.
    """

    loser: NDArray[np.int32]
    gainer: NDArray[np.int32]
    symbol: NDArray[np.int32]
    window_end: NDArray[np.int64]
    """Exclusive end of the look-back, microseconds UTC."""
    trades: NDArray[np.int64]
    """Matched trades between the two in the look-back."""
    meetings: NDArray[np.int64]
    """The same, with trades of one direction within a second of each other taken for parts of one
    order."""
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
    by_chance: NDArray[np.float64]
    """Matched trades to expect between the two, had everybody in the symbol met at random."""
    gainer_trades: NDArray[np.int64]
    """Matched trades of the gainer with anybody, in the symbol and look-back."""
    loser_trades: NDArray[np.int64]
    gainer_clients: NDArray[np.int64]
    """Accounts that trade the symbol with hardly anybody but the gainer."""
    loser_clients: NDArray[np.int64]
    turned: NDArray[np.float64]
    """Share of the quantity that the two bought and sold again between them inside one five-minute
    bar, 0 to 1: what that brought needs no reference. NaN where the ledger abstains."""
    ahead: NDArray[np.float64]
    """Share of the quantity with which the gainer closed a position that it had opened, with
    anybody, within half an hour before, 0 to 1."""
    cluster: NDArray[np.int64]
    """Number of the connected cluster that the pair belongs to, from 0: pairs of one symbol and
    window end with an excess, and the rings they are in. Without an excess, one of its own."""
    cluster_size: NDArray[np.int64]
    """Accounts known to work with the pair, the two included."""
    reference: NDArray[np.int8]
    """A `Reference`: the weakest that a trade of the two was measured against, since no figure is
    better than its weakest part; `Reference.NONE` where the ledger abstains."""

    def __len__(self) -> int:
        return len(self.loser)

    def take(self, which: NDArray[np.bool_]) -> "Transfers":
        """The flows where `which`."""
        return Transfers(**{f.name: getattr(self, f.name)[which] for f in fields(self)})


@dataclass(frozen=True, slots=True, kw_only=True)
class Balances:
    """Four columns for each of n groups of accounts (a pair, or a connected cluster).

    `lost = gained + third + fees`, in the middle; each end is the least or the most by any of the
    references, and not all of them come from one. What the losing members lost in all their trades
    of the symbol and look-back, their fees included, is what the other members gained in all of
    theirs, net of their fees, what third parties gained from the group, and the group's fees.
    Quote currency; negative where it went the other way; NaN where less than half of the group's
    quantity has an independent reference.
    """

    cluster: NDArray[np.int64]
    """As in `Transfers.cluster`."""
    symbol: NDArray[np.int32]
    window_end: NDArray[np.int64]
    accounts: NDArray[np.int64]
    """Members of the group."""
    lost: NDArray[np.float64]
    gained: NDArray[np.float64]
    third: NDArray[np.float64]
    fees: NDArray[np.float64]
    """As far as the tape says them; 0 where it does not."""
    lost_low: NDArray[np.float64]
    lost_high: NDArray[np.float64]
    gained_low: NDArray[np.float64]
    gained_high: NDArray[np.float64]
    third_low: NDArray[np.float64]
    third_high: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.cluster)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExcessGains:
    """n gains or losses of single accounts against the market, from whom is not known.

    The weaker evidence: skill, luck and latency look the same, so it is never a `hold` alone.
    Covers only the fills without a known other side. Money in quote currency, before fees.
    """

    account: NDArray[np.int32]
    symbol: NDArray[np.int32]
    window_end: NDArray[np.int64]
    """Exclusive end of the look-back, microseconds UTC."""
    direction: NDArray[np.int8]
    """+1 gained, -1 lost; what follows is the size of it."""
    trades: NDArray[np.int64]
    quantity: NDArray[np.float64]
    volume_share: NDArray[np.float64]
    low: NDArray[np.float64]
    """NaN where there is no independent reference, as is `high`."""
    high: NDArray[np.float64]
    excess: NDArray[np.float64]
    """As in `Transfers`."""
    deviation: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.account)
