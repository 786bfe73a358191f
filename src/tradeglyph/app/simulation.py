"""Simulates a population and writes it."""

from collections.abc import Callable, Sequence
from pathlib import Path

from tradeglyph.app.market import load_candles
from tradeglyph.domain.candles import Candles
from tradeglyph.results.simulation import check_simulation_folder, write_simulation
from tradeglyph.simulate.population import Population, simulate
from tradeglyph.sources.options import ReadOptions


def simulate_into(
    folder: Path,
    accounts: int,
    seed: int,
    scenarios: Sequence[str] = (),
    *,
    candles: Candles | None = None,
) -> Population:
    """Write `trades.parquet`, `candles.parquet` and `labels.csv`; return what they hold.

    With `candles`, accounts trade in these and not in simulated ones; only those of the days that
    they trade on are written. Raises InputError where `folder` holds files of somebody else.
    """
    check_simulation_folder(folder)
    population = simulate(accounts, seed, scenarios=scenarios, candles=candles)
    write_simulation(population, folder)
    return population


def real_candles(path: Path, options: ReadOptions, say: Callable[[str], None]) -> Candles:
    """Candles of a file or folder; `say` gets what the reader says of them, for stderr."""
    candles, table = load_candles(path, options)
    for line in table.report.lines():
        say(line)
    return candles
