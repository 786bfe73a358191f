"""Trades and candles in files that may change while events are answered.

What fits is read whole, by the readers of the command line, and again when a file changes. Larger
Parquet files are scanned for each question, so that only the rows asked for are held.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Lock
from typing import Generic, TypeVar

import numpy as np
import polars as pl

from tradeglyph.domain.candles import Candles
from tradeglyph.domain.errors import InputError
from tradeglyph.domain.trade_rows import AccountRows, TradeRows
from tradeglyph.ports.sources import AccountSpan, SourceGone
from tradeglyph.sources.candles import read_candles
from tradeglyph.sources.cell_text import text_of
from tradeglyph.sources.formats import ENDINGS, Format
from tradeglyph.sources.live.frames import rows_of
from tradeglyph.sources.live.left_out import LeftOut
from tradeglyph.sources.live.memory import MemoryCandles, MemoryTrades
from tradeglyph.sources.live.parquet import ParquetTrades
from tradeglyph.sources.live.problems import Problem
from tradeglyph.sources.options import OtherOptions, ReadOptions
from tradeglyph.sources.tables import UTC_TIME, candles_of
from tradeglyph.sources.times import TimeReader
from tradeglyph.sources.trades import TradeTable, read_trades

IN_MEMORY_BYTES = 1 << 28
"""Parquet files that are larger together are scanned."""

T = TypeVar("T")
_Print = tuple[tuple[str, int, int, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Loaded(Generic[T]):
    print: _Print
    source: T


class _Watched(Generic[T]):
    """What was made of files, made again when they change. Safe among threads."""

    def __init__(self, path: Path, load: Callable[[Sequence[Path]], T]) -> None:
        self._path = path
        self._load = load
        self._loaded: _Loaded[T] | None = None
        self._lock = Lock()

    def get(self) -> T:
        """Raises SourceGone where the files can't be read now."""
        try:
            with self._lock:
                files = _files(self._path)
                now = tuple((str(f), *_stamp(f)) for f in files)
                if self._loaded is None or self._loaded.print != now:
                    self._loaded = _Loaded(print=now, source=self._load(files))
                return self._loaded.source
        except OSError as error:
            raise SourceGone(f"{self._path}: can't be read: {error.strerror}") from None
        except InputError as error:
            raise SourceGone(_said(error)) from None

    def check(self) -> list[Problem]:
        """What must be mended."""
        try:
            self.get()
        except SourceGone as error:
            return [Problem(code="unreadable", where=str(self._path), what=str(error))]
        return []


class FileTrades:
    """A `TradeSource` over a file or a folder of files, as `read_trades` takes them.

    Bad rows are left out and counted in `left_out`.
    """

    def __init__(
        self,
        path: Path,
        options: ReadOptions,
        *,
        in_memory_bytes: int = IN_MEMORY_BYTES,
        max_rows: int = 2_000_000,
    ) -> None:
        """Reads nothing yet.

        Args:
            path: file or folder.
            options: as for the command line; bad rows are skipped whatever they say.
            in_memory_bytes: Parquet files that are larger together are scanned.
            max_rows: of one question, where they are scanned.
        """
        options = replace(options, on_error="skip")

        def load(files: Sequence[Path]) -> MemoryTrades | ParquetTrades:
            if _scanned(files, in_memory_bytes) and ParquetTrades.serves(files, options):
                return ParquetTrades(files, options, max_rows)
            table = read_trades(path, options)
            source = MemoryTrades(rows_of(table.frame), _unreadable(table, options))
            _count(source.left_out, table.rejects, table.report.repeats_dropped)
            return source

        self._watched = _Watched(path, load)

    @property
    def left_out(self) -> LeftOut:
        """Of the files as they are now."""
        return self._watched.get().left_out

    def of_account(self, account_id: str, since: int, until: int) -> AccountRows:
        """The account's fills, in all symbols."""
        return _asked(lambda: self._watched.get().of_account(account_id, since, until))

    def of_accounts(self, spans: Sequence[AccountSpan]) -> list[AccountRows]:
        """Each account's fills in its span."""
        return _asked(lambda: self._watched.get().of_accounts(spans))

    def of_symbols(self, symbols: Sequence[str], since: int, until: int) -> TradeRows:
        """Everybody's fills in these symbols."""
        return _asked(lambda: self._watched.get().of_symbols(symbols, since, until))

    def tells_sides(self) -> bool:
        """Whether a row may say who stood on the other side."""
        return _asked(lambda: self._watched.get().tells_sides())

    def watermark(self, before: int) -> int | None:
        """Time of the newest fill before another, microseconds UTC."""
        return _asked(lambda: self._watched.get().watermark(before))

    def check(self) -> list[Problem]:
        """What must be mended; empty where all is well."""
        return self._watched.check()

    def close(self) -> None:
        """Nothing to close."""


