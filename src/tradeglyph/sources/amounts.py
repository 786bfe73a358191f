"""Prices, quantities and other numbers."""

from typing import Literal

import polars as pl

from tradeglyph.sources.cell_text import text_of
from tradeglyph.sources.parsed import NO_REASON, NO_VALUE, Parsed, with_reasons

Bound = Literal["positive", "not negative", "finite"]

_GROUPED = r"^[+-]?\d{1,3}(,\d{3})+(\.\d*)?$"
_ABSENT = ("nan", "null", "none", "n/a", "-", "--")
_INT32_MAX = 2**31 - 1


def parse_amount(cells: pl.Series, bound: Bound, *, required: bool) -> Parsed:
    """Float64. Text may group thousands with commas.

    A required number must be there; an optional one is null where the cell is empty, NaN, or a
    dash. Every number must be finite and keep to `bound`.
    """
    values = _numbers(cells)
    if not required:
        values = values.fill_nan(None)
    lost = values.null_count() and (required or values.null_count() > cells.null_count())
    if not lost and _sound(values, bound):
        return Parsed(values)
    return with_reasons(values, text_of(cells), _reason(bound, required=required))


def parse_count(cells: pl.Series) -> Parsed:
    """Int32, not negative; null where the cell is empty or -1, which say that nobody counted."""
    amount = parse_amount(cells, "finite", required=False)
    values = amount.values
    values = values.set(values == -1, None) if (values == -1).any() else values
    counts = values.cast(pl.Int32, strict=False)
    if amount.reasons is not None:
        return Parsed(counts, amount.reasons)
    wrong = ~pl.col("value").is_between(0, _INT32_MAX) | (pl.col("value") % 1 != 0)
    why = pl.when(wrong).then(pl.lit("must be a whole number, 0 or more"))
    return Parsed(counts, with_reasons(values, text_of(cells), why).reasons)


def _numbers(cells: pl.Series) -> pl.Series:
    """Float64; null where there is none."""
    if cells.dtype.is_numeric():
        return cells.cast(pl.Float64)
    text = text_of(cells)
    values = text.cast(pl.Float64, strict=False)
    if values.null_count() == text.null_count():
        return values
    grouped = text.str.contains(_GROUPED).fill_null(False)
    plain = text.str.replace_all(",", "", literal=True).cast(pl.Float64, strict=False)
    return plain.zip_with(grouped, values)


def _sound(values: pl.Series, bound: Bound) -> bool:
    """Whether all numbers that are there are finite and within the bound."""
    if not values.is_finite().all():
        return False
    if bound == "positive":
        return bool((values > 0).all())
    return bound == "finite" or bool((values >= 0).all())


def _reason(bound: Bound, *, required: bool) -> pl.Expr:
    text, value = pl.col("text"), pl.col("value")
    absent = text.is_null()
    if not required:
        absent = absent | text.str.to_lowercase().is_in(_ABSENT)
    outside = {"positive": value <= 0, "not negative": value < 0, "finite": pl.lit(False)}[bound]
    return (
        pl.when(absent)
        .then(pl.lit(NO_VALUE) if required else NO_REASON)
        .when(value.is_null())
        .then(pl.lit("not a number"))
        .when(~value.is_finite())
        .then(pl.lit("must be a finite number"))
        .when(outside)
        .then(pl.lit("must be above 0" if bound == "positive" else "must not be negative"))
    )
