"""Meetings by chance: against the sum of Poisson's terms, one by one."""

from math import exp, fsum

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tradeglyph.pipeline.chance import beyond_chance


def tail(trades: int, expected: float) -> float:
    """From `trades` on, until the terms no longer count."""
    term, terms = exp(-expected), []
    for k in range(trades + 200):
        terms.append(term if k >= trades else 0.0)
        term *= expected / (k + 1)
    return fsum(terms)


@given(st.integers(1, 40), st.floats(1e-6, 30))
def test_never_below_the_probability(trades: int, expected: float) -> None:
    (found,) = beyond_chance(np.array([trades]), np.array([expected]))
    assert tail(trades, expected) * (1 - 1e-9) <= found <= 1


def test_close_to_it_where_few_are_expected() -> None:
    for trades, expected in ((2, 0.01), (4, 0.3), (6, 0.5), (12, 1.0)):
        (found,) = beyond_chance(np.array([trades]), np.array([expected]))
        assert abs(found / tail(trades, expected) - 1) < 0.01


def test_no_surprise_where_more_are_expected() -> None:
    assert beyond_chance(np.array([1, 3]), np.array([5.0, 3.9])).tolist()[0] == 1
