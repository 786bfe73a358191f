import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradeglyph.drawing.axis import Axis, round_step, time_label, time_ticks

# 2026-03-02T14:30:00Z: 20,514 days and 52,200 seconds.
HALF_PAST_TWO = (20_514 * 86_400 + 52_200) * 1_000_000


def test_each_scale_puts_its_middle_in_the_middle() -> None:
    for scale, low, high, middle in (
        ("linear", 0, 4, 2),
        ("log", 1e-4, 1, 1e-2),
        ("logit", 0.001, 0.999, 0.5),
    ):
        axis = Axis(low=low, high=high, start=10, end=110, scale=scale)  # type: ignore[arg-type]
        assert axis.at([low, middle, high]).tolist() == pytest.approx([10, 60, 110])


def test_outside_is_put_on_the_end_and_no_span_in_the_middle() -> None:
    assert Axis(low=0, high=1, start=0, end=10).at([-5, 7]).tolist() == [0, 10]
    assert Axis(low=3, high=3, start=0, end=10).at(3) == 5


@given(st.floats(1e-6, 1e9), st.integers(2, 9))
def test_steps_are_round_and_cut_in_about_so_many(span: float, count: int) -> None:
    step = round_step(span, count)
    mantissa = step / 10.0 ** np.floor(np.log10(step * (1 + 1e-9)))
    assert min(abs(mantissa - round_one) for round_one in (1, 2, 2.5, 5)) < 1e-6
    assert count / 2.51 <= span / step <= count * (1 + 1e-6)


def test_ticks_lie_on_the_axis() -> None:
    assert Axis(low=0, high=1, start=0, end=1).ticks() == pytest.approx([0, 0.2, 0.4, 0.6, 0.8, 1])
    log = Axis(low=1e-3, high=1, start=0, end=1, scale="log")
    assert log.ticks() == pytest.approx([1e-3, 1e-2, 1e-1, 1])
    logit = Axis(low=0.005, high=0.95, start=0, end=1, scale="logit")
    assert logit.ticks() == [0.01, 0.1, 0.5, 0.9]


def test_time_ticks_are_round_hours_of_utc() -> None:
    ticks = time_ticks(HALF_PAST_TWO, HALF_PAST_TWO + 390 * 60_000_000)
    assert [time_label(tick) for tick in ticks] == [f"{hour}:00" for hour in range(15, 22)]
    assert time_label(HALF_PAST_TWO, with_day=True) == "03-02 14:30"
    month = time_ticks(HALF_PAST_TWO, HALF_PAST_TWO + 30 * 86_400_000_000)
    assert 1 <= len(month) <= 7
