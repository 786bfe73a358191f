import csv
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from tradeglyph.domain.errors import InputError
from tradeglyph.domain.schema import CANDLES, TRADES
from tradeglyph.results.simulation import (
    candles_frame,
    labels_frame,
    trades_frame,
    write_simulation,
)
from tradeglyph.simulate.population import Population, simulate

UTC_TIME = pl.Datetime("us", "UTC")


@pytest.fixture(scope="module")
def population() -> Population:
    return simulate(60, 2)


@pytest.fixture(scope="module")
def folder(population: Population, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("simulation")
    write_simulation(population, out)
    return out


def test_three_files(folder: Path) -> None:
    assert sorted(p.name for p in folder.iterdir()) == [
        "candles.parquet", "labels.csv", "trades.parquet",
    ]  # fmt: skip


def test_only_a_simulation_is_replaced(population: Population, tmp_path: Path) -> None:
    write_simulation(population, tmp_path)
    write_simulation(population, tmp_path)
    (tmp_path / "labels.csv").unlink()
    (tmp_path / "trades.parquet").write_text("real")
    with pytest.raises(InputError, match=f"^{tmp_path}: holds trades.parquet, candles.parquet,"):
        write_simulation(population, tmp_path)
    assert (tmp_path / "trades.parquet").read_text() == "real"


def test_trades_are_the_fills(population: Population, folder: Path) -> None:
    frame, fills = pl.read_parquet(folder / "trades.parquet"), population.fills
    assert set(frame.columns) <= {column.name for column in TRADES}
    assert frame["account_id"].to_list() == fills.account_names[fills.account].tolist()
    assert frame["symbol"].to_list() == fills.symbol_names[fills.symbol].tolist()
    assert frame["counterparty_id"].to_list() == (
        fills.account_names[population.counterparty].tolist()
    )
    assert frame["side"].to_list() == ["buy" if side > 0 else "sell" for side in fills.side]
    assert frame["time"].dtype == UTC_TIME
    for name, values in (
        ("time", fills.time), ("price", fills.price), ("quantity", fills.quantity),
    ):  # fmt: skip
        np.testing.assert_array_equal(frame[name].to_physical().to_numpy(), values, name)
    assert frame["trade_id"].to_list() == [str(number) for number in population.trade_id]


def test_a_match_is_two_rows(folder: Path) -> None:
    matches = (
        pl.read_parquet(folder / "trades.parquet")
        .group_by("trade_id")
        .agg(pl.len(), *(pl.col(c).n_unique() for c in ("side", "price", "quantity", "time")))
        .select("len", "side", "price", "quantity", "time")
        .unique()
    )
    assert matches.rows() == [(2, 2, 1, 1, 1)]


def test_candles(population: Population, folder: Path) -> None:
    frame, candles = pl.read_parquet(folder / "candles.parquet"), population.candles
    assert set(frame.columns) <= {column.name for column in CANDLES}
    assert frame["symbol"].to_list() == candles.symbol_names[candles.symbol].tolist()
    np.testing.assert_array_equal(frame["time"].to_physical().to_numpy(), candles.start)
    for name in ("open", "high", "low", "close", "volume"):
        np.testing.assert_array_equal(frame[name].to_numpy(), getattr(candles, name), name)


def test_labels(population: Population, folder: Path) -> None:
    with (folder / "labels.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    labels, names = population.labels, population.fills
    assert list(rows[0]) == ["account_id", "symbol", "scenario", "label", "role", "window_start"]
    assert [row["account_id"] for row in rows] == names.account_names[labels.account].tolist()
    for column in ("scenario", "label", "role"):
        assert [row[column] for row in rows] == getattr(labels, column).tolist()
    starts = [np.datetime64(row["window_start"].removesuffix("Z"), "us") for row in rows]
    np.testing.assert_array_equal(np.array(starts).astype(np.int64), labels.window_start)
    assert all(row["window_start"].endswith("T00:00:00Z") for row in rows)


def test_a_population_in_which_nobody_was_made(tmp_path: Path) -> None:
    nobody = simulate(1, 1, scenarios=["hacker"])
    assert len(nobody.fills) == 0
    write_simulation(nobody, tmp_path)
    trades = pl.read_parquet(tmp_path / "trades.parquet")
    assert len(trades) == 0
    assert trades.schema == trades_frame(simulate(20, 1)).schema
    assert labels_frame(nobody).schema == labels_frame(simulate(20, 1)).schema
    assert len(candles_frame(nobody)) == len(nobody.candles) > 0
