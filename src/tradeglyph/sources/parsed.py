"""A column after parsing: values, and why some of them could not be had."""

from dataclasses import dataclass

import polars as pl

NO_VALUE = "no value"
NO_REASON = pl.lit(None, dtype=pl.String)


@dataclass(frozen=True, slots=True)
class Parsed:
    """One canonical column of a batch."""

    values: pl.Series
    reasons: pl.Series | None = None
    """String, null where the value is fine; None where all are."""


def with_reasons(values: pl.Series, text: pl.Series, reason: pl.Expr) -> Parsed:
    """`values`, with `reason` (of the columns `value` and `text`) where it is not null."""
    frame = pl.DataFrame({"value": values, "text": text})
    reasons = frame.select(reason.alias("reason"))["reason"]
    return Parsed(values, reasons if reasons.null_count() < len(reasons) else None)
