import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradeglyph.model.calibration import Calibration

PLAIN = Calibration(a=1.0, b=0.0, prior=0.01)


def test_is_the_logistic_function_of_the_scaled_logit() -> None:
    scaled = Calibration(a=2.0, b=-1.0, prior=0.01)
    # 2 * 0.5 - 1 = 0, and 2 * (ln 3 + 1) / 2 - 1 = ln 3, whose odds are 3 to 1.
    assert scaled.apply([0.5, (math.log(3) + 1) / 2]) == pytest.approx([0.5, 0.75], abs=1e-15)


def test_answers_in_float64_for_float32_logits() -> None:
    assert PLAIN.apply(np.zeros(3, dtype=np.float32)).dtype == np.float64


@given(
    st.lists(st.floats(-29, 29), min_size=2, max_size=30),
    st.floats(0.01, 1),
    st.floats(-0.9, 0.9),
)
def test_keeps_the_order_and_stays_inside(logits: list[float], a: float, b: float) -> None:
    # Steps of at least 1e-3 in z: p near 1 has only 1e-16 to show them with, and at z = 30
    # the slope is 1e-13.
    z = np.unique(np.round(np.array(logits), 2)) / a
    p = Calibration(a=a, b=b, prior=0.5).apply(z)
    assert np.all(np.diff(p) > 0)
    assert np.all((p > 0) & (p < 1))


def test_never_reaches_zero_or_one() -> None:
    p = PLAIN.apply([-1e4, -800.0, 37.0, 1e4])
    assert np.all((p > 0) & (p < 1))
    assert np.all(np.diff(p) >= 0)


@given(st.floats(-700, 700))
def test_mirrors(logit: float) -> None:
    there, back = PLAIN.apply([logit, -logit])
    assert there + back == pytest.approx(1.0, abs=1e-15)


@pytest.mark.parametrize(
    "wrong",
    [
        {"a": 0.0},
        {"a": -1.0},
        {"a": math.inf},
        {"a": math.nan},
        {"b": math.inf},
        {"prior": 0.0},
        {"prior": 1.0},
    ],
)
def test_refuses_what_does_not_rise(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="strictly rising"):
        Calibration(**{"a": 1.0, "b": 0.0, "prior": 0.5, **wrong})
