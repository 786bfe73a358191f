import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from tests.cli.command import done, refused
from tests.cli.files import market, table
from tests.model.tiny import tiny_card, tiny_folder, tiny_onnx
from tradeglyph.model.artifact import write_artifact
from tradeglyph.model.card import CalibrationCard

SIMULATED = ("--trades", "trades.parquet", "--candles", "candles.parquet")


@pytest.fixture(scope="module")
def ran(world: Path, ink: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Any, str]:
    """A folder, the summary on stdout, and what stderr said."""
    out = tmp_path_factory.mktemp("backtest") / "out"
    budgets = ("--alerts-per-day", "5, 1,5", "--plants", 20, "--seed", 4)
    result = done(
        "backtest", *SIMULATED, *budgets, "--model", ink, "--candidate", "seed", "--out", out,
        "--json", cwd=world,
    )  # fmt: skip
    return out, json.loads(result.stdout), result.stderr


def test_summary_is_that_of_the_file(ran: tuple[Path, Any, str]) -> None:
    out, summary, stderr = ran
    written = json.loads((out / "backtest.json").read_text("utf-8"))
    assert summary["out"] == str(out)
    assert summary["seed"] == written["seed"] == 4
    assert summary["planting"]["planted"] == 20
    assert [b["alerts_per_day"] for b in summary["budgets"]["current"]] == [1, 5]
    for name, figures in written["figures"].items():
        for ours, theirs in zip(summary["budgets"][name], figures["budgets"], strict=True):
            assert ours["threshold"] == theirs["threshold"]
            assert ours["late"] == theirs["late"]
    assert len(summary["changes"]) == 2
    assert "20 transfers planted" in stderr
    assert (out / "backtest.html").is_file()


def test_a_threshold_raises_that_many_in_score(
    ran: tuple[Path, Any, str], world: Path, ink: Path, tmp_path: Path
) -> None:
    """On all days, as `score` sees them."""
    _, summary, _ = ran
    for budget in summary["budgets"]["current"]:
        out = tmp_path / "scores.parquet"
        done("score", *SIMULATED, "--model", ink, "--threshold", budget["threshold"], "--out", out,
             cwd=world)  # fmt: skip
        alerts = pl.read_parquet(out)["verdict"].is_in(["review", "hold"]).sum()
        assert alerts == budget["early"]["alerts"] + budget["late"]["alerts"]


def test_a_candidate_changes_what_the_scores_of_both_differ_in(world: Path, tmp_path: Path) -> None:
    """New alerts and those no longer there, against `score` with either model at its threshold.

    On fills alone: with the other sides known, the ledger clears what either would find.
    """
    # A slope so small that no probability is rounded to 1.
    slope = CalibrationCard(a=0.001, b=0.0, prior=0.01)
    full = tiny_folder(tmp_path / "full", name="full", calibration=slope)
    onnx, blank, out = tiny_onnx(scale=-1 / 255), tmp_path / "blank", tmp_path / "out"
    blank.mkdir()
    write_artifact(blank, onnx, tiny_card(onnx, name="blank", calibration=slope))
    blind = tmp_path / "trades.parquet"
    trades = pl.read_parquet(world / "trades.parquet")
    trades.drop("trade_id", "counterparty_id").write_parquet(blind)
    files = ("--trades", blind, *SIMULATED[2:])
    result = done(
        "backtest", *files, "--alerts-per-day", "1,2", "--plants", 20, "--model", full,
        "--candidate", blank, "--out", out, "--json", cwd=world,
    )  # fmt: skip
    summary = json.loads(result.stdout)
    written = json.loads((out / "backtest.json").read_text("utf-8"))
    late = written["split"]["early"]["last_day"]
    key = ("account_id", "symbol", "window_start")
    seen = set[str]()
    for budget, change in enumerate(written["changes"]):
        flagged = {}
        for name, model in (("current", full), ("candidate", blank)):
            threshold = written["figures"][name]["budgets"][budget]["threshold"]
            file = tmp_path / f"{name}.csv"
            done("score", *files, "--model", model, "--threshold", threshold, "--out", file,
                 cwd=world)  # fmt: skip
            flagged[name] = {
                tuple(row[k] for k in key)
                for row in table(file)
                if row["verdict"] in ("review", "hold") and row["window_start"][:10] > late
            }
        wanted = {
            "newly": flagged["candidate"] - flagged["current"],
            "no_longer": flagged["current"] - flagged["candidate"],
        }
        seen |= {kind for kind, windows in wanted.items() if windows}
        for kind, windows in wanted.items():
            assert change[kind]["count"] == summary["changes"][budget][kind] == len(windows)
            assert {tuple(w[k] for k in key) for w in change[kind]["windows"]} <= windows
        assert change["both"] == len(flagged["current"] & flagged["candidate"])
    # One is sure of many fills, the other of few, so that both happen.
    assert seen == {"newly", "no_longer"}
    page = (out / "backtest.html").read_text("utf-8")
    assert "What the candidate would change" in page


@pytest.mark.parametrize(
    ("lang", "title"), [("en", "Backtest on your own traffic"), ("zh", "用自有数据回测")]
)
def test_thresholds_are_printed_and_the_page_speaks(
    lang: str, title: str, world: Path, ink: Path, tmp_path: Path
) -> None:
    result = done(
        "backtest", *SIMULATED, "--model", ink, "--plants", 5, "--alerts-per-day", "2",
        "--lang", lang, "--out", tmp_path / "out", cwd=world,
    )  # fmt: skip
    written = json.loads((tmp_path / "out" / "backtest.json").read_text("utf-8"))
    threshold = written["figures"]["current"]["budgets"][0]["threshold"]
    assert repr(threshold) in result.stdout
    assert title in (tmp_path / "out" / "backtest.html").read_text("utf-8")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--alerts-per-day", "20,x"), "'x' is not a number over 0"),
        (("--alerts-per-day", "0"), "is not a number over 0"),
        (("--alerts-per-day", "20,,50"), "'' is not a number over 0"),
        (("--alerts-per-day", "inf"), "is not a number over 0"),
        (("--window", "24h", "--as-of", "2026-01-03T00:00:00Z"), "leave out --window"),
        (("--candidate", "nobody"), "nobody: no such model folder"),
        (("--lang", "fr"), "fr"),
        (("--plants", "0"), "--plants"),
    ],
)
def test_wrong_arguments_are_one_line(
    options: tuple[str, ...], said: str, ink: Path, tmp_path: Path
) -> None:
    error = refused("backtest", *market(tmp_path), "--model", ink, "--out", "out", *options,
                    cwd=tmp_path)  # fmt: skip
    assert said in error
    assert len(error.splitlines()) == 1
    assert not (tmp_path / "out").exists()


def test_no_room_for_a_plant(ink: Path, tmp_path: Path) -> None:
    error = refused("backtest", *market(tmp_path), "--model", ink, "--out", "out", cwd=tmp_path)
    assert "no transfer can be planted" in error
