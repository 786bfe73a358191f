import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradeglyph.drawing.formats import (
    DASH,
    interval,
    number,
    percent,
    percent_range,
    ratio,
    stated,
)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0.98765, "98.8%"),
        (0.99987, "99.987%"),
        (0.00012, "0.012%"),
        (0.0034, "0.34%"),
        (0.5, "50.0%"),
        (0.0, "0%"),
        (1.0, "100%"),
        (None, DASH),
        (math.nan, DASH),
    ],
)
def test_percent(value: float | None, shown: str) -> None:
    assert percent(value) == shown


@given(st.floats(0, 1, exclude_min=True, exclude_max=True))
def test_a_share_between_never_reads_as_none_or_all(value: float) -> None:
    read = percent(value)
    assert read.startswith(("<", ">")) or 0 < float(read.rstrip("%")) < 100


@pytest.mark.parametrize(
    ("low", "high", "shown"),
    [
        (0.98331, 0.99102, "98.3% – 99.1%"),
        (0.0, 0.00352, "0% – 0.35%"),
        (0.0000085, 0.0019, "0.00085% – 0.19%"),
        (0.975, 1.0, "97.5% – 100%"),
        (0.95, 0.99998, "95.0% – 99.9980%"),
        (None, 0.5, ""),
    ],
)
def test_ends_of_an_interval_share_their_decimals(
    low: float | None, high: float | None, shown: str
) -> None:
    assert percent_range(low, high) == shown


def test_numbers_areas_and_shares_that_somebody_chose() -> None:
    assert [number(v) for v in (1234567.8, 62.14, 0.06268, 12, 0, None)] == [
        "1,234,568", "62.1", "0.0627", "12", "0", DASH,
    ]  # fmt: skip
    assert [ratio(v) for v in (1.0, 0.999999, 0.87512, None)] == [
        "1.0000", ">0.9999", "0.8751", DASH,
    ]  # fmt: skip
    assert [stated(v) for v in (0.5, 0.01, 0.001, None)] == ["50%", "1%", "0.1%", DASH]
    assert interval("1", "2") == "1 – 2"
    assert interval(DASH, "2") == ""
