"""Meetings: a pair's trades, with the parts of one order taken together."""

from dataclasses import dataclass

import numpy as np

from tradeglyph.domain.fills import MICROSECONDS
from tradeglyph.recognizers.ledger.exact import Floats, Ints
from tradeglyph.recognizers.ledger.settings import MINUTE_US
from tradeglyph.recognizers.ledger.trades import Columns, Rows, Trades

ONE_ORDER_US = MICROSECONDS
"""A pair's trades of one direction no further apart are taken for parts of one order, which is
filled at several prices in milliseconds and is no more of a meeting for that."""

AHEAD_US = 30 * MINUTE_US
"""A position opened no longer before counts as opened ahead of the other's order. The law knows no
such span (it asks who knew of the order); who holds for longer is a trader like others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Meetings:
    """Columns of one length, one element per meeting, of `flows` pairs."""

    flow: Ints
    """Position of the pair."""
    time: Ints
    """Of its first trade."""
    sign: Ints
    """+1 where the pair's high account bought, -1 where it sold."""
    quantity: Floats
    flows: int

    @classmethod
    def of(cls, columns: Columns, row: Ints, own: Ints, flows: int) -> "Meetings":
        """Of the trades at `row`, ascending; `own` is the flow of each."""
        order = np.argsort(own, kind="stable")
        flow, row = own[order], row[order]
        time, sign = columns.time[row], columns.sign[row]
        new = np.ones(len(row), dtype=bool)
        new[1:] = (np.diff(flow) != 0) | (np.diff(sign) != 0) | (np.diff(time) > ONE_ORDER_US)
        number = np.cumsum(new) - 1
        return cls(
            flow=flow[new],
            time=time[new],
            sign=sign[new],
            quantity=np.bincount(number, columns.quantity[row]).astype(np.float64),
            flows=flows,
        )

    @property
    def count(self) -> Ints:
        """Per flow."""
        return np.bincount(self.flow, minlength=self.flows)

    def ahead(self, trades: Trades, rows: Rows, node: Ints, side: Ints) -> Floats:
        """Per flow: share of its quantity with which one of the two closed a position that it had
        opened within `AHEAD_US` before the meeting, with anybody.

        Args:
            rows: trades of the look-back.
            node: of each flow, the account asked about, in its symbol.
            side: +1 where that is the pair's high account, -1 where it is the low one.
        """
        walk = _Positions.of(trades, rows, np.unique(node))
        of = node[self.flow]
        opened = walk.before(of, self.time) - walk.before(of, self.time - AHEAD_US)
        closed = np.clip(-side[self.flow] * self.sign * opened, 0.0, self.quantity)
        whole, part = (
            np.bincount(self.flow, weights, minlength=self.flows)
            for weights in (self.quantity, closed)
        )
        return np.divide(part, whole, out=np.zeros(self.flows), where=whole > 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Positions:
    """What some nodes held after each of their trades, from 0 at the start of the look-back."""

    nodes: Ints
    """Ascending."""
    key: Ints
    """Per trade: node, then time, as one number."""
    held: Floats
    """After it, in base units, summed through all nodes; led by a 0."""
    since: int
    span: int

    @classmethod
    def of(cls, trades: Trades, rows: Rows, nodes: Ints) -> "_Positions":
        wanted = np.zeros(trades.pairs.nodes, dtype=bool)
        wanted[nodes] = True
        parts = []
        for of_pair, way in ((trades.pairs.low_node, -1), (trades.pairs.high_node, 1)):
            own = wanted[of_pair][trades.pair]
            row = np.flatnonzero(own if isinstance(rows, slice) else own & rows)
            columns = trades.columns
            change = way * columns.sign[row] * columns.quantity[row]
            parts.append((of_pair[trades.pair[row]], columns.time[row], change))
        node, time, change = (np.concatenate(column) for column in zip(*parts, strict=True))
        since = int(time.min(initial=2**62))
        span = int(time.max(initial=since)) - since + 1
        key = np.searchsorted(nodes, node) * span + time - since
        order = np.argsort(key, kind="stable")
        held = np.append(0.0, np.cumsum(change[order]))
        return cls(nodes=nodes, key=key[order], held=held, since=since, span=span)

    def before(self, node: Ints, time: Ints) -> Floats:
        """What was held just before a time, up to what does not depend on the time."""
        at = np.clip(time - self.since, 0, self.span)
        return self.held[
            np.searchsorted(self.key, np.searchsorted(self.nodes, node) * self.span + at)
        ]
