"""Picture, features, or both: what each says of windows of worlds that it has not seen.

The picture's part is the trained network as it is. The others are gradient boosting, fitted on one
lesson: windows of worlds that are neither those asked about nor those the network learnt from. On
the latter its log-odds are better than they are anywhere else, and whoever fuses them there learns
to trust them too much (Wolpert, Stacked generalization, Neural Networks 5, 1992).
"""

from functools import partial

import numpy as np
from numpy.typing import NDArray

from tradeglyph.learning.baselines import DOT_COUNTER, HAND_RULE
from tradeglyph.learning.boosting import FEATURES, ONE_COUNT, boosted, side_by_side
from tradeglyph.learning.readings import Readings

PICTURE_ONLY = "picture_only"
FEATURES_ONLY = "features_only"
FUSED = "fused"

Floats = NDArray[np.float64]


def taught_elsewhere(
    lesson: Readings, label: NDArray[np.int8], asked: Readings, *, seed: int = 0
) -> dict[str, Floats]:
    """Scores of the n windows `asked`, by name; NaN where the picture model has no answer either.

    `picture_only` is the network's own, `features_only` and `fused` are fitted on the lesson; the
    dot counter, fitted on it too, and the hand rule, which learns nothing, stand beside them.

    Args:
        lesson: m windows to learn from; those without an answer are passed over.
        label: 1 fraud, 0 normal, shape (m,).
        asked: windows of other worlds.
        seed: of the boosting.

    Raises ValueError where the two have other features, InputError where the lesson is of one
    class, MissingExtra without scikit-learn.
    """
    if lesson.feature_names != asked.feature_names:
        raise ValueError("the lesson has other features than the windows asked about")
    known = np.flatnonzero(lesson.answered)
    lesson, label = lesson.take(known), label[known]
    fits = {
        FEATURES_ONLY: (lesson.features, asked.features, FEATURES),
        FUSED: (_both(lesson), _both(asked), FEATURES),
        DOT_COUNTER: (lesson.dots[:, None], asked.dots[:, None], ONE_COUNT),
    }
    jobs = [partial(boosted, own, label, other, seed, how) for own, other, how in fits.values()]
    rule = asked.features[:, asked.feature_names.index("hand_rule")]
    scores = {
        PICTURE_ONLY: asked.picture,
        **dict(zip(fits, side_by_side(jobs), strict=True)),
        HAND_RULE: np.nan_to_num(rule),
    }
    return {name: np.where(asked.answered, score, np.nan) for name, score in scores.items()}


def _both(readings: Readings) -> Floats:
    """Features and the picture's log-odds, shape (n, features + 1)."""
    return np.column_stack([readings.features, readings.picture])
