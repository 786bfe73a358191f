"""What the other sides add to scores, from simulated accounts to the last word."""

import re
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from tradeglyph.app import scoring
from tradeglyph.app.counterparties import weigh
from tradeglyph.app.explanation import explain_window
from tradeglyph.app.scoring import ScoreRequest, score_files
from tradeglyph.app.simulation import simulate_into
from tradeglyph.domain.lists import AccountLists
from tradeglyph.domain.schema import SCORES
from tradeglyph.sources.trades import read_trades

BEHAVIOURS = ("hacker", "day_trader", "market_maker", "wash_trader", "seed_normal")


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sides")
    simulate_into(folder, 1_500, seed=78, scenarios=BEHAVIOURS)
    return folder


def scored(world: Path, **changed: object) -> pl.DataFrame:
    said: list[str] = []
    request = ScoreRequest(
        **{"trades": world / "trades.parquet", "candles": world / "candles.parquet", **changed}  # type: ignore[arg-type]
    )
    frame = score_files(request, said.append).frame
    start = pl.col("window_start").str.to_datetime(time_unit="us", time_zone="UTC")
    labels = pl.read_csv(world / "labels.csv").select(
        "account_id", "symbol", start, "scenario", truth="role"
    )
    return frame.join(labels, on=["account_id", "symbol", "window_start"], how="left")


@pytest.fixture(scope="module")
def known(world: Path) -> pl.DataFrame:
    return scored(world)


@pytest.fixture(scope="module")
def blind(world: Path, tmp_path_factory: pytest.TempPathFactory) -> pl.DataFrame:
    file = tmp_path_factory.mktemp("blind") / "trades.parquet"
    pl.read_parquet(world / "trades.parquet").drop("trade_id", "counterparty_id").write_parquet(
        file
    )
    return scored(world, trades=file)


def test_transfers_are_held_and_the_money_says_who_gained(known: pl.DataFrame) -> None:
    pairs = known.filter(pl.col("scenario").is_in(["hacker", "victim"]))
    assert len(pairs) > 60
    held = pairs.filter(pl.col("verdict") == "hold")
    assert len(held) >= 0.9 * len(pairs)
    assert (held["role"] == held["truth"]).all()
    assert (held["transferred"] > 0).all()


def test_the_reason_names_the_other_account_and_the_sum(known: pl.DataFrame) -> None:
    hacker = known.filter(pl.col("scenario") == "hacker", pl.col("verdict") == "hold")
    for row in hacker.iter_rows(named=True):
        said = re.match(
            r"took at least ([\d,.]+) from A\d{7} in \d+ matched trades?", row["reason"]
        )
        assert said, row["reason"]
        assert float(said[1].replace(",", "")) == pytest.approx(row["transferred"], abs=0.006)


def test_what_was_held_is_money_that_really_changed_hands(world: Path, known: pl.DataFrame) -> None:
    """A pair that ends flat moved just its net cash; the low end does not go beyond it."""
    trades = pl.read_parquet(world / "trades.parquet")
    cash = (
        pl.col("price")
        * pl.col("quantity")
        * pl.when(pl.col("side") == "sell").then(1).otherwise(-1)
    )
    net = trades.group_by("account_id").agg(cash.sum().alias("net"))
    hacker = known.filter(pl.col("scenario") == "hacker", pl.col("verdict") == "hold")
    both = hacker.join(net, on="account_id")
    assert len(both) > 30
    assert (both["transferred"] <= both["net"] * 1.001 + 0.01).all()
    assert (both["transferred"] / both["net"]).median() > 0.9


def test_honest_accounts_are_not_held(known: pl.DataFrame) -> None:
    honest = known.filter(~pl.col("scenario").is_in(["hacker", "victim"]))
    assert len(honest) > 400
    assert (honest["verdict"] == "hold").sum() <= 0.005 * len(honest)


def test_wash_volume_is_named_and_quiet(known: pl.DataFrame) -> None:
    wash = known.filter(pl.col("scenario") == "wash_trader")
    assert len(wash) > 5
    assert (wash["verdict"] != "hold").all()
    named = wash["reason"].str.contains("Self-trades|Volume match")
    assert named.mean() > 0.8


def test_probability_and_flag_are_the_models_alone(
    known: pl.DataFrame, blind: pl.DataFrame
) -> None:
    for column in ("probability", "flagged", "trade_count"):
        assert known[column].equals(blind[column])
    assert not (blind["verdict"] == "hold").any()
    assert blind["transferred"].null_count() == len(blind)


WEAKER = r"(gained|lost) at least ([\d,.]+) beyond the market's prices in (\d+) trades?"


