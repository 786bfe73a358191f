"""The chance of a chi-square statistic, without a library for it."""

import math


def survival(statistic: float, freedom: int) -> float:
    """The probability of a chi-square of `freedom` degrees of `statistic` or more.

    It is the regularised gamma function Q(freedom / 2, statistic / 2), which for whole and half
    first arguments is a finite sum of positive terms: exact but for rounding.

    SOURCE: Abramowitz and Stegun (1964), 26.4.4 and 26.4.5. O(freedom).
    """
    if statistic <= 0:
        return 1.0
    half = statistic / 2
    order = 0.5 if freedom % 2 else 0.0
    total = math.erfc(math.sqrt(half)) if freedom % 2 else 0.0
    while order < freedom / 2:
        # Q(order + 1) = Q(order) + half^order * e^-half / Gamma(order + 1)
        total += math.exp(order * math.log(half) - half - math.lgamma(order + 1))
        order += 1
    return min(total, 1.0)


def upper_tail(deviations: float) -> float:
    """The probability of a standard normal of `deviations` or more."""
    return math.erfc(deviations / math.sqrt(2)) / 2
