import math

import numpy as np
import pytest

from tradeglyph.learning.alerts import RARE, at_base_rates, recall_at_alerts

pytest.importorskip("scipy", reason="needs the extra `train` or `plot`")

RECALL = {"value": 0.8, "low": 0.7, "high": 0.9}
RATE = {"value": 0.001, "low": 0.0, "high": 0.002}


def test_precision_follows_bayes_and_its_worst_takes_the_bad_ends() -> None:
    half, one, rare = at_base_rates(RECALL, RATE, 1_000_000)
    assert half["precision"] == pytest.approx(0.4 / (0.4 + 0.0005))
    assert one["alerts_per_day"] == pytest.approx(10_000 * 0.8 + 990_000 * 0.001)
    assert rare["precision"] == pytest.approx(800 / (800 + 999))
    assert rare["precision_low"] == pytest.approx(700 / (700 + 1998))
    assert rare["false_alarms_per_day_high"] == pytest.approx(1998)


def at(rows: list[dict], base: float, alerts: int) -> dict:  # type: ignore[type-arg]
    return next(r for r in rows if (r["base_rate"], r["alerts_per_day"]) == (base, alerts))


def test_alerts_are_shared_by_fraud_and_honest_windows_alike() -> None:
    """Ten honest windows stand for 9,990 accounts: the one above all fraud is 999 alerts."""
    fraud, honest = np.array([0.9, 0.8]), np.array([0.95, *[0.1] * 9])
    rows = recall_at_alerts(fraud, honest, 10_000)
    first = at(rows, 0.001, 200)
    # The first alerts are all honest ones.
    assert (first["recall"], first["precision"]) == (0.0, 0.0)
    # 10 frauds a day of 10,000: with 100 accounts for each, 1 fraud stands for each of the two.
    few = at(recall_at_alerts(np.array([0.9, 0.8]), np.array([0.1] * 10), 10_000), 0.001, 20)
    # Ten of the twenty alerts are the fraud, the others honest windows of one tie.
    assert few["recall"] == pytest.approx(1.0)
    assert few["precision"] == pytest.approx(0.5)


def test_twenty_alerts_hold_no_more_than_twenty_frauds() -> None:
    perfect = recall_at_alerts(np.ones(50), np.zeros(1000), 1_000_000)
    for row in perfect:
        frauds = 1_000_000 * row["base_rate"]
        assert row["most"] == pytest.approx(min(1.0, row["alerts_per_day"] / frauds))
        assert row["recall"] == pytest.approx(row["most"])


def test_a_precision_that_rests_on_no_honest_window_has_a_poor_worst() -> None:
    row = at(recall_at_alerts(np.ones(50), np.zeros(1000), 1_000_000), 0.001, 200)
    assert row["precision"] == pytest.approx(1.0)
    bound = 1 - 0.05 ** (1 / 1000)
    assert row["precision_low"] == pytest.approx(200 / (200 + 999_000 * bound), rel=1e-6)
    assert row["resolved"] is False


def test_what_has_no_answer_is_never_looked_at() -> None:
    fraud = np.array([0.9, -np.inf, -np.inf, -np.inf])
    row = at(recall_at_alerts(fraud, np.zeros(10), 1_000_000), RARE, 200)
    assert row["recall"] == 0.25


def test_one_class_says_nothing() -> None:
    for fraud, honest in ((np.ones(3), np.empty(0)), (np.empty(0), np.ones(3))):
        for row in recall_at_alerts(fraud, honest, 1_000_000):
            assert math.isnan(row["recall"])
            assert row["resolved"] is False
