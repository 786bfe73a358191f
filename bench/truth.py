"""A simulated population as the windows that `score` would see, and what they really are."""

import polars as pl

from tradeglyph.domain.fills import BUY, SELL
from tradeglyph.domain.windows import Windows
from tradeglyph.learning.dataset import label_windows
from tradeglyph.pipeline.cut import cut, day_edges
from tradeglyph.results.simulation import labels_frame, trades_frame
from tradeglyph.simulate.population import Population


def windows_of(population: Population) -> Windows:
    """One per account, symbol and UTC day."""
    times = population.fills.time
    return cut(population.fills, day_edges(int(times.min()), int(times.max())))


def trades_of(population: Population) -> pl.DataFrame:
    """Everybody's trades as a reader would give them."""
    sign = pl.when(pl.col("side") == "buy").then(BUY).otherwise(SELL).cast(pl.Int8)
    return trades_frame(population).with_columns(sign.alias("side"))


def truth_of(population: Population, windows: Windows) -> pl.DataFrame:
    """`account_id, symbol, window_start, scenario, label, role`, in the windows' order."""
    fills = windows.fills
    who = pl.DataFrame(
        {
            "account_id": fills.account_names[windows.account].tolist(),
            "symbol": fills.symbol_names[windows.symbol].tolist(),
            "window_start": pl.Series(windows.start).cast(pl.Datetime("us", "UTC")),
        }
    )
    return label_windows(who, labels_frame(population))
