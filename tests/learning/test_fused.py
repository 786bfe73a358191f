"""Picture, features, and both, of worlds that none of them learnt from."""

from dataclasses import replace

import numpy as np
import pytest

from tradeglyph.domain.errors import InputError
from tradeglyph.learning.baselines import DOT_COUNTER, HAND_RULE
from tradeglyph.learning.fused import FEATURES_ONLY, FUSED, PICTURE_ONLY, taught_elsewhere
from tradeglyph.learning.readings import Readings

EACH = 200
"""Windows of each of four kinds."""


def kinds(seed: int) -> tuple[Readings, np.ndarray]:
    """Fraud shows in the picture, or in a feature, or in both, or there is none.

    Half of the fraud that shows in one place only, so that neither alone can tell more than two
    thirds of it. The number of trades is drawn alike for all.
    """
    rng = np.random.default_rng(seed)
    kind = np.tile(np.arange(4), EACH)
    in_picture, in_feature = np.isin(kind, (0, 2)), np.isin(kind, (1, 2))
    noise = rng.normal(0, 0.3, (3, len(kind)))
    readings = Readings(
        dots=rng.integers(2, 60, len(kind)).astype(float),
        features=np.column_stack([in_feature * 4 + noise[0], noise[1], kind == 2]),
        feature_names=("telling", "noise", "hand_rule"),
        picture=in_picture * 4 + noise[2],
    )
    return readings, (kind < 3).astype(np.int8)


def recall(score: np.ndarray, label: np.ndarray) -> float:
    """Share of fraud above every honest window but the highest of a hundred."""
    return float((score[label == 1] > np.quantile(score[label == 0], 0.99)).mean())


@pytest.fixture(scope="module")
def scores() -> dict[str, np.ndarray]:
    return taught_elsewhere(*kinds(1), kinds(2)[0])


def test_the_fused_one_sees_what_either_part_alone_misses(scores: dict[str, np.ndarray]) -> None:
    label = kinds(2)[1]
    assert recall(scores[PICTURE_ONLY], label) == pytest.approx(2 / 3, abs=0.03)
    assert recall(scores[FEATURES_ONLY], label) == pytest.approx(2 / 3, abs=0.03)
    assert recall(scores[FUSED], label) > 0.97
    assert recall(scores[DOT_COUNTER], label) < 0.1


def test_the_picture_s_part_and_the_hand_rule_are_taken_as_they_are(
    scores: dict[str, np.ndarray],
) -> None:
    asked = kinds(2)[0]
    np.testing.assert_array_equal(scores[PICTURE_ONLY], asked.picture)
    np.testing.assert_array_equal(scores[HAND_RULE], asked.features[:, 2])


def test_nothing_is_learnt_from_the_windows_asked_about(scores: dict[str, np.ndarray]) -> None:
    """Asked one by one they get the answers that they get together."""
    asked = kinds(2)[0]
    some = np.array([3, 0, 77])
    alone = taught_elsewhere(*kinds(1), asked.take(some))
    for name, whole in scores.items():
        np.testing.assert_array_equal(alone[name], whole[some], err_msg=name)


def test_features_only_never_looks_at_the_picture(scores: dict[str, np.ndarray]) -> None:
    (lesson, label), asked = kinds(1), kinds(2)[0]
    upside_down = [replace(readings, picture=-readings.picture) for readings in (lesson, asked)]
    other = taught_elsewhere(upside_down[0], label, upside_down[1])
    np.testing.assert_array_equal(other[FEATURES_ONLY], scores[FEATURES_ONLY])


def test_where_the_picture_has_no_answer_there_is_none_and_no_lesson(
    scores: dict[str, np.ndarray],
) -> None:
    lesson, label = kinds(1)
    blank = np.arange(len(label)) % 5 == 0
    picture = np.where(blank, np.nan, lesson.picture)
    # What has no answer is labelled upside down: whoever learnt from it would be led astray.
    wrong = np.where(blank, 1 - label, label).astype(np.int8)
    asked = kinds(2)[0]
    dark = replace(asked, picture=np.where(np.arange(len(asked.dots)) < 7, np.nan, asked.picture))
    got = taught_elsewhere(replace(lesson, picture=picture), wrong, dark)
    kept = np.flatnonzero(~blank)
    right = taught_elsewhere(lesson.take(kept), label[kept], dark)
    for name, score in got.items():
        assert np.flatnonzero(np.isnan(score)).tolist() == list(range(7)), name
        np.testing.assert_array_equal(score, right[name])


def test_other_features_and_one_class_are_refused() -> None:
    (lesson, label), asked = kinds(1), kinds(2)[0]
    with pytest.raises(ValueError, match="other features"):
        taught_elsewhere(lesson, label, replace(asked, feature_names=("a", "b", "hand_rule")))
    with pytest.raises(InputError, match="one class"):
        taught_elsewhere(lesson, np.zeros_like(label), asked)
