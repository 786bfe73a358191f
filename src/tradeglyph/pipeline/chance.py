"""How likely two accounts are to meet so often by chance."""

from math import lgamma

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def beyond_chance(trades: NDArray[np.int64], expected: Floats) -> Floats:
    """Shape (n,): a bound, 1 at most, on the probability of `trades` or more where `expected` are.

    Meetings by chance are Poisson. The bound is the first term of its upper tail times the sum of
    the geometric series that the following terms stay below: close where few are expected, and
    never too small.
    """
    least = np.unique(trades)
    factorial = np.array([lgamma(k + 1.0) for k in least.tolist()])[np.searchsorted(least, trades)]
    ratio = np.minimum(expected / (trades + 1.0), 1.0)
    with np.errstate(divide="ignore"):
        first = np.exp(trades * np.log(expected) - expected - factorial)
        bound = np.where(ratio < 1.0, first / (1.0 - ratio), 1.0)
    return np.asarray(np.minimum(bound, 1.0))
