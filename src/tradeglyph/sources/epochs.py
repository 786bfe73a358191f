"""Instants as counts since 1970-01-01 UTC, or since a base that the user names."""

from datetime import datetime

import polars as pl

from tradeglyph.sources.tables import UTC_TIME

UNITS: dict[str, int] = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}
"""Counts per second."""

# 1990-01-01 to 2262-01-01: in this span no count in one unit is one in another, and neither
# 20240131 nor 202401310930 (dates without marks) is taken for an epoch.
_FIRST, _LAST = 631_152_000, 9_214_646_400


def unit_of(numbers: pl.Series) -> str | None:
    """The unit in which the middle of the numbers is an instant of 1990 to 2262."""
    middle = numbers.cast(pl.Float64).median()
    if not isinstance(middle, float):
        return None
    return next((u for u, per in UNITS.items() if _FIRST * per <= middle < _LAST * per), None)


def from_epoch(numbers: pl.Series, unit: str) -> pl.Series:
    """UTC instants of Int64 or Float64 counts; null where a count is out of 1990 to 2262.

    Whole counts are exact; nanoseconds are cut to microseconds. Fractions are rounded to them.
    """
    per = UNITS[unit]
    value = pl.col("value")
    if numbers.dtype.is_integer():
        micros = value // (per // 10**6) if per > 10**6 else value * (10**6 // per)
    else:
        micros = (value * (10**6 / per)).round()
    inside = value.is_between(_FIRST * per, _LAST * per, closed="left")
    frame = pl.DataFrame({"value": numbers})
    return frame.select(pl.when(inside).then(micros).cast(pl.Int64).cast(UTC_TIME).alias("t"))["t"]


def from_base(seconds: pl.Series, base: datetime) -> pl.Series:
    """UTC instants so many seconds after `base`; null where the number is not finite."""
    numbers = seconds.cast(pl.Float64)
    finite = numbers.set(~numbers.is_finite(), None) if not numbers.is_finite().all() else numbers
    micros = (finite * 1e6).round().cast(pl.Int64, strict=False)
    start = pl.Series([base]).cast(UTC_TIME).to_physical()[0]
    instants: pl.Series = (micros + start).cast(UTC_TIME)
    return instants
