import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from tests.cli.command import done, refused
from tests.cli.files import market

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


def test_a_threshold_flags_that_many_in_score(
    ran: tuple[Path, Any, str], world: Path, ink: Path, tmp_path: Path
) -> None:
    """On all days, as `score` sees them."""
    _, summary, _ = ran
    for budget in summary["budgets"]["current"]:
        out = tmp_path / "scores.parquet"
        done("score", *SIMULATED, "--model", ink, "--threshold", budget["threshold"], "--out", out,
             cwd=world)  # fmt: skip
        flagged = pl.read_parquet(out)["flagged"].sum()
        assert flagged == budget["early"]["alerts"] + budget["late"]["alerts"]


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
