"""Candles of one symbol and start that stand in the files twice."""

from dataclasses import dataclass

import polars as pl

from tradeglyph.domain.errors import RowError, RowErrors
from tradeglyph.sources.reading import FILE, LINE
from tradeglyph.sources.tables import CANDLE_DTYPES

_KEY = ["symbol", "time"]
_REMEDY = "Keep one of the two candles; where they are equal, --drop-duplicates does."


@dataclass(frozen=True, slots=True)
class CandleRepeats:
    """A frame with one candle for each symbol and start."""

    frame: pl.DataFrame
    dropped: int
    """Candles equal to another in every column."""
    rejects: pl.DataFrame
    """Candles that contradict another: `file, line, column, reason` and their columns."""


def settle_candle_repeats(candles: pl.DataFrame, *, skip: bool, drop_equal: bool) -> CandleRepeats:
    """One candle for each symbol and start.

    With `skip` or `drop_equal` equal candles are dropped and counted. Those that differ can't both
    be true: with `skip` all of them are rejected.

    Raises RowErrors that name both lines of what is left.
    """
    drop_equal = drop_equal or skip
    distinct = candles.unique(list(CANDLE_DTYPES), keep="first", maintain_order=True)
    dropped = candles.height - distinct.height if drop_equal else 0
    clash = (distinct if drop_equal else candles).filter(pl.struct(_KEY).is_duplicated())
    if not clash.height:
        return CandleRepeats(distinct, dropped, pl.DataFrame())
    rejects = _rejects(clash)
    if not skip:
        raise RowErrors(_row_errors(clash), _count(clash), _REMEDY)
    return CandleRepeats(distinct.filter(~pl.struct(_KEY).is_duplicated()), dropped, rejects)


def _with_first(clash: pl.DataFrame) -> pl.DataFrame:
    """Each clashing candle beside the file and line of another one of its key."""
    place = pl.struct(FILE, LINE)
    first, last = place.first().over(_KEY), place.last().over(_KEY)
    return clash.with_columns(pl.when(place == first).then(last).otherwise(first).alias("other"))


def _reason() -> pl.Expr:
    other = pl.col("other").struct
    return pl.format(
        "a second candle of {} with this start; the other is in line {} of {}",
        pl.col("symbol"),
        other.field(LINE),
        other.field(FILE),
    )


def _rejects(clash: pl.DataFrame) -> pl.DataFrame:
    paired = _with_first(clash).with_columns(_reason().alias("reason"))
    return paired.select(
        pl.col(FILE).alias("file"),
        pl.col(LINE).alias("line"),
        pl.lit("time").alias("column"),
        "reason",
        *(pl.col(name).cast(pl.String) for name in CANDLE_DTYPES),
    )


def _row_errors(clash: pl.DataFrame) -> list[RowError]:
    later = _with_first(clash).filter(~pl.struct(_KEY).is_first_distinct())
    rows = later.with_columns(_reason().alias("reason")).head(RowErrors.SHOWN)
    return [
        RowError(row[FILE], row[LINE], "time", row["time"].isoformat(), row["reason"])
        for row in rows.iter_rows(named=True)
    ]


def _count(clash: pl.DataFrame) -> int:
    return clash.height - clash.select(_KEY).unique().height
