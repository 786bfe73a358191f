"""Candle files."""

from collections.abc import Callable
from pathlib import Path

import polars as pl

from tradeglyph.domain.errors import InputError
from tradeglyph.results.atomic import whole_file
from tradeglyph.results.rfc3339 import RFC_3339

COLUMNS = ("symbol", "time", "open", "high", "low", "close", "volume", "accounts")
REQUIRED = ("symbol", "time", "high", "low")

_WRITERS: dict[str, Callable[[pl.DataFrame, Path], object]] = {
    ".csv": lambda frame, path: _as_text(frame).write_csv(path),
    ".jsonl": lambda frame, path: _as_text(frame).write_ndjson(path),
    ".parquet": lambda frame, path: frame.write_parquet(path),
    ".feather": lambda frame, path: frame.write_ipc(path, compression="lz4"),
}


def write_candles(frame: pl.DataFrame, path: Path) -> None:
    """Write candles as CSV, JSON lines, Parquet or Feather (Arrow IPC), by the path's ending.

    Columns `symbol, time, open, high, low, close, volume, accounts`; an optional one that is null
    throughout is left out. `time`, the candle's start, is RFC 3339 with Z in text files and a
    timestamp (us, UTC) in the others. The file appears when it is complete.

    Args:
        frame: candles with those columns, `time` Datetime (us, UTC).
        path: where to write.

    Raises:
        InputError: another ending, or a folder that can't be written to.
    """
    check_candle_path(path)
    shown = [c for c in COLUMNS if c in REQUIRED or frame[c].null_count() < len(frame)]
    with whole_file(path) as staged:
        _WRITERS[path.suffix.lower()](frame.select(shown), staged)


def check_candle_path(path: Path) -> None:
    """Raises InputError where `write_candles` knows no format for the path's ending."""
    if path.suffix.lower() not in _WRITERS:
        raise InputError(f"{path}: name a candle file that ends in {', '.join(_WRITERS)}")


def _as_text(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.with_columns(pl.col("time").dt.strftime(RFC_3339))
