"""From a tape to flows of money per pair: rough for all of them, exact where it matters.

A trade is valued once, with what was known at the first window end after it, so that a figure is
never revised by later data and no look-back sees past its end.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tradeglyph.domain.tape import Tape
from tradeglyph.recognizers.ledger.exact import Ints
from tradeglyph.recognizers.ledger.look_back import (
    LookBack,
    between,
    independent,
    independent_before,
    look_backs,
    masked,
)
from tradeglyph.recognizers.ledger.neighbours import rough
from tradeglyph.recognizers.ledger.nets import Flows, Sources, flows_of
from tradeglyph.recognizers.ledger.noise import Noise, noise_of
from tradeglyph.recognizers.ledger.screen import (
    PairSums,
    RoughFlows,
    pair_sums,
    rough_flows,
    worth_a_look,
)
from tradeglyph.recognizers.ledger.settings import LedgerSettings
from tradeglyph.recognizers.ledger.trades import Trades, trades_of
from tradeglyph.recognizers.ledger.valued import Valued, joined, value

_EVER = -(2**62)
"""Before every trade, microseconds."""


def all_flows(
    tape: Tape,
    ends: Ints,
    look_back_us: int,
    settings: LedgerSettings,
    *,
    met: bool,
    accounts: Ints | None = None,
) -> Iterator[tuple[Trades, Flows]]:
    """Flows of every look-back: of pairs that `met`, or of accounts without a known other side,
    the given ones where not None."""
    reach = settings.half_widths[-1]
    ends = np.unique(ends)
    if not len(ends):
        return
    trades = trades_of(tape, int(ends[0]) - look_back_us - reach, int(ends[-1]))
    wanted = trades.pairs.met if met else trades.pairs.low < 0
    if accounts is not None:
        wanted &= np.isin(trades.pairs.high, accounts)
    backs = look_backs(trades, ends, look_back_us)
    roughly = _rough_of_all(trades, backs, reach)
    screened = [_screened(trades, back, roughly, settings) for back in backs]
    kept = np.zeros(len(trades.pairs), dtype=bool)
    for one in screened:
        kept |= one.worth & wanted
    sources = Sources(trades=trades, rough=roughly, valued=_valued(trades, backs, kept, settings))
    for back, one in zip(backs, screened, strict=True):
        pair = np.flatnonzero(one.worth & wanted)
        yield trades, flows_of(sources, back, one.sums, one.noise, pair, settings)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Screened:
    sums: PairSums
    noise: Noise
    worth: NDArray[np.bool_]
    """Per pair."""


def _screened(
    trades: Trades, back: LookBack, flows: RoughFlows, settings: LedgerSettings
) -> _Screened:
    columns, pairs = trades.columns, trades.pairs
    prints = masked(back.rows, independent(trades, back.ring))
    noise = noise_of(columns, prints, flows.away, flows.distance, back.half_spread)
    total = pair_sums(columns, trades.pair, flows, back.rows, noise, len(pairs))
    worth = worth_a_look(pairs, total, back.active, back.ring, back.half_spread, settings)
    return _Screened(sums=total, noise=noise, worth=worth)


def _rough_of_all(trades: Trades, backs: list[LookBack], reach: int) -> RoughFlows:
    columns = trades.columns
    n = len(columns)
    flows = RoughFlows.nothing(n)
    since = _EVER
    for back in backs:
        near = between(columns.time, since - reach, back.end)
        part = columns.take(near)
        found = rough_flows(part, rough(part, independent(trades, back.ring)[near], reach))
        if isinstance(near, slice) and since == _EVER:
            return found  # the usual case of one end: nothing to copy
        new = part.time >= since
        flows.put(np.arange(n)[near][new], found, new)
        since = back.end
    return flows


def _valued(
    trades: Trades, backs: list[LookBack], kept: NDArray[np.bool_], settings: LedgerSettings
) -> Valued:
    """Exact references for the trades of the `kept` pairs, each as of the first end after it."""
    columns = trades.columns
    rows = np.flatnonzero(kept[trades.pair])
    ends = np.array([back.end for back in backs])
    of_end = np.searchsorted(ends, columns.time[rows], side="right")
    parts = []
    for number in np.unique(of_end):
        back, own = backs[number], rows[of_end == number]
        since = int(columns.time[own].min()) - settings.half_widths[-1]
        prints = columns.take(np.flatnonzero(independent_before(trades, back, since)))
        parts.append(value(trades, own, prints, settings))
    return joined(parts)
