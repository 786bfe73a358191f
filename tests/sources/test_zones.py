"""Local times."""

from datetime import UTC, datetime

import polars as pl
import pytest

from tradeglyph.domain.errors import InputError
from tradeglyph.sources.zones import GAP, check_zone, localise


def _local(*texts: str) -> pl.Series:
    return pl.Series(list(texts)).str.to_datetime("%Y-%m-%d %H:%M")


def test_the_zone_of_a_day_in_summer_and_in_winter() -> None:
    done = localise(_local("2024-01-02 09:30", "2024-07-02 09:30"), "America/New_York")
    assert done.values.to_list() == [
        datetime(2024, 1, 2, 14, 30, tzinfo=UTC),
        datetime(2024, 7, 2, 13, 30, tzinfo=UTC),
    ]
    assert done.ambiguous == 0


def test_a_time_that_occurs_twice_is_the_earlier_and_counted() -> None:
    # Clocks went back at 2024-11-03 02:00 EDT (06:00 UTC) to 01:00 EST.
    done = localise(_local("2024-11-03 01:30", "2024-11-03 03:30"), "America/New_York")
    assert done.values[0] == datetime(2024, 11, 3, 5, 30, tzinfo=UTC)
    assert done.ambiguous == 1


def test_a_time_that_never_was_is_a_gap_and_no_value_stays_none() -> None:
    naive = pl.concat([_local("2024-03-10 02:30"), pl.Series([None], dtype=pl.Datetime("us"))])
    assert localise(naive, "America/New_York").values.to_list() == [GAP, None]


@pytest.mark.parametrize("name", ["Mars/Olympus", "", "../../etc/passwd", "Asia"])
def test_an_unknown_zone(name: str) -> None:
    with pytest.raises(InputError, match="no such time zone"):
        check_zone(name)
