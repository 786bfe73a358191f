"""Ratios of money, compared without rounding."""

from fractions import Fraction

import polars as pl


def ratio(number: float) -> Fraction:
    """The ratio that a person wrote, such as 1/100 for 0.01, whose binary float is not exact."""
    return Fraction(str(number)).limit_denominator(1_000_000)


def exceeds(amount: pl.Expr, multiple: Fraction, total: pl.Expr, count: pl.Expr) -> pl.Expr:
    """Whether `amount` is over `multiple` times the mean `total` / `count`, in whole numbers.

    False where `count` is 0: nothing has no mean.
    """
    wide = pl.Int128
    left = amount.cast(wide) * count.cast(wide) * multiple.denominator
    return (count > 0) & (left > total.cast(wide) * multiple.numerator)
