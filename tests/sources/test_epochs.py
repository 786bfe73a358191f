"""Counts since 1970, or since a base."""

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradeglyph.sources.epochs import UNITS, from_base, from_epoch, unit_of

BASE = datetime(1970, 1, 1, tzinfo=UTC)
SECONDS = st.integers(631_152_000, 9_214_646_399)


@given(SECONDS, st.sampled_from(sorted(UNITS)))
def test_the_magnitude_tells_the_unit(second: int, unit: str) -> None:
    numbers = pl.Series([second * UNITS[unit]])
    assert unit_of(numbers) == unit
    assert from_epoch(numbers, unit)[0] == BASE + timedelta(seconds=second)


@given(SECONDS, st.integers(0, 999_999))
def test_whole_microseconds_and_nanoseconds_are_exact(second: int, micro: int) -> None:
    wanted = BASE + timedelta(seconds=second, microseconds=micro)
    count = second * 10**6 + micro
    assert from_epoch(pl.Series([count]), "us")[0] == wanted
    assert from_epoch(pl.Series([count * 1000 + 999]), "ns")[0] == wanted


@given(st.integers(631_152_000, 2_000_000_000), st.integers(0, 999_999))
def test_fractional_seconds_are_rounded_to_microseconds(second: int, micro: int) -> None:
    number = float(f"{second}.{micro:06}")
    found = from_epoch(pl.Series([number]), "s")[0]
    assert found == BASE + timedelta(seconds=second, microseconds=micro)


@pytest.mark.parametrize("number", [0, 300, 20_240_131, 202_401_310_930, 20_240_131_093_000])
def test_dates_without_marks_and_small_numbers_are_no_epochs(number: int) -> None:
    assert unit_of(pl.Series([number])) is None


def test_counts_out_of_range_are_null() -> None:
    found = from_epoch(pl.Series([1_700_000_000, 1_700_000_000_000]), "s")
    assert found.is_null().to_list() == [False, True]


def test_seconds_from_a_base_may_have_fractions_and_signs() -> None:
    base = datetime(2021, 6, 14, tzinfo=UTC)
    found = from_base(pl.Series([0.0, 13.25, -1.0, None, float("nan")]), base)
    assert found.to_list() == [
        base,
        base + timedelta(seconds=13.25),
        base - timedelta(seconds=1),
        None,
        None,
    ]
