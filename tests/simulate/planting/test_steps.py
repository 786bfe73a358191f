from fractions import Fraction
from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tests.rows import DAY, candles_of, fills_of
from tradeglyph.domain.fills import Fills
from tradeglyph.simulate.planting.steps import price_steps, quantity_steps, rounded

NO_FILLS = fills_of([])


def fills_at(*prices: float, quantity: float = 1.0) -> Fills:
    return fills_of([("a", "X", DAY, "buy", price, quantity) for price in prices])


def test_tick_is_the_smallest_step_of_candles_and_fills() -> None:
    candles = candles_of([("X", DAY, 10.0, 10.5), ("Y", DAY, 2.0, 3.0)], open_=[10.25, 2.5])
    assert price_steps(NO_FILLS, candles).tolist() == [0.25, 0.5]
    assert price_steps(fills_at(10.3), candles).tolist() == [0.05, 0.5]


def test_float_noise_is_no_tick() -> None:
    candles = candles_of([("X", DAY, 0.3, 0.4)], open_=0.1 + 0.2)
    assert price_steps(NO_FILLS, candles)[0] == 0.1


def test_one_price_has_no_tick() -> None:
    steps = price_steps(NO_FILLS, candles_of([("X", DAY, 7.0, 7.0)]))
    assert np.isinf(steps).all()


@given(st.lists(st.integers(1, 10_000), min_size=2, unique=True))
def test_tick_of_any_prices_in_cents(cents: list[int]) -> None:
    candles = candles_of([("X", DAY, c / 100, c / 100) for c in cents])
    ordered = sorted(cents)
    smallest = min(b - a for a, b in pairwise(ordered))
    assert price_steps(NO_FILLS, candles)[0] == smallest / 100


def test_lot_is_no_larger_than_the_smallest_quantity() -> None:
    fills = fills_of(
        [("a", "X", DAY, "buy", 1.0, q) for q in (0.5, 2.0)]
        + [("a", "Y", DAY, "buy", 1.0, q) for q in (3.0, 3.2)]
    )
    assert quantity_steps(fills).tolist() == [0.5, 0.2]


@given(st.integers(1, 10**9), st.integers(0, 8))
def test_rounding_gives_the_float_of_the_decimal(units: int, places: int) -> None:
    exact = Fraction(units, 10**places)
    noisy = np.nextafter(float(exact), np.inf)
    assert rounded(np.array([noisy]))[0] == float(exact)


def test_what_can_not_be_rounded_stays() -> None:
    odd = np.array([0.0, np.inf, 1e-30, 1.5e300])
    assert rounded(odd).tolist() == odd.tolist()
