"""Baselines on an evaluation set: each window is scored by a tree that saw other worlds only.

That is generous to the baselines: they learn on the very population that the model, trained
elsewhere, meets for the first time.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from tradeglyph.domain.columns import taken
from tradeglyph.learning.baselines import (
    DOT_COUNTER,
    HAND_RULE,
    PIXEL_COUNTER,
    TREE,
    count_pixels,
)
from tradeglyph.learning.boosting import FEATURES, ONE_COUNT, Boosting, boosted, side_by_side
from tradeglyph.picture.spec import PictureSpec

FOLDS = 4
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Worlds:
    """What the baselines read of n windows."""

    dots: Floats
    pixels: Floats
    features: Floats
    """Shape (n, features)."""
    feature_names: tuple[str, ...]
    money: Floats
    """Money that changed hands, quote currency."""

    @staticmethod
    def pixels_of(raster: NDArray[np.uint8], spec: PictureSpec) -> Floats:
        """Coloured pixels of each raster."""
        return count_pixels(raster, spec).astype(np.float64)

    @property
    def hand_rule(self) -> Floats:
        """The hand rule's 0 or 1."""
        return np.nan_to_num(self.features[:, self.feature_names.index("hand_rule")])

    def take(self, rows: NDArray[np.intp]) -> "Worlds":
        """The windows `rows`."""
        return taken(self, rows)


def crossfit(
    worlds: Worlds, label: NDArray[np.int8], group: NDArray[np.str_], *, seed: int = 0
) -> dict[str, Floats]:
    """Scores of n windows by baseline; `group` is a window's world (symbol and day).

    The boosted ones are left out where there are fewer worlds than folds, or a fold would learn
    from one class only. Raises MissingExtra without scikit-learn.
    """
    fold = folds_of(group, seed)
    if not foldable(fold, label):
        return {HAND_RULE: worlds.hand_rule}
    asked: tuple[tuple[Floats, Boosting], ...] = (
        (worlds.dots[:, None], ONE_COUNT),
        (worlds.pixels[:, None], ONE_COUNT),
        (worlds.features, FEATURES),
    )
    scores = across(asked, label, fold, seed)
    return {**dict(zip((DOT_COUNTER, PIXEL_COUNTER, TREE), scores, strict=True)),
            HAND_RULE: worlds.hand_rule}  # fmt: skip


def folds_of(group: NDArray[np.str_], seed: int) -> NDArray[np.intp]:
    """The fold of each window, 0 to 3; windows of one group share it."""
    _, code = np.unique(group, return_inverse=True)
    return np.random.default_rng(seed).permutation(code.max(initial=-1) + 1)[code] % FOLDS


def foldable(fold: NDArray[np.intp], label: NDArray[np.int8]) -> bool:
    """Whether there are windows in every fold, and both classes outside each."""
    if len(np.unique(fold)) < FOLDS:
        return False
    return min(len(np.unique(label[fold != f])) for f in range(FOLDS)) == 2


def across(
    asked: Sequence[tuple[Floats, Boosting]],
    label: NDArray[np.int8],
    fold: NDArray[np.intp],
    seed: int,
) -> list[Floats]:
    """For each matrix of features (n, k): scores of n windows by trees of the other folds."""
    jobs = []
    for columns, boosting in asked:
        for f in range(FOLDS):
            rest, own = fold != f, fold == f
            jobs.append(partial(boosted, columns[rest], label[rest], columns[own], seed, boosting))
    answers = side_by_side(jobs)
    scores = []
    for first in range(0, len(answers), FOLDS):
        out = np.empty(len(label))
        for f in range(FOLDS):
            out[fold == f] = answers[first + f]
        scores.append(out)
    return scores
