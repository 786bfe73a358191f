from pathlib import Path

import numpy as np
import polars as pl

from tests.rows import DAY, candles_of
from tradeglyph.app.simulation import simulate_into
from tradeglyph.simulate.draft import ANYBODY


def test_what_is_returned_is_what_is_written(tmp_path: Path) -> None:
    population = simulate_into(tmp_path / "a", 50, 3, ["grid"])
    trades = pl.read_parquet(tmp_path / "a" / "trades.parquet")
    assert len(trades) == len(population.fills)
    assert trades["price"].to_list() == population.fills.price.tolist()
    labels = pl.read_csv(tmp_path / "a" / "labels.csv")
    assert labels["scenario"].to_list() == population.labels.scenario.tolist()
    assert "grid" in set(labels["scenario"])


def test_every_row_names_its_counterparty(tmp_path: Path) -> None:
    """So that the same accounts can be scored with and without."""
    population = simulate_into(tmp_path / "a", 400, 3)
    trades = pl.read_parquet(tmp_path / "a" / "trades.parquet")
    assert trades["counterparty_id"].null_count() == 0
    assert set(trades["counterparty_id"]) == set(trades["account_id"])
    assert (population.counterparty != ANYBODY).all()


def test_real_candles_stand_in_for_simulated_ones(tmp_path: Path) -> None:
    rows = [("X", DAY + 300 * at, 10.0, 10.5 + at / 100) for at in range(60)]
    candles = candles_of(rows, symbols=("X",), volume=500.0)
    population = simulate_into(tmp_path / "a", 40, 3, ["day_trader"], candles=candles)
    written = pl.read_parquet(tmp_path / "a" / "candles.parquet")
    assert written["high"].to_list() == [row[3] for row in rows]
    assert written["symbol"].unique().to_list() == ["X"]
    np.testing.assert_array_equal(population.candles.low, candles.low)
