"""Candles in a table or a query of a database."""

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from tradeglyph.domain.candles import FIVE_MINUTES_US, Candles
from tradeglyph.domain.errors import InputError
from tradeglyph.domain.instants import rfc3339
from tradeglyph.domain.schema import CANDLES
from tradeglyph.ports.sources import TooManyRows
from tradeglyph.sources.interval import interval_of
from tradeglyph.sources.live.candle_columns import CandleColumns
from tradeglyph.sources.live.cells import numbers, text_of, texts
from tradeglyph.sources.live.database import Database
from tradeglyph.sources.live.left_out import LeftOut
from tradeglyph.sources.live.problems import Problem
from tradeglyph.sources.live.user_table import TableSettings, UserTable

Label = Literal["start", "end"]

REQUIRED = ("symbol", "time", "high", "low")
_OPTIONAL = ("open", "close", "volume", "accounts")
INDEXES = (("symbol", "time"), ("time",))
_SEEN = 1000
"""Newest candles of one symbol whose distances show the interval."""


class SqlCandles:
    """A `CandleSource`. Rows that can't be read are left out and counted in `left_out`."""

    def __init__(
        self,
        database: Database,
        settings: TableSettings,
        *,
        interval: int | None = None,
        label: Label = "start",
    ) -> None:
        """Connects to nothing yet.

        Args:
            database: where they are.
            settings: what the user says of the table.
            interval: length of a candle in microseconds; None takes the commonest distance
                between the newest candles of one symbol.
            label: which end of a candle its time names.

        Raises InputError for settings that can't be meant, and for label "end" without interval.
        """
        if label == "end" and interval is None:
            raise InputError('candles: label = "end" needs interval, for instance interval = "5m"')
        self.left_out = LeftOut()
        self._table = UserTable(database, settings, CANDLES, REQUIRED, ("symbol",))
        self._interval = interval
        self._shift = interval if label == "end" and interval else 0

    def of_symbols(self, symbols: Sequence[str], since: int, until: int) -> Candles:
        """Candles that start in the span; codes are positions in `symbols`.

        Of candles of one symbol and start the first that the database gives stays.
        """
        found = self._columns(symbols, since, until)
        return found.candles(self._length(), symbols, self.left_out)

    def watermark(self, before: int) -> int | None:
        """Start of the newest candle that starts before an instant, microseconds UTC."""
        newest = self._table.newest(before + self._shift)
        return None if newest is None else newest - self._shift

    def check(self) -> list[Problem]:
        """What must be mended; empty where all is well."""
        problems = self._table.check(INDEXES)
        return problems if any(p.fatal for p in problems) else [*problems, *self._clashes()]

    def close(self) -> None:
        """Close the connections."""
        self._table.database.close()

    def _columns(self, symbols: Sequence[str], since: int, until: int) -> CandleColumns:
        """The good candles that start in the span, repeats among them."""
        code = {name: at for at, name in reversed(list(enumerate(symbols)))}
        shape = self._table.shape()
        shift = self._shift
        names = (*REQUIRED, *_OPTIONAL)
        found = []
        span = (since + shift, until + shift)
        for asked, block in self._table.fetch(names, "symbol", symbols, *span):
            assert shape is not None  # noqa: S101  else there are no blocks
            micros, timed = shape.instants.micros(block["time"])
            named = [code[s] if s in asked else -1 for s in texts(block["symbol"])]
            columns = CandleColumns(
                symbol=np.array(named, dtype=np.int32),
                start=micros - shift,
                **{name: _numbers(block, name, len(named)) for name in CandleColumns.MEASURES},
            )
            inside = ~timed | ((columns.start >= since) & (columns.start < until))
            inside &= columns.symbol >= 0
            found.append(columns.take(inside).checked(timed[inside], self.left_out))
        return CandleColumns.concat(found)

    def _clashes(self) -> list[Problem]:
        """Two candles of one start that differ, among the newest of a symbol."""
        shape = self._table.shape()
        if shape is None:
            return []
        newest = self._table.newest_of("symbol", shape.sample["symbol"], _SEEN)
        symbol = text_of(shape.sample["symbol"])
        first, last = min(newest, default=0) - self._shift, max(newest, default=0) - self._shift
        try:
            start = self._columns([symbol], first, last + 1).clash()
        except TooManyRows:  # `max_rows` is a few
            return []
        if start is None:
            return []
        what = f"has two candles of {symbol} that start at {rfc3339(start)} and differ"
        remedy = "where it holds candles of several lengths, select those of one with `query`"
        return [Problem(code="clash", where=self._table.where, what=what, remedy=remedy)]

    def _length(self) -> int:
        """The interval, looked up once there are two candles to tell it."""
        if self._interval is None:
            shape = self._table.shape()
            if shape is None:
                return FIVE_MINUTES_US
            newest = self._table.newest_of("symbol", shape.sample["symbol"], _SEEN)
            start = np.unique(np.array(newest, dtype=np.int64))
            if len(start) < 2:
                return FIVE_MINUTES_US
            self._interval = interval_of(np.zeros(len(start), dtype=np.int32), start)
        return self._interval


def _numbers(block: dict[str, tuple[Any, ...]], name: str, height: int) -> NDArray[np.float64]:
    return numbers(block.get(name, (None,) * height))
