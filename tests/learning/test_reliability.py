import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradeglyph.learning.reliability import calibration_table, quantile_bins, tail_table

binomtest = pytest.importorskip("scipy.stats", reason="needs the extra `train` or `plot`").binomtest


@given(st.lists(st.integers(0, 9), min_size=1, max_size=50), st.integers(1, 12))
def test_every_value_lies_in_one_bin_and_no_bin_is_empty(values: list[int], count: int) -> None:
    column = np.array(values, dtype=float)
    bins = quantile_bins(column, count)
    inside = [((column > low) & (column <= high)) for low, high in bins]
    assert len(bins) <= count
    assert np.sum(inside, axis=0).tolist() == [1] * len(values)
    assert all(mask.any() for mask in inside)


def sample() -> tuple[np.ndarray, np.ndarray]:
    """8 windows said 0.2, of which 2 are fraud, and 8 said 0.8, of which 6 are."""
    fraud = np.array([True] * 2 + [False] * 6 + [True] * 6 + [False] * 2)
    return fraud, np.repeat([0.2, 0.8], 8)


def test_at_the_samples_own_prior_the_seen_share_is_counted() -> None:
    low, high = calibration_table(*sample(), 0.5)["bins"]
    assert (low["predicted"], low["observed"]) == (pytest.approx(0.2), pytest.approx(0.25))
    assert (high["predicted"], high["observed"]) == (pytest.approx(0.8), pytest.approx(0.75))
    oracle = binomtest(2, 8).proportion_ci(0.95, method="exact")
    assert (low["low"], low["high"]) == (pytest.approx(oracle.low), pytest.approx(oracle.high))


def test_another_prior_multiplies_the_odds() -> None:
    table = calibration_table(*sample(), 0.1)
    # Odds 1/3 and 3, both times (1/9) / (1/1).
    assert [entry["observed"] for entry in table["bins"]] == [
        pytest.approx(1 / 28),
        pytest.approx(1 / 4),
    ]
    # 0.1 / 0.5 per fraud, 0.9 / 0.5 per honest window.
    weights = np.array([2 * 0.2 + 6 * 1.8, 6 * 0.2 + 2 * 1.8])
    weights /= weights.sum()
    assert [entry["weight"] for entry in table["bins"]] == pytest.approx(weights.tolist())
    assert table["error"] == pytest.approx(weights @ [0.2 - 1 / 28, 0.8 - 1 / 4])


def test_probabilities_that_mean_what_they_say_lie_on_the_line() -> None:
    rng = np.random.default_rng(0)
    probability = rng.beta(0.5, 3, 200_000)
    fraud = rng.random(200_000) < probability
    table = calibration_table(fraud, probability, float(fraud.mean()))
    assert len(table["bins"]) == 10
    assert table["error"] < 0.003
    inside = [entry["low"] <= entry["predicted"] <= entry["high"] for entry in table["bins"]]
    assert sum(inside) >= 8


@pytest.mark.parametrize(
    ("fraud", "prior"), [([True, True], 0.1), ([False, False], 0.1), ([True, False], None)]
)
def test_without_both_classes_or_a_prior_there_is_no_table(
    fraud: list[bool], prior: float | None
) -> None:
    table = calibration_table(np.array(fraud), np.array([0.1, 0.9]), prior)
    assert table["bins"] == []
    assert math.isnan(table["error"])


def test_the_tail_has_bins_of_its_own() -> None:
    # 10 windows said 0.05, of which 1 is fraud; 4 said 0.95, all fraud; 86 said 0.001, none.
    fraud = np.array([True] + [False] * 9 + [True] * 4 + [False] * 86)
    said = np.repeat([0.05, 0.95, 0.001], [10, 4, 86])
    low, high = tail_table(fraud, said, prior=0.05)  # the sample's own share
    assert (low["from"], low["to"], low["windows"]) == (0.01, 0.1, 10)
    assert low["observed"] == pytest.approx(0.1)
    assert low["off"] is False
    assert (high["from"], high["to"], high["fraud"]) == (0.9, 0.99, 4)
    assert high["observed"] == 1.0
    assert high["off"] is False


def test_a_probability_that_does_not_mean_what_it_says_is_marked() -> None:
    fraud = np.arange(2000) < 20
    said = np.where(np.arange(2000) < 1000, 0.7, 0.001)  # 20 of 1,000, not 700
    (row,) = tail_table(fraud, said, prior=0.01)
    assert row["observed"] == pytest.approx(0.02)
    assert row["off"] is True


def test_a_rarer_prior_lowers_what_was_seen_by_the_odds() -> None:
    fraud = np.array([True, False] * 50)
    (row,) = tail_table(fraud, np.full(100, 0.3), prior=0.01)
    assert row["observed"] == pytest.approx(0.01)
    assert tail_table(np.ones(5, dtype=bool), np.full(5, 0.5), prior=0.01) == []
    assert tail_table(fraud, np.full(100, 0.3), prior=None) == []
