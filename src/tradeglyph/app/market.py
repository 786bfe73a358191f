"""Trades and candles of the user's files as arrays that share their symbol codes."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tradeglyph.app.inside import Inside
from tradeglyph.domain.candles import Candles
from tradeglyph.domain.fills import MICROSECONDS, Fills
from tradeglyph.domain.windows import Windows
from tradeglyph.pipeline.cut import UTC, cut, day_edges
from tradeglyph.sources.candle_lengths import check_one_length
from tradeglyph.sources.candles import CandleTable, read_candles
from tradeglyph.sources.options import ReadOptions
from tradeglyph.sources.tables import candles_of, fills_of
from tradeglyph.sources.trades import read_trades


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowRule:
    """How time is cut: days of `zone`, or one span that ends at `as_of`."""

    zone: ZoneInfo = UTC
    span_us: int | None = None
    as_of: datetime | None = None
    """Aware; needed with `span_us`."""

    @property
    def window(self) -> tuple[int, int] | None:
        """Start and end of the one span, microseconds UTC; None where days are cut."""
        if self.span_us is None or self.as_of is None:
            return None
        end = round(self.as_of.timestamp() * MICROSECONDS)
        return end - self.span_us, end

    def edges(self, fills: Fills) -> NDArray[np.int64]:
        """Ascending instants between which windows lie, microseconds UTC."""
        if self.window is not None:
            return np.array(self.window, dtype=np.int64)
        if not len(fills):
            return np.zeros(1, dtype=np.int64)
        return day_edges(int(fills.time.min()), int(fills.time.max()), self.zone)


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """Windows, the candles they trade in, and the rows of either file that were skipped."""

    windows: Windows
    candles: Candles
    trades: pl.DataFrame
    """As they were read, in the dtypes of `TRADE_DTYPES`."""
    rejects: pl.DataFrame


def load_candles(path: Path, options: ReadOptions) -> tuple[Candles, CandleTable]:
    """Candles of one file or folder: as arrays, and what the reader says of them.

    Raises InputError as `read_candles` does, and where they are not of one length.
    """
    table = read_candles(path, options)
    candles = candles_of(table.frame)
    check_one_length(candles, path)
    return candles, table


def load(
    trades: Path,
    candles: Path,
    trade_options: ReadOptions,
    candle_options: ReadOptions,
    rule: WindowRule,
    say: Callable[[str], None],
) -> Loaded:
    """All windows of a file or folder of trades at once; `say` gets lines for stderr."""
    market, market_table = load_candles(candles, candle_options)
    table = read_trades(trades, trade_options)
    inside = Inside(window=rule.window)
    inside.add(table.frame["time"])
    for line in (*market_table.report.lines(), *table.report.lines(), *inside.lines()):
        say(line)
    return Loaded(
        windows=windows_of(table.frame, market, rule),
        candles=market,
        trades=table.frame,
        rejects=pl.concat([market_table.rejects, table.rejects], how="diagonal"),
    )


def load_windows(
    trades: Path,
    candles: Path,
    trade_options: ReadOptions,
    candle_options: ReadOptions,
    rule: WindowRule,
    say: Callable[[str], None],
) -> tuple[Windows, Candles]:
    """As `load`, for files without rows to skip."""
    loaded = load(trades, candles, trade_options, candle_options, rule, say)
    return loaded.windows, loaded.candles


def windows_of(trades: pl.DataFrame, candles: Candles, rule: WindowRule) -> Windows:
    """Windows of a normalised trades frame, coded like `candles`."""
    fills = fills_of(trades, candles.symbol_names.tolist())
    return cut(fills, rule.edges(fills))
