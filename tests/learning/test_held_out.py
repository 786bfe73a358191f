import numpy as np
import pytest

from tradeglyph.learning.held_out import HeldOut
from tradeglyph.model.calibration import Calibration

PLAIN = Calibration(a=1.0, b=0.0, prior=0.01)


def _held_out(**changes: object) -> HeldOut:
    fields: dict[str, object] = {
        "label": np.array([1, 1, 0, 0, 0, 0], dtype=np.int8),
        "scenario": np.array(["hacker", "hacker", "day", "day", "grid", "grid"], dtype=object),
        "logits": np.array([3.0, 0.5, 1.0, -1.0, -2.0, -3.0]),
        "baselines": {"dot_counter": np.array([5.0, 5.0, 5.0, 1.0, 1.0, 1.0])},
        "split": "day",
    }
    return HeldOut(**{**fields, **changes})  # type: ignore[arg-type]


def test_figures_by_hand() -> None:
    held_out = _held_out()
    metrics = held_out.metrics(PLAIN, 0.6, 0.25, held_out.gate())
    assert (metrics["windows"], metrics["fraud"]) == (6, 2)
    # Right: both frauds, and three of four normals.
    assert metrics["accuracy_at_half"] == pytest.approx(5 / 6)
    # Pairs in order: 4 of 4 and 3 of 4.
    assert metrics["roc_auc"] == pytest.approx(7 / 8)
    # Recall 1/2 at precision 1, then 1/2 more at precision 2/3.
    assert metrics["pr_auc"] == pytest.approx(0.5 * 1 + 0.5 * 2 / 3)
    # p > 0.6 is a logit above ln 1.5 = 0.41.
    shares = metrics["flagged_by_scenario"]
    assert shares["model"] == {"day": 0.5, "grid": 0.0, "hacker": 1.0}
    # One of four normals has 5 dots: just the budget.
    assert shares["dot_counter"] == {"day": 0.5, "grid": 0.0, "hacker": 1.0}


def test_the_gate_stands_in_the_figures() -> None:
    held_out = _held_out(split="random")
    gate = held_out.metrics(PLAIN, 0.6, 0.25, held_out.gate())["gate"]
    # The dot counter has 2 * (3 + 1/2) of 8 pairs, as many as the model.
    assert gate["roc_auc"][0]["dot_counter"] == pytest.approx(7 / 8)
    assert gate["passed"] is False
    assert "not above" in gate["reasons"][0]
    assert "not held-out" in gate["notes"][0]


def test_figures_that_are_not_known_are_none() -> None:
    held_out = _held_out(label=np.zeros(6, dtype=np.int8))
    metrics = held_out.metrics(PLAIN, 0.6, 0.25, held_out.gate())
    assert (metrics["roc_auc"], metrics["pr_auc"]) == (None, None)
    assert metrics["accuracy_at_half"] == pytest.approx(0.5)
