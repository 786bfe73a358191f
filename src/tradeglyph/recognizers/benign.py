"""Readings of a window that would be harmless, and what its figures say to each.

A reading is `ruled_out`, `not_ruled_out` or `cannot_tell`, with the figure that says so and the
criterion it is held against. Ruled out means by that criterion: a person still decides. The bounds
without a source are this project's own and are named constants below.
"""

from dataclasses import dataclass
from math import comb
from typing import Literal

import numpy as np

from tradeglyph.domain.ledger import Transfers
from tradeglyph.picture.columns import Columns
from tradeglyph.recognizers.economics import Economics

State = Literal["ruled_out", "not_ruled_out", "cannot_tell"]
Figure = int | float | None

MOST_FLAT = 0.21
"""Hits of a quote on either side are independent Poisson arrivals (Avellaneda and Stoikov 2008,
"High-frequency trading in a limit order book"). Of the candles with a hit, those with equally many
on both sides are then sum over n > 0 of p(n)^2 over 1 - p(0)^2, p Poisson: at most 0.205, at 1.3
hits a side and candle, whatever the rate; clips of unequal size make them fewer."""
EVEN = 0.995
"""Both sides of a candle are equal if the smaller is so much of the larger: leaves room for a fee
taken in kind, and none for one hit more on a side with under 200 hits."""
FEW_TICKS = 4
"""A candle of so few ticks is about a spread tall: flat in it is just what quoting both sides
leaves, also to one who quotes the other side only after a hit."""
CHANCE = 0.005
"""A market maker with as many flat candles is rarer than this: ruled out."""
LEAST_TRIPS = 3
"""Fewer trips say nothing of a habit: one or two are normal by definition."""
MOSTLY_LOST = 0.75
"""Share of trips at a loss from which on they do not earn a spread."""
ONE_WAY = 0.75
"""Share of the larger side from which on the fills may be parts of one order."""
ONE_ACCOUNT = 0.5
"""Share of all gain (or loss) that one account accounts for, from which on it is not the market
that was met."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What the figures say to one benign reading; `benign_words` puts it into words."""

    name: str
    """market_making, arbitrage, sliced_order or own_accounts."""
    state: State
    measure: str
    """Which figure says so: a key of `benign_words`."""
    figures: dict[str, Figure]
    """The figure's parts by name; a name that ends on `share` or `chance` is one, from 0 to 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeaviestFlow:
    """What the ledger found between the account and the one it lost most to, or won most from."""

    share: float
    """Of all that the account gained (lost) in the look-back, what came from (went to) the
    other."""
    trades: int
    volume_share: float
    low: float
    excess: float
    """In quote currency, both; NaN where the ledger abstains."""


def heaviest_flow(transfers: Transfers | None, account: int) -> HeaviestFlow | None:
    """The heaviest of the account's rows, one of nothing at all where it has none: a pair that is
    not in a ledger stayed within what the market explains. None without a ledger.

    `transfers` holds the rows of the window's symbol and look-back, `account` is the account's
    code in it.
    """
    if transfers is None:
        return None
    mine = np.flatnonzero((transfers.gainer == account) | (transfers.loser == account))
    if not len(mine):
        return HeaviestFlow(share=0.0, trades=0, volume_share=0.0, low=0.0, excess=0.0)
    excess, low = (np.nan_to_num(x[mine], nan=-1.0) for x in (transfers.excess, transfers.low))
    at = mine[np.lexsort((low, excess))[-1]]
    share = transfers.gainer_share if transfers.gainer[at] == account else transfers.loser_share
    return HeaviestFlow(
        share=float(share[at]),
        trades=int(transfers.trades[at]),
        volume_share=float(transfers.volume_share[at]),
        low=float(transfers.low[at]),
        excess=float(transfers.excess[at]),
    )


def benign_readings(
    columns: Columns,
    economics: Economics,
    *,
    flow: HeaviestFlow | None = None,
    linked: bool = False,
) -> list[Reading]:
    """The four readings of a batch of one window.

    Args:
        columns: its traded candles.
        economics: its sums.
        flow: what the ledger says; None without counterparties.
        linked: a list names the other account as one of the same owner or household.
    """
    return [
        _market_making(columns, economics, flow),
        _arbitrage(economics, flow),
        _sliced_order(columns, economics),
        _own_accounts(flow, linked),
    ]


def _market_making(columns: Columns, economics: Economics, flow: HeaviestFlow | None) -> Reading:
    """Firm quotes on both sides for at least half of the trading hours, on own account: Delegated
    Regulation (EU) 2017/578 (RTS 8), Article 1. Quotes are not in the fills, so that what they
    would leave behind is asked: a spread earned, from many, hit on one side or the other."""
    met = _one_account("market_making", flow)
    if met is not None and met.state == "ruled_out":
        return met
    lost = _lost("market_making", economics)
    if lost is not None:
        return lost
    candles = len(columns.owner)
    flat = int(((columns.balance > EVEN) & (columns.ticks > FEW_TICKS)).sum())
    figures: dict[str, Figure] = {"flat": flat, "candles": candles}
    chance = _tail(flat, candles, MOST_FLAT)
    if chance <= CHANCE:
        figures["chance"] = chance
        return Reading(name="market_making", state="ruled_out", measure="too_flat", figures=figures)
    state: State = "cannot_tell" if candles < LEAST_TRIPS else "not_ruled_out"
    return Reading(name="market_making", state=state, measure="flat", figures=figures)


def _arbitrage(economics: Economics, flow: HeaviestFlow | None) -> Reading:
    """Takes a price that is stale against another market, from whoever left it there, and never
    on purpose at a loss: Budish, Cramton and Shim 2015, "The High-Frequency Trading Arms Race".
    Without the other market's prices or the counterparties, fills alone can't tell it from a
    beneficiary."""
    lost = _lost("arbitrage", economics)
    if lost is not None:
        return lost
    met = _one_account("arbitrage", flow)
    if met is not None:
        return met
    gains = economics.trips.gain
    figures: dict[str, Figure] = {"gained": int((gains > 0).sum()), "trips": len(gains)}
    measure = "gained" if len(gains) else "no_trip"
    return Reading(name="arbitrage", state="cannot_tell", measure=measure, figures=figures)


def _sliced_order(columns: Columns, economics: Economics) -> Reading:
    """The parts of one order go one way: directional patches of a hidden order, Vaglica, Lillo,
    Moro and Mantegna 2008, "Scaling laws of strategic behavior and size heterogeneity in agent
    dynamics"; Almgren and Chriss 2001 for why it is sliced. The bound is `ONE_WAY`."""
    both = economics.bought + economics.sold
    share = max(economics.bought, economics.sold) / both
    fills = int((columns.of_fill >= 0).sum())
    state: State = "not_ruled_out" if share >= ONE_WAY else "ruled_out"
    if fills < 2:
        state = "cannot_tell"
    figures: dict[str, Figure] = {"share": share, "fills": fills}
    return Reading(name="sliced_order", state=state, measure="one_way", figures=figures)


