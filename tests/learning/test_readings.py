"""Count, features and picture of the same windows."""

from dataclasses import dataclass

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.rows import DAY, FillRow, days, fills_of, steady_candles
from tradeglyph.domain.errors import ArtifactError
from tradeglyph.learning.readings import Readings, readings_of
from tradeglyph.picture.spec import DEFAULT, SEED, PictureSpec

CANDLES = steady_candles(20, 10.0, 12.0, volume=100.0)


@dataclass
class ThreeQuarters:
    """Answers 0.75 to every picture: log-odds of ln 3."""

    spec: PictureSpec = DEFAULT
    threshold: float = 0.5
    name: str = "fake@0000"

    @property
    def spec_hash(self) -> str:
        return self.spec.hash

    def probability(self, raster: NDArray[np.uint8]) -> NDArray[np.float64]:
        return np.full(len(raster), 0.75)


def read(rows: list[FillRow], scorer: ThreeQuarters | None = None) -> Readings:
    windows = days(fills_of(rows, CANDLES.symbol_names.tolist()))
    return readings_of(windows, CANDLES, scorer or ThreeQuarters(), DEFAULT)


def trips(account: str, count: int) -> list[FillRow]:
    """Bought at the low and sold at the high of so many candles."""
    return [
        (account, "X", DAY + 300 * slot + second, side, price, 2.0)
        for slot in range(count)
        for second, side, price in ((10, "buy", 10.0), (20, "sell", 12.0))
    ]


def feature(readings: Readings, name: str) -> list[float]:
    return readings.features[:, readings.feature_names.index(name)].tolist()


def test_every_window_is_counted_measured_and_looked_at() -> None:
    readings = read(trips("ann", 3) + trips("bob", 1))
    assert readings.dots.tolist() == [6.0, 2.0]
    assert feature(readings, "trips") == [3.0, 1.0]
    assert feature(readings, "mean_gap") == [1.0, 1.0]
    # Three trips from the low to the high and none else; one is not enough.
    assert feature(readings, "hand_rule") == [1.0, 0.0]
    np.testing.assert_allclose(readings.picture, np.log(3.0))
    assert readings.answered.all()


def test_one_fill_has_no_answer() -> None:
    readings = read([*trips("ann", 3), ("bob", "X", DAY + 10.0, "buy", 11.0, 1.0)])
    assert readings.answered.tolist() == [True, False]
    assert np.isnan(readings.picture[1])
    assert readings.dots.tolist() == [6.0, 1.0]


def test_no_windows_have_features_by_name_all_the_same() -> None:
    readings = read([])
    assert readings.features.shape == (0, len(readings.feature_names))
    assert len(readings.picture) == len(readings.dots) == 0


def test_a_model_of_other_pictures_is_refused() -> None:
    with pytest.raises(ArtifactError, match="reads pictures of spec"):
        read(trips("ann", 3), ThreeQuarters(spec=SEED))


def test_take_keeps_columns_together() -> None:
    readings = read(trips("ann", 3) + trips("bob", 1) + trips("cat", 2))
    taken = readings.take(np.array([2, 0]))
    assert taken.dots.tolist() == [4.0, 6.0]
    assert feature(taken, "trips") == [2.0, 3.0]
    assert len(taken.picture) == 2
    assert taken.feature_names == readings.feature_names
