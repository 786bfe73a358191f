"""Trades in Parquet files that are too large to hold: each question scans them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl

from tradeglyph.domain.errors import InputError
from tradeglyph.domain.schema import TRADES
from tradeglyph.domain.trade_rows import AccountRows, TradeRows
from tradeglyph.ports.sources import AccountSpan, TooManyRows
from tradeglyph.sources.batch import RawBatch
from tradeglyph.sources.cell_text import number_text
from tradeglyph.sources.columns import Taken, choose_columns
from tradeglyph.sources.formats import stem_of
from tradeglyph.sources.live.frames import rows_of
from tradeglyph.sources.live.keys import writable
from tradeglyph.sources.live.left_out import LeftOut
from tradeglyph.sources.live.problems import Problem
from tradeglyph.sources.live.rows import concat, without_repeats
from tradeglyph.sources.normalise import Normaliser
from tradeglyph.sources.options import ReadOptions
from tradeglyph.sources.tables import TRADE_DTYPES, UTC_TIME
from tradeglyph.sources.times import TimeReader

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FIRST, _AFTER = datetime(1900, 1, 1, tzinfo=UTC), datetime(2262, 1, 1, tzinfo=UTC)
_EVER = 1 << 62
_ZONES = timedelta(hours=26)
"""Local times of one instant lie no further apart from UTC."""


class ParquetTrades:
    """A `TradeSource` over Parquet files that don't change."""

    def __init__(self, files: Sequence[Path], options: ReadOptions, max_rows: int) -> None:
        self.left_out = LeftOut()
        self._files = [_File.of(file, options) for file in files]
        self._options = options
        self._max_rows = max_rows
        self._newest: tuple[int | None] | None = None

    @classmethod
    def serves(cls, files: Sequence[Path], options: ReadOptions) -> bool:
        """Whether each column that is asked for is one column of the files."""
        taken = [_File.of(file, options).taken for file in files]
        return all(
            len(t.get(name, ("",))) == 1 for t in taken for name in ("account_id", "symbol", "time")
        )

    def of_account(self, account_id: str, since: int, until: int) -> AccountRows:
        """The account's fills, in all symbols, and how many can't be read."""
        return AccountRows.of(*self._rows("account_id", [account_id], since, until))

    def of_accounts(self, spans: Sequence[AccountSpan]) -> list[AccountRows]:
        """Each account's fills in its span."""
        return [self.of_account(one.account_id, one.since, one.until) for one in spans]

    def of_symbols(self, symbols: Sequence[str], since: int, until: int) -> TradeRows:
        """Everybody's fills in these symbols."""
        return self._rows("symbol", symbols, since, until)[0]

    def tells_sides(self) -> bool:
        """It may: a scan of all rows to be sure would cost more than it saves."""
        return True

    def watermark(self, before: int) -> int | None:
        """Time of the newest fill before another, microseconds UTC."""
        if self._newest is None:
            self._newest = (self._newest_before(_EVER),)
        newest = self._newest[0]
        return newest if newest is None or newest < before else self._newest_before(before)

    def _newest_before(self, before: int) -> int | None:
        times = (file.newest(before, self._options) for file in self._files)
        return max((time for time in times if time is not None), default=None)

    def check(self) -> list[Problem]:
        """The files were looked at when it was made."""
        return []

    def close(self) -> None:
        """Nothing to close."""

    def _rows(
        self, key: str, asked: Sequence[str], since: int, until: int
    ) -> tuple[TradeRows, int]:
        """The rows that can be read, and how many can't be."""
        parts, left, bad = [], self._max_rows, 0
        low, high = _moment(since), _moment(until)
        asked = [text for text in asked if writable(text)]
        for file in self._files:
            cells = file.cells(key, asked, low, high, self._options, left + 1)
            left -= cells.height
            if left < 0:
                raise TooManyRows(f"{file.path}: more than {self._max_rows} rows answer a question")
            if cells.height:
                frame, good = self._normalised(file, cells)
                inside = pl.col("time").is_between(low, high, closed="left").fill_null(value=True)
                wanted = frame.select(w=inside & pl.col(key).is_in(asked))["w"].fill_null(False)
                parts.append(rows_of(frame.filter(wanted & good)))
                bad += int((wanted & ~good).sum())
        rows, repeats = without_repeats(concat(parts))
        self.left_out.add("repeat", repeats)
        return rows, bad

    def _normalised(self, file: "_File", cells: pl.DataFrame) -> tuple[pl.DataFrame, pl.Series]:
        """All rows, and which of them are good."""
        normaliser = Normaliser(
            TRADES,
            TRADE_DTYPES,
            self._options,
            str(file.path),
            symbol=self._options.symbol or stem_of(file.path),
            may_be_empty=("account_id",),
        )
        line = pl.int_range(1, cells.height + 1, eager=True)
        batch = RawBatch(file=str(file.path), cells=cells, line=line, encoding="parquet")
        done = normaliser(batch)
        for name, rows in done.faults["column"].value_counts().iter_rows():
            self.left_out.add(name, rows)
        rows = pl.int_range(done.frame.height, eager=True)
        return done.frame, ~rows.is_in(done.faults["row"].implode())


