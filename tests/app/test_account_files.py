"""An account's day over several symbols, from files to `score` and `explain`, by an ink model."""

from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

from tradeglyph.app import scoring
from tradeglyph.app.explanation import explain_window
from tradeglyph.app.scoring import ScoreRequest, score_files
from tradeglyph.sources.options import ReadOptions
from tradeglyph.sources.reading import BatchSize
from tradeglyph.sources.trades import TradeTable, trade_blocks

SYMBOLS = ("S0", "S1", "S2", "S3", "S4")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A bought and sold in one candle of each symbol; B did so in one; C bought twice in S4."""
    trades = ["account_id,symbol,time,side,price,quantity"]
    candles = ["symbol,time,high,low,volume"]
    for at, symbol in enumerate(SYMBOLS):
        candles.append(f"{symbol},2026-01-02T1{at}:00:00Z,13,9,100")
        for account in "AB" if symbol == "S0" else "A":
            trades.append(f"{account},{symbol},2026-01-02T1{at}:00:01Z,buy,9,1")
            trades.append(f"{account},{symbol},2026-01-02T1{at}:00:02Z,sell,13,1")
    trades += [f"C,S4,2026-01-02T14:0{minute}:00Z,buy,10,1" for minute in (1, 2)]
    (tmp_path / "t.csv").write_text("\n".join(trades) + "\n")
    (tmp_path / "k.csv").write_text("\n".join(candles) + "\n")
    return tmp_path


def scored(folder: Path, ink: Path, threshold: float, **more: object) -> pl.DataFrame:
    request = asked(folder, ink, threshold, **more)
    return score_files(request, lambda line: None).frame


def asked(folder: Path, ink: Path, threshold: float, **more: object) -> ScoreRequest:
    return ScoreRequest(
        trades=folder / "t.csv",
        candles=folder / "k.csv",
        model=str(ink),
        threshold=threshold,
        **more,  # type: ignore[arg-type]
    )


def above_all(folder: Path, ink: Path) -> float:
    """A threshold that no window passes by itself; four of them side by side have more ink."""
    highest = scored(folder, ink, 0.5)["probability"].max()
    assert isinstance(highest, float)
    return highest + 1e-9


def test_score_puts_the_account_s_windows_up_for_review(folder: Path, ink: Path) -> None:
    frame = scored(folder, ink, above_all(folder, ink))
    assert not frame["flagged"].any()
    said = dict(frame.group_by("account_id").agg(pl.col("verdict").unique()).rows())
    assert said == {"A": ["review"], "B": ["quiet"], "C": ["quiet"]}
    mine = frame.filter(pl.col("account_id") == "A")
    assert len(mine) == 5
    assert mine["role"].to_list() == ["beneficiary"] * 5
    for reason in mine["reason"]:
        assert (
            "5 trips inside one candle in 5 of 5 symbols, sold 100% of the candle above" in reason
        )


def test_blocks_keep_an_account_s_symbols_together(
    folder: Path, ink: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    threshold = above_all(folder, ink)
    whole = scored(folder, ink, threshold)
    sizes: list[int] = []

    def small(path: Path, options: ReadOptions) -> Iterator[TradeTable]:
        for block in trade_blocks(path, options, max_rows=2, size=BatchSize(text_bytes=64)):
            sizes.append(block.frame.height)
            yield block

    monkeypatch.setattr(scoring, "trade_blocks", small)
    assert scored(folder, ink, threshold).equals(whole)
    assert len(sizes) > 1


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_explain_says_what_score_says(folder: Path, ink: Path, lang: str) -> None:
    threshold = above_all(folder, ink)
    frame = scored(folder, ink, threshold, lang=lang)
    for row in frame.iter_rows(named=True):
        told = explain_window(
            asked(folder, ink, threshold, lang=lang),
            row["account_id"],
            row["symbol"],
            "2026-01-02",
            lambda line: None,
        )
        window = told.window
        assert (window["probability"], window["verdict"], window["role"]) == (
            row["probability"],
            row["verdict"],
            row["role"],
        )
        assert (row["reason"] in told.reasons) == (row["account_id"] == "A")
