"""Whole numbers: decimals found, nothing lost, sums that never round."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradeglyph.recognizers.ledger.exact import (
    Scales,
    decimals,
    floats,
    integers,
    products,
    sums,
)


@given(
    st.lists(
        st.tuples(st.integers(0, 2), st.integers(0, 6), st.integers(1, 10**7)),
        min_size=1,
        max_size=150,
    )
)
def test_decimal_texts_come_back(rows: list[tuple[int, int, int]]) -> None:
    group = np.array([row[0] for row in rows])
    values = np.array([float(f"{row[2]}e-{row[1]}") for row in rows])
    found = decimals(values, group, 3)
    for number in range(3):
        here = values[group == number].tolist()
        # By text: so many digits stand behind the point.
        written = [Fraction(repr(value)) for value in here]
        fewest = next(d for d in range(8) if all((v * 10**d).denominator == 1 for v in written))
        assert found[number] == fewest
    whole = integers(values, found[group])
    assert (floats(whole, found[group]) == values).all()


def test_more_digits_than_a_float_holds_are_rounded_not_refused() -> None:
    found = decimals(np.array([1 / 3, 2 / 3]), np.zeros(2, dtype=int), 1)
    whole = integers(np.array([1 / 3]), found)
    assert whole[0] < 2**53
    assert floats(whole, found)[0] == pytest.approx(1 / 3, abs=1e-14)


@given(st.lists(st.tuples(st.integers(-(2**52), 2**52), st.integers(0, 2**52), st.integers(0, 3))))
def test_sums_are_exact_beyond_64_bits(rows: list[tuple[int, int, int]]) -> None:
    one, other, group = (np.array([row[i] for row in rows], dtype=np.int64) for i in range(3))
    expected = [sum(a * b for a, b, g in rows if g == number) for number in range(4)]
    assert sums(products(one, other), group, 4) == expected


def test_small_products_stay_machine_integers() -> None:
    assert products(np.array([3, -4]), np.array([5, 6])).dtype == np.int64


def test_money_is_quarters_of_both_scales() -> None:
    scales = Scales(price=np.array([2, 20]), quantity=np.array([3, -25]))
    assert scales.in_quote(0, 6 * 10**5) == 1.5
    # Raw units of a token: prices of 10^-20, and 10^25 of them to a lot.
    assert scales.in_quote(1, 6) == 150_000
    assert scales.unit().tolist() == [0.01, 1e-20]


@given(st.integers(1, 2**53 - 1), st.integers(-30, 30))
def test_any_magnitude_keeps_the_digits_of_a_float(digits: int, power: int) -> None:
    """Raw units of a token: quantities of 10^25, prices of 10^-20."""
    values = np.array([float(f"{digits}e{power}")])
    found = decimals(values, np.zeros(1, dtype=int), 1)
    whole = integers(values, found)
    assert abs(int(whole[0])) <= 2**53
    # Half a unit at most, and that is less than a float's own error, ten times over.
    assert floats(whole, found)[0] == pytest.approx(values[0], rel=1e-14)