class FileCandles:
    """A `CandleSource` over a file or a folder of files, as `read_candles` takes them."""

    def __init__(self, path: Path, options: ReadOptions) -> None:
        """Reads nothing yet; bad rows are skipped whatever `options` says."""
        options = replace(options, on_error="skip")

        def load(files: Sequence[Path]) -> MemoryCandles:
            table = read_candles(path, options)
            candles = candles_of(table.frame)
            if options.interval is not None:
                microseconds = round(options.interval.total_seconds() * 1_000_000)
                candles = replace(candles, interval=microseconds)
            source = MemoryCandles(candles)
            _count(source.left_out, table.rejects, table.report.repeats_dropped)
            return source

        self._watched = _Watched(path, load)

    @property
    def left_out(self) -> LeftOut:
        """Of the files as they are now."""
        return self._watched.get().left_out

    def of_symbols(self, symbols: Sequence[str], since: int, until: int) -> Candles:
        """Candles that start in the span; codes are positions in `symbols`."""
        return self._watched.get().of_symbols(symbols, since, until)

    def watermark(self, before: int) -> int | None:
        """Start of the newest candle that starts before an instant, microseconds UTC."""
        return self._watched.get().watermark(before)

    def check(self) -> list[Problem]:
        """What must be mended; empty where all is well."""
        return self._watched.check()

    def close(self) -> None:
        """Nothing to close."""


def _asked(question: Callable[[], T]) -> T:
    """Scanned files may fail at the question, too."""
    try:
        return question()
    except InputError as error:
        raise SourceGone(_said(error)) from None
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError) as error:
        raise SourceGone(f"a Parquet file can't be read: {type(error).__name__}") from None


def _said(error: InputError) -> str:
    """No command line is there whose options could be meant."""
    return error.configured if isinstance(error, OtherOptions) else str(error)


def _files(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    return sorted(f for f in path.rglob("*") if f.is_file() and not f.name.startswith("."))


def _stamp(file: Path) -> tuple[int, int, int]:
    found = file.stat()
    return found.st_mtime_ns, found.st_size, found.st_ino


def _scanned(files: Sequence[Path], in_memory_bytes: int) -> bool:
    parquet = all(ENDINGS.get(f.suffix.lower()) is Format.PARQUET for f in files)
    return bool(files) and parquet and sum(f.stat().st_size for f in files) > in_memory_bytes


def _unreadable(table: TradeTable, options: ReadOptions) -> dict[str, list[int | None]]:
    """By account, the time of each rejected row; None where that can't be read either."""
    titles = {name: table.report.columns.get(name, "") for name in ("account_id", "time")}
    if not table.rejects.height or titles["account_id"] not in table.rejects.columns:
        return {}
    times: list[int | None] = [None] * table.rejects.height
    if titles["time"] in table.rejects.columns:
        try:
            read = TimeReader(options, str(table.report.path)).parse(table.rejects[titles["time"]])
            times = read.values.cast(UTC_TIME).to_physical().to_list()
        except InputError:
            pass  # among themselves they tell no form, or no zone
    found: dict[str, list[int | None]] = {}
    for account, time in zip(text_of(table.rejects[titles["account_id"]]), times, strict=True):
        found.setdefault(account or "", []).append(time)
    return found


def _count(left_out: LeftOut, rejects: pl.DataFrame, repeats: int) -> None:
    left_out.add("repeat", repeats)
    if rejects.height:
        names, counts = np.unique(rejects["column"].to_numpy().astype(str), return_counts=True)
        for name, rows in zip(names, counts, strict=True):
            left_out.add(str(name), int(rows))
