"""Tiny labelled pictures for the tests of this floor, made without the rest of the project."""

from datetime import UTC, datetime

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tradeglyph.learning.folder import Samples
from tradeglyph.picture.spec import DEFAULT, SEED, PictureSpec


def places_samples(count: int = 96, seed: int = 0, *, split: str = "day") -> Samples:
    """Half fraud: each candle bought in its lowest rows and sold in its highest; else anywhere.

    Both classes have the same number of fills, so that a count of dots says nothing.
    """
    rng = np.random.default_rng(seed)
    label = (np.arange(count) % 2).astype(np.int8)
    rasters = np.zeros((count, *DEFAULT.shape), dtype=np.uint8)
    trips = rng.integers(3, 9, count)
    for row in range(count):
        for column in range(trips[row]):
            low, high = rng.integers(0, 6, 2) if label[row] else rng.integers(0, 32, 2)
            rasters[row, 0, 31 - low, column] = 255
            rasters[row, 1, high, column] = 255
    return _samples(rasters, label, trips * 2, DEFAULT, rng, split)


def chart_samples(count: int = 32, seed: int = 0) -> Samples:
    """Half fraud: red squares to the left; normal: red squares to the right."""
    rng = np.random.default_rng(seed)
    label = (np.arange(count) % 2).astype(np.int8)
    rasters = np.full((count, *SEED.shape), 255, dtype=np.uint8)
    for row in range(count):
        y, x = rng.integers(0, 138), rng.integers(0, 100) + (0 if label[row] else 130)
        rasters[row, y : y + 12, x : x + 12, 1:] = 0
    return _samples(rasters, label, np.full(count, 4), SEED, rng, "day")


def _samples(
    rasters: NDArray[np.uint8],
    label: NDArray[np.int8],
    trade_count: NDArray[np.int64],
    spec: PictureSpec,
    rng: np.random.Generator,
    split: str,
) -> Samples:
    count = len(label)
    fraud = label == 1
    day = np.arange(count) * 8 // count
    frame = pl.DataFrame(
        {
            "index": np.arange(count),
            "account_id": [f"a{i}" for i in range(count)],
            "symbol": ["AAA"] * count,
            "window_start": [datetime(2024, 1, d + 1, tzinfo=UTC) for d in day],
            "scenario": np.where(fraud, "hacker", np.where(np.arange(count) % 4, "grid", "day")),
            "label": np.where(fraud, "fraud", "normal"),
            "role": np.where(fraud, "beneficiary", ""),
            "split": np.where(day < 6, "train", "val"),
            "day": [f"2024-01-0{d + 1}" for d in day],
            "trade_count": pl.Series(trade_count, dtype=pl.Int32),
            "picture": [f"{'hacker' if f else 'normal'}/{i:05}.png" for i, f in enumerate(fraud)],
            "f_noise": pl.Series(rng.normal(size=count), dtype=pl.Float32),
            "f_hand_rule": pl.Series(fraud, dtype=pl.Float32),
        }
    )
    return Samples(rasters=rasters, label=label, frame=frame, spec=spec, split=split)
