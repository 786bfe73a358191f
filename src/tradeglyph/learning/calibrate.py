"""Fits the calibration and chooses the threshold, on windows that training has not seen."""

import math

import numpy as np
from numpy.typing import NDArray

from tradeglyph.model.calibration import HIGHEST, Calibration

Floats = NDArray[np.float64]

FLATTEST = 1e-3
"""Least slope: a network that ranks worse than chance still gets a rising calibration, for study.
The leak gate refuses to write it out."""
MOST_STEPS = 200


def fit_platt(logits: Floats, labels: NDArray[np.int8], *, prior: float) -> Calibration:
    """Platt scaling by weighted maximum likelihood, for a population with `prior` fraud.

    The windows are weighted so that fraud makes up `prior` of them. The targets are Platt's
    smoothed ones, (n1 + 1) / (n1 + 2) and 1 / (n0 + 2), which keep the fit finite where the
    classes are perfectly apart (Platt 1999). Where a class is missing there is
    nothing to fit: the slope stays 1 and the logit, which training balanced to equal shares, is
    moved to the prior.

    Args:
        logits: shape (n,).
        labels: 1 fraud, 0 normal, shape (n,).
        prior: share of fraud in (0, 1).
    """
    fraud = np.asarray(labels) == 1
    n1, n0 = int(fraud.sum()), int((~fraud).sum())
    if not n1 or not n0:
        return Calibration(a=1.0, b=math.log(prior / (1 - prior)), prior=prior)
    x = np.asarray(logits, dtype=np.float64)
    weight = np.where(fraud, prior / n1, (1 - prior) / n0)
    target = np.where(fraud, (n1 + 1) / (n1 + 2), 1 / (n0 + 2))
    a, b = _likeliest(np.stack([x, np.ones_like(x)], axis=1), weight, target)
    if a < FLATTEST:
        (b,) = _likeliest(np.ones((len(x), 1)), weight, target, fixed=FLATTEST * x)
        a = FLATTEST
    return Calibration(a=float(a), b=float(b), prior=prior)


def choose_threshold(honest: Floats, *, budget: float, floor: float = 0.0) -> float:
    """The smallest threshold at which at most `budget` of the honest windows are flagged.

    Flagged is what lies above the threshold: with n honest windows it is the value of the
    (floor(budget * n) + 1)-th highest, so for budget * n < 1 the highest of all. Equal values
    stay together below it. It never reaches the highest probability that there is, so that a
    saturated honest window does not silence the model; there alone the budget may be overdrawn.

    Args:
        honest: probabilities of honest windows, shape (n,), n >= 1.
        budget: share in (0, 1) of honest windows that may be flagged.
        floor: the threshold is not below it. `fit_artifact` gives the prior: a window that is
            less suspicious than an account taken at random is not worth anybody's time.
    """
    allowed = math.floor(budget * len(honest))
    value = float(np.sort(honest)[::-1][allowed])
    return min(max(value, floor), float(np.nextafter(HIGHEST, 0.0)))


def _likeliest(
    design: Floats, weight: Floats, target: Floats, fixed: Floats | float = 0.0
) -> Floats:
    """Coefficients of a weighted logistic regression, by damped Newton steps.

    The loss is convex; halving a step until the loss falls makes Newton's method sure to arrive
    (Lin, Lin and Weng 2007, "A note on Platt's probabilistic outputs").
    """

    def loss(beta: Floats) -> float:
        z = design @ beta + fixed
        return float(weight @ (np.logaddexp(0.0, z) - target * z))

    beta = np.zeros(design.shape[1])
    value = loss(beta)
    for _ in range(MOST_STEPS):
        step = _newton_step(design, weight, target, design @ beta + fixed)
        size = 1.0
        while size > 1e-10 and not loss(beta - size * step) < value:
            size /= 2
        if size <= 1e-10:
            break
        beta = beta - size * step
        value = loss(beta)
    return beta


def _newton_step(design: Floats, weight: Floats, target: Floats, z: Floats) -> Floats:
    p = 1.0 / (1.0 + np.exp(-np.clip(z, -500, 500)))
    gradient = design.T @ (weight * (p - target))
    curvature = (design * (weight * p * (1 - p))[:, None]).T @ design
    # Equal logits make the curvature singular; a trace of ridge chooses the shortest step.
    ridge = 1e-12 * (1.0 + float(np.trace(curvature)))
    solved = np.linalg.solve(curvature + ridge * np.eye(len(gradient)), gradient)
    return solved.astype(np.float64, copy=False)
