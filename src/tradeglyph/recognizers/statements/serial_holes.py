"""Serial numbers of lines that run on one by one, and where they skip."""

import numpy as np
import polars as pl

from tradeglyph.recognizers.statements.books import ADDRESS, Ints

DIGITS = 15
"""Digits at the end of a serial number that are taken for its count."""


def serial_holes(
    lines: pl.DataFrame, book: Ints, *, least: int, share: float, widest: int
) -> pl.DataFrame:
    """The holes: `before` and `after` (rows of the lines around), `serials` (numbers missing).

    Of a book, lines whose serial numbers have one beginning and as many digits are a series where
    there are at least `least` of them and at least `share` of the steps between neighbouring
    numbers are 1: banks that number all their customers' lines in one row leave a hole after every
    line, and none of them means anything. A hole of more than `widest` is the start of another
    series.
    """
    serial = pl.col("tx_id")
    numbered = (
        lines.lazy()
        .select(*ADDRESS, "tx_id")
        .with_columns(book=pl.Series(book))
        .with_row_index("row")
        .filter(serial != "")
        .with_columns(digits=serial.str.extract(r"([0-9]{1,15})$", 1))
        .drop_nulls("digits")
        .with_columns(
            start=serial.str.head(
                serial.str.len_chars().cast(pl.Int64) - pl.col("digits").str.len_chars()
            ),
            number=pl.col("digits").cast(pl.Int64),
        )
        # Of lines with one number the first of its file stands for all.
        .sort("book", "start", "number", *ADDRESS)
        .collect()
    )
    key = ("book", "start")
    numbered = numbered.unique([*key, "number"], keep="first", maintain_order=True)
    step = (pl.col("number").shift(-1) - pl.col("number")).over(*key)
    numbered = numbered.with_columns(step=step, after=pl.col("row").shift(-1).over(*key))
    count, ones = pl.len().over(*key), (pl.col("step") == 1).sum().over(*key)
    series = (count >= least) & (ones >= share * (count - 1))
    skips = (pl.col("step") > 1) & (pl.col("step") <= widest + 1)
    return numbered.filter(series & skips).select(
        pl.col("row").alias("before"), "after", (pl.col("step") - 1).alias("serials")
    )


def group_of_rows(row: Ints, group: Ints) -> Ints:
    """Of each row its group, from the rows in order of groups and the group of each."""
    along = np.empty(len(row), dtype=np.int64)
    along[row] = group
    return along
