"""One reading of all files under a path, batch by batch, normalised, with what was seen."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from tradeglyph.domain.errors import InputError
from tradeglyph.domain.schema import Column
from tradeglyph.sources.batch import RawBatch
from tradeglyph.sources.csv_text import csv_batches
from tradeglyph.sources.faults import SKIP_THEM, FaultLog
from tradeglyph.sources.formats import Format, files_under, format_of, stem_of
from tradeglyph.sources.json_lines import jsonl_batches
from tradeglyph.sources.normalise import Normaliser, RowCheck
from tradeglyph.sources.options import ReadOptions
from tradeglyph.sources.report import ReadReport
from tradeglyph.sources.seed_layout import is_seed_layout, seed_batches
from tradeglyph.sources.typed_files import typed_batches

FILE, LINE = "_file", "_line"


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchSize:
    """How much is held at a time."""

    text_bytes: int = 1 << 26
    typed_rows: int = 4_000_000


@dataclass(slots=True, kw_only=True)
class Reading:
    """Reads everything under `path` once; counts stand in it when it has ended."""

    path: Path
    contract: Sequence[Column]
    dtypes: Mapping[str, pl.DataType | type[pl.DataType]]
    options: ReadOptions
    size: BatchSize = field(default_factory=BatchSize)
    checks: Sequence[RowCheck] = ()
    with_origin: bool = False
    """Whether the frames carry `_file` and `_line`."""
    may_be_empty: Collection[str] = ()
    """Text columns in which an empty cell is "", not an error."""
    remedy: str = SKIP_THEM
    """What an error says to do about bad rows."""
    rows_read: int = 0
    ambiguous: int = 0
    columns: dict[str, str] = field(default_factory=dict)
    encodings: dict[str, None] = field(default_factory=dict)
    faults: FaultLog = field(init=False)

    def __post_init__(self) -> None:
        self.faults = FaultLog(skip=self.options.on_error == "skip", remedy=self.remedy)

    def frames(self) -> Iterator[pl.DataFrame]:
        """The good rows of each batch, in the order of the files and of their lines.

        Raises InputError where nothing can be read, and RowErrors at the end where rows are bad
        and are not to be skipped.
        """
        for normaliser, batches in self._files():
            for batch in batches:
                yield self._take(normaliser, batch)
            self.ambiguous += normaliser.times.ambiguous
            self.columns = normaliser.described() if normaliser.taken else self.columns
        if not self.rows_read:
            raise InputError(f"{self.path}: no rows")
        self.faults.raise_if_any(read=self.rows_read)

    def report(self) -> ReadReport:
        """What was seen so far, without repeats."""
        return ReadReport(
            path=self.path,
            encoding=", ".join(self.encodings),
            columns=dict(self.columns),
            rows_read=self.rows_read,
            rejected=self.faults.total,
            ambiguous_times=self.ambiguous,
        )

    def _files(self) -> Iterator[tuple[Normaliser, Iterator[RawBatch]]]:
        if is_seed_layout(self.path):
            yield self._normaliser(self.path), seed_batches(self.path, self.options.symbol)
            return
        for file in files_under(self.path):
            yield self._normaliser(file), _batches(file, self.size)

    def _normaliser(self, file: Path) -> Normaliser:
        symbol = self.options.symbol or stem_of(file)
        return Normaliser(
            self.contract,
            self.dtypes,
            self.options,
            str(file),
            symbol=symbol,
            may_be_empty=self.may_be_empty,
            checks=self.checks,
        )

    def _take(self, normaliser: Normaliser, batch: RawBatch) -> pl.DataFrame:
        done = normaliser(batch)
        self.rows_read += batch.cells.height
        self.encodings[batch.encoding] = None
        self.faults.add(batch, done.faults)
        frame = _with_origin(done.frame, batch) if self.with_origin else done.frame
        if not done.faults.height:
            return frame
        good = ~pl.int_range(frame.height, eager=True).is_in(done.faults["row"].implode())
        return frame.filter(good)


def titles_of(file: Path) -> list[str]:
    """The column titles of a file; none where it has no rows.

    Raises InputError where it can't be read.
    """
    first = next(_batches(file, BatchSize(text_bytes=1 << 16, typed_rows=1)), None)
    return [] if first is None else first.cells.columns


def _batches(file: Path, size: BatchSize) -> Iterator[RawBatch]:
    kind = format_of(file)
    if kind is Format.CSV:
        return csv_batches(file, size.text_bytes)
    if kind is Format.JSONL:
        return jsonl_batches(file, size.text_bytes)
    return typed_batches(file, kind, size.typed_rows)


def _with_origin(frame: pl.DataFrame, batch: RawBatch) -> pl.DataFrame:
    return frame.with_columns(pl.lit(batch.file).alias(FILE), batch.line.alias(LINE))
