"""What a market looked like in the look-back before a window end: who traded with whom, the rings
among them, the spread."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tradeglyph.recognizers.ledger.clusters import NO_RING, Activity, activity, rings
from tradeglyph.recognizers.ledger.exact import Floats, Ints
from tradeglyph.recognizers.ledger.spread import half_spreads
from tradeglyph.recognizers.ledger.trades import Rows, Trades


@dataclass(frozen=True, slots=True, kw_only=True)
class LookBack:
    """[end - look-back, end) over all trades."""

    end: int
    rows: Rows
    """Trades in the look-back."""
    active: Activity
    ring: Ints
    """Per node; -1 for none."""
    half_spread: Floats
    """Per symbol, quote currency."""
    volume: Floats
    """Per symbol, base units."""

    def independent_accounts(self, trades: Trades) -> Ints:
        """Per symbol: how many accounts traded, those in rings left out."""
        pairs = trades.pairs
        symbol = np.zeros(pairs.nodes, dtype=np.int64)
        symbol[pairs.low_node], symbol[pairs.high_node] = pairs.symbol, pairs.symbol
        counts = (self.active.node_trades > 0) & (self.ring == NO_RING)
        return np.bincount(symbol[counts], minlength=trades.symbols)


def look_backs(trades: Trades, ends: Ints, look_back_us: int) -> list[LookBack]:
    """One for each of the `ends`, in their order."""
    return [_look_back(trades, end, end - look_back_us) for end in ends.tolist()]


def independent(trades: Trades, ring: Ints) -> NDArray[np.bool_]:
    """Trades that may serve as a reference: between two accounts, none of them in a ring."""
    pairs = trades.pairs
    in_ring = (ring[pairs.low_node] != NO_RING) | (ring[pairs.high_node] != NO_RING)
    single = pairs.low == pairs.high
    return np.asarray(~(in_ring | single)[trades.pair])


def independent_before(trades: Trades, back: LookBack, since: int) -> NDArray[np.bool_]:
    """The same in [since, end) only."""
    time = trades.columns.time
    return np.asarray((time >= since) & (time < back.end) & independent(trades, back.ring))


def between(time: Ints, since: int, until: int) -> Rows:
    """Times in [since, until)."""
    inside = (time >= since) & (time < until)
    return slice(None) if inside.all() else inside


def masked(rows: Rows, mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Both."""
    return mask if isinstance(rows, slice) else rows & mask


def _look_back(trades: Trades, end: int, since: int) -> LookBack:
    columns, pairs = trades.columns, trades.pairs
    rows = between(columns.time, since, end)
    counts, quantity = (
        np.bincount(trades.pair[rows], weights, minlength=len(pairs)).astype(np.float64)
        for weights in (None, columns.quantity[rows])
    )
    active = activity(pairs, counts, quantity)
    ring = rings(pairs, active)
    prints = columns.take(np.flatnonzero(masked(rows, independent(trades, ring))))
    volume = np.bincount(pairs.symbol, quantity, minlength=trades.symbols)
    return LookBack(
        end=end,
        rows=rows,
        active=active,
        ring=ring,
        half_spread=half_spreads(prints, trades.scales.unit()),
        volume=volume.astype(np.float64),
    )
