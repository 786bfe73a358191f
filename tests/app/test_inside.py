from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from tests.rows import DAY
from tradeglyph.app.inside import Inside
from tradeglyph.domain.fills import DAY_US, MICROSECONDS

START = DAY * MICROSECONDS
"""2024-10-04T00:00:00Z."""


def times(*hours: float) -> pl.Series:
    day = datetime.fromtimestamp(DAY, tz=UTC)
    instants = [day + timedelta(hours=hour) for hour in hours]
    return pl.Series(instants, dtype=pl.Datetime("us", "UTC"))


def said(*blocks: pl.Series, window: tuple[int, int] | None = (START, START + DAY_US)) -> list[str]:
    inside = Inside(window=window)
    for block in blocks:
        inside.add(block)
    return inside.lines()


def test_what_lies_outside_is_counted_over_all_blocks() -> None:
    # The start belongs to the window, the end (24) does not.
    assert said(times(5, 24, -1), times(), times(0, 30, 23.5)) == [
        "3 of 6 fills lie in the window from 2024-10-04T00:00:00Z to 2024-10-05T00:00:00Z; "
        "3 outside it are left out (all span 2024-10-03T23:00:00Z to 2024-10-05T06:00:00Z)"
    ]


def test_nothing_lies_inside() -> None:
    (line,) = said(times(-3, -2))
    assert line.startswith("0 of 2 fills lie in the window ")
    assert line.endswith("(all span 2024-10-03T21:00:00Z to 2024-10-03T22:00:00Z)")


@pytest.mark.parametrize("window", [None, (START - DAY_US, START + 2 * DAY_US)])
def test_nothing_is_said_where_all_lie_inside(window: tuple[int, int] | None) -> None:
    assert said(times(0, 30), window=window) == []
    assert said(window=window) == []
