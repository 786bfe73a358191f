import numpy as np
import pytest

from tradeglyph.learning.bootstrap import Draws
from tradeglyph.learning.methods import method_table

SCENARIO = np.array(["a"] * 2 + ["b"] * 2 + ["quiet"] * 5 + ["busy"] * 5 + ["odd"], dtype=object)
FRAUD = np.arange(15) < 4
HONEST = (np.arange(15) >= 4) & (np.arange(15) < 14)
WORLD = np.array([f"w{i % 3}" for i in range(15)], dtype=object)
SCORES = {
    "sharp": np.array([9, 8, 7, 1, *[2] * 5, *[3] * 4, 7.5, 99.0]),
    # Says the same of everybody.
    "blunt": np.ones(15),
    "silent": np.full(15, np.nan),
}


def rows() -> dict:  # type: ignore[type-arg]
    draws = Draws.of(WORLD, 40, seed=0)
    table = method_table(SCORES, FRAUD, HONEST, SCENARIO, rate=0.1, draws=draws)
    return {row["method"]: row for row in table}


def test_every_score_is_cut_at_the_same_share_of_honest_windows() -> None:
    sharp, blunt, silent = (rows()[name] for name in SCORES)
    # One of ten honest windows may pass, the busy one at 7.5: all above the next one, 3, is caught.
    assert sharp["recall"] == 0.75
    assert (sharp["least_scenario"], sharp["least"]) == ("b", 0.5)
    assert (sharp["most_flagged_scenario"], sharp["most_flagged"]) == ("busy", 0.2)
    # A tie of all is flagged in proportion.
    assert blunt["recall"] == pytest.approx(0.1)
    assert blunt["most_flagged"] == pytest.approx(0.1)
    assert silent["recall"] == silent["most_flagged"] == 0.0


def test_windows_that_are_neither_take_no_part() -> None:
    """The odd one has the highest score and is nobody's false alarm."""
    assert rows()["sharp"]["most_flagged_scenario"] != "odd"


def test_intervals_are_over_worlds() -> None:
    sharp = rows()["sharp"]
    assert 0.0 <= sharp["low"] <= sharp["recall"] <= sharp["high"] <= 1.0


def test_no_fraud_and_no_honest_windows_are_unknown() -> None:
    none = np.zeros(15, dtype=bool)
    draws = Draws.of(WORLD, 5, seed=0)
    (row,) = method_table({"x": np.ones(15)}, none, none, SCENARIO, rate=0.1, draws=draws)
    assert np.isnan(row["recall"])
    assert (row["least_scenario"], row["most_flagged_scenario"]) == ("", "")