def test_without_the_other_sides_a_gain_is_named_as_the_weaker_evidence(
    world: Path, known: pl.DataFrame, blind: pl.DataFrame
) -> None:
    assert not known["reason"].str.contains("weaker evidence").any()
    told = blind.filter(pl.col("reason").str.contains("weaker evidence"))
    assert len(told) >= 10
    # It stands with what is flagged, and holds nothing.
    assert set(told["verdict"]) == {"review"}
    for row in told.filter(pl.col("truth").is_not_null()).iter_rows(named=True):
        said = re.search(WEAKER, row["reason"])
        assert said, row["reason"]
        assert said[1] == {"beneficiary": "gained", "victim": "lost"}[row["truth"]]
        assert int(said[3]) <= row["trade_count"]
    # In the worlds of these accounts a day ends flat: what they made is their net cash.
    trades = pl.read_parquet(world / "trades.parquet")
    sign = pl.when(pl.col("side") == "sell").then(1).otherwise(-1)
    net = trades.group_by("account_id").agg(
        cash=(sign * pl.col("price") * pl.col("quantity")).sum(),
        left=(sign * pl.col("quantity")).sum().abs(),
    )
    amount = pl.col("reason").str.extract(WEAKER, 2).str.replace_all(",", "").cast(pl.Float64)
    flat = told.with_columns(amount=amount).join(net, on="account_id")
    flat = flat.filter(pl.col("left") < 1e-9)
    assert len(flat) >= 10
    assert (flat["amount"] <= flat["cash"].abs() + 0.01).all()


def test_an_explanation_says_so_too(world: Path, blind: pl.DataFrame, tmp_path: Path) -> None:
    pl.read_parquet(world / "trades.parquet").drop("trade_id", "counterparty_id").write_parquet(
        tmp_path / "t.parquet"
    )
    request = ScoreRequest(trades=tmp_path / "t.parquet", candles=world / "candles.parquet")
    told = blind.filter(pl.col("reason").str.contains("weaker evidence")).row(0, named=True)
    day = f"{told['window_start']:%Y-%m-%d}"
    found = explain_window(request, told["account_id"], told["symbol"], day, lambda line: None)
    (words,) = [reason for reason in found.reasons if "weaker evidence" in reason]
    assert told["reason"].endswith(words)
    assert "weaker evidence" in found.page


def test_the_ledger_clears_what_only_the_account_s_day_suspects(
    world: Path, known: pl.DataFrame
) -> None:
    quiet = known.filter(pl.col("verdict") == "quiet", ~pl.col("flagged")).head(1)
    suspected = quiet.select(SCORES).with_columns(
        verdict=pl.lit("review"), role=pl.lit("victim"), reason=pl.lit("the day")
    )
    trades = read_trades(world / "trades.parquet").frame
    scores = weigh(suspected, trades, AccountLists(), "en", alone=np.array([False])).scores
    row = scores.row(0, named=True)
    assert (row["verdict"], row["role"], row["flagged"]) == ("quiet", "", False)
    assert row["reason"].startswith("the day; the other sides of its trades clear it")


def test_listed_accounts_are_marked_and_still_judged(world: Path, known: pl.DataFrame) -> None:
    held = known.filter(pl.col("verdict") == "hold", pl.col("truth") == "beneficiary")
    account = held["account_id"][0]
    lists = world / "lists.csv"
    lists.write_text(
        "account_id,kind,reason,expires\n"
        f"{account},exempt,court order 7,2099-12-31\n"
        f"{account},market_maker,contract of 2019,2019-12-31\n"
    )
    marked = scored(world, lists=lists).filter(pl.col("account_id") == account)
    assert marked["verdict"].to_list() == ["hold"] * len(marked)
    assert "listed: exempt (court order 7)" in marked["reason"][0]
    assert "2019" not in marked["reason"][0]


def test_linked_accounts_are_said_to_belong_together(world: Path, known: pl.DataFrame) -> None:
    held = known.filter(pl.col("verdict") == "hold", pl.col("truth") == "beneficiary")
    row = held.row(0, named=True)
    other = row["reason"].split(" from ")[1].split(" in ")[0]
    lists = world / "own.csv"
    lists.write_text(
        "account_id,kind,group,reason\n"
        + "".join(f"{name},own,7,same passport\n" for name in (row["account_id"], other))
    )
    marked = scored(world, lists=lists, lang="zh").filter(pl.col("account_id") == row["account_id"])
    assert "这两个账户属于一家" in marked["reason"][0]
    assert "实际控制关系账户（7 组）" in marked["reason"][0]


def test_a_longer_file_is_judged_on_its_fills_and_it_is_said(
    world: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scoring, "MOST_TRADES", 100)
    said: list[str] = []
    request = ScoreRequest(trades=world / "trades.parquet", candles=world / "candles.parquet")
    frame = score_files(request, said.append).frame
    assert not (frame["verdict"] == "hold").any()
    assert any("more than 100 trades" in line for line in said)


def test_an_explanation_gives_the_verdict_of_the_score(world: Path, known: pl.DataFrame) -> None:
    held = known.filter(pl.col("verdict") == "hold").head(3)
    cleared = known.filter(pl.col("flagged"), pl.col("verdict") == "quiet").head(2)
    quiet = known.filter(~pl.col("flagged"), pl.col("scenario") == "market_maker").head(2)
    request = ScoreRequest(trades=world / "trades.parquet", candles=world / "candles.parquet")
    for row in pl.concat([held, cleared, quiet]).iter_rows(named=True):
        day = f"{row['window_start']:%Y-%m-%d}"
        who = (row["account_id"], row["symbol"])
        told = explain_window(request, *who, day, lambda line: None)
        assert (told.window["verdict"], told.window["role"]) == (row["verdict"], row["role"])
        if row["verdict"] == "hold":
            assert row["reason"].startswith(told.reasons[0])
            states = {reading.name: reading.state for reading in told.benign}
            assert states["arbitrage"] == "ruled_out"
