"""Candles from files of every kind."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from tradeglyph.domain.errors import InputError, RowErrors
from tradeglyph.sources.candles import read_candles
from tradeglyph.sources.options import ReadOptions
from tradeglyph.sources.tables import CANDLE_DTYPES

START = datetime(2024, 1, 2, 14, 30, tzinfo=UTC)
HEADER = "symbol,time,high,low\n"


def _csv(folder: Path, body: str, header: str = HEADER, name: str = "COIN.csv") -> Path:
    path = folder / name
    path.write_text(header + body)
    return path


def _starts(path: Path, **options: object) -> list[datetime]:
    return read_candles(path, ReadOptions(**options)).frame["time"].to_list()  # type: ignore[arg-type]


def test_the_seeds_file_newest_first_and_naive(tmp_path: Path) -> None:
    path = _csv(
        tmp_path,
        "2024-01-02 09:35:00,11,10.5\n2024-01-02 09:30:00,12,10\n",
        header="time,high,low\n",
    )
    table = read_candles(path, ReadOptions(timezone="America/New_York"))
    assert table.frame.schema == pl.Schema(CANDLE_DTYPES)
    assert table.frame.rows() == [
        ("COIN", START, 12.0, 10.0, None, None, None, None),
        ("COIN", START + timedelta(minutes=5), 11.0, 10.5, None, None, None, None),
    ]


def test_the_order_of_columns_does_not_matter(tmp_path: Path) -> None:
    header = "Date,Open,Close,High,Low,Volume\n"
    path = _csv(tmp_path, "2024-01-02T14:30:00Z,2,3,4,1,7\n", header)
    row = read_candles(path).frame.row(0, named=True)
    assert (row["open"], row["close"], row["high"], row["low"], row["volume"]) == (2, 3, 4, 1, 7)


def test_candles_are_sorted_by_symbol_and_time(tmp_path: Path) -> None:
    body = "B,1704205800,2,1\nA,1704206100,2,1\nA,1704205800,2,1\n"
    frame = read_candles(_csv(tmp_path, body)).frame
    assert frame["symbol"].to_list() == ["A", "A", "B"]
    assert frame["time"][0] == START


@pytest.mark.parametrize(
    ("row", "column", "reason"),
    [
        ("2,3,2,2,1", "high", "high is below low"),
        ("2,0,1,1,1", "low", "must be above 0"),
        ("inf,1,1,1,1", "high", "must be a finite number"),
        (",1,1,1,1", "high", "no value"),
        ("2,1,2.1,1,1", "open", "must lie between low and high"),
        ("2,1,1,0.9,1", "close", "must lie between low and high"),
        ("2,1,1,1,-1", "volume", "must not be negative"),
    ],
)
def test_bad_rows_are_named(tmp_path: Path, row: str, column: str, reason: str) -> None:
    header = "symbol,time,high,low,open,close,volume\n"
    path = _csv(tmp_path, f"A,1704205800,2,1,1,2,0\nA,1704206100,{row}\n", header)
    with pytest.raises(RowErrors) as caught:
        read_candles(path)
    (error,) = caught.value.rows
    assert (error.line, error.column, error.reason) == (3, column, reason)
    skipped = read_candles(path, ReadOptions(on_error="skip"))
    assert (skipped.frame.height, skipped.report.rejected, skipped.rejects.height) == (1, 1, 1)


def test_open_and_close_may_differ_by_rounding(tmp_path: Path) -> None:
    header = "symbol,time,high,low,open,close\n"
    path = _csv(tmp_path, "A,1704205800,0.3,0.1,0.30000000000000004,0.09999999999999999\n", header)
    assert read_candles(path).frame.height == 1


def test_open_close_and_volume_may_be_empty(tmp_path: Path) -> None:
    header = "symbol,time,high,low,open,close,volume,accounts\n"
    frame = read_candles(_csv(tmp_path, "A,1704205800,2,1,,,,\n", header)).frame
    assert frame.row(0)[4:] == (None, None, None, None)


def test_two_candles_with_one_start_name_both_lines(tmp_path: Path) -> None:
    path = _csv(tmp_path, "A,1704205800,2,1\nA,1704206100,2,1\nA,1704205800,3,1\n")
    with pytest.raises(RowErrors) as caught:
        read_candles(path)
    said = str(caught.value)
    assert f"{path}: line 4, column time" in said
    assert f"the other is in line 2 of {path}" in said
    skipped = read_candles(path, ReadOptions(on_error="skip"))
    assert skipped.frame["time"].to_list() == [START + timedelta(minutes=5)]
    assert sorted(skipped.rejects["line"]) == [2, 4]
    assert skipped.report.rejected == 2


def test_equal_candles_are_an_error_unless_they_are_to_be_dropped(tmp_path: Path) -> None:
    _csv(tmp_path, "A,1704205800,2,1\nA,1704205800,2,1\n", name="a.csv")
    _csv(tmp_path, "A,1704205800,2,1\nA,1704206100,2,1\n", name="b.csv")
    with pytest.raises(RowErrors, match=r"(?s)line 3, column time.*--drop-duplicates") as caught:
        read_candles(tmp_path)
    assert caught.value.total == 2
    for options in (ReadOptions(drop_duplicates=True), ReadOptions(on_error="skip")):
        table = read_candles(tmp_path, options)
        assert table.frame.height == 2
        assert table.report.repeats_dropped == 2


def test_end_labels_become_starts_by_the_commonest_distance_of_each_symbol(tmp_path: Path) -> None:
    five = [START + timedelta(minutes=5 * i) for i in (1, 2, 3, 20, 21)]
    one = [START + timedelta(minutes=i) for i in (1, 2, 9)]
    body = "".join(f"A,{t.isoformat()},2,1\n" for t in five)
    body += "".join(f"B,{t.isoformat()},2,1\n" for t in reversed(one))
    path = _csv(tmp_path, body)
    assert _starts(path, candle_label="end") == [
        *(t - timedelta(minutes=5) for t in five),
        *(t - timedelta(minutes=1) for t in one),
    ]


def test_the_interval_may_be_given_and_must_be_for_one_candle(tmp_path: Path) -> None:
    path = _csv(tmp_path, f"A,{START.isoformat()},2,1\n")
    with pytest.raises(InputError, match="without --candle-label end"):
        _starts(path, candle_label="end")
    given = timedelta(minutes=15)
    assert _starts(path, candle_label="end", interval=given) == [START - given]


def test_no_rows(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no rows"):
        read_candles(_csv(tmp_path, ""))


def test_a_daily_date_is_no_start(tmp_path: Path) -> None:
    path = tmp_path / "A.parquet"
    pl.DataFrame({"date": [START.date()], "high": [2.0], "low": [1.0]}).write_parquet(path)
    with pytest.raises(InputError, match="not a date with a time of day"):
        read_candles(path)
