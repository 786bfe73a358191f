"""When a flow of money between two accounts alerts."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from tradeglyph.domain.ledger import Transfers
from tradeglyph.pipeline.chance import beyond_chance

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
End = Literal["gainer", "loser"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowRule:
    """When a flow of money is evidence of its own: more than the market explains, between two who
    met more often than by chance, and the main thing that happened to them. Every bound is
    exclusive, those of trades, meetings and clients are not.

    By chance a pair wins or loses a few half-spreads, and of a market's many pairs some win a lot;
    but these did not meet more often than others, nor is it most of both their results.
    """

    least_spreads: float = 4.0
    """Low end, in half-spreads of the market on the quantity. Three are what the ledger takes off
    (`Transfers.excess`), one more is room for what the spread itself is estimated from."""
    least_deviation: float = 1.5
    """Low end, in standard errors of the reference; it is the low end already. What was bought and
    sold again inside a bar needs no reference: no error counts where that is ..."""
    turned: float = 0.5
    """... more than this share of the quantity, and the ends of the interval agree so that ..."""
    firm: float = 0.75
    """... the low one is this share of the high one."""
    chance: float = 1e-4
    """Probability that two meet as often by chance (`beyond_chance`): a market has pairs by the
    ten thousand, so that one of these would pass, and then has to win as much ..."""
    never: float = 1e-5
    """... and where the flow is not most of both results."""
    joint: float = 1e-6
    """Where they might have met by chance, how far the money is from it counts as well: the
    probability of both, with errors of the reference of a double exponential (Laplace 1774), since
    prices stray further than the normal distribution says. Not by chance either if it is less."""
    least_trades: int = 4
    """Matched trades between the two, two round trips: fewer are no pattern ..."""
    least_share: float = 0.5
    """... where the flow is most of what the gainer gained and most of what the loser lost."""
    sole_share: float = 0.9
    """A flow that is nearly all of both results needs one trip only ..."""
    sole_spreads: float = 8.0
    """... if it is twice as far from the spread. Where it is nearly all of one end's result, and
    the cluster together most of the other's, it is one of the cluster's flows."""
    least_meetings: int = 2
    """The parts of one order are no pattern, however many (`Transfers.meetings`)."""
    tied_share: float = 0.8
    """One end may do much else (a camouflaged account, a fund and its front-runner): the flow is
    this share of one result, `least_share` where it was `turned` ..."""
    tied_part: float = 0.25
    """... and this of the other's; with two or three trades only if four times as far from the
    spread as others need."""
    dealer_clients: int = 5
    """So many clients make a dealer: its flows alert only where those of the cluster are most of
    its trades, as they are with a thief of many victims."""

    def alerts(self, transfers: Transfers) -> Mask:
        """Shape (n,): which of the flows alert. An abstention never does."""
        gainer, loser = transfers.gainer_share, transfers.loser_share
        both, one = np.minimum(gainer, loser), np.maximum(gainer, loser)
        with np.errstate(divide="ignore", invalid="ignore"):
            spreads = 3.0 * transfers.low / (transfers.low - transfers.excess)
        met = beyond_chance(transfers.trades, transfers.by_chance)
        joint = met * np.exp(-np.sqrt(2.0) * np.nan_to_num(transfers.deviation)) < self.joint
        two = transfers.meetings >= self.least_meetings
        several = two & (transfers.trades >= self.least_trades)
        cluster = np.minimum(_of_cluster(transfers, "gainer"), _of_cluster(transfers, "loser"))
        main = (both > self.least_share) | ((one > self.sole_share) & (cluster > self.least_share))
        mutual = several & main & (joint | (met < self.chance))
        far = spreads > self.sole_spreads
        sole = two & far & (both > self.sole_share) & (joint | (met < self.chance))
        tied = several | (two & (spreads > 2 * self.sole_spreads))
        share = np.where(transfers.turned > self.turned, self.least_share, self.tied_share)
        tied &= (one > share) & (both > self.tied_part) & (met < self.never)
        alerts = (transfers.excess > 0) & (spreads > self.least_spreads) & self._certain(transfers)
        alerts &= (mutual | sole | tied) & ~self._of_dealer(transfers)
        return np.asarray(alerts & (_stays(transfers) > self.least_share))

    def doubts(self, transfers: Transfers) -> Mask:
        """Shape (n,): flows beyond the spread that are most of both results, alert or not. Who has
        one is not spread over many counterparties, so the ledger does not clear it."""
        both = np.minimum(transfers.gainer_share, transfers.loser_share)
        return np.asarray((transfers.excess > 0) & (both > self.least_share))

    def _certain(self, transfers: Transfers) -> Mask:
        firm = transfers.low > self.firm * transfers.high
        return np.asarray(
            (transfers.deviation > self.least_deviation) | (firm & (transfers.turned > self.turned))
        )

    def _of_dealer(self, transfers: Transfers) -> Mask:
        """Whether either end is a dealer and its trades are with others than the cluster."""
        dealer = np.zeros(len(transfers), dtype=bool)
        ends: tuple[End, End] = ("gainer", "loser")
        for end in ends:
            clients = getattr(transfers, f"{end}_clients")
            trades = getattr(transfers, f"{end}_trades")
            inside = _in_cluster(transfers, end, transfers.trades.astype(np.float64))
            dealer |= (clients >= self.dealer_clients) & (inside <= self.least_share * trades)
        return dealer


def _stays(transfers: Transfers) -> Floats:
    """Share of each flow that stays with its gainer or stays lost to its loser, the larger of both.

    What goes round in a cluster, and comes back to whom it left, is wash volume and no transfer; a
    mule that passes it on has a loser before it and a gainer behind it with whom it stays.
    """
    low = np.nan_to_num(transfers.low)
    both = np.tile(np.stack([transfers.cluster, transfers.symbol, transfers.window_end]), 2)
    party = np.concatenate([transfers.gainer, transfers.loser])
    key = np.concatenate([both, party[None]])
    group = np.unique(key, axis=1, return_inverse=True)[1].reshape(-1)
    net = np.bincount(group, np.concatenate([low, -low]))[group]
    gained, lost = net[: len(low)], -net[len(low) :]
    return np.maximum(gained, lost) / np.maximum(low, np.finfo(np.float64).tiny)


def _of_cluster(transfers: Transfers, end: End) -> Floats:
    """Share of what the loser lost to the whole cluster, or the gainer gained from it."""
    return _in_cluster(transfers, end, np.nan_to_num(getattr(transfers, f"{end}_share")))


def _in_cluster(transfers: Transfers, end: End, values: Floats) -> Floats:
    """Per flow: `values` of its gainer's, or its loser's, flows in the cluster, summed."""
    party = getattr(transfers, end)
    key = np.stack([transfers.cluster, party, transfers.symbol, transfers.window_end])
    group = np.unique(key, axis=1, return_inverse=True)[1].reshape(-1)
    return np.asarray(np.bincount(group, values)[group])
