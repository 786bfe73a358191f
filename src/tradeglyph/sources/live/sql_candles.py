"""Candles in a table or a query of a database."""

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from tradeglyph.domain.candles import FIVE_MINUTES_US, Candles
from tradeglyph.domain.errors import InputError
from tradeglyph.domain.schema import CANDLES
from tradeglyph.sources.interval import interval_of
from tradeglyph.sources.live.candle_columns import CandleColumns
from tradeglyph.sources.live.cells import numbers, texts
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
        return CandleColumns.concat(found).candles(self._length(), symbols, self.left_out)

    def watermark(self, before: int) -> int | None:
        """Start of the newest candle that starts before an instant, microseconds UTC."""
        newest = self._table.newest(before + self._shift)
        return None if newest is None else newest - self._shift

    def check(self) -> list[Problem]:
        """What must be mended; empty where all is well."""
        return self._table.check(INDEXES)

    def close(self) -> None:
        """Close the connections."""
        self._table.database.close()

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
