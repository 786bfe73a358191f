"""Writes a simulated population: `trades.parquet`, `candles.parquet`, `labels.csv`."""

from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tradeglyph.domain.fills import BUY
from tradeglyph.results.atomic import whole_folder
from tradeglyph.results.earlier import check_replaceable
from tradeglyph.simulate.population import Population

FILES = ("trades.parquet", "candles.parquet", "labels.csv")
UTC_TIME = pl.Datetime("us", "UTC")
_SIDES = np.array(["sell", "buy"], dtype=object)


def write_simulation(population: Population, folder: Path) -> None:
    """The three files of a simulation, in `folder`.

    Raises InputError as `check_simulation_folder` does.
    """
    check_simulation_folder(folder)
    with whole_folder(folder) as staging:
        trades_frame(population).write_parquet(staging / "trades.parquet")
        candles_frame(population).write_parquet(staging / "candles.parquet")
        labels_frame(population).write_csv(
            staging / "labels.csv", datetime_format="%Y-%m-%dT%H:%M:%SZ"
        )


def check_simulation_folder(folder: Path) -> None:
    """Raises InputError where `folder` holds some of the three files: they are written together, so
    that those are somebody's own data."""
    check_replaceable(folder, FILES, FILES, "simulate")


def trades_frame(population: Population) -> pl.DataFrame:
    """One row per account and fill; both rows of a match have one `trade_id`."""
    fills = population.fills
    return pl.DataFrame(
        {
            "account_id": _named(fills.account, fills.account_names),
            "symbol": _named(fills.symbol, fills.symbol_names),
            "time": _times(fills.time),
            "side": _named((fills.side == BUY).astype(np.int32), _SIDES),
            "price": fills.price,
            "quantity": fills.quantity,
            "trade_id": pl.Series(population.trade_id).cast(pl.String),
            "counterparty_id": _named(population.counterparty, fills.account_names),
        }
    )


def candles_frame(population: Population) -> pl.DataFrame:
    """Symbol, start, prices and volume of every candle; null what its feed does not say."""
    candles = population.candles
    return pl.DataFrame(
        {
            "symbol": _named(candles.symbol, candles.symbol_names),
            "time": _times(candles.start),
            "open": pl.Series(candles.open, nan_to_null=True),
            "high": candles.high,
            "low": candles.low,
            "close": pl.Series(candles.close, nan_to_null=True),
            "volume": pl.Series(candles.volume, nan_to_null=True),
        }
    )


def labels_frame(population: Population) -> pl.DataFrame:
    """The truth of every account, symbol and day with a fill, the crowd included."""
    labels, fills = population.labels, population.fills
    return pl.DataFrame(
        {
            "account_id": _named(labels.account, fills.account_names),
            "symbol": _named(labels.symbol, fills.symbol_names),
            "scenario": pl.Series(labels.scenario.tolist(), dtype=pl.String),
            "label": pl.Series(labels.label.tolist(), dtype=pl.String),
            "role": pl.Series(labels.role.tolist(), dtype=pl.String),
            "window_start": _times(labels.window_start),
        }
    )


def _named(codes: NDArray[np.int32], names: NDArray[np.object_]) -> pl.Series:
    return pl.Series(names.tolist(), dtype=pl.String).gather(codes.astype(np.uint32))


def _times(instants: NDArray[np.int64]) -> pl.Series:
    return pl.Series(instants).cast(UTC_TIME)
