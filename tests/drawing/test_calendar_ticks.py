from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tradeglyph.domain.fills import DAY_US
from tradeglyph.drawing.calendar_ticks import (
    calendar_ticks,
    month_label,
    month_of,
    month_start,
)


def us(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()) * 1_000_000


@pytest.mark.parametrize(
    ("low", "high", "labels"),
    [
        ("2025-03-04 08:00", "2025-03-04 14:00", [f"03-04 {hour:02d}:00" for hour in range(8, 15)]),
        ("2024-12-30", "2025-01-02", ["2024-12-30", "12-31", "2025-01-01", "01-02"]),
        ("2025-01-20", "2025-04-10", ["2025-01-20", "02-03", "02-17", "03-03", "03-17", "03-31"]),
        ("2024-11-20", "2025-05-10", ["2024-12", "2025-01", "2025-02", "2025-03", "2025-04",
                                      "2025-05"]),
        ("1993-01-01", "1998-12-31", ["1993", "1994", "1995", "1996", "1997", "1998"]),
    ],
)  # fmt: skip
def test_the_step_fits_the_span(low: str, high: str, labels: list[str]) -> None:
    found = [label for _, label in calendar_ticks(us(low), us(high))]
    assert found == labels


@settings(max_examples=60, deadline=None)
@given(st.integers(us("1950-01-01") // DAY_US, us("2090-01-01") // DAY_US), st.integers(1, 40_000))
def test_ticks_lie_inside_and_ascend_and_are_few(day: int, days: int) -> None:
    low, high = day * DAY_US + 12_345, (day + days) * DAY_US
    times = [time for time, _ in calendar_ticks(low, high)]
    assert times == sorted(set(times))
    assert all(low <= time <= high for time in times)
    assert len(times) <= 10


def test_months_go_there_and_back() -> None:
    month = month_of(us("2025-03-17"))
    assert month_start(month) == us("2025-03-01")
    assert (month_label(month), month_label(month, 12)) == ("2025-03", "2025")
