"""Candle files of every format, read back."""

import json
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from tradeglyph.domain.errors import InputError
from tradeglyph.results.candles import write_candles
from tradeglyph.sources.candles import read_candles
from tradeglyph.sources.tables import CANDLE_DTYPES

FRAME = pl.DataFrame(
    {
        "symbol": ["A", "A", "证券"],
        "time": [
            datetime(2024, 3, 8, 14, 30, tzinfo=UTC),
            datetime(2024, 3, 8, 14, 35, tzinfo=UTC),
            datetime(2024, 3, 8, 14, 30, 0, 5000, tzinfo=UTC),
        ],
        "high": [3.0, 1 / 3, 1e-9],
        "low": [2.0, 0.1, 1e-9],
        "open": [None, 0.25, None],
        "close": [None, None, None],
        "volume": [1e12, None, 0.0],
        "accounts": [None, 2, None],
    },
    schema=CANDLE_DTYPES,
)


@pytest.mark.parametrize("ending", [".csv", ".jsonl", ".parquet", ".feather", ".CSV"])
def test_what_is_written_is_read_back(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"k{ending}"
    write_candles(FRAME, path)
    assert_frame_equal(read_candles(path).frame, FRAME, check_exact=True)
    assert [entry.name for entry in tmp_path.iterdir()] == [path.name]


def test_text_as_it_stands_in_a_csv(tmp_path: Path) -> None:
    path = tmp_path / "k.csv"
    write_candles(FRAME, path)
    assert path.read_text(encoding="utf-8").splitlines()[:2] == [
        "symbol,time,open,high,low,volume,accounts",
        "A,2024-03-08T14:30:00Z,,3.0,2.0,1000000000000.0,",
    ]


def test_text_as_it_stands_in_json_lines(tmp_path: Path) -> None:
    path = tmp_path / "k.jsonl"
    write_candles(FRAME, path)
    third = json.loads(path.read_text(encoding="utf-8").splitlines()[2])
    assert third["symbol"] == "证券"
    assert third["time"] == "2024-03-08T14:30:00.005Z"
    assert "close" not in third


def test_only_what_every_candle_has_is_always_there(tmp_path: Path) -> None:
    path = tmp_path / "k.parquet"
    optional = ("open", "close", "volume", "accounts")
    write_candles(FRAME.with_columns(pl.lit(None, FRAME[c].dtype).alias(c) for c in optional), path)
    assert pl.read_parquet_schema(path) == {
        "symbol": pl.String,
        "time": pl.Datetime("us", "UTC"),
        "high": pl.Float64,
        "low": pl.Float64,
    }


@pytest.mark.parametrize("name", ["k.xlsx", "k", "csv", "k.csv.gz"])
def test_another_ending_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match=r"ends in \.csv, \.jsonl, \.parquet, \.feather"):
        write_candles(FRAME, tmp_path / name)
    assert list(tmp_path.iterdir()) == []
