"""Which pairs are worth an exact reference, from rough references for all trades at once."""

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from tradeglyph.recognizers.ledger.clusters import NO_RING, Activity, by_chance
from tradeglyph.recognizers.ledger.exact import Floats, Ints
from tradeglyph.recognizers.ledger.neighbours import Rough
from tradeglyph.recognizers.ledger.noise import Noise
from tradeglyph.recognizers.ledger.settings import LedgerSettings
from tradeglyph.recognizers.ledger.trades import Columns, Pairs, Rows

CHANCE = 5.0
OFTEN = 2
"""Two accounts that met so often, and so many times as often as by chance, are looked at wherever
one of them gains more than the spread."""
MUTUAL = 0.05
"""A pair among whose own prints the search was given up is kept where it is so much of the trades
of both: a dealer who is party to nearly every print has no independent reference for any client,
and many of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoughFlows:
    """Per trade: what the pair's high account gained by the rough references; 0 without one."""

    before: Floats
    after: Floats
    both: Floats
    lost: NDArray[np.bool_]
    away: Floats
    """|price - reference|; NaN without."""
    distance: Floats
    """`Rough.distance`."""

    @classmethod
    def nothing(cls, count: int) -> "RoughFlows":
        """No flow and no reference, for `put`."""
        return cls(
            before=np.zeros(count),
            after=np.zeros(count),
            both=np.zeros(count),
            lost=np.zeros(count, dtype=bool),
            away=np.full(count, np.nan),
            distance=np.full(count, np.nan),
        )

    def put(self, at: Ints, part: "RoughFlows", rows: NDArray[np.bool_]) -> None:
        """Write the `rows` of a part to the places `at`."""
        for field in fields(RoughFlows):
            getattr(self, field.name)[at] = getattr(part, field.name)[rows]


def rough_flows(trades: Columns, rough: Rough) -> RoughFlows:
    """Flows of all trades; where a side has no prints, the other side stands for it."""
    signed = trades.sign * trades.quantity

    def flow(reference: Floats) -> Floats:
        gain = signed * (np.where(np.isnan(reference), rough.both, reference) - trades.price)
        return np.where(np.isnan(gain), 0.0, gain)

    return RoughFlows(
        before=flow(rough.before),
        after=flow(rough.after),
        both=flow(rough.both),
        # Where nobody else is near, nothing is known: that is no small flow.
        lost=rough.lost | np.isnan(rough.both),
        away=np.abs(rough.both - trades.price),
        distance=rough.distance,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class PairSums:
    """Per pair, over one look-back."""

    trades: Floats
    quantity: Floats
    variance: Floats
    """Of the rough net flow, if every trade's error is its own."""
    before: Floats
    after: Floats
    both: Floats
    lost: Floats


def pair_sums(
    trades: Columns, pair: Ints, flows: RoughFlows, rows: Rows, noise: Noise, pairs: int
) -> PairSums:
    """Sums over the trades at `rows`."""
    at, quantity = pair[rows], trades.quantity[rows]
    error = quantity * noise.of_print(trades.symbol[rows], flows.distance[rows])

    def total(values: NDArray[np.generic] | None) -> Floats:
        return np.bincount(at, values, minlength=pairs).astype(np.float64)

    return PairSums(
        trades=total(None),
        quantity=total(quantity),
        variance=total(np.nan_to_num(error * error)),
        before=total(flows.before[rows]),
        after=total(flows.after[rows]),
        both=total(flows.both[rows]),
        lost=total(flows.lost[rows]),
    )


def worth_a_look(
    pairs: Pairs,
    sums: PairSums,
    active: Activity,
    ring: Ints,
    half_spread: Floats,
    settings: LedgerSettings,
) -> NDArray[np.bool_]:
    """Pairs that may hold a transfer: in a ring, or with a flow beyond the spread that is beyond
    the market's noise, or between two who meet far more often than by chance.

    `half_spread` is per symbol.
    """
    there = (sums.trades > 0) & (pairs.low != pairs.high)
    if not settings.screen:
        return np.asarray(there)
    size = np.abs(sums.both)
    paid = size > settings.screen_spreads * half_spread[pairs.symbol] * sums.quantity
    clear = size > settings.screen_deviation * np.sqrt(sums.variance)
    clear &= (sums.before * sums.both > 0) & (sums.after * sums.both > 0)
    often = (sums.trades >= OFTEN) & (sums.trades > CHANCE * by_chance(pairs, active))
    low_ring, high_ring = ring[pairs.low_node], ring[pairs.high_node]
    together = pairs.met & (low_ring == high_ring) & (low_ring != NO_RING)
    larger = np.maximum(active.node_trades[pairs.low_node], active.node_trades[pairs.high_node])
    hidden = (sums.lost > 0) & (sums.trades >= MUTUAL * larger)
    return np.asarray(there & ((paid & (clear | often)) | together | hidden))
