"""Baselines on an evaluation set: each window is scored by a tree that saw other worlds only.

That is generous to the baselines: they learn on the very population that the model, trained
elsewhere, meets for the first time.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tradeglyph.learning.baselines import (
    DOT_COUNTER,
    HAND_RULE,
    PIXEL_COUNTER,
    TREE,
    boosted,
    count_pixels,
)
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

    def take(self, rows: NDArray[np.intp]) -> "Worlds":
        """The windows `rows`."""
        return Worlds(
            dots=self.dots[rows],
            pixels=self.pixels[rows],
            features=self.features[rows],
            feature_names=self.feature_names,
            money=self.money[rows],
        )


def crossfit(
    worlds: Worlds, label: NDArray[np.int8], group: NDArray[np.str_], *, seed: int = 0
) -> dict[str, Floats]:
    """Scores of n windows by baseline; `group` is a window's world (symbol and day).

    The boosted ones are left out where there are fewer worlds than folds, or a fold would learn
    from one class only. Raises MissingExtra without scikit-learn.
    """
    hand_rule = np.nan_to_num(worlds.features[:, worlds.feature_names.index("hand_rule")])
    _, world = np.unique(group, return_inverse=True)
    fold = np.random.default_rng(seed).permutation(world.max() + 1)[world] % FOLDS
    classes = [len(np.unique(label[fold != f])) for f in range(FOLDS)]
    if min(classes) < 2 or len(np.unique(fold)) < FOLDS:
        return {HAND_RULE: hand_rule}
    scores: dict[str, Floats] = {}
    for name, columns in (
        (DOT_COUNTER, worlds.dots[:, None]),
        (PIXEL_COUNTER, worlds.pixels[:, None]),
        (TREE, worlds.features),
    ):
        out = np.empty(len(label))
        for f in range(FOLDS):
            rest, own = fold != f, fold == f
            out[own] = boosted(columns[rest], label[rest], columns[own], seed)
        scores[name] = out
    return {**scores, HAND_RULE: hand_rule}
