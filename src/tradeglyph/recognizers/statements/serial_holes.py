"""Serial numbers of lines that run on one by one, and where they skip."""

import numpy as np
import polars as pl

from tradeglyph.recognizers.statements.books import ADDRESS, Ints
from tradeglyph.recognizers.statements.opposite_lines import codes

DIGITS = 15
"""Digits at the end of a serial number that are taken for its count."""


def serial_holes(
    lines: pl.DataFrame, book: Ints, *, least: int, share: float, widest: int
) -> pl.DataFrame:
    """The holes: `before` and `after` (rows of the lines around), `serials` (numbers missing).

    Of a book, lines whose serial numbers begin alike are a series where they have at least `least`
    numbers and at least `share` of the steps between neighbouring ones are 1: banks that number all
    their customers' lines in one row leave a hole after every line, and none of them means
    anything. A hole of more than `widest` is the start of another series.
    """
    row, key, number = _numbered(lines, book)
    order = np.lexsort((number, key))
    row, key, number = row[order], key[order], number[order]
    new = np.ones(len(row), dtype=bool)
    new[1:] = (key[1:] != key[:-1]) | (number[1:] != number[:-1])
    start = np.flatnonzero(new)
    stop = np.append(start[1:], len(row))
    series, number = key[start], number[start]
    step = np.where(series[1:] == series[:-1], number[1:] - number[:-1], 0)
    size = int(series.max(initial=-1)) + 1
    count = np.bincount(series, minlength=size)
    ones = np.bincount(series[:-1][step == 1], minlength=size)
    sound = (count >= least) & (ones >= share * (count - 1))
    hole = np.flatnonzero(sound[series[:-1]] & (step > 1) & (step <= widest + 1))
    return pl.DataFrame(
        {
            "before": _first_rows(lines, row, start[hole], stop[hole]),
            "after": _first_rows(lines, row, start[hole + 1], stop[hole + 1]),
            "serials": pl.Series(step[hole] - 1, dtype=pl.Int64),
        }
    )


def _numbered(lines: pl.DataFrame, book: Ints) -> tuple[Ints, Ints, Ints]:
    """Row, series and number of the lines whose serial numbers end with digits."""
    serial = pl.col("tx_id")
    kept = pl.max_horizontal(
        serial.str.strip_chars_end("0123456789").str.len_chars(),
        serial.str.len_chars().cast(pl.Int64) - DIGITS,
    )
    table = (
        lines.lazy()
        .select("tx_id")
        .with_row_index("row")
        .with_columns(kept=kept)
        .filter(serial.str.len_chars() > pl.col("kept"))
        .select(
            "row",
            start=serial.str.head("kept"),
            number=serial.str.slice(pl.col("kept")).cast(pl.Int64),
        )
        .collect()
    )
    start = table["start"].cast(pl.Categorical(pl.Categories.random())).to_physical().to_numpy()
    row = table["row"].to_numpy().astype(np.int64)
    return row, codes(book[row], start.astype(np.int64)), table["number"].to_numpy()


def _first_rows(lines: pl.DataFrame, row: Ints, start: Ints, stop: Ints) -> pl.Series:
    """Of each run of rows with one number: the one that stands first in its file."""
    size = stop - start
    run = np.repeat(np.arange(len(size)), size)
    at = row[np.arange(len(run)) - np.repeat(np.cumsum(size) - size - start, size)]
    table = lines.select(pl.col(ADDRESS).gather(at)).with_columns(
        run=pl.Series(run, dtype=pl.Int64), row=pl.Series(at, dtype=pl.UInt32)
    )
    return table.sort("run", *ADDRESS).unique("run", keep="first", maintain_order=True)["row"]


def group_of_rows(row: Ints, group: Ints) -> Ints:
    """Of each row its group, from the rows in order of groups and the group of each."""
    along = np.empty(len(row), dtype=np.int64)
    along[row] = group
    return along
