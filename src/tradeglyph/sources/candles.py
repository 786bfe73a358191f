"""Candles from files of any kind, validated, labelled by their start."""

from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import polars as pl

from tradeglyph.domain.schema import CANDLES
from tradeglyph.sources.candle_repeats import settle_candle_repeats
from tradeglyph.sources.normalise import RowCheck
from tradeglyph.sources.options import OtherOptions, ReadOptions
from tradeglyph.sources.reading import Reading
from tradeglyph.sources.report import ReadReport
from tradeglyph.sources.tables import CANDLE_DTYPES

_DEFAULT = ReadOptions()
# Feeds round the four prices one by one; a billionth of the price is no contradiction.
_TOLERANCE = 1e-9


@dataclass(frozen=True, slots=True)
class CandleTable:
    """Candles that were read."""

    frame: pl.DataFrame
    """In `CANDLE_DTYPES`, sorted by symbol and time, no two of one symbol and start."""
    report: ReadReport
    rejects: pl.DataFrame
    """Rows that were skipped: `file, line, column, reason` and their original cells."""


def read_candles(path: Path, options: ReadOptions = _DEFAULT) -> CandleTable:
    """All candles of a file or of a folder of files.

    Where a file has no symbol its stem is one. With `candle_label` "end" the interval is taken
    off: `options.interval`, else the commonest distance between a symbol's candles.

    Raises RowErrors where rows are bad (a price not above 0, high < low, open or close outside of
    them, two candles of one symbol and start) and `on_error` is "stop"; InputError
    where the path, a file, its columns or its times can't be read at all.
    """
    reading = Reading(
        path=path,
        contract=CANDLES,
        dtypes=CANDLE_DTYPES,
        options=options,
        checks=_checks(),
        with_origin=True,
    )
    frame = pl.concat(list(reading.frames()))
    settled = settle_candle_repeats(
        frame, skip=options.on_error == "skip", drop_equal=options.drop_duplicates
    )
    report = reading.report()
    counted = replace(
        report,
        rejected=report.rejected + settled.rejects.height,
        repeats_dropped=settled.dropped,
    )
    rejects = pl.concat([reading.faults.rejects(), settled.rejects], how="diagonal_relaxed")
    candles = settled.frame.select(list(CANDLE_DTYPES))
    if options.candle_label == "end":
        candles = _from_end(candles, options.interval, path)
    return CandleTable(candles.sort("symbol", "time"), counted, rejects)


def _checks() -> list[RowCheck]:
    high, low = pl.col("high"), pl.col("low")
    slack = high * _TOLERANCE
    inside = "must lie between low and high"
    return [
        RowCheck("high", high < low, "high is below low"),
        RowCheck("volume", pl.col("volume") < 0, "must not be negative"),
        *(
            RowCheck(name, ~pl.col(name).is_between(low - slack, high + slack), inside)
            for name in ("open", "close")
        ),
    ]


def _from_end(candles: pl.DataFrame, interval: timedelta | None, path: Path) -> pl.DataFrame:
    if interval is not None:
        return candles.with_columns(pl.col("time") - interval)
    steps = (
        candles.sort("symbol", "time")
        .with_columns(pl.col("time").diff().over("symbol").alias("step"))
        .drop_nulls("step")
        .group_by("symbol", "step")
        .len()
        .sort("len", "step", descending=[True, False])
        .unique("symbol", keep="first", maintain_order=True)
    )
    joined = candles.join(steps.select("symbol", "step"), on="symbol", how="left")
    if joined["step"].null_count():
        lone = joined.filter(pl.col("step").is_null())["symbol"][0]
        amiss = f"{path}: {lone} has one candle, so its length is not known: give more candles, "
        raise OtherOptions(
            f"{amiss}or times of their starts without --candle-label end",
            f"{amiss}or set interval of this source",
        )
    return joined.with_columns(pl.col("time") - pl.col("step")).drop("step")
