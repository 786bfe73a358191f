import dataclasses
from importlib.util import find_spec

import numpy as np
import polars as pl
import pytest

from tests.learning.worlds import places_samples
from tradeglyph.domain.errors import InputError, MissingExtra
from tradeglyph.learning import boosting as module
from tradeglyph.learning.baselines import baseline_scores, count_pixels
from tradeglyph.learning.folder import Samples
from tradeglyph.picture.spec import DEFAULT, SEED

NAMES = ["dot_counter", "hand_rule", "pixel_counter", "tree"]


def _auc(label: np.ndarray, score: np.ndarray) -> float:
    """By definition: the share of pairs in the right order, ties half."""
    pairs = score[label == 1][:, None] - score[label == 0][None, :]
    return float((pairs > 0).mean() + 0.5 * (pairs == 0).mean())


def _with(samples: Samples, **columns: pl.Series) -> Samples:
    return dataclasses.replace(samples, frame=samples.frame.with_columns(**columns))


def test_scores_the_validation_windows_with_every_baseline() -> None:
    samples = places_samples()
    scores = baseline_scores(samples)
    assert sorted(scores) == NAMES
    assert {s.shape for s in scores.values()} == {samples.val_rows.shape}


def test_the_dot_counter_reads_a_count_that_does_not_rise() -> None:
    # Fraud has 6 fills, normal 3 or 9: no threshold tells them apart, one band does.
    samples = places_samples(160)
    wide = np.where(np.arange(160) % 4 == 0, 3, 9)
    count = pl.Series(np.where(samples.label == 1, 6, wide), dtype=pl.Int32)
    scores = baseline_scores(_with(samples, trade_count=count))
    label = samples.label[samples.val_rows]
    assert _auc(label, scores["dot_counter"]) == 1.0
    # The pictures have as many dots in one class as in the other.
    assert 0.2 < _auc(label, scores["pixel_counter"]) < 0.8


def test_the_tree_reads_features_and_misses_none() -> None:
    samples = places_samples(160)
    clear = np.where(samples.label == 1, np.nan, 1.0)
    scores = baseline_scores(_with(samples, f_noise=pl.Series(clear, dtype=pl.Float32)))
    assert _auc(samples.label[samples.val_rows], scores["tree"]) == 1.0


def test_validation_labels_are_not_learned_from() -> None:
    samples = places_samples()
    label = samples.label.copy()
    label[samples.val_rows] ^= 1
    first, second = (
        baseline_scores(s) for s in (samples, dataclasses.replace(samples, label=label))
    )
    for name in NAMES:
        assert np.array_equal(first[name], second[name])


def test_the_hand_rule_is_zero_where_it_is_not_known() -> None:
    samples = places_samples(32)
    rule = pl.Series([None, 1.0, float("nan"), 0.0] * 8, dtype=pl.Float32)
    scores = baseline_scores(_with(samples, f_hand_rule=rule))
    assert scores["hand_rule"].tolist() == [0.0, 1.0, 0.0, 0.0] * 2


def test_without_feature_columns_the_counters_remain() -> None:
    samples = places_samples(32)
    frame = samples.frame.drop("f_noise", "f_hand_rule")
    scores = baseline_scores(dataclasses.replace(samples, frame=frame))
    assert sorted(scores) == ["dot_counter", "pixel_counter"]


def test_one_class_is_refused() -> None:
    samples = places_samples(16)
    with pytest.raises(InputError, match="one class"):
        baseline_scores(dataclasses.replace(samples, label=np.ones_like(samples.label)))


def test_the_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "find_spec", lambda n: None if n == "sklearn" else find_spec(n))
    with pytest.raises(MissingExtra, match=r"scikit-learn.*tradeglyph\[train\]"):
        baseline_scores(places_samples(16))


def test_pixels_of_planes_count_once_whatever_their_channels() -> None:
    rasters = np.zeros((600, *DEFAULT.shape), dtype=np.uint8)
    rasters[1, 0, 5, 7] = rasters[1, 3, 5, 7] = rasters[1, 7, 31, 95] = 1
    rasters[599, :, :, 2] = 9
    counts = count_pixels(rasters, DEFAULT)
    assert (counts[0], counts[1], counts[599], counts.sum()) == (0, 2, 32, 34)


def test_pixels_of_a_chart_are_those_that_are_not_white() -> None:
    rasters = np.full((2, *SEED.shape), 255, dtype=np.uint8)
    rasters[1, 3, 4] = (255, 0, 0)
    rasters[1, 3, 5] = (0, 128, 0)
    rasters[1, 3, 6] = (250, 248, 246)
    assert count_pixels(rasters, SEED).tolist() == [0, 2]
