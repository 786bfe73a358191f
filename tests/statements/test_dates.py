"""Cells of dates and times."""

import datetime as dt

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tradeglyph.statements.dates import DateRule, day_first, parse_dates, parse_times
from tradeglyph.statements.options import DateOrder

RULE = DateRule(order=DateOrder.DAY_FIRST)
DAY = dt.datetime(2025, 3, 4)  # noqa: DTZ001
NOON = dt.datetime(2025, 3, 4, 12, 34, 56)  # noqa: DTZ001


@pytest.mark.parametrize(
    ("cell", "time", "clock"),
    [
        ("2025-03-04", DAY, False),
        ("2025/3/4", DAY, False),
        ("2025.03.04", DAY, False),
        ("20250304", DAY, False),
        ("2025年3月4日", DAY, False),
        ("２０２５－０３－０４", DAY, False),
        ("04/03/2025", DAY, False),
        ("4 Mar 2025", DAY, False),
        ("Mar 4, 2025", DAY, False),
        ("04-Mar-25", DAY, False),
        ("45720", DAY, False),
        ("45720.524259259", NOON, True),
        ("2025-03-04 12:34:56", NOON, True),
        ("2025-03-04T12:34:56.789+08:00", NOON, True),
        ("2025-03-04-12.34.56.000000", NOON, True),
        ("20250304123456", NOON, True),
        ("20250304 12:34:56", NOON, True),
        ("2025年3月4日 12时34分56秒", NOON, True),
        ("2025/3/4 12:34", NOON.replace(second=0), True),
        ("04/03/2025 12:34:56 PM", NOON, True),
        ("2025-03-04 00:00:00", DAY, True),
    ],
)
def test_forms(cell: str, time: dt.datetime, clock: bool) -> None:
    assert parse_dates(pl.Series([cell]), RULE).rows() == [(time, clock)]


@pytest.mark.parametrize(
    "cell", ["2025-02-30", "2025-13-01", "20250230", "2025-03-04 25:00:00", "2025-03-04 x", "合计"]
)
def test_what_is_no_date(cell: str) -> None:
    assert parse_dates(pl.Series([cell]), RULE)["time"].to_list() == [None]


def test_the_year_turns_behind_the_last_day() -> None:
    rule = DateRule(last=dt.date(2024, 1, 31))
    cells = pl.Series(["12/29", "01/03", "01月31日", "02/29"])

    days = parse_dates(cells, rule)["time"].dt.date().to_list()
    # 2023 has no 29 February, and that of 2024 is later.
    assert days == [dt.date(2023, 12, 29), dt.date(2024, 1, 3), dt.date(2024, 1, 31), None]


def test_day_and_month_by_content() -> None:
    assert day_first(pl.Series(["03/04/2025", "13/04/2025"])) is DateOrder.DAY_FIRST
    assert day_first(pl.Series(["03/04/2025", "03/14/2025"])) is DateOrder.MONTH_FIRST
    assert day_first(pl.Series(["03/04/2025"])) is None


@pytest.mark.parametrize(
    ("cell", "seconds"),
    [
        ("12:34:56", 45_296),
        ("12:34", 45_240),
        ("123456", 45_296),
        ("90500", 9 * 3600 + 300),
        ("000000", 0),
        ("1234", 45_240),
        ("0.5", 43_200),
        ("3:05 PM", 54_300),
        ("246060", None),
        ("", None),
    ],
)
def test_times(cell: str, seconds: int | None) -> None:
    assert parse_times(pl.Series([cell]))["seconds"].to_list() == [seconds]


@settings(max_examples=20, deadline=None)
@given(st.lists(st.text(max_size=20), min_size=1, max_size=50))
def test_no_text_raises(cells: list[str]) -> None:
    texts = pl.Series(cells, dtype=pl.String)

    assert parse_dates(texts, RULE).height == len(cells)
    assert parse_times(texts).height == len(cells)


TIMES = st.datetimes(dt.datetime(1955, 1, 1), dt.datetime(2090, 1, 1))  # noqa: DTZ001


@settings(max_examples=10, deadline=None)
@given(st.lists(TIMES, min_size=1, max_size=40))
def test_serials_are_days_since_the_end_of_1899(times: list[dt.datetime]) -> None:
    times = [time.replace(microsecond=0) for time in times]
    start = dt.datetime(1899, 12, 30)  # noqa: DTZ001
    cells = [f"{(time - start) / dt.timedelta(days=1):.10f}" for time in times]

    assert parse_dates(pl.Series(cells), RULE)["time"].to_list() == times


@pytest.mark.parametrize(
    "text",
    [
        "2024-01-05 星期五",
        "星期五 2024-01-05",
        "2024年1月5日(周五)",
        "2024/1/5周五",
        "Fri 5 Jan 2024",
    ],
)
def test_a_day_of_the_week_beside_the_day(text: str) -> None:
    found = parse_dates(pl.Series([text]), DateRule())

    assert found.row(0) == (dt.datetime(2024, 1, 5), False)  # noqa: DTZ001


def test_a_time_behind_the_day_of_the_week() -> None:
    found = parse_dates(pl.Series(["2024-01-05 星期五 10:11:12"]), DateRule())

    assert found.row(0) == (dt.datetime(2024, 1, 5, 10, 11, 12), True)  # noqa: DTZ001
