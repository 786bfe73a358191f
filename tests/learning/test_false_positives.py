import math

import numpy as np
import pytest

from tradeglyph.learning.false_positives import falling_rates

pytest.importorskip("scipy", reason="needs the extra `train` or `plot`")


def test_recall_at_falling_rates_by_hand() -> None:
    # 1,000 honest windows score 1 to 1,000; fraud lies above 995, above 999 and above all.
    honest = np.arange(1, 1001, dtype=float)
    fraud = np.array([995.5, 999.5, 1000.5, 0.5])
    rows = falling_rates(fraud, honest)
    assert [row["allowed"] for row in rows] == [10, 1, 0, 0]
    # Ten may pass: above 990. One: above 999. None: above 1,000.
    assert [row["recall"] for row in rows] == [0.75, 0.5, 0.25, 0.25]
    assert [row["resolved"] for row in rows] == [True, True, False, False]


def test_none_above_the_cut_proves_three_over_n() -> None:
    row = falling_rates(np.ones(3), np.zeros(2000))[-1]
    assert row["proven"] == pytest.approx(1 - 0.05 ** (1 / 2000))
    assert row["proven"] == pytest.approx(3.0 / 2000, rel=0.01)


def test_three_hundred_thousand_are_needed_for_one_in_a_hundred_thousand() -> None:
    honest = np.zeros(300_000)
    row = falling_rates(np.ones(3), honest)[-1]
    assert row["rate"] == 1e-5
    assert row["allowed"] == 3
    # All of them are equal, so that the cut flags a part of the tie and the fraud above it.
    assert row["recall"] == 1.0


def test_an_unanswered_fraud_is_missed_and_no_window_says_nothing() -> None:
    assert falling_rates(np.array([1.0, -np.inf]), np.zeros(100))[0]["recall"] == 0.5
    assert math.isnan(falling_rates(np.ones(2), np.empty(0))[0]["recall"])
    assert math.isnan(falling_rates(np.empty(0), np.ones(5))[3]["recall"])
