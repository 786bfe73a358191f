"""One tape for a batch of events, from which each cuts its own.

Sorting, and finding who stood on the other side, is done once for all of them. A cut is the same as
`tape_of_rows` of its rows, because rows that belong together have one time, and one symbol: a cut
takes all of them or none. Where a feed gives one trade id to rows of different times that is not
so, and each cut is made anew.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tradeglyph.domain.fills import Fills
from tradeglyph.domain.tape import Tape
from tradeglyph.domain.trade_rows import TradeRows
from tradeglyph.pipeline.tape import tape_of_rows

Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]
Place = tuple[str, int, int]
"""A symbol, and from where to where."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchTape:
    """Everybody's rows of some symbols over a span of time."""

    rows: TradeRows
    tape: Tape
    """Of all rows."""
    whole: bool
    """Whether rows that belong together have one time."""

    @classmethod
    def of(cls, rows: TradeRows) -> "BatchTape":
        """From the rows of a source, in any order."""
        return cls(rows=rows, tape=tape_of_rows(rows), whole=_belong_together(rows))

    def place(self, symbols: Sequence[str], since: int, until: int) -> tuple[Place, ...]:
        """Equal for two whose `cut` is the same."""
        if not self.whole:
            return tuple((name, since, until) for name in sorted(symbols))
        names = self.tape.fills.symbol_names.tolist()
        bounds = np.array([since, until], dtype=np.int64)
        codes = sorted(names.index(name) for name in set(symbols) & set(names))
        return tuple((names[code], *self._span(code, bounds)) for code in codes)

    def cut(self, symbols: Sequence[str], since: int, until: int) -> Tape:
        """The tape of the symbols' rows in [since, until), microseconds UTC."""
        if not self.whole:
            wanted = set(symbols)
            inside = (self.rows.time >= since) & (self.rows.time < until)
            inside &= np.array([name in wanted for name in self.rows.symbol], dtype=bool)
            return tape_of_rows(self.rows.take(inside))
        tape = self.tape
        names = tape.fills.symbol_names.tolist()
        codes = np.array([n for n, name in enumerate(names) if name in set(symbols)], np.int64)
        bounds = np.array([since, until], dtype=np.int64)
        spans = [self._span(int(code), bounds) for code in codes]
        at = np.concatenate([np.zeros(0, np.int64), *(np.arange(*span) for span in spans)])
        return _compact(tape, at)

    def _span(self, symbol: int, bounds: Ints) -> tuple[int, int]:
        """Where a symbol's rows within the bounds are."""
        fills = self.tape.fills
        first, last = np.searchsorted(fills.symbol, [symbol, symbol + 1])
        begin, end = first + np.searchsorted(fills.time[first:last], bounds)
        return int(begin), int(end)


def _compact(tape: Tape, at: Ints) -> Tape:
    """The rows at `at`, ascending, with the names and match numbers that they use, as
    `tape_of_rows` numbers them."""
    fills, other, match = tape.fills, tape.other[at], tape.match[at]
    account, symbol = fills.account[at], fills.symbol[at]
    account_names, place = _used(fills.account_names, account, other)
    symbol_names, symbol_place = _used(fills.symbol_names, symbol)
    _, number = _used(np.zeros(int(match.max(initial=-1)) + 1, dtype=object), match)
    return Tape(
        fills=Fills(
            account=place[account],
            symbol=symbol_place[symbol],
            time=fills.time[at],
            side=fills.side[at],
            price=fills.price[at],
            quantity=fills.quantity[at],
            account_names=account_names,
            symbol_names=symbol_names,
        ),
        other=place[other],
        match=number[match].astype(np.int64),
        fee=tape.fee[at],
    )


def _used(
    names: NDArray[np.object_], *codes: NDArray[np.integer]
) -> tuple[NDArray[np.object_], NDArray[np.int32]]:
    """The names that are used, and the new code of each old one; -1 stays what it is."""
    used = np.zeros(len(names) + 1, dtype=bool)  # the last one is for unknown
    for values in codes:
        used[values] = True
    used = used[:-1]
    place = np.full(len(names) + 1, -1, dtype=np.int32)
    place[:-1][used] = np.arange(int(used.sum()), dtype=np.int32)
    return names[used], place


def _belong_together(rows: TradeRows) -> bool:
    """Whether rows with one symbol and trade id have one time."""
    trades = rows.trade_id.tolist()
    if not any(trades):
        return True
    time_of: dict[tuple[str, str], int] = {}
    given = list(zip(rows.symbol.tolist(), trades, strict=True))
    times = rows.time.tolist()
    time_of.update(zip(given, times, strict=True))
    return all(time_of[key] == time for key, time in zip(given, times, strict=True) if key[1])
