"""Money and its ratios: text for people, and comparisons without rounding."""

from fractions import Fraction

import polars as pl

from tradeglyph.domain.statements import MINOR


def money(minor: int) -> str:
    """`minor` minor units as text, such as 50,000.00."""
    sign = "-" if minor < 0 else ""
    whole, rest = divmod(abs(minor), MINOR)
    return f"{sign}{whole:,}.{rest:02d}"


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
