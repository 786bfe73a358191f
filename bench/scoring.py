"""`tradeglyph score` end to end: a process, a Parquet file of 200,000 trades, a file of scores."""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import polars as pl

from tradeglyph.app.counterparties import SIDES
from tradeglyph.results.simulation import candles_frame, trades_frame
from tradeglyph.simulate.population import simulate

TRADES = 200_000
ACCOUNTS = 6_000
RUNS = 3


def measure(drawings: float, networks: float) -> list[dict[str, object]]:
    """Windows per second, all cores: `score_windows_per_s` of trades that do not tell the other
    side, and `score_with_ledger_per_s` of the same trades where they do.

    Args:
        drawings: the seeds' pictures per second and core.
        networks: their network's pictures per second and core.
    """
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        population = simulate(ACCOUNTS, seed=0)
        trades = trades_frame(population).head(TRADES)
        candles_frame(population).write_parquet(place / "candles.parquet")
        other = (os.cpu_count() or 1) / (1 / drawings + 1 / networks)
        kinds = (
            ("score_windows_per_s", trades.drop(SIDES)),
            ("score_with_ledger_per_s", trades),
        )
        return [_row(name, some, place, other) for name, some in kinds]


def _row(name: str, trades: pl.DataFrame, place: Path, other: float) -> dict[str, object]:
    trades.write_parquet(place / "trades.parquet")
    seconds = min(_score(place) for _ in range(RUNS))
    windows = len(pl.read_parquet(place / "scores.parquet"))
    ours = windows / seconds
    return {
        "name": name,
        "unit": "windows/s",
        "ours": ours,
        "other": other,
        "ratio": ours / other,
        "windows": windows,
        "trades": len(trades),
    }


def _score(place: Path) -> float:
    command = [
        *(sys.executable, "-m", "tradeglyph", "score"),
        *("--trades", str(place / "trades.parquet")),
        *("--candles", str(place / "candles.parquet")),
        *("--out", str(place / "scores.parquet")),
    ]
    begin = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - begin