def _own_accounts(flow: HeaviestFlow | None, linked: bool) -> Reading:
    """A trade between accounts of one owner changes no beneficial ownership: Regulation (EU)
    596/2014, Annex I, A(c), and Delegated Regulation (EU) 2016/522, Annex II, on wash trades.
    Harmless to the owner, who is not robbed, and so another case. Who owns an account is in no
    tape: only a list can say that two belong together, and none can say that they don't."""
    name, figures = "own_accounts", dict[str, Figure]()
    if flow is None:
        return Reading(name=name, state="cannot_tell", measure="no_other_side", figures=figures)
    if not flow.trades:
        return Reading(name=name, state="cannot_tell", measure="within_market", figures=figures)
    figures = {"trades": flow.trades, "volume_share": _known(flow.volume_share)}
    if linked:
        return Reading(name=name, state="not_ruled_out", measure="linked", figures=figures)
    return Reading(name=name, state="cannot_tell", measure="not_listed", figures=figures)


def _one_account(name: str, flow: HeaviestFlow | None) -> Reading | None:
    """Who meets the market meets many; None where the ledger does not say."""
    if flow is None or np.isnan(flow.excess):
        return None
    if not flow.trades:
        return Reading(name=name, state="not_ruled_out", measure="within_market", figures={})
    out = flow.excess > 0 and flow.share >= ONE_ACCOUNT
    figures: dict[str, Figure] = {"share": _known(flow.share), "excess": flow.excess}
    state: State = "ruled_out" if out else "not_ruled_out"
    return Reading(name=name, state=state, measure="one_account", figures=figures)


def _lost(name: str, economics: Economics) -> Reading | None:
    """Ruled out where most trips lost; None where not, or where there are too few."""
    trips = len(economics.trips.gain)
    lost = int((economics.trips.gain < 0).sum())
    if trips < LEAST_TRIPS or lost < MOSTLY_LOST * trips:
        return None
    figures: dict[str, Figure] = {"lost": lost, "trips": trips, "money": economics.trip_gain}
    return Reading(name=name, state="ruled_out", measure="lost", figures=figures)


def _tail(hits: int, of: int, chance: float) -> float:
    """Binomial: probability of so many hits or more."""
    return float(
        sum(comb(of, n) * chance**n * (1 - chance) ** (of - n) for n in range(hits, of + 1))
    )


def _known(value: float) -> float | None:
    return None if np.isnan(value) else value
