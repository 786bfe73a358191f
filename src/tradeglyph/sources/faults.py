"""Bad rows, gathered over the batches of a reading."""

from dataclasses import dataclass, field

import polars as pl

from tradeglyph.domain.errors import RowError, RowErrors
from tradeglyph.sources.batch import RawBatch
from tradeglyph.sources.cell_text import text_of

FAULTS = {"row": pl.UInt32, "column": pl.String, "value": pl.String, "reason": pl.String}
_EMPTY = {"file": pl.String, "line": pl.Int64, "column": pl.String, "reason": pl.String}
SKIP_THEM = "Nothing was written. Mend the rows, or add --on-error skip to go on without them."


@dataclass(slots=True)
class FaultLog:
    """Counts bad rows, keeps the first ten, and all of them with their text where they are
    to be skipped."""

    skip: bool
    remedy: str = SKIP_THEM
    """What to do about bad rows that are not skipped."""
    total: int = 0
    shown: list[RowError] = field(default_factory=list)
    _kept: list[pl.DataFrame] = field(default_factory=list)

    def add(self, batch: RawBatch, faults: pl.DataFrame) -> None:
        """Take the bad rows of a batch; `faults` has the columns of `FAULTS`, one row each."""
        if not faults.height:
            return
        self.total += faults.height
        room = RowErrors.SHOWN - len(self.shown)
        for row, column, value, reason in faults.head(room).iter_rows():
            line = batch.line[row]
            self.shown.append(RowError(_file(batch, row), line, column, value or "", reason))
        if self.skip:
            self._kept.append(_originals(batch, faults))

    def raise_if_any(self, *, read: int) -> None:
        """Raises RowErrors where bad rows are not skipped, or nothing else was `read`."""
        if self.total and not self.skip:
            raise RowErrors(self.shown, self.total, self.remedy)
        if self.total and self.total >= read:
            raise RowErrors(self.shown, self.total, "No row is left.")

    def rejects(self) -> pl.DataFrame:
        """Rejected rows: `file, line, column, reason`, then the text of the source columns."""
        if not self._kept:
            return pl.DataFrame(schema=_EMPTY)
        return pl.concat(self._kept, how="diagonal")


def _originals(batch: RawBatch, faults: pl.DataFrame) -> pl.DataFrame:
    rows = faults["row"]
    files = [_file(batch, row) for row in rows]
    where = pl.DataFrame(
        [
            pl.Series("file", files, dtype=pl.String),
            batch.line.gather(rows).alias("line"),
            faults["column"],
            faults["reason"],
        ]
    )
    cells = [
        _plain(batch.cells[name].gather(rows)).alias(f"{name} (source)" if name in _EMPTY else name)
        for name in batch.cells.columns
    ]
    return where.with_columns(cells)


def _plain(cells: pl.Series) -> pl.Series:
    return cells if cells.dtype == pl.String else text_of(cells)


def _file(batch: RawBatch, row: int) -> str:
    return batch.file if batch.file_of_row is None else str(batch.file_of_row[row])
