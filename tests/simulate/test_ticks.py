import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradeglyph.simulate.ticks import Tick, tick_of


@pytest.mark.parametrize(
    ("prices", "decimals", "step"),
    [
        ([11.27, 11.28, 11.3], 2, 1),
        ([0.00277, 0.002775, 0.002769], 6, 1),
        ([100.0, 101.0, 103.0], 0, 1),
        ([300.0], 0, 1),
        ([100.5, 101.0, 103.5], 1, 5),
        ([101.25, 101.5, 101.75], 2, 25),
        ([3080.0, 3090.0, 3100.0], 0, 10),
    ],
)
def test_ticks_by_hand(prices: list[float], decimals: int, step: int) -> None:
    assert tick_of(np.array(prices)) == Tick(decimals=decimals, step=step)


def test_single_precision_has_the_tick_it_was_made_from() -> None:
    prices = np.array([145.13, 145.2, 146.07], dtype=np.float32).astype(np.float64)
    assert tick_of(prices) == Tick(decimals=2, step=1)


def test_a_typing_error_among_a_thousand_is_passed_over() -> None:
    prices = np.append(np.arange(1000, 2000) / 100, 12.34567)
    assert tick_of(prices) == Tick(decimals=2, step=1)


def test_adjusted_prices_have_a_tick_of_five_digits() -> None:
    prices = 37.5 * np.random.default_rng(0).lognormal(0, 0.1, 500)
    assert tick_of(prices) == Tick(decimals=3, step=1)


@given(st.integers(0, 6), st.lists(st.integers(1, 10**6), min_size=1, max_size=20))
def test_prices_lie_on_their_tick(decimals: int, units: list[int]) -> None:
    prices = np.array(units) / 10.0**decimals
    tick = tick_of(prices)
    ticks = np.rint(prices * 10.0**tick.decimals / tick.step)
    np.testing.assert_array_equal(ticks * tick.step / 10.0**tick.decimals, prices)
    assert tick.decimals <= decimals
