"""Sessions against hours worked out by hand and against zoneinfo."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradeglyph.domain.errors import InputError
from tradeglyph.sources.sessions import (
    MARKETS,
    MarketHours,
    Session,
    market,
    market_in,
    parse_half_day,
)
from tradeglyph.sources.tables import UTC_TIME

NEW_YORK = market("us-equity")
SHANGHAI = market("cn-ashare")

MOMENTS = st.integers(1_104_537_600, 1_798_675_200).map(
    lambda seconds: datetime.fromtimestamp(seconds, UTC)
)


def segments(hours: MarketHours, *moments: datetime) -> list[int]:
    frame = pl.DataFrame({"time": pl.Series(moments, dtype=UTC_TIME)})
    return frame.select(hours.segment(pl.col("time"))).to_series().to_list()


def starts(hours: MarketHours, *moments: datetime) -> list[datetime]:
    frame = pl.DataFrame({"time": pl.Series(moments, dtype=UTC_TIME)})
    return frame.select(hours.stretch_start(pl.col("time"))).to_series().to_list()


def local(zone: str, text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def test_new_york_opens_an_hour_earlier_in_utc_in_summer() -> None:
    winter, summer = datetime(2024, 3, 8, tzinfo=UTC), datetime(2024, 3, 11, tzinfo=UTC)
    opens = timedelta(hours=14, minutes=30)
    assert segments(NEW_YORK, winter + opens, winter + opens - timedelta(microseconds=1)) == [0, -1]
    opens = timedelta(hours=13, minutes=30)
    assert segments(NEW_YORK, summer + opens, summer + opens - timedelta(microseconds=1)) == [0, -1]


def test_the_closing_instant_is_outside() -> None:
    close = datetime(2024, 3, 11, 20, tzinfo=UTC)
    assert segments(NEW_YORK, close - timedelta(microseconds=1), close) == [0, -1]


def test_shanghai_breaks_for_lunch() -> None:
    clock = ["09:29", "09:30", "11:29", "11:30", "12:59", "13:00", "14:59", "15:00"]
    moments = [local("Asia/Shanghai", f"2024-06-19T{c}") for c in clock]
    assert segments(SHANGHAI, *moments) == [-1, 0, 0, -1, -1, 1, 1, -1]


def test_no_session_on_a_weekend_except_where_trading_never_stops() -> None:
    saturday = datetime(2024, 6, 22, 15, tzinfo=UTC)
    assert segments(NEW_YORK, saturday) == [-1]
    assert segments(MARKETS["crypto"], saturday) == [0]


def test_a_half_day_closes_early_and_no_other_day_does() -> None:
    hours = NEW_YORK.closing_early(dict([parse_half_day("2015-12-24=13:00")]))
    half = [local("America/New_York", f"2015-12-24T{c}") for c in ("12:59", "13:00", "15:00")]
    full = [local("America/New_York", f"2015-12-23T{c}") for c in ("12:59", "13:00", "15:00")]
    assert segments(hours, *half) == [0, -1, -1]
    assert segments(hours, *full) == [0, 0, 0]
    assert segments(NEW_YORK, *half) == [0, 0, 0]
    assert starts(hours, half[2]) == [half[1]]


def test_a_half_day_that_ends_before_lunch_has_no_afternoon() -> None:
    hours = SHANGHAI.closing_early({date(2024, 6, 19): 11 * 60})
    moments = [local("Asia/Shanghai", f"2024-06-19T{c}") for c in ("10:59", "11:00", "13:00")]
    assert segments(hours, *moments) == [0, -1, -1]
    assert starts(hours, moments[2]) == [moments[1]]


def test_every_stretch_of_a_day_begins_at_its_boundary() -> None:
    day = "2024-06-19T"
    clock = {
        "09:00": "00:00",
        "10:00": "09:30",
        "12:00": "11:30",
        "14:00": "13:00",
        "16:00": "15:00",
    }
    moments = [local("Asia/Shanghai", day + at) for at in clock]
    assert starts(SHANGHAI, *moments) == [
        local("Asia/Shanghai", day + begun) for begun in clock.values()
    ]


def test_a_day_that_begins_with_a_clock_change_begins_when_the_clock_says_one() -> None:
    # In Beirut the clock went from 00:00 to 01:00 on 2022-03-27, which was 22:00 UTC.
    hours = MarketHours(
        name="beirut", time_zone="Asia/Beirut", segments=(Session.parse("09:30-12:30"),)
    )
    assert starts(hours, datetime(2022, 3, 27, 0, 30, tzinfo=UTC)) == [
        datetime(2022, 3, 26, 22, tzinfo=UTC)
    ]


def by_hand(hours: MarketHours, moment: datetime) -> int:
    there = moment.astimezone(ZoneInfo(hours.time_zone))
    clock = there.time()
    if there.isoweekday() not in hours.weekdays:
        return -1
    for number, session in enumerate(hours.segments):
        opens = time(*divmod(session.opens, 60))
        closes = time(*divmod(session.closes, 60)) if session.closes < 1440 else None
        if opens <= clock and (closes is None or clock < closes):
            return number
    return -1


@given(st.lists(MOMENTS, min_size=1, max_size=20), st.sampled_from(list(MARKETS)))
def test_segments_agree_with_the_clock_of_zoneinfo(moments: list[datetime], name: str) -> None:
    hours = market(name)
    assert segments(hours, *moments) == [by_hand(hours, moment) for moment in moments]


@given(MOMENTS, st.sampled_from(list(MARKETS)))
def test_a_stretch_begins_before_its_times_and_within_the_local_day(
    moment: datetime, name: str
) -> None:
    hours = market(name)
    (start,) = starts(hours, moment)
    zone = ZoneInfo(hours.time_zone)
    assert start <= moment
    assert start.astimezone(zone).date() == moment.astimezone(zone).date()
    assert segments(hours, start) == segments(hours, moment)
    assert starts(hours, start) == [start]


def test_expressions_are_lazy_and_keep_the_rows() -> None:
    frame = pl.LazyFrame(
        {"time": pl.Series([datetime(2024, 6, 19, 2, tzinfo=UTC)] * 3, dtype=UTC_TIME)}
    )
    inside = frame.select(
        SHANGHAI.in_session(pl.col("time")), SHANGHAI.local_date(pl.col("time")).alias("d")
    )
    assert inside.collect().rows() == [(True, date(2024, 6, 19))] * 3


@pytest.mark.parametrize(
    "text", ["9.30-16:00", "16:00-09:30", "09:30", "09:30-24:30", "09:60-10:00"]
)
def test_hours_that_are_none_are_refused(text: str) -> None:
    with pytest.raises(InputError):
        Session.parse(text)


@pytest.mark.parametrize("text", ["2015-12-24", "24.12.2015=13:00", "2015-12-24=1300", "=13:00"])
def test_half_days_that_are_none_are_refused(text: str) -> None:
    with pytest.raises(InputError, match="write it as 2015-12-24=13:00"):
        parse_half_day(text)


def test_a_market_that_nobody_knows_is_refused() -> None:
    with pytest.raises(InputError, match="us-equity, cn-ashare, crypto"):
        market("mars")


def test_overlapping_segments_and_unknown_zones_are_refused() -> None:
    one, two = Session.parse("09:30-11:30"), Session.parse("11:00-15:00")
    with pytest.raises(InputError, match="overlap"):
        MarketHours(name="x", time_zone="UTC", segments=(one, two))
    with pytest.raises(InputError, match="no time zone 'Mars/Olympus'"):
        MarketHours(name="x", time_zone="Mars/Olympus", segments=(one,))


@pytest.mark.parametrize(
    ("zone", "name"),
    [
        ("America/New_York", "us-equity"),
        ("US/Eastern", "us-equity"),
        ("Asia/Shanghai", "cn-ashare"),
        ("PRC", "cn-ashare"),
        ("UTC", "crypto"),
        ("Asia/Hong_Kong", "crypto"),  # Shanghai's clock, and hours of its own
        (None, "crypto"),
    ],
)
def test_a_time_zone_names_a_market_or_the_one_that_never_closes(
    zone: str | None, name: str
) -> None:
    assert market_in(zone).name == name
