"""First digits of amounts."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tradeglyph.recognizers.statements.leading_digits import Digits, leading


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(1, 2**63 - 1), max_size=20))
def test_digits_are_those_of_the_number_as_written(amounts: list[int]) -> None:
    edges = [1, 9, 10, 99, 100, 10**18 - 1, 10**18, 9 * 10**18, *amounts]
    held = np.array(edges, dtype=np.int64)
    assert leading(held, 1).tolist() == [int(str(one)[0]) for one in edges]
    twos = [int(str(one)[:2]) if one > 9 else 0 for one in edges]
    assert leading(held, 2).tolist() == twos


def test_the_law() -> None:
    one, two = Digits(places=1, counts=[1] * 9), Digits(places=2, counts=[1] * 90)
    assert one.expected[0] == pytest.approx(0.30103, abs=1e-6)  # Benford (1938), log10 of 2
    assert one.expected[8] == pytest.approx(0.04576, abs=1e-5)
    assert sum(one.expected) == pytest.approx(1)
    assert sum(two.expected) == pytest.approx(1)
    assert sum(two.expected[:10]) == pytest.approx(one.expected[0])


def test_a_sample_by_hand() -> None:
    """900 lines, 100 of each digit."""
    told = Digits(places=1, counts=[100] * 9)
    law = [math.log10(1 + 1 / digit) for digit in range(1, 10)]
    assert told.chi_square == pytest.approx(sum((100 - 900 * p) ** 2 / (900 * p) for p in law))
    assert told.deviation == pytest.approx(sum(abs(1 / 9 - p) for p in law) / 9)
    assert told.p_value < 1e-12
    # Digits 4 to 9 are expected less than once in nine; of 4, expected 87.2 times with a deviation
    # of 8.9, 100 are 1.4 deviations too many, which of nine digits one often is.
    assert set(told.excesses()) == {4, 5, 6, 7, 8, 9}
    assert 0.5 < told.excesses()[4] < 1
    z = (100 - 900 * law[8] - 0.5) / math.sqrt(900 * law[8] * (1 - law[8]))
    assert told.excesses()[9] == pytest.approx(9 * math.erfc(z / math.sqrt(2)) / 2)


@pytest.mark.parametrize(
    ("moved", "conformity"),
    # Moved from digit 1 to digit 9 of 1,000,000 lines: the deviation is 2 / 9 of the share.
    [(26_000, "close"), (28_000, "acceptable"), (55_000, "marginal"), (68_000, "none")],
)
def test_nigrinis_bands(moved: int, conformity: str) -> None:
    counts = [round(1_000_000 * math.log10(1 + 1 / digit)) for digit in range(1, 10)]
    counts[0] -= moved
    counts[8] += moved
    assert Digits(places=1, counts=counts).conformity == conformity
