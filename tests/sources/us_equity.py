"""Reads the one-minute bars of `klines_us_equity_1m`, zips without a header."""

import zipfile
from datetime import date, datetime
from pathlib import Path

import polars as pl

from tests.shared import shared
from tradeglyph.sources.tables import CANDLE_DTYPES

COLUMNS = ["ms", "open", "high", "low", "close", "volume"]


def minute_candles(ticker: str, *days: str) -> pl.DataFrame:
    """One-minute candles in `CANDLE_DTYPES` of a ticker's days (YYYYMMDD), prices in USD."""
    folder = shared(f"data/klines_us_equity_1m/{ticker}")
    frames = [_day(folder / f"{day}_trade.zip", ticker) for day in days]
    return pl.concat(frames)


def _day(path: Path, ticker: str) -> pl.DataFrame:
    with zipfile.ZipFile(path) as archive:
        body = archive.read(archive.namelist()[0])
    midnight = _local_midnight(path.name[:8])
    bars = pl.read_csv(body, has_header=False, new_columns=COLUMNS)
    frame = bars.with_columns(
        symbol=pl.lit(ticker),
        time=(pl.lit(midnight) + pl.duration(milliseconds="ms"))
        .dt.replace_time_zone("America/New_York")
        .dt.convert_time_zone("UTC"),
        accounts=None,
        **{price: pl.col(price) / 10_000 for price in ("open", "high", "low", "close")},
    )
    return frame.select(pl.col(name).cast(dtype) for name, dtype in CANDLE_DTYPES.items())


def _local_midnight(day: str) -> datetime:
    return datetime.combine(date.fromisoformat(day), datetime.min.time())
