"""Rows as they stand in a file, before anything is made of them."""

from dataclasses import dataclass, field

import polars as pl

BROKEN = {"row": pl.UInt32, "value": pl.String, "reason": pl.String}


def no_broken_rows() -> pl.DataFrame:
    """An empty frame in the dtypes of `RawBatch.broken`."""
    return pl.DataFrame(schema=BROKEN)


@dataclass(frozen=True, slots=True, kw_only=True)
class RawBatch:
    """Some rows of one file."""

    file: str
    cells: pl.DataFrame
    """Source columns: String for text files, their own dtypes for typed ones."""
    line: pl.Series
    """Int64, 1-based line in the file; of typed files the row."""
    encoding: str
    broken: pl.DataFrame = field(default_factory=no_broken_rows)
    """Rows that don't hold together: position in `cells` (`row`), their text, the reason."""
    file_of_row: pl.Series | None = None
    """The file of each row where a batch comes from several."""
