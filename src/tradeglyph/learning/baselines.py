"""What a model must beat: simpler readings of the same windows, on the same split."""

import numpy as np
from numpy.typing import NDArray

from tradeglyph.learning.boosting import FEATURES, ONE_COUNT, Boosting, boosted
from tradeglyph.learning.folder import Samples
from tradeglyph.picture.spec import PictureSpec

Floats = NDArray[np.float64]

DOT_COUNTER = "dot_counter"
PIXEL_COUNTER = "pixel_counter"
TREE = "tree"
HAND_RULE = "hand_rule"
HAND_RULE_COLUMN = "f_hand_rule"
"""1 where three or more same-candle trips are wider than 0.65 of their candle and make up over
half of all trips, else 0."""

WHITE = 240
"""A pixel of an RGB picture is coloured where a channel is below it: JPEG leaves a haze of
nearly white pixels around each dot."""
BLOCK = 512


def baseline_scores(samples: Samples, *, seed: int = 0) -> dict[str, Floats]:
    """Score the validation windows with each baseline, trained on the training windows.

    `dot_counter` and `pixel_counter` are gradient boosting on one count, the strongest reading
    that a count allows; `tree` is gradient boosting on all `f_*` columns; `hand_rule` is 0 or 1.
    The last two are left out where the folder has no such columns.

    Returns arrays of shape (windows in validation,), higher is more suspicious. Raises InputError
    where the training windows are of one class, MissingExtra without scikit-learn.
    """
    frame = samples.frame
    dots = frame["trade_count"].to_numpy().astype(np.float64)[:, None]
    pixels = count_pixels(samples.rasters, samples.spec).astype(np.float64)[:, None]
    scores = {
        DOT_COUNTER: _held_out(samples, dots, seed, ONE_COUNT),
        PIXEL_COUNTER: _held_out(samples, pixels, seed, ONE_COUNT),
    }
    if samples.feature_names:
        features = frame.select(samples.feature_names).to_numpy().astype(np.float64)
        scores[TREE] = _held_out(samples, features, seed, FEATURES)
    if HAND_RULE_COLUMN in frame.columns:
        rule = frame[HAND_RULE_COLUMN].to_numpy().astype(np.float64)
        scores[HAND_RULE] = np.nan_to_num(rule[samples.val_rows])
    return scores


def count_pixels(rasters: NDArray[np.uint8], spec: PictureSpec) -> NDArray[np.int64]:
    """Pixels with anything in any channel, for each raster; in RGB, those that are not white."""
    counts = np.empty(len(rasters), dtype=np.int64)
    # In blocks: the comparison of all of them at once would be as large as the pictures.
    for first in range(0, len(rasters), BLOCK):
        part = rasters[first : first + BLOCK]
        coloured = (part < WHITE).any(axis=3) if spec.is_rgb else part.max(axis=1) > 0
        counts[first : first + BLOCK] = coloured.sum(axis=(1, 2))
    return counts


def _held_out(samples: Samples, features: Floats, seed: int, boosting: Boosting) -> Floats:
    train, val = samples.train_rows, samples.val_rows
    return boosted(features[train], samples.label[train], features[val], seed, boosting)
