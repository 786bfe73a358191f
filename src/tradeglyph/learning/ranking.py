"""How well a score ranks fraud above honest windows: areas, curves, cuts, all with ties."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

CURVE_POINTS = 200


def unknown_last(score: Floats) -> Floats:
    """Scores with -inf for NaN, not applicable: ranked last and never flagged."""
    return np.where(np.isnan(score), -np.inf, score)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """n windows in descending order of score. Equal scores are one tie group and stay together."""

    fraud: Floats
    """1 for fraud, 0 for honest, in that order."""
    starts: NDArray[np.intp]
    """First position of each of the k tie groups."""
    order: NDArray[np.intp]
    """Position of each in the arrays it was made from."""

    @classmethod
    def of(cls, fraud: NDArray[np.bool_], score: Floats) -> "Ranking":
        """Rank n windows; higher scores are more suspicious. Scores must not be NaN."""
        order = np.argsort(-score, kind="stable")
        ranked = score[order]
        first = np.ones(len(ranked), dtype=bool)
        first[1:] = ranked[1:] != ranked[:-1]
        return cls(fraud=fraud[order].astype(np.float64), starts=np.flatnonzero(first), order=order)

    def masses(self, weight: Floats | None = None) -> tuple[Floats, Floats]:
        """Weight of fraud and of honest windows in each tie group, best scores first, shape (k,).

        `weight` runs along the arrays it was made from; None counts each window once.
        """
        if not len(self.starts):
            return np.empty(0), np.empty(0)
        ranked = np.ones(len(self.fraud)) if weight is None else weight[self.order]
        fraud = np.add.reduceat(ranked * self.fraud, self.starts)
        return fraud, np.add.reduceat(ranked, self.starts) - fraud


def roc_auc(fraud: Floats, honest: Floats) -> float:
    """Chance that a fraud scores above an honest window, ties counted half.

    Takes the masses of the tie groups. The Mann-Whitney form (Hanley and McNeil, Radiology 143,
    1982). NaN where either class is empty.
    """
    pairs = fraud.sum() * honest.sum()
    if not pairs:
        return np.nan
    below = honest.sum() - np.cumsum(honest)
    return float(fraud @ (below + honest / 2) / pairs)


def pr_auc(fraud: Floats, honest: Floats) -> float:
    """Average precision: precision at each threshold, weighted by the recall gained there.

    Takes the masses of the tie groups. The step form, without interpolation, as scikit-learn's
    `average_precision_score`. NaN where there is no fraud or nothing else.
    """
    if not fraud.sum() or not honest.sum():
        return np.nan
    caught = np.cumsum(fraud)
    flagged = caught + np.cumsum(honest)
    precision = np.divide(caught, flagged, out=np.zeros_like(caught), where=flagged > 0)
    return float(fraud @ precision / fraud.sum())


def resamples(group: NDArray[np.intp], count: int, seed: int) -> Iterator[Floats]:
    """Yield `count` weights along the windows: how often the group of each was drawn.

    The cluster bootstrap (Davison and Hinkley, Bootstrap Methods, 1997, section 3.8): whole worlds
    are drawn with replacement, because windows of one symbol and day share their candles. `group`
    holds codes from 0. Nothing is yielded where there are fewer than two groups.
    """
    groups = int(group.max()) + 1 if len(group) else 0
    if groups < 2:
        return
    rng = np.random.default_rng(seed)
    for _ in range(count):
        drawn = np.bincount(rng.integers(groups, size=groups), minlength=groups)
        yield drawn[group].astype(np.float64)


def spread(values: list[float], confidence: float = 0.95) -> tuple[float, float]:
    """Ends of the percentile interval of resampled figures; NaN where under two are known."""
    known = np.array([value for value in values if np.isfinite(value)])
    if len(known) < 2:
        return np.nan, np.nan
    tail = (1 - confidence) / 2
    low, high = np.quantile(known, [tail, 1 - tail])
    return float(low), float(high)


def areas(
    ranking: Ranking, group: NDArray[np.intp], *, bootstrap: int, seed: int
) -> dict[str, dict[str, float]]:
    """`roc_auc` and `pr_auc`, each with value, low and high (95 %, cluster bootstrap)."""
    figures: dict[str, Callable[[Floats, Floats], float]] = {"roc_auc": roc_auc, "pr_auc": pr_auc}
    drawn: dict[str, list[float]] = {name: [] for name in figures}
    for weight in resamples(group, bootstrap, seed):
        masses = ranking.masses(weight)
        for name, figure in figures.items():
            drawn[name].append(figure(*masses))
    whole = ranking.masses()
    result = {}
    for name, figure in figures.items():
        low, high = spread(drawn[name])
        result[name] = {"value": figure(*whole), "low": low, "high": high}
    return result


def curves(ranking: Ranking, points: int = CURVE_POINTS) -> dict[str, list[list[float]]]:
    """`roc` as [false-positive rate, recall] and `pr` as [recall, precision], ascending.

    At most `points` thresholds, spread over recall, over the false-positive rate and over its
    logarithm, so that the corner where one works keeps its shape. Empty without both classes.
    """
    fraud, honest = ranking.masses()
    if not fraud.sum() or not honest.sum():
        return {"roc": [], "pr": []}
    caught, wrong = np.cumsum(fraud), np.cumsum(honest)
    recall, rate = caught / caught[-1], wrong / wrong[-1]
    kept = _thinned(recall, rate, points - 1)
    roc = [[0.0, 0.0], *([float(rate[i]), float(recall[i])] for i in kept)]
    pr = [[float(recall[i]), float(caught[i] / (caught[i] + wrong[i]))] for i in kept]
    return {"roc": roc, "pr": pr}


def _thinned(recall: Floats, rate: Floats, points: int) -> list[int]:
    if len(recall) <= points:
        return list(range(len(recall)))
    grid = np.linspace(0, 1, max(2, points // 3))
    low = max(float(rate[rate > 0].min()), 1e-6)
    at = [
        np.searchsorted(recall, grid),
        np.searchsorted(rate, grid),
        np.searchsorted(rate, np.geomspace(low, 1, len(grid))),
    ]
    return [int(i) for i in np.unique(np.clip(np.concatenate(at), 0, len(recall) - 1))]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """A threshold that flags an exact share: scores above it, and a part of those equal to it.

    A score of few values (a count of dots) can't be cut at every share. Flagging a random part of
    the ties gives every score the same budget, as the straight pieces of a ROC curve do (Fawcett,
    An introduction to ROC analysis, Pattern Recognition Letters 27, 2006).
    """

    threshold: float
    ties: float
    """Share in [0, 1) of the scores equal to the threshold that is flagged."""

    @classmethod
    def at(cls, score: Floats, share: float) -> "Cut":
        """The cut that flags `share` of `score`; -inf (not applicable) is never flagged."""
        wanted = share * len(score)
        if not len(score) or wanted <= 0:
            return cls(threshold=np.inf, ties=0.0)
        if wanted >= len(score):
            return cls(threshold=-np.inf, ties=0.0)
        ranked = np.sort(score)[::-1]
        threshold = ranked[int(wanted)]
        if np.isneginf(threshold):
            return cls(threshold=-np.inf, ties=0.0)
        above, equal = int((score > threshold).sum()), int((score == threshold).sum())
        return cls(threshold=float(threshold), ties=(wanted - above) / equal)

    def flagged(self, score: Floats) -> float:
        """Expected share of `score` that is flagged; NaN for none."""
        if not len(score):
            return np.nan
        above = (score > self.threshold).mean()
        return float(above + self.ties * (score == self.threshold).mean())
