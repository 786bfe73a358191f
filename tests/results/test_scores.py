import csv
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from tradeglyph.domain.errors import InputError
from tradeglyph.domain.schema import SCORES
from tradeglyph.results.scores import check_ending, write_scores

PROBABILITIES = [0.1 + 0.2, 1 / 3, 5e-324, 1.2345678901234567e-7, 1 - 2**-53, None]
START = datetime(2024, 10, 4, tzinfo=UTC)
REASON = 'bought at 10%, sold at "90%"; 买在低处；\n卖在高处'


def _frame() -> pl.DataFrame:
    n = len(PROBABILITIES)
    return pl.DataFrame(
        {
            "model": ["default@0123"] * n,  # not in the contract's order
            "account_id": [f"账户,{i}" for i in range(n)],
            "symbol": ["BTC/USDT"] * n,
            "window_start": pl.Series([START + timedelta(days=i) for i in range(n)]).cast(
                pl.Datetime("us", "UTC")
            ),
            "window_end": pl.Series([START + timedelta(days=i + 1) for i in range(n)]).cast(
                pl.Datetime("us", "UTC")
            ),
            "trade_count": pl.Series([2] * n, dtype=pl.Int32),
            "probability": pl.Series(PROBABILITIES, dtype=pl.Float64),
            "flagged": [i % 2 == 0 for i in range(n)],
            "verdict": ["review"] * (n - 1) + [""],
            "role": ["beneficiary"] * (n - 1) + [""],
            "transferred": pl.Series([None] * n, dtype=pl.Float64),
            "reason": [REASON] * n,
            "more": [1] * n,  # not in the contract
        }
    )


def test_csv(tmp_path: Path) -> None:
    write_scores(_frame(), tmp_path / "s.csv")
    with (tmp_path / "s.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert tuple(rows[0]) == SCORES
    assert [float(r["probability"]) for r in rows[:-1]] == PROBABILITIES[:-1]
    assert rows[-1]["probability"] == ""
    assert rows[0]["window_start"] == "2024-10-04T00:00:00Z"
    assert rows[0]["window_end"] == "2024-10-05T00:00:00Z"
    assert [r["flagged"] for r in rows[:2]] == ["true", "false"]
    assert rows[0]["reason"] == REASON
    assert rows[1]["account_id"] == "账户,1"
    assert rows[0]["transferred"] == ""


def test_jsonl(tmp_path: Path) -> None:
    write_scores(_frame(), tmp_path / "s.jsonl")
    rows = [json.loads(line) for line in (tmp_path / "s.jsonl").read_text("utf-8").splitlines()]
    assert tuple(rows[0]) == SCORES
    assert [r["probability"] for r in rows] == PROBABILITIES
    assert rows[0]["window_start"] == "2024-10-04T00:00:00Z"
    assert rows[0]["flagged"] is True
    assert rows[0]["reason"] == REASON


def test_parquet(tmp_path: Path) -> None:
    write_scores(_frame(), tmp_path / "s.parquet")
    frame = pl.read_parquet(tmp_path / "s.parquet")
    assert tuple(frame.columns) == SCORES
    assert frame["probability"].to_list() == PROBABILITIES
    assert frame["window_start"][0] == START
    assert frame.schema["window_start"] == pl.Datetime("us", "UTC")


@pytest.mark.parametrize("ending", ["csv", "jsonl"])
def test_a_window_may_begin_between_two_seconds(tmp_path: Path, ending: str) -> None:
    """The last 24 hours before an event that came at half past."""
    frame = _frame().with_columns(pl.col("window_start") + pl.duration(milliseconds=500))
    path = tmp_path / f"s.{ending}"
    write_scores(frame, path)
    text = path.read_text("utf-8")
    assert "2024-10-04T00:00:00.500Z" in text
    assert "2024-10-05T00:00:00Z" in text


@pytest.mark.parametrize("ending", ["csv", "jsonl", "parquet"])
def test_no_scores(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"s.{ending}"
    write_scores(_frame().clear(), path)
    assert path.exists()
    if ending == "csv":
        assert path.read_text("utf-8").strip() == ",".join(SCORES)
    if ending == "parquet":
        assert tuple(pl.read_parquet(path).columns) == SCORES


@pytest.mark.parametrize("name", ["s.xlsx", "s", "csv", "s.csv.gz"])
def test_other_endings_are_an_input_error(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match=r"\.csv, \.jsonl, \.parquet"):
        check_ending(tmp_path / name)
    with pytest.raises(InputError):
        write_scores(_frame(), tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_endings_in_capitals(tmp_path: Path) -> None:
    write_scores(_frame(), tmp_path / "S.CSV")
    assert (tmp_path / "S.CSV").read_text("utf-8").startswith("account_id,symbol,")