@dataclass(frozen=True, slots=True, kw_only=True)
class _File:
    path: Path
    taken: Taken
    schema: pl.Schema

    @classmethod
    def of(cls, path: Path, options: ReadOptions) -> "_File":
        """Raises InputError where it is damaged or lacks columns."""
        try:
            schema = pl.scan_parquet(path, glob=False).collect_schema()
        except (pl.exceptions.PolarsError, pl.exceptions.PanicException) as error:
            raise InputError(f"{path}: not a whole Parquet file: {type(error).__name__}") from None
        taken = choose_columns(TRADES, list(schema), options.mapping, str(path))
        return cls(path=path, taken=taken, schema=schema)

    def cells(
        self,
        key: str,
        asked: Sequence[str],
        low: datetime,
        high: datetime,
        options: ReadOptions,
        most: int,
    ) -> pl.DataFrame:
        """Rows that may answer, as they stand in the file."""
        scan = pl.scan_parquet(self.path, glob=False)
        near = self._in_span(low, high)
        if near and key == "account_id":
            # A row without a time may be of any, and of an account there are few.
            near = [pl.all_horizontal(near) | pl.col(self.taken["time"][0]).is_null()]
        conditions = [*self._of_key(key, asked, options), *near]
        # Pushed down to the row groups by polars.
        return scan.filter(*conditions).head(most).collect()

    def newest(self, before: int, options: ReadOptions) -> int | None:
        """The latest time in it that lies before `before`, microseconds UTC."""
        name = self.taken["time"][0]
        near = self._in_span(_moment(-_EVER), _moment(before))
        # Timestamps are in order as they stand; local ones near `before` may be later than it.
        dtype = self.schema[name]
        ordered = isinstance(dtype, pl.Datetime) and (before == _EVER or bool(dtype.time_zone))
        one = pl.col(name).max() if ordered else pl.col(name).unique()
        times = pl.scan_parquet(self.path, glob=False).filter(*near).select(one)
        parsed = TimeReader(options, str(self.path)).parse(times.collect()[name].drop_nulls())
        instants = parsed.values.cast(UTC_TIME).to_physical()
        found = instants.filter(instants < before).max()
        return found if isinstance(found, int) else None

    def _of_key(self, key: str, asked: Sequence[str], options: ReadOptions) -> list[pl.Expr]:
        if key not in self.taken:
            here = (options.symbol or stem_of(self.path)) in asked
            return [] if here else [pl.lit(value=False)]
        name = self.taken[key][0]
        dtype = self.schema[name]
        if dtype == pl.Binary:
            return [pl.col(name).is_in([form for text in asked for form in _bytes_of(text)])]
        if dtype.is_numeric():
            return [number_text(pl.col(name), dtype).is_in(asked)]
        if dtype != pl.String:
            return [pl.col(name).cast(pl.String).is_in(asked)]
        # As the reader takes texts: without blanks, and as spreadsheets keep zeros.
        return [pl.col(name).str.strip_chars().is_in([*asked, *(f'="{text}"' for text in asked)])]

    def _in_span(self, low: datetime, high: datetime) -> list[pl.Expr]:
        name = self.taken["time"][0]
        dtype = self.schema[name]
        if not isinstance(dtype, pl.Datetime):
            return []
        time = pl.col(name)
        if dtype.time_zone is not None:
            # Compared in the file's own zone: polars takes no other for the bounds of row groups.
            zoned = pl.Datetime("us", dtype.time_zone)
            return [time >= pl.lit(low).cast(zoned), time < pl.lit(high).cast(zoned)]
        first, last = (low - _ZONES).replace(tzinfo=None), (high + _ZONES).replace(tzinfo=None)
        return [time >= first, time < last]


def _moment(micros: int) -> datetime:
    first, after = ((t - _EPOCH) // timedelta(microseconds=1) for t in (_FIRST, _AFTER))
    return _EPOCH + timedelta(microseconds=min(max(micros, first), after))


def _bytes_of(text: str) -> list[bytes]:
    """The bytes that may be read as such a text."""
    written = text.encode()
    try:
        return [written, bytes.fromhex(text)]
    except ValueError:
        return [written]
