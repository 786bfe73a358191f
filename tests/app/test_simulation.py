from pathlib import Path

import polars as pl

from tradeglyph.app.simulation import simulate_into


def test_what_is_returned_is_what_is_written(tmp_path: Path) -> None:
    population = simulate_into(tmp_path / "a", 50, 3, ["grid"])
    trades = pl.read_parquet(tmp_path / "a" / "trades.parquet")
    assert len(trades) == len(population.fills)
    assert trades["price"].to_list() == population.fills.price.tolist()
    labels = pl.read_csv(tmp_path / "a" / "labels.csv")
    assert labels["scenario"].to_list() == population.labels.scenario.tolist()
    assert "grid" in set(labels["scenario"])
