"""Simulates a population and writes it."""

from collections.abc import Sequence
from pathlib import Path

from tradeglyph.results.simulation import write_simulation
from tradeglyph.simulate.population import Population, simulate


def simulate_into(
    folder: Path, accounts: int, seed: int, scenarios: Sequence[str] = ()
) -> Population:
    """Write `trades.parquet`, `candles.parquet` and `labels.csv`; return what they hold."""
    population = simulate(accounts, seed, scenarios=scenarios)
    write_simulation(population, folder)
    return population
