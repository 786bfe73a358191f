"""Rows of labels that call one window fraud and normal."""

import polars as pl

from tradeglyph.domain.errors import RowError, RowErrors
from tradeglyph.sources.reading import FILE, LINE

_KEY = ["account_id", "symbol", "window_start"]
MEND_THEM = "Nothing was written. Mend the labels."
"""Of rows that can't be read: no option skips them, since what is left out is another truth."""
_REMEDY = "Only one of the two can be true: keep that row."


def refuse_clashes(labels: pl.DataFrame, column: str) -> None:
    """Raises RowErrors for rows whose `column` contradicts an earlier row of the same account,
    symbol and start (no start is one, too), naming both. Equal rows are no clash.

    `labels` has those columns, and `FILE` and `LINE`. A row without a start and one with a start
    don't clash: the latter is an exception to the former.
    """
    first = pl.col(column, FILE, LINE).first().over(_KEY).name.prefix("first_")
    beside = labels.with_columns(first)
    clash = beside.filter(pl.col(column) != pl.col(f"first_{column}"))
    if clash.height:
        rows = clash.head(RowErrors.SHOWN).iter_rows(named=True)
        raise RowErrors([_row_error(row, column) for row in rows], clash.height, _REMEDY)


def _row_error(row: dict[str, object], column: str) -> RowError:
    elsewhere = "" if row[f"first_{FILE}"] == row[FILE] else f" of {row[f'first_{FILE}']}"
    reason = (
        f"line {row[f'first_{LINE}']}{elsewhere} says {row[f'first_{column}']} of the same window "
        f"of {row['account_id']}, {row['symbol']}"
    )
    return RowError(str(row[FILE]), int(str(row[LINE])), column, str(row[column]), reason)
