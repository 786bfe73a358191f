"""Chances of chi-square and normal statistics."""

import math

import pytest

from tradeglyph.recognizers.statements.chi_square import survival, upper_tail

# Percentage points of the chi-square distribution: Abramowitz and Stegun (1964), table 26.8.
TABLE = (
    (1, 3.84146, 0.05),
    (1, 10.8276, 0.001),
    (2, 9.21034, 0.01),
    (3, 7.81473, 0.05),
    (8, 2.73264, 0.95),
    (8, 7.34412, 0.5),
    (8, 15.5073, 0.05),
    (8, 20.0902, 0.01),
    (8, 26.1245, 0.001),
    (9, 16.9190, 0.05),
    (30, 43.7730, 0.05),
    (100, 124.342, 0.05),
)


@pytest.mark.parametrize(("freedom", "statistic", "chance"), TABLE)
def test_the_tabulated_values(freedom: int, statistic: float, chance: float) -> None:
    assert survival(statistic, freedom) == pytest.approx(chance, rel=2e-5)


def test_with_two_degrees_it_is_exponential() -> None:
    for statistic in (0.1, 1, 10, 100, 700):
        assert survival(statistic, 2) == pytest.approx(math.exp(-statistic / 2), rel=1e-12)


def test_its_ends() -> None:
    assert survival(0, 8) == 1
    assert survival(1e-9, 89) == pytest.approx(1)
    assert 0 <= survival(1e6, 89) < 1e-300


def test_the_normal_tail() -> None:
    assert upper_tail(0) == 0.5
    assert upper_tail(1.959964) == pytest.approx(0.025, rel=1e-6)
    assert upper_tail(-1.644854) == pytest.approx(0.95, rel=1e-6)
