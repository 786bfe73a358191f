"""`tradeglyph score` and its neighbours, from outside: files in, files out, status, stderr."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from tests.cli.command import tradeglyph
from tests.cli.files import table
from tests.core.test_score_core import files, run

pytestmark = pytest.mark.usefixtures("accounts")


@pytest.fixture(scope="module")
def accounts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("score")
    done = tradeglyph(
        "simulate", "--accounts", "120", "--seed", "11", "--out", "accounts", cwd=folder
    )
    assert done.status == 0, done.stderr
    return folder


def scored(accounts: Path, *extra: str, out: str = "scores.csv") -> list[dict[str, str]]:
    done = tradeglyph("score", *files(), "--out", out, *extra, cwd=accounts)
    assert done.status == 0, done.stderr
    return table(accounts / out) if out.endswith(".csv") else []


def test_one_row_per_account_symbol_and_day(accounts: Path) -> None:
    rows = scored(accounts)
    trades = pl.read_parquet(accounts / "accounts" / "trades.parquet")
    expected = trades.select("account_id", "symbol", pl.col("time").dt.date()).unique()
    keys = {(r["account_id"], r["symbol"], r["window_start"][:10]) for r in rows}
    assert len(rows) == len(keys) == len(expected)
    assert sum(int(r["trade_count"]) for r in rows) == len(trades)


def test_formats_say_the_same(accounts: Path) -> None:
    rows = scored(accounts)
    scored(accounts, out="scores.jsonl")
    scored(accounts, out="scores.parquet")
    lines = [json.loads(line) for line in (accounts / "scores.jsonl").read_text().splitlines()]
    records = pl.read_parquet(accounts / "scores.parquet").iter_rows(named=True)
    for row, line, record in zip(rows, lines, records, strict=True):
        assert row["account_id"] == line["account_id"] == record["account_id"]
        assert line["probability"] == record["probability"]
        assert row["probability"] == ("" if line["probability"] is None else row["probability"])
        assert float(row["probability"] or "nan") == pytest.approx(
            np.nan if line["probability"] is None else line["probability"], abs=0, nan_ok=True
        )
        assert row["window_start"] == line["window_start"]


def test_threshold_moves_flags_and_not_probabilities(accounts: Path) -> None:
    strict, loose = (
        scored(accounts, "--threshold", "0.999999"),
        scored(accounts, "--threshold", "0"),
    )
    assert [r["probability"] for r in strict] == [r["probability"] for r in loose]
    assert all(r["flagged"] == ("true" if r["probability"] else "false") for r in loose)
    assert sum(r["flagged"] == "true" for r in strict) < len(strict)


def test_no_verdict_of_hold_on_fills_alone(accounts: Path) -> None:
    trades = pl.read_parquet(accounts / "accounts" / "trades.parquet")
    trades.drop("trade_id", "counterparty_id").write_parquet(accounts / "blind.parquet")
    arguments = ("--trades", "blind.parquet", *files()[2:], "--out", "b.csv", "--threshold", "0")
    done = tradeglyph("score", *arguments, cwd=accounts)
    assert done.status == 0, done.stderr
    rows = table(accounts / "b.csv")
    assert {r["verdict"] for r in rows} == {"review", "quiet", ""}
    # All are flagged, and quiet are those whose trips made no more than the spread, or were one or
    # two small ones.
    why = [r["reason"] for r in rows if r["verdict"] == "quiet"]
    assert all("half-spreads" in reason or "are normal" in reason for reason in why)
    assert any(r["verdict"] == "hold" for r in scored(accounts))


def test_reasons_in_chinese(accounts: Path) -> None:
    flagged = [r for r in scored(accounts, "--lang", "zh") if r["flagged"] == "true"]
    assert flagged
    assert all("K 线" in r["reason"] for r in flagged)


def test_fail_on_alert_is_status_3(accounts: Path) -> None:
    done = tradeglyph("score", *files(), "--out", "a.csv", "--fail-on-alert", cwd=accounts)
    assert done.status == 3
    assert (accounts / "a.csv").exists()


def test_shuffled_rows_give_the_same_scores(accounts: Path) -> None:
    trades = pl.read_parquet(accounts / "accounts" / "trades.parquet")
    shuffled = accounts / "shuffled"
    shuffled.mkdir()
    trades.sample(fraction=1.0, shuffle=True, seed=1).write_parquet(shuffled / "trades.parquet")
    shutil.copy(accounts / "accounts" / "candles.parquet", shuffled)
    done = tradeglyph("score", *files("shuffled"), "--out", "shuffled.csv", cwd=accounts)
    assert done.status == 0, done.stderr
    scored(accounts, out="plain.csv")
    assert (accounts / "shuffled.csv").read_text() == (accounts / "plain.csv").read_text()


def test_window_as_of_is_half_open(accounts: Path, tmp_path: Path) -> None:
    trades = "account_id,symbol,time,side,price,quantity\n"
    for minute, side in ((0, "buy"), (1, "sell"), (2, "buy")):
        trades += f"A,X,2026-01-02T10:0{minute}:00Z,{side},{10 + minute},1\n"
    (tmp_path / "t.csv").write_text(trades)
    (tmp_path / "k.csv").write_text("symbol,time,high,low\nX,2026-01-02T10:00:00Z,13,9\n")
    done = tradeglyph(
        *("score", "--trades", "t.csv", "--candles", "k.csv", "--out", "s.csv"),
        *("--window", "1m", "--as-of", "2026-01-02T10:02:00Z"),
        cwd=tmp_path,
    )
    assert done.status == 0, done.stderr
    (row,) = table(tmp_path / "s.csv")
    assert (row["trade_count"], row["window_start"], row["window_end"]) == (
        "1",
        "2026-01-02T10:01:00Z",
        "2026-01-02T10:02:00Z",
    )
    assert (row["probability"], row["verdict"], row["flagged"]) == ("", "", "false")
    assert "fewer than two fills" in row["reason"]
    assert (
        "1 of 3 fills lie in the window from 2026-01-02T10:01:00Z to 2026-01-02T10:02:00Z; "
        "2 outside it are left out (all span 2026-01-02T10:00:00Z to 2026-01-02T10:02:00Z)\n"
    ) in done.stderr


GOOD = "account_id,symbol,time,side,price,quantity\nA,X,2026-01-02T10:00:00Z,buy,10,1\n"
CANDLE = "symbol,time,high,low\nX,2026-01-02T10:00:00Z,13,9\n"


@pytest.mark.parametrize(
    ("trades", "candles", "wanted"),
    [
        (
            "account_id,symbol,time,side,price\nA,X,2026-01-02T10:00:00Z,buy,10\n",
            CANDLE,
            "quantity",
        ),
        (GOOD.replace("buy", "hold"), CANDLE, "line 2, column side"),
        (GOOD.replace("00Z", "00"), CANDLE, "--timezone"),
        (GOOD.replace(",10,1", ",-10,1"), CANDLE, "line 2, column price"),
        (GOOD.replace(",10,1", ",0,1"), CANDLE, "line 2, column price"),
        (GOOD.replace(",10,1", ",NaN,1"), CANDLE, "line 2, column price"),
        (GOOD, CANDLE.replace("13,9", "9,13"), "line 2, column"),
        (GOOD, CANDLE + "X,2026-01-02T10:00:00Z,14,9\n", "line 3"),
        (GOOD, CANDLE + CANDLE.splitlines()[1] + "\n", "line 3"),
        ("", CANDLE, "t.csv"),
        (GOOD.splitlines()[0] + "\n", CANDLE, "no rows"),
    ],
)
def test_bad_input_is_status_2_and_nothing_written(
    tmp_path: Path, trades: str, candles: str, wanted: str
) -> None:
    (tmp_path / "t.csv").write_text(trades)
    (tmp_path / "k.csv").write_text(candles)
    arguments = ("score", "--trades", "t.csv", "--candles", "k.csv", "--out", "s.csv")
    done = tradeglyph(*arguments, cwd=tmp_path)
    assert done.status == 2
    assert wanted in done.stderr
    assert "Traceback" not in done.stderr
    assert sorted(p.name for p in tmp_path.iterdir()) == ["k.csv", "t.csv"]


def test_a_symbol_without_candles_is_said(tmp_path: Path) -> None:
    """Spelt otherwise in the two files, it would leave windows without an answer."""
    (tmp_path / "t.csv").write_text(GOOD.replace(",X,", ",X-USD,"))
    (tmp_path / "k.csv").write_text(CANDLE)
    done = tradeglyph(
        "score", "--trades", "t.csv", "--candles", "k.csv", "--out", "s.csv", cwd=tmp_path
    )
    assert done.status == 0, done.stderr
    assert "1 traded symbols have no candles at all" in done.stderr
    assert "X-USD; there are candles of X" in done.stderr


def test_truncated_parquet(accounts: Path, tmp_path: Path) -> None:
    whole = (accounts / "accounts" / "trades.parquet").read_bytes()
    (tmp_path / "t.parquet").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "k.csv").write_text(CANDLE)
    arguments = ("score", "--trades", "t.parquet", "--candles", "k.csv", "--out", "s.csv")
    done = tradeglyph(*arguments, cwd=tmp_path)
    assert done.status == 2
    assert "t.parquet" in done.stderr
    assert not (tmp_path / "s.csv").exists()


def test_skip_writes_the_rest_and_the_rejects(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text(GOOD + "A,X,2026-01-02T10:01:00Z,sell,-1,1\n")
    (tmp_path / "k.csv").write_text(CANDLE)
    arguments = ("score", "--trades", "t.csv", "--candles", "k.csv", "--out", "s.csv")
    done = tradeglyph(*arguments, "--on-error", "skip", cwd=tmp_path)
    assert done.status == 0, done.stderr
    (row,) = table(tmp_path / "s.csv")
    assert row["trade_count"] == "1"
    (reject,) = table(tmp_path / "s.csv.rejects.csv")
    assert (reject["line"], reject["column"]) == ("3", "price")


def test_a_changed_byte_in_a_model_is_refused(accounts: Path, tmp_path: Path) -> None:
    import tradeglyph.model.shipped as shipped_models

    shutil.copytree(shipped_models.shipped("default"), tmp_path / "model")
    weights = tmp_path / "model" / "model.onnx"
    content = bytearray(weights.read_bytes())
    content[len(content) // 2] ^= 1
    weights.write_bytes(bytes(content))
    arguments = ("score", *files(), "--out", str(tmp_path / "s.csv"))
    done = tradeglyph(*arguments, "--model", str(tmp_path / "model"), cwd=accounts)
    assert done.status == 2
    assert "has changed since its card was written" in done.stderr
    assert not (tmp_path / "s.csv").exists()


def test_a_model_for_other_pictures_is_refused(accounts: Path, tmp_path: Path) -> None:
    import tradeglyph.model.shipped as shipped_models

    shutil.copytree(shipped_models.shipped("default"), tmp_path / "model")
    card = json.loads((tmp_path / "model" / "card.json").read_text())
    card["picture"]["hash"] = "0" * 16
    (tmp_path / "model" / "card.json").write_text(json.dumps(card))
    arguments = ("score", *files(), "--out", str(tmp_path / "s.csv"))
    done = tradeglyph(*arguments, "--model", str(tmp_path / "model"), cwd=accounts)
    assert done.status == 2
    assert "spec" in done.stderr


def test_an_output_that_cannot_be_written(accounts: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = tradeglyph("score", *files(), "--out", str(tmp_path / "file" / "s.csv"), cwd=accounts)
    assert done.status == 2
    assert "can't be written" in done.stderr


def test_settings_map_columns(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text(GOOD.replace("account_id", "客户"))
    (tmp_path / "k.csv").write_text(CANDLE)
    (tmp_path / "tradeglyph.toml").write_text('[columns.trades]\naccount_id = "客户"\n')
    arguments = ("score", "--trades", "t.csv", "--candles", "k.csv", "--out", "s.csv")
    done = tradeglyph(*arguments, cwd=tmp_path)
    assert done.status == 0, done.stderr
    (tmp_path / "tradeglyph.toml").write_text("[colums]\n")
    done = tradeglyph(*arguments, cwd=tmp_path)
    assert done.status == 2
    assert "tradeglyph.toml" in done.stderr


def test_a_fault_of_ours_is_status_1_and_no_traceback(accounts: Path, tmp_path: Path) -> None:
    broken = tmp_path / "sitecustomize.py"
    broken.write_text(
        "import tradeglyph.pipeline.score as s\n"
        "def fail(*a, **k): raise RuntimeError('broken on purpose')\n"
        "s.score = fail\n"
    )
    arguments = ("score", *files(), "--out", str(tmp_path / "s.csv"))
    done = run(*arguments, cwd=accounts, env={"PYTHONPATH": str(tmp_path)})
    assert done.returncode == 1
    assert "a fault of ours: RuntimeError: broken on purpose" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "s.csv").exists()


def test_no_path_leaves_the_folder_of_pictures(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text(GOOD.replace("A,X", "../../evil,../X").replace("X,", "X,"))
    (tmp_path / "k.csv").write_text(CANDLE.replace("X,", "../X,"))
    done = tradeglyph("draw", "--trades", "t.csv", "--candles", "k.csv", "--out", "p", cwd=tmp_path)
    assert done.status == 0, done.stderr
    assert len(list((tmp_path / "p").glob("*.png"))) == 1
    assert {p.name for p in tmp_path.iterdir()} == {"k.csv", "p", "t.csv"}


def test_environment_names_are_not_needed(accounts: Path) -> None:
    """A bare environment, as cron gives, is enough."""
    done = subprocess.run(
        [sys.executable, "-m", "tradeglyph", "score", *files(), "--out", "cron.csv"],
        cwd=accounts,
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
