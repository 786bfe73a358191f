"""What the other sides of a window's trades tell: the ledger's flows, window by window."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tradeglyph.domain.ledger import Transfers
from tradeglyph.domain.tape import Tape
from tradeglyph.pipeline.flow_rule import FlowRule
from tradeglyph.recognizers.groups import numbered

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

KNOWN = 0.5
"""The other sides count as known where they are for more than half of an account's fills of a
symbol; with fewer, a flow may have gone to somebody unseen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One element per window."""

    known: Mask
    """Whether the other sides of the account's fills are known."""
    flow: Ints
    """The flow that speaks loudest, a position in the transfers; -1 where there is none."""
    alert: Mask
    """Whether it alerts."""
    abstained: Mask
    """Whether a flow could not be measured for want of an independent reference."""
    odd: Mask
    """Whether a person should look at a flow of it, alert or not."""
    doubtful: Mask
    """Whether a flow is most of its result and of another's, though it may not alert."""
    gains: Mask
    """Whether the account is the gainer of that flow, else its loser."""
    ahead: Mask
    """Whether that flow's gainer had opened its position just ahead."""
    transferred: Floats
    """Low ends of its alerting flows together, else of the loudest; NaN where not known."""


def evidence_of(
    account: Ints, symbol: Ints, end: Ints, tape: Tape, transfers: Transfers, rule: FlowRule
) -> Evidence:
    """Evidence of n windows, given by the tape's codes (-1: not on the tape) and their ends."""
    return Testimony.of(tape, transfers, rule).about(account, symbol, end)


@dataclass(frozen=True, slots=True, kw_only=True)
class Testimony:
    """What a tape and its flows tell of every account's windows."""

    transfers: Transfers
    _known: "_Known"
    _rows: "_Rows"

    @classmethod
    def of(cls, tape: Tape, transfers: Transfers, rule: FlowRule) -> "Testimony":
        """From all flows of the tape's windows."""
        return cls(
            transfers=transfers,
            _known=_Known.of(tape),
            _rows=_Rows.of(transfers, rule, len(tape.fills.symbol_names)),
        )

    def ending(self, end: int) -> "Testimony":
        """The same where flows of one window end are told as those of another, microseconds UTC:
        the tape has no row between the two, nor between the beginnings of their look-backs."""
        transfers = self.transfers
        if not len(transfers) or end == transfers.window_end[0]:
            return self
        moved = replace(transfers, window_end=np.full(len(transfers), end))
        rows = replace(self._rows, ends=np.array([end], dtype=np.int64))
        return replace(self, transfers=moved, _rows=rows)

    def about(self, account: Ints, symbol: Ints, end: Ints) -> Evidence:
        """Evidence of n windows, as `evidence_of`."""
        known = self._known.of_window(account, symbol)
        rows = self._rows
        first, last = rows.of_window(account, symbol, end)
        found, loudest = last > first, first  # past the end stands a row that says nothing
        alert = found & rows.alert[loudest]
        low = np.where(found, np.nan_to_num(rows.low[loudest]), 0.0)
        alerting = rows.sums(np.where(rows.alert, np.nan_to_num(rows.low), 0.0), found, first)
        transferred = np.where(alert, alerting, low)
        abstained = rows.sums(np.isnan(rows.low), found, first) > 0
        measured = known & ~(abstained & (transferred == 0))
        return Evidence(
            known=known,
            flow=np.where(found, rows.flow[loudest], -1),
            alert=alert,
            odd=found & rows.odd[loudest],
            abstained=abstained,
            doubtful=rows.sums(rows.doubt, found, first) > 0,
            gains=found & rows.gains[loudest],
            ahead=found & rows.ahead[loudest],
            transferred=np.where(measured, transferred, np.nan),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rows:
    """Every flow twice, once for its gainer and once for its loser, sorted by window and, within
    one, the alerting, the odd and then the larger first; then a row that says nothing."""

    key: Ints
    flow: Ints
    gains: Mask
    alert: Mask
    odd: Mask
    doubt: Mask
    ahead: Mask
    low: Floats
    ends: Ints
    symbols: int

    @classmethod
    def of(cls, transfers: Transfers, rule: FlowRule, symbols: int) -> "_Rows":
        judged = rule.judge(transfers)
        ends = np.unique(transfers.window_end)
        flow = np.tile(np.arange(len(transfers)), 2)
        account = np.concatenate([transfers.gainer, transfers.loser]).astype(np.int64)
        at = np.searchsorted(ends, transfers.window_end[flow])
        key = (account * symbols + transfers.symbol[flow]) * len(ends) + at
        low = transfers.low[flow]
        quieter = ~judged.odd[flow], ~judged.alert[flow]
        order = np.lexsort((-np.nan_to_num(low, nan=-np.inf), *quieter, key))
        masks = {
            name: np.append(getattr(judged, name)[flow][order], False)
            for name in ("alert", "odd", "doubt", "ahead")
        }
        return cls(
            key=key[order],
            flow=np.append(flow[order], -1),
            gains=np.append(order < len(transfers), False),
            **masks,
            low=np.append(low[order], 0.0),
            ends=ends,
            symbols=symbols,
        )

    def of_window(self, account: Ints, symbol: Ints, end: Ints) -> tuple[Ints, Ints]:
        """Where each window's rows begin and end."""
        at = np.searchsorted(self.ends, end)
        known = (account >= 0) & (symbol >= 0) & np.isin(end, self.ends)
        key = (account.astype(np.int64) * self.symbols + symbol) * len(self.ends) + at
        first = np.searchsorted(self.key, key)
        return first, np.where(known, np.searchsorted(self.key, key, side="right"), first)

    def sums(self, values: Floats | Mask, found: Mask, first: Ints) -> Floats:
        """Per window: sum of `values`, one for each row, over its rows, of which `first` is the
        first; 0 where none is `found`. Money is printed from it to the last digit, so each window
        is added up by itself and not as a difference of running sums."""
        group = np.append(np.cumsum(np.diff(self.key, prepend=self.key[:1]) != 0), 0)
        total = np.bincount(group[:-1], values[:-1], minlength=1)
        return np.where(found, total[group[first]], 0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """Of which accounts and symbols the other sides are known."""

    names: Ints
    """Account and symbol as one number, ascending."""
    share: Floats
    """Of its fills, those whose other side is known; then a 0 for who is not on the tape."""
    symbols: int

    @classmethod
    def of(cls, tape: Tape) -> "_Known":
        symbols = len(tape.fills.symbol_names)
        dense, first = numbered(tape.fills.account, tape.fills.symbol)
        names = tape.fills.account[first].astype(np.int64) * symbols + tape.fills.symbol[first]
        share = np.bincount(dense, tape.match >= 0) / np.bincount(dense)
        return cls(names=names, share=np.append(share, 0.0), symbols=symbols)

    def of_window(self, account: Ints, symbol: Ints) -> Mask:
        """Whether the other side is known for most of the account's fills of the symbol."""
        wanted = account * self.symbols + symbol
        at = np.searchsorted(self.names, wanted)
        there = np.isin(wanted, self.names) & (account >= 0) & (symbol >= 0)
        return there & (self.share[at] > KNOWN)
