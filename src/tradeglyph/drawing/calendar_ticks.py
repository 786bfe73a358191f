"""Ticks of a time axis that may be two hours or a hundred years long."""

import math
from datetime import UTC, datetime, timedelta

from tradeglyph.domain.fills import DAY_US
from tradeglyph.drawing.axis import time_label, time_ticks

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MONDAY = 4 * DAY_US
"""1970-01-05."""
_DAY_STEPS = (1, 2, 5, 7, 14)
_MONTH_STEPS = (1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200, 2400, 6000, 12000)


def calendar_ticks(low: int, high: int, count: int = 8) -> list[tuple[int, str]]:
    """Round times in [low, high] with their labels, at most about `count` of them.

    Times are microseconds of the bank's clock. Days are labelled `03-04`, with their year where it
    is another than the tick's before; months `2025-03`; years `2025`.
    """
    days = (high - low) / DAY_US
    if days <= 2:
        return [(time, time_label(time, with_day=True)) for time in time_ticks(low, high, count)]
    step = next((step for step in _DAY_STEPS if days / step <= count), None)
    return _days(low, high, step) if step else _months(low, high, count)


def _days(low: int, high: int, step: int) -> list[tuple[int, str]]:
    # Weeks are counted from a Monday.
    origin = _MONDAY if step % 7 == 0 else 0
    first = origin - (origin - low) // (step * DAY_US) * step * DAY_US
    times = range(first, high + 1, step * DAY_US)
    ticks, year = [], ""
    for time in times:
        day = f"{_EPOCH + timedelta(microseconds=time):%Y-%m-%d}"
        ticks.append((time, day[5:] if day[:4] == year else day))
        year = day[:4]
    return ticks


def _months(low: int, high: int, count: int) -> list[tuple[int, str]]:
    first, last = month_of(low), month_of(high)
    step = next((step for step in _MONTH_STEPS if (last - first) / step <= count), 12_000)
    months = range(math.ceil(first / step) * step, last + 1, step)
    named = [(month_start(month), month) for month in months]
    return [(time, month_label(month, step)) for time, month in named if time >= low]


def month_of(time: int) -> int:
    """Months since the year 0, for arithmetic."""
    moment = _EPOCH + timedelta(microseconds=time)
    return 12 * moment.year + moment.month - 1


def month_start(month: int) -> int:
    """The first moment of such a month."""
    first = datetime(month // 12, month % 12 + 1, 1, tzinfo=UTC)
    return (first - _EPOCH) // timedelta(microseconds=1)


def month_label(month: int, step: int = 1) -> str:
    """`2025-03`, or `2025` where whole years are counted."""
    return f"{month // 12}" if step % 12 == 0 else f"{month // 12}-{month % 12 + 1:02d}"
