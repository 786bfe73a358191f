"""Books: the lines of one account in one currency, which are judged together."""

import numpy as np
import polars as pl
from numpy.typing import NDArray

Ints = NDArray[np.int64]

ADDRESS = ("file", "sheet", "line")
"""Where a line stands: unlike its row, it stays when lines are shuffled, and no two have one."""
NO_PERIODS = pl.DataFrame(
    schema={"account": pl.String, "start": pl.Datetime("us"), "end": pl.Datetime("us")}
)


def book_codes(lines: pl.DataFrame) -> Ints:
    """The number of each line's book, from 0.

    A book is an account and a currency: balances of two currencies do not add up, nor do their
    amounts. Lines whose file names no account belong to a book of that file and sheet.
    """
    nameless = pl.col("account") == ""
    keys = (
        pl.col("account"),
        pl.col("currency"),
        pl.when(nameless).then("file").alias("file"),
        pl.when(nameless).then("sheet").alias("sheet"),
    )
    # Lines of a book mostly stand together: only the first of each run is looked up.
    new = pl.any_horizontal(key.ne_missing(key.shift(1)) for key in keys)
    starts = lines.select(new.alias("new")).to_series().to_numpy().copy()
    starts[:1] = True
    if starts.sum() <= 1:
        return np.zeros(len(lines), dtype=np.int64)
    firsts = lines.filter(pl.Series(starts)).select(keys)
    names = firsts.unique(maintain_order=True).with_row_index("book")
    codes = firsts.join(
        names, on=firsts.columns, how="left", nulls_equal=True, maintain_order="left"
    )["book"].to_numpy()
    every: Ints = codes.astype(np.int64)[np.cumsum(starts) - 1]
    return every


def by_book_and_time(book: Ints, time: Ints) -> Ints:
    """Positions that sort lines by book and time; lines of equal time keep their order."""
    if _ascending(book, time):
        return np.arange(len(book))
    span = int(time.max()) - int(time.min()) + 1
    if (int(book.max()) + 1) * span < 2**62:
        return np.argsort(book * span + (time - time.min()), kind="stable")
    return np.lexsort((time, book))


def _ascending(book: Ints, time: Ints) -> bool:
    same = book[1:] == book[:-1]
    return bool(np.all((book[1:] > book[:-1]) | (same & (time[1:] >= time[:-1]))))
