"""From a file's own columns to those of a contract, with every bad row named."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import xor
from zlib import crc32

import polars as pl

from tradeglyph.domain.schema import Column
from tradeglyph.sources.amounts import Bound, parse_amount, parse_count
from tradeglyph.sources.batch import RawBatch
from tradeglyph.sources.cell_text import joined, parse_text, text_of, without_nan
from tradeglyph.sources.columns import Taken, choose_columns
from tradeglyph.sources.faults import FAULTS
from tradeglyph.sources.options import ReadOptions
from tradeglyph.sources.parsed import Parsed
from tradeglyph.sources.sides import parse_side
from tradeglyph.sources.times import NaiveTime, TimeReader

REST = "_rest"
"""Hash of the source columns that no canonical one was taken from; 0 where there are none."""


@dataclass(frozen=True, slots=True)
class RowCheck:
    """A condition between columns that makes a row bad."""

    column: str
    bad: pl.Expr
    reason: str


@dataclass(frozen=True, slots=True)
class Normalised:
    """A batch in canonical columns."""

    frame: pl.DataFrame
    """All rows, bad ones too: canonical columns in their dtypes, and `REST`."""
    faults: pl.DataFrame
    """In the dtypes of `FAULTS`: one row for each bad row, by its position."""


class Normaliser:
    """Normalises the batches of one file."""

    def __init__(
        self,
        contract: Sequence[Column],
        dtypes: Mapping[str, pl.DataType | type[pl.DataType]],
        options: ReadOptions,
        file: str,
        *,
        symbol: str,
        may_be_empty: Collection[str] = (),
        checks: Sequence[RowCheck] = (),
    ) -> None:
        """Args beside the obvious:

        symbol: of all rows, where the file has no column for it.
        may_be_empty: text columns in which an empty cell is "", not an error.
        """
        self._contract = contract
        self._dtypes = dtypes
        self._mapping = options.mapping
        self._file = file
        self._symbol = symbol
        self._may_be_empty = may_be_empty
        self._checks = checks
        self.times = TimeReader(options, file)
        self.taken: Taken = {}

    def __call__(self, batch: RawBatch) -> Normalised:
        """Raises InputError where columns are missing or ambiguous, or times have no zone."""
        if batch.broken.height == batch.cells.height:
            # Rows that don't hold together may have no columns at all to choose from.
            return Normalised(self._frame(batch, {}), _broken(batch))
        self.taken = choose_columns(self._contract, batch.cells.columns, self._mapping, self._file)
        sources = {name: _source(batch, name, self.taken) for name in self.taken}
        parsed = {
            column.name: self._parse(column, sources[column.name], batch)
            for column in self._contract
            if column.name in sources
        }
        frame = self._frame(batch, parsed)
        return Normalised(frame, self._faults(batch, parsed, sources, frame))

    def described(self) -> dict[str, str]:
        """Canonical column to the titles it was taken from in the last batch."""
        columns = {name: "+".join(sources) for name, sources in self.taken.items()}
        return {"symbol": "(--symbol or the file's stem)"} | columns

    def _times(self, column: Column, cells: pl.Series, batch: RawBatch) -> Parsed:
        """Raises NaiveTime with the first line that holds the time."""
        try:
            return self.times.parse(cells, required=column.required)
        except NaiveTime as error:
            found = error
        same = text_of(cells) == found.value
        # Of typed columns all times are naive, and the first is the one that was met.
        row = int((same if same.any() else cells.is_not_null()).arg_max() or 0)
        file = batch.file if batch.file_of_row is None else batch.file_of_row[row]
        title = "+".join(self.taken[column.name])
        raise NaiveTime(f"{file}: line {batch.line[row]}, column {title}", found.value)

    def _parse(self, column: Column, cells: pl.Series, batch: RawBatch) -> Parsed:
        if column.kind == "time":
            return self._times(column, cells, batch)
        if column.kind == "side":
            return parse_side(cells)
        if column.kind == "count":
            return parse_count(cells)
        if column.kind == "text":
            return self._text(column, cells)
        bound: Bound = "positive" if column.kind in ("price", "quantity") else "finite"
        return parse_amount(cells, bound, required=column.required)

    def _text(self, column: Column, cells: pl.Series) -> Parsed:
        if column.name in self._may_be_empty:
            return Parsed(text_of(without_nan(cells)).fill_null(""))
        return parse_text(cells, required=column.required or column.name == "symbol")

    def _frame(self, batch: RawBatch, parsed: Mapping[str, Parsed]) -> pl.DataFrame:
        height = batch.cells.height
        columns = [
            parsed[name].values.cast(dtype).alias(name)
            if name in parsed
            else self._absent(name, dtype, height)
            for name, dtype in self._dtypes.items()
        ]
        return pl.DataFrame([*columns, self._rest(batch)])

    def _absent(self, name: str, dtype: pl.DataType | type[pl.DataType], height: int) -> pl.Series:
        value = pl.Series(name, [self._symbol if name == "symbol" else None], dtype=dtype)
        return value.new_from_index(0, height)

    def _rest(self, batch: RawBatch) -> pl.Series:
        used = {source for sources in self.taken.values() for source in sources}
        rest = [_hash(name) for name in batch.cells.columns if name not in used]
        start = pl.repeat(0, batch.cells.height, dtype=pl.UInt64)
        return batch.cells.select(reduce(xor, rest, start).alias(REST))[REST]

    def _faults(
        self,
        batch: RawBatch,
        parsed: Mapping[str, Parsed],
        sources: Mapping[str, pl.Series],
        frame: pl.DataFrame,
    ) -> pl.DataFrame:
        found = [_broken(batch)] if batch.broken.height else []
        for name, column in parsed.items():
            if column.reasons is not None:
                title = "+".join(self.taken[name])
                found.append(_fault_rows(title, sources[name], column.reasons))
        for check in self._checks:
            bad = frame.select(pl.when(check.bad).then(pl.lit(check.reason)).alias("r"))["r"]
            if check.column in self.taken and bad.null_count() < len(bad):
                title = "+".join(self.taken[check.column])
                found.append(_fault_rows(title, sources[check.column], bad))
        if not found:
            return pl.DataFrame(schema=FAULTS)
        return pl.concat(found).unique("row", keep="first", maintain_order=True).sort("row")


def _hash(column: str) -> pl.Expr:
    """A number for each cell; 0 for none, so that a column more or less does not matter."""
    value = pl.col(column)
    return pl.when(value.is_not_null()).then(value.hash(crc32(column.encode()))).otherwise(0)


def _source(batch: RawBatch, name: str, taken: Taken) -> pl.Series:
    # A date and a time of day in two columns read best with a blank between them.
    separator = " " if name == "time" else "/"
    return joined([batch.cells[source] for source in taken[name]], separator)


def _fault_rows(title: str, cells: pl.Series, reasons: pl.Series) -> pl.DataFrame:
    rows = reasons.is_not_null().arg_true()
    return pl.DataFrame(
        {
            "row": rows,
            "column": [title] * len(rows),
            "value": text_of(cells.gather(rows)),
            "reason": reasons.gather(rows),
        },
        schema=FAULTS,
    )


def _broken(batch: RawBatch) -> pl.DataFrame:
    column = pl.lit("(whole row)").alias("column")
    return batch.broken.select("row", column, "value", "reason")
