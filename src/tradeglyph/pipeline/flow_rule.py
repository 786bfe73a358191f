"""When a flow of money between two accounts alerts."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from tradeglyph.domain.ledger import Transfers
from tradeglyph.pipeline.chance import beyond_chance
from tradeglyph.recognizers.groups import numbered

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
End = Literal["gainer", "loser"]
ENDS: tuple[End, End] = ("gainer", "loser")


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowRule:
    """When a flow of money is evidence of its own: more than the market explains, between two who
    met more often than by chance, and the main thing that happened to them. Every bound is
    exclusive, those of trades, meetings and clients are not.

    By chance a pair wins or loses a few half-spreads, and of a market's many pairs some win a lot;
    but these did not meet more often than others, nor is it most of both their results.
    """

    taken_off: float = 3.0
    """Half-spreads that the ledger took off to have the excess (`LedgerSettings.spreads`)."""
    least_spreads: float = 4.0
    """Low end, in half-spreads of the market on the quantity. Three are what the ledger takes off
    (`Transfers.excess`), one more is room for what the spread itself is estimated from; no more
    than the three where more than `all_turned` was bought and sold again inside bars by two who
    would `never` meet so often: whoever pays a spread pays it to many."""
    least_deviation: float = 1.5
    """Low end, in standard errors of the reference; it is the low end already. What was bought and
    sold again inside a bar needs no reference: no error counts where that is ..."""
    turned: float = 0.5
    """... more than this share of the quantity (or `ahead`, of what was opened minutes before), and
    the ends of the interval agree so that ..."""
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
    """... if it is twice as far from the spread, or `all_turned` inside a bar. Where it is nearly
    all of one end's result, and the cluster together most of the other's, it is one of the
    cluster's flows."""
    least_meetings: int = 2
    """The parts of one order are no pattern, however many (`Transfers.meetings`) ..."""
    ahead: float = 0.8
    """... unless the gainer had opened more than this share of them just ahead of that order
    (`Transfers.ahead`), as a front-runner does: nearly all that it gained is then that order's
    loss, `tied_part` of all that the other lost, as far from the spread as two or three trades of
    a camouflaged account must be ..."""
    ahead_chance: float = 5e-3
    """... and the probability that the two meet so often by chance is less. It can't be much less:
    they may have met once."""
    tied_share: float = 0.8
    """One end may do much else (a camouflaged account, a fund and its front-runner): the flow is
    this share of one result, `least_share` where it was `turned` ..."""
    tied_part: float = 0.25
    """... and this of the other's; with two or three trades only if four times as far from the
    spread as others need."""
    trips: int = 6
    """Trades, in as many meetings: three round trips inside bars between the same two, far from
    the spread, are no chance however busy both are (`chance` counts trades and not trips), where
    ..."""
    all_turned: float = 0.9
    """... more than so much of the flow is of such trips, most of one's result and `tied_part` of
    the other's."""
    review_chance: float = 1e-3
    """A person should look, though nothing is a pattern (one order, in parts or in one fill), where
    the flow is `sole_share` of both results, as far from the spread as two or three trades of a
    camouflaged account must be, between two who would meet less probably than so ..."""
    blatant_spreads: float = 32.0
    """... and nobody has to look any more where they met again and it is twice as far as that:
    then references that err as much as in a thin market say no less."""
    dealer_clients: int = 5
    """So many clients make a dealer: its flows alert only where those of the cluster are most of
    its trades, as they are with a thief of many victims."""

    def judge(self, transfers: Transfers) -> "Judged":
        """What is to be done about each of the flows. An abstention never alerts."""
        of = _Measured.of(transfers, self.taken_off)
        ahead = (transfers.ahead > self.ahead) & ~(transfers.turned > self.turned)
        beyond = (transfers.excess > 0) & ~self._of_dealer(of)
        pattern = self._mutual(of) | self._sole(of) | self._tied(of) | self._tripped(of)
        pattern &= self._certain(of, transfers.turned > self.turned)
        pattern |= self._blatant(of) & self._certain(of, np.ones(len(transfers), dtype=bool))
        pattern |= self._ahead(of) & ahead & self._certain(of, ahead)
        far = self._in_bars(of) | (of.spreads > self.least_spreads)
        alert = beyond & pattern & far & (_stays(transfers) > self.least_share)
        odd = beyond & self._odd(of) & (of.spreads > 2 * self.sole_spreads)
        return Judged(
            alert=alert,
            odd=alert | odd,
            doubt=(transfers.excess > 0) & (of.both > self.least_share),
            ahead=ahead,
        )

    def _mutual(self, of: "_Measured") -> Mask:
        """A pattern that is the main thing that happened to both."""
        in_cluster = (of.one > self.sole_share) & (of.cluster > self.least_share)
        main = (of.both > self.least_share) | in_cluster
        return self._several(of) & main & self._rare(of)

    def _sole(self, of: "_Measured") -> Mask:
        """One trip that is nearly all that happened to both."""
        far = (of.spreads > self.sole_spreads) | (of.transfers.turned > self.all_turned)
        return self._met_again(of) & far & (of.both > self.sole_share) & self._rare(of)

    def _tied(self, of: "_Measured") -> Mask:
        """The main thing that happened to one of two who would never meet so often by chance."""
        some = self._met_again(of) & (of.spreads > 2 * self.sole_spreads)
        turned = of.transfers.turned > self.turned
        main = of.one > np.where(turned, self.least_share, self.tied_share)
        never = of.met < self.never
        return np.asarray((self._several(of) | some) & main & (of.both > self.tied_part) & never)

    def _in_bars(self, of: "_Measured") -> Mask:
        """Round trips inside bars between two who would never meet so often."""
        return np.asarray((of.transfers.turned > self.all_turned) & (of.met < self.never))

    def _tripped(self, of: "_Measured") -> Mask:
        """Round trips inside bars, again and again between the same two."""
        trips = (of.transfers.turned > self.all_turned) & (of.transfers.meetings >= self.trips)
        main = (of.one > self.least_share) & (of.both > self.tied_part)
        return np.asarray(trips & main & (of.spreads > self.sole_spreads))

    def _odd(self, of: "_Measured") -> Mask:
        """Nearly all that happened to two who hardly ever meet."""
        return np.asarray((of.both > self.sole_share) & (of.met < self.review_chance))

    def _blatant(self, of: "_Measured") -> Mask:
        """Odd, more than once, and so far from the spread that it needs no pattern."""
        return self._odd(of) & self._met_again(of) & (of.spreads > self.blatant_spreads)

    def _ahead(self, of: "_Measured") -> Mask:
        """All that the gainer gained, and some of what the loser lost, in two who hardly met."""
        main = (of.transfers.gainer_share > self.sole_share) & (of.both > self.tied_part)
        far = of.spreads > 2 * self.sole_spreads
        return np.asarray(main & far & (of.met < self.ahead_chance))

    def _met_again(self, of: "_Measured") -> Mask:
        return np.asarray(of.transfers.meetings >= self.least_meetings)

    def _several(self, of: "_Measured") -> Mask:
        return self._met_again(of) & (of.transfers.trades >= self.least_trades)

    def _rare(self, of: "_Measured") -> Mask:
        """Hardly by chance, or with the money hardly so."""
        strayed = np.exp(-np.sqrt(2.0) * np.nan_to_num(of.transfers.deviation))
        return np.asarray((of.met < self.chance) | (of.met * strayed < self.joint))

    def _certain(self, of: "_Measured", closed: Mask) -> Mask:
        """Far enough from the reference's errors, or mostly `closed`: at two known prices."""
        firm = of.transfers.low > self.firm * of.transfers.high
        return np.asarray((of.transfers.deviation > self.least_deviation) | (firm & closed))

    def _of_dealer(self, of: "_Measured") -> Mask:
        """Whether either end is a dealer and its trades are with others than the cluster."""
        dealer = np.zeros(len(of.transfers), dtype=bool)
        for end in ENDS:
            clients = getattr(of.transfers, f"{end}_clients")
            trades = getattr(of.transfers, f"{end}_trades")
            inside = of.in_cluster(end, of.transfers.trades)
            dealer |= (clients >= self.dealer_clients) & (inside <= self.least_share * trades)
        return dealer


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One element per flow."""

    alert: Mask
    odd: Mask
    """A person should look; those that alert are among them."""
    doubt: Mask
    """Beyond the spread and most of both results, alert or not: who has one is not spread over many
    counterparties, so the ledger does not clear it."""
    ahead: Mask
    """The gainer closed what it had opened just ahead, and not with the loser itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Measured:
    """Flows with what several patterns ask of them, one element per flow."""

    transfers: Transfers
    spreads: Floats
    """Low end, in half-spreads of the market on the quantity; NaN without any money."""
    met: Floats
    """Probability that two meet so often by chance."""
    both: Floats
    """The smaller of the shares that the flow is of both results."""
    one: Floats
    """The larger."""
    group: dict[End, Ints]
    """By end of the flow: a number for its account among the flows of its cluster."""

    @classmethod
    def of(cls, transfers: Transfers, taken_off: float) -> "_Measured":
        with np.errstate(divide="ignore", invalid="ignore"):
            spreads = taken_off * transfers.low / (transfers.low - transfers.excess)
        shares = transfers.gainer_share, transfers.loser_share
        return cls(
            transfers=transfers,
            spreads=spreads,
            met=beyond_chance(transfers.trades, transfers.by_chance),
            both=np.minimum(*shares),
            one=np.maximum(*shares),
            group={end: _grouped(transfers, getattr(transfers, end)) for end in ENDS},
        )

    @property
    def cluster(self) -> Floats:
        """The smaller of the shares that the cluster's flows are of both results."""
        shares = (getattr(self.transfers, f"{end}_share") for end in ENDS)
        sums = (self.in_cluster(e, np.nan_to_num(s)) for e, s in zip(ENDS, shares, strict=True))
        return np.minimum(*sums)

    def in_cluster(self, end: End, values: Floats | Ints) -> Floats:
        """Per flow: `values` of all flows in the cluster of the account at that end, summed."""
        group = self.group[end]
        return np.bincount(group, values)[group].astype(np.float64)


def _stays(transfers: Transfers) -> Floats:
    """Share of each flow that stays with its gainer or stays lost to its loser, the larger of both.

    What goes round in a cluster, and comes back to whom it left, is wash volume and no transfer; a
    mule that passes it on has a loser before it and a gainer behind it with whom it stays.
    """
    low = np.nan_to_num(transfers.low)
    group = _grouped(transfers, transfers.gainer, transfers.loser)
    net = np.bincount(group, np.concatenate([low, -low]))[group]
    gained, lost = net[: len(low)], -net[len(low) :]
    return np.maximum(gained, lost) / np.maximum(low, np.finfo(np.float64).tiny)


def _grouped(transfers: Transfers, *accounts: NDArray[np.int32]) -> Ints:
    """A number for each account in its flow's cluster, symbol and window; one array of accounts
    after the other."""
    number, _ = numbered(
        np.tile(transfers.cluster, len(accounts)),
        np.tile(transfers.symbol, len(accounts)),
        np.tile(transfers.window_end, len(accounts)),
        np.concatenate(accounts),
    )
    return number
