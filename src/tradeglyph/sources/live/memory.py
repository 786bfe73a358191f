"""Trades and candles that are at hand: those of a request, of a small file, of a test."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from tradeglyph.domain.candles import Candles
from tradeglyph.domain.trade_rows import AccountRows, TradeRows
from tradeglyph.ports.sources import AccountSpan
from tradeglyph.sources.live.left_out import LeftOut
from tradeglyph.sources.live.problems import Problem


class MemoryTrades:
    """A `TradeSource` over rows; they are sorted at the first question of a kind."""

    def __init__(
        self, rows: TradeRows, unreadable: Mapping[str, Sequence[int | None]] = {}
    ) -> None:
        """Args:

        rows: those that can be read.
        unreadable: by account, the time of each row that can't be; None where that is why.
        """
        self.left_out = LeftOut()
        self._unreadable = unreadable
        self._rows = rows
        self._by_account: _Sorted | None = None
        self._by_symbol: _Sorted | None = None
        self._sides: bool | None = None
        self._times: NDArray[np.int64] | None = None

    def of_account(self, account_id: str, since: int, until: int) -> AccountRows:
        """The account's fills, in all symbols."""
        if self._by_account is None:
            self._by_account = _Sorted(self._rows.account_id, self._rows.time)
        rows = self._rows.take(self._by_account.find([account_id], since, until))
        times = self._unreadable.get(account_id, ())
        return AccountRows.of(rows, sum(time is None or since <= time < until for time in times))

    def of_accounts(self, spans: Sequence[AccountSpan]) -> list[AccountRows]:
        """Each account's fills in its span."""
        return [self.of_account(one.account_id, one.since, one.until) for one in spans]

    def of_symbols(self, symbols: Sequence[str], since: int, until: int) -> TradeRows:
        """Everybody's fills in these symbols."""
        if self._by_symbol is None:
            self._by_symbol = _Sorted(self._rows.symbol, self._rows.time)
        return self._rows.take(self._by_symbol.find(symbols, since, until))

    def tells_sides(self) -> bool:
        """Whether a row may say who stood on the other side."""
        if self._sides is None:
            rows = self._rows
            self._sides = bool((rows.trade_id != "").any() or (rows.counterparty_id != "").any())
        return self._sides

    def watermark(self, before: int) -> int | None:
        """Time of the newest fill before another, microseconds UTC."""
        if self._times is None:
            self._times = np.sort(self._rows.time)
        return _last_before(self._times, before)

    def check(self) -> list[Problem]:
        """Nothing can be wrong with it."""
        return []

    def close(self) -> None:
        """Nothing to close."""


class MemoryCandles:
    """A `CandleSource` over candles."""

    def __init__(self, candles: Candles) -> None:
        self.left_out = LeftOut()
        self._candles = candles
        names = candles.symbol_names.tolist()
        # Candles are sorted by symbol and start.
        self._edges = candles.symbol.searchsorted(np.arange(len(names) + 1)).tolist()
        self._code = {name: code for code, name in enumerate(names)}
        self._starts: NDArray[np.int64] | None = None

    def of_symbols(self, symbols: Sequence[str], since: int, until: int) -> Candles:
        """Candles that start in the span; codes are positions in `symbols`."""
        candles = self._candles
        spans = [self._span(name, since, until) for name in dict.fromkeys(symbols)]
        lengths = [last - first for first, last in spans]
        codes = [symbols.index(name) for name in dict.fromkeys(symbols)]
        at: slice | NDArray[np.intp] = slice(0, 0)
        if len(spans) == 1:
            at = slice(*spans[0])
        elif spans:
            at = np.concatenate([np.arange(*span) for span in spans])
        names = np.empty(len(symbols), dtype=object)
        names[:] = symbols
        return Candles(
            symbol=np.array(codes, dtype=np.int32).repeat(lengths),
            start=candles.start[at],
            high=candles.high[at],
            low=candles.low[at],
            open=candles.open[at],
            close=candles.close[at],
            volume=candles.volume[at],
            accounts=candles.accounts[at],
            interval=candles.interval,
            symbol_names=names,
        )

    def _span(self, name: str, since: int, until: int) -> tuple[int, int]:
        """Where the candles of a symbol that start in [since, until) begin and end."""
        code = self._code.get(name)
        if code is None:
            return 0, 0
        first, last = self._edges[code], self._edges[code + 1]
        begin, end = self._candles.start[first:last].searchsorted((since, until)).tolist()
        return first + begin, first + end

    def watermark(self, before: int) -> int | None:
        """Start of the newest candle that starts before an instant, microseconds UTC."""
        if self._starts is None:
            self._starts = np.unique(self._candles.start)
        return _last_before(self._starts, before)

    def check(self) -> list[Problem]:
        """Nothing can be wrong with it."""
        return []

    def close(self) -> None:
        """Nothing to close."""


def _last_before(ascending: NDArray[np.int64], before: int) -> int | None:
    at = int(np.searchsorted(ascending, before)) - 1
    return int(ascending[at]) if at >= 0 else None


class _Sorted:
    """Positions of rows by name and time."""

    def __init__(self, names: NDArray[np.object_], time: NDArray[np.int64]) -> None:
        place: dict[str, int] = {}
        listed = names.tolist()
        for name in listed:
            if name not in place:
                place[name] = len(place)
        code = np.fromiter(map(place.__getitem__, listed), np.int64, len(listed))
        self._place = place
        self._order = np.lexsort((time, code))
        self._time = time[self._order]
        self._edges = np.searchsorted(code[self._order], np.arange(len(place) + 1))

    def find(self, names: Sequence[str], since: int, until: int) -> NDArray[np.intp]:
        """Where the rows of these names in [since, until) are."""
        found = [np.zeros(0, dtype=np.intp)]
        for name in dict.fromkeys(names):
            place = self._place.get(name)
            if place is None:
                continue
            first, last = self._edges[place], self._edges[place + 1]
            begin, end = self._time[first:last].searchsorted((since, until))
            found.append(self._order[first + begin : first + end])
        return np.concatenate(found)
