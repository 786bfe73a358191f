import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.linear_model import LogisticRegression

from tradeglyph.learning.calibrate import FLATTEST, choose_threshold, fit_platt
from tradeglyph.model.calibration import HIGHEST


def _overlapping(count: int = 400, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    label = (rng.random(count) < 0.4).astype(np.int8)
    return rng.normal(3.0 * label, 2.0), label


def _weights_and_targets(label: np.ndarray, prior: float) -> tuple[np.ndarray, np.ndarray]:
    n1, n0 = int(label.sum()), int((1 - label).sum())
    weight = np.where(label == 1, prior / n1, (1 - prior) / n0)
    return weight, np.where(label == 1, (n1 + 1) / (n1 + 2), 1 / (n0 + 2))


@pytest.mark.parametrize("prior", [0.5, 0.01, 0.001])
def test_agrees_with_scikit_learn(prior: float) -> None:
    # A soft target t is a window counted as fraud with weight t and as normal with 1 - t.
    logits, label = _overlapping()
    weight, target = _weights_and_targets(label, prior)
    twice = np.concatenate([logits, logits])[:, None]
    classes = np.repeat([1, 0], len(logits))
    # Scaled up, because scikit-learn stops at an absolute size of the gradient.
    shares = 1e4 * np.concatenate([weight * target, weight * (1 - target)])
    oracle = LogisticRegression(C=np.inf, tol=1e-10, max_iter=10_000)
    oracle.fit(twice, classes, sample_weight=shares)
    ours = fit_platt(logits, label, prior=prior)
    assert ours.a == pytest.approx(float(oracle.coef_[0, 0]), rel=1e-4)
    assert ours.b == pytest.approx(float(oracle.intercept_[0]), rel=1e-4)


@given(st.floats(0.001, 0.6), st.integers(0, 50))
def test_mean_probability_is_the_smoothed_prior(prior: float, seed: int) -> None:
    # The likelihood's derivative by b is zero just where these two means are equal.
    logits, label = _overlapping(200, seed)
    weight, target = _weights_and_targets(label, prior)
    fitted = fit_platt(logits, label, prior=prior)
    assert weight @ fitted.apply(logits) == pytest.approx(weight @ target, rel=1e-6)
    assert fitted.prior == prior


@pytest.mark.parametrize("gap", [1e-3, 1.0, 1e3])
def test_classes_perfectly_apart_stay_finite(gap: float) -> None:
    # Two values of the logit, so that the fit meets both of Platt's targets: 0.982 = 55/56
    # for 54 frauds and 0.0104 = 1/96 for 94 normals, whatever the prior.
    label = np.repeat([1, 0], [54, 94]).astype(np.int8)
    fitted = fit_platt(np.where(label == 1, gap, 0.0), label, prior=0.01)
    assert fitted.apply([gap])[0] == pytest.approx(55 / 56, rel=1e-5)
    assert fitted.apply([0.0])[0] == pytest.approx(1 / 96, rel=1e-5)


def test_a_network_worse_than_chance_still_keeps_its_order() -> None:
    logits, label = _overlapping()
    fitted = fit_platt(-logits, label, prior=0.01)
    assert fitted.a == FLATTEST
    weight, target = _weights_and_targets(label, 0.01)
    assert weight @ fitted.apply(-logits) == pytest.approx(weight @ target, rel=1e-6)


def test_one_logit_for_all() -> None:
    label = np.array([0, 1, 0, 1], dtype=np.int8)
    fitted = fit_platt(np.full(4, 2.5), label, prior=0.1)
    # Targets 3/4 and 1/4 at shares 0.1 and 0.9.
    assert fitted.apply([2.5])[0] == pytest.approx(0.1 * 0.75 + 0.9 * 0.25, rel=1e-6)


@pytest.mark.parametrize("label", [0, 1])
def test_one_class_only_moves_to_the_prior(label: int) -> None:
    fitted = fit_platt(np.arange(5.0), np.full(5, label, dtype=np.int8), prior=0.2)
    # A logit of 0 is even odds at equal shares, and the prior itself at the prior.
    assert (fitted.a, fitted.apply([0.0])[0]) == (1.0, pytest.approx(0.2))


PROBABILITIES = st.lists(st.floats(0.01, 0.99).map(lambda p: round(p, 2)), min_size=1)


@given(PROBABILITIES, st.floats(0.001, 0.9))
def test_threshold_keeps_the_budget_and_is_the_smallest(honest: list[float], share: float) -> None:
    values = np.array(honest)
    threshold = choose_threshold(values, budget=share)
    allowed = math.floor(share * len(values))
    assert (values > threshold).sum() <= allowed
    # Anything below it lets through the windows that lie on it.
    assert (values >= threshold).sum() > allowed


def test_threshold_by_hand() -> None:
    honest = np.arange(1, 2001) / 2001
    assert choose_threshold(honest, budget=0.001) == 1998 / 2001
    assert choose_threshold(honest[:999], budget=0.001) == 999 / 2001


def test_threshold_is_never_below_the_floor() -> None:
    assert choose_threshold(np.array([1e-6, 2e-6]), budget=0.001, floor=0.01) == 0.01
    assert choose_threshold(np.array([0.3, 0.2]), budget=0.001, floor=0.01) == 0.3


def test_a_saturated_honest_window_does_not_silence_the_model() -> None:
    assert choose_threshold(np.array([0.1, HIGHEST]), budget=0.001) < HIGHEST
