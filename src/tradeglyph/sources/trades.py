"""Trades from files of any kind, validated and in the columns of the contract."""

from collections.abc import Generator, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from tradeglyph.domain.schema import TRADES
from tradeglyph.sources.options import OtherOptions, ReadOptions
from tradeglyph.sources.reading import BatchSize, Reading
from tradeglyph.sources.repeats import check_trade_ids, settle_repeats
from tradeglyph.sources.report import ReadReport
from tradeglyph.sources.spill import Spill
from tradeglyph.sources.tables import TRADE_DTYPES

_DEFAULT = ReadOptions()
_BLOCK_SIZE = BatchSize(text_bytes=1 << 25, typed_rows=500_000)


@dataclass(frozen=True, slots=True)
class TradeTable:
    """Trades that were read."""

    frame: pl.DataFrame
    """In `TRADE_DTYPES`, in the order of the files and their lines, without repeats."""
    report: ReadReport
    rejects: pl.DataFrame
    """Rows that were skipped: `file, line, column, reason` and their original cells."""


def read_trades(path: Path, options: ReadOptions = _DEFAULT) -> TradeTable:
    """All trades of a file, a folder of files, or the seeds' folders `buy` and `sell`.

    Raises RowErrors (file, line, column, value, reason) where rows are bad and `on_error` is
    "stop"; InputError where the path, a file, its columns or its times can't be read at all.
    """
    reading = _reading(path, options, BatchSize())
    frame = pl.concat(list(_checked(reading)))
    return _table(frame, reading.report(), reading.faults.rejects(), options)


def trade_blocks(
    path: Path,
    options: ReadOptions = _DEFAULT,
    *,
    max_rows: int = 5_000_000,
    size: BatchSize = _BLOCK_SIZE,
) -> Generator[TradeTable, None, None]:
    """The trades in blocks of about `max_rows` rows, each with all rows of its accounts.

    What fits one block is one block. More is validated first, whole, and spilled to a temporary
    folder (in `TMPDIR`) that is removed at the end, also after an exception. Memory is bounded by
    `max_rows`, `size` and the largest account, which is never divided.

    The reports add up (`report.total`): counts of the whole file, and its rejects, stand in the
    first block. Raises what `read_trades` raises, before the first block.
    """
    reading = _reading(path, options, size)
    frames = _checked(reading)
    first = _up_to(frames, max_rows)
    if sum(frame.height for frame in first) <= max_rows:
        frame = pl.concat(first)
        yield _table(frame, reading.report(), reading.faults.rejects(), options)
        return
    with Spill() as spill:
        while first:
            spill.add(first.pop(0))
        for frame in frames:
            spill.add(frame)
        report, rejects = reading.report(), reading.faults.rejects()
        for block in spill.blocks(max_rows):
            yield _table(block, report, rejects, options)
            report = replace(report, rows_read=0, rejected=0, ambiguous_times=0)
            rejects = rejects.clear()


def _reading(path: Path, options: ReadOptions, size: BatchSize) -> Reading:
    return Reading(
        path=path,
        contract=TRADES,
        dtypes=TRADE_DTYPES,
        options=options,
        size=size,
        # Public tapes leave out who traded in some rows; those fills are real all the same.
        may_be_empty=("account_id",),
    )


def _checked(reading: Reading) -> Iterator[pl.DataFrame]:
    named = 0
    for frame in reading.frames():
        check_trade_ids(frame, str(reading.path))
        named += int((frame["account_id"] != "").sum())
        yield frame
    if not named:
        amiss = f"{reading.path}: no row has an account_id; name its column"
        raise OtherOptions(f"{amiss} with --map", f"{amiss} by columns of this source")


def _up_to(frames: Iterator[pl.DataFrame], max_rows: int) -> list[pl.DataFrame]:
    """Frames until they hold more than `max_rows` rows, or all."""
    taken, rows = [], 0
    for frame in frames:
        taken.append(frame)
        rows += frame.height
        if rows > max_rows:
            break
    return taken


def _table(
    frame: pl.DataFrame, report: ReadReport, rejects: pl.DataFrame, options: ReadOptions
) -> TradeTable:
    settled = settle_repeats(frame, drop_duplicates=options.drop_duplicates)
    counted = replace(
        report,
        repeats_dropped=settled.repeats_dropped,
        possible_duplicates=settled.possible_duplicates,
        duplicates_dropped=options.drop_duplicates,
        without_account=int((settled.frame["account_id"] == "").sum()),
    )
    return TradeTable(settled.frame, counted, rejects)
