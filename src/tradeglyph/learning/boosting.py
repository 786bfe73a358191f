"""The tree that models are compared with: histogram gradient boosting, many fits at once."""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib.util import find_spec

import numpy as np
from numpy.typing import NDArray

from tradeglyph.domain.errors import InputError, MissingExtra

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Boosting:
    """How hard a tree tries."""

    iterations: int
    rate: float
    """Shrinkage of each tree."""
    leaves: int
    bins: int = 255
    """Values that a feature is rounded to."""


ONE_COUNT = Boosting(iterations=20, rate=0.3, leaves=15)
"""Enough to give each value of a single count a score of its own."""
FEATURES = Boosting(iterations=60, rate=0.15, leaves=15, bins=63)
"""On features; as good on other worlds as scikit-learn's defaults (100 trees of 31 leaves at a rate
of 0.1, 255 bins), at an eighth of the time."""
QUICK = Boosting(iterations=25, rate=0.3, leaves=12, bins=63)
"""Where dozens of trees are grown, one for each behaviour that is left out."""


def boosted(
    features: Floats,
    label: NDArray[np.int8],
    asked: Floats,
    seed: int,
    boosting: Boosting = FEATURES,
) -> Floats:
    """Histogram gradient boosting; log-odds of fraud at the sample's own share of it.

    Ke et al., LightGBM (NeurIPS 2017), as scikit-learn's `HistGradientBoostingClassifier`. Classes
    are not weighted: that moves all scores alike, changes no ranking worth the name, and makes
    scikit-learn's binning ten times slower.

    Args:
        features: shape (n, k), to learn from; NaN where a value is not known.
        label: 1 fraud, 0 normal, shape (n,).
        asked: shape (m, k), to answer.
        seed: of the boosting.
        boosting: how many trees of what size.

    Returns shape (m,). Raises InputError where `label` is of one class, MissingExtra without
    scikit-learn.
    """
    need_sklearn()
    from sklearn.ensemble import HistGradientBoostingClassifier

    if len(np.unique(label)) < 2:
        raise InputError("the windows to learn from are of one class; bring both")
    model = HistGradientBoostingClassifier(
        max_iter=boosting.iterations,
        learning_rate=boosting.rate,
        max_leaf_nodes=boosting.leaves,
        max_bins=boosting.bins,
        early_stopping=False,
        random_state=seed,
    )
    # A column of which nothing is known cannot be binned, and says nothing.
    known = ~np.isnan(features).all(axis=0)
    model.fit(np.where(known, features, 0.0), label)
    if not len(asked):
        return np.empty(0)
    return np.asarray(model.decision_function(np.where(known, asked, 0.0)))


def need_sklearn() -> None:
    """Raise MissingExtra, with the line that installs it, where scikit-learn is missing."""
    if find_spec("sklearn") is None:
        raise MissingExtra("scikit-learn", "train")


def side_by_side(jobs: Sequence[Callable[[], Floats]]) -> list[Floats]:
    """What the jobs return, in their order; run in one thread per core with one core each.

    A fit on a few thousand windows is too small to be shared among cores: they would wait for each
    other at every tree. Several fits beside each other do not.
    """
    need_sklearn()
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    def alone(job: Callable[[], Floats]) -> Floats:
        with threadpool_limits(limits=1):
            return job()

    with ThreadPoolExecutor(min(len(jobs), os.cpu_count() or 1) or 1) as pool:
        return list(pool.map(alone, jobs))
