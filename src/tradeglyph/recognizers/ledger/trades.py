"""Matched trades: one element per match, whatever number of rows the tape has of it."""

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from tradeglyph.domain.tape import Tape
from tradeglyph.recognizers.groups import numbered
from tradeglyph.recognizers.ledger.exact import Floats, Ints, Scales, decimals, floats, integers
from tradeglyph.recognizers.row_order import row_order

NOBODY = -1

Rows = NDArray[np.bool_] | slice
"""Some trades: a mask, or all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairs:
    """Columns of one length p: who met whom in which symbol. `low < high`, except as said.

    `low` is `NOBODY` where the other side is not known, and equals `high` where an account traded
    with itself, or where neither is known. A node is an account in one symbol.
    """

    symbol: Ints
    low: Ints
    high: Ints
    low_node: Ints
    high_node: Ints
    nodes: int

    def __len__(self) -> int:
        return len(self.symbol)

    @property
    def met(self) -> NDArray[np.bool_]:
        """Two known accounts."""
        return np.asarray((self.low != self.high) & (self.low != NOBODY))


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """Columns of one length n, sorted by symbol, time, price and parties.

    Parts of one price, time and parties are one element, so that splits change nothing.
    """

    symbol: Ints
    time: Ints
    low: Ints
    high: Ints
    sign: Ints
    """+1 where `high` bought, -1 where it sold, 0 in a trade with itself."""
    units: Ints
    """Price as a whole number."""
    lots: Ints
    """Quantity as a whole number."""
    price: Floats
    quantity: Floats

    def __len__(self) -> int:
        return len(self.time)

    def take(self, index: NDArray[np.generic] | slice) -> "Columns":
        """The trades at `index`, in that order; a slice copies nothing."""
        return Columns(**{f.name: getattr(self, f.name)[index] for f in fields(Columns)})


@dataclass(frozen=True, slots=True, kw_only=True)
class Trades:
    """Matched trades with the pair of each."""

    columns: Columns
    pair: Ints
    pairs: Pairs
    scales: Scales
    symbols: int

    @property
    def single(self) -> NDArray[np.bool_]:
        """Trades of an account with itself, or of nobody known: no evidence of a price."""
        return np.asarray(self.columns.low == self.columns.high)


def trades_of(tape: Tape, since: int, until: int) -> Trades:
    """The tape's matched trades in [since, until), microseconds UTC.

    Raises ValueError where the tape is not sorted by symbol, then time.
    """
    fills = tape.fills
    _check_order(fills.symbol, fills.time)
    rows = _speakers(tape)
    rows = rows[(fills.time[rows] >= since) & (fills.time[rows] < until)]
    symbols = len(fills.symbol_names)
    symbol = fills.symbol[rows].astype(np.int64)
    price, quantity = fills.price[rows], fills.quantity[rows]
    scales = Scales(
        price=decimals(price, symbol, symbols), quantity=decimals(quantity, symbol, symbols)
    )
    account, other = _parties(tape, rows)
    high = np.maximum(account, other)
    side = np.where(account == high, fills.side[rows], -fills.side[rows]).astype(np.int64)
    units = integers(price, scales.price[symbol])
    columns = Columns(
        symbol=symbol,
        time=fills.time[rows],
        low=np.minimum(account, other),
        high=high,
        sign=np.where(account == other, 0, side),
        units=units,
        lots=integers(quantity, scales.quantity[symbol]),
        price=floats(units, scales.price[symbol]),
        quantity=quantity,
    )
    columns = _merged(_ordered(columns), scales)
    pair, pairs = _paired(columns)
    return Trades(columns=columns, pair=pair, pairs=pairs, scales=scales, symbols=symbols)


def _check_order(symbol: NDArray[np.int32], time: Ints) -> None:
    later = (symbol[1:] > symbol[:-1]) | ((symbol[1:] == symbol[:-1]) & (time[1:] >= time[:-1]))
    if not later.all():
        raise ValueError("a tape must be sorted by symbol, then time")


def _speakers(tape: Tape) -> Ints:
    """One row of each match, and every row without one."""
    match = tape.match
    rows = np.flatnonzero(match >= 0)
    first = np.full(int(match.max(initial=-1)) + 1, -1, dtype=np.int64)
    first[match[rows][::-1]] = rows[::-1]  # of equal indices the last assigned stays
    return np.sort(np.concatenate([first[first >= 0], np.flatnonzero(match < 0)]))


def _parties(tape: Tape, rows: Ints) -> tuple[Ints, Ints]:
    """Account and other side; a nameless account is nobody."""
    known = np.append(tape.fills.account_names != "", False)
    account, other = (side[rows].astype(np.int64) for side in (tape.fills.account, tape.other))
    return np.where(known[account], account, NOBODY), np.where(known[other], other, NOBODY)


def _ordered(columns: Columns) -> Columns:
    """Trades of one symbol and time in an order that the rows' order has no part in."""
    ties = columns.units, columns.low, columns.high, columns.sign, columns.lots
    return columns.take(row_order(columns.symbol, columns.time, *ties))


def _merged(columns: Columns, scales: Scales) -> Columns:
    new = np.zeros(len(columns), dtype=bool)
    new[:1] = True
    for name in ("symbol", "time", "low", "high", "sign", "units"):
        values = getattr(columns, name)
        new[1:] |= values[1:] != values[:-1]
    head = np.flatnonzero(new)
    lots = np.add.reduceat(columns.lots, head) if len(head) else columns.lots
    merged = columns.take(head)
    return Columns(
        **{f.name: getattr(merged, f.name) for f in fields(Columns)}
        | {"lots": lots, "quantity": floats(lots, scales.quantity[merged.symbol])}
    )


def _paired(columns: Columns) -> tuple[Ints, Pairs]:
    """Number of the pair of each trade, and the pairs."""
    parties = np.concatenate([columns.low, columns.high])
    node, _ = numbered(np.tile(columns.symbol, 2), parties)
    nodes = int(node.max(initial=-1)) + 1
    low_node, high_node = node[: len(columns)], node[len(columns) :]
    pair, first = numbered(low_node, high_node)
    return pair, Pairs(
        symbol=columns.symbol[first],
        low=columns.low[first],
        high=columns.high[first],
        low_node=low_node[first],
        high_node=high_node[first],
        nodes=nodes,
    )
