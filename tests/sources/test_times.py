"""Times of any form."""

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradeglyph.domain.errors import InputError
from tradeglyph.sources.options import ReadOptions
from tradeglyph.sources.times import TimeReader

NOON = datetime(2024, 1, 2, 4, 5, 6, tzinfo=UTC)


def _parse(cells: list[Any] | pl.Series, **options: Any) -> list[datetime | None]:
    done = TimeReader(ReadOptions(**options), "t.csv").parse(pl.Series(cells))
    assert done.reasons is None, done.reasons.to_list()
    return done.values.to_list()


def _reasons(cells: list[Any], **options: Any) -> list[str | None]:
    done = TimeReader(ReadOptions(**options), "t.csv").parse(pl.Series(cells))
    assert done.reasons is not None
    return done.reasons.to_list()


@pytest.mark.parametrize(
    "text",
    [
        "2024-01-02T04:05:06Z",
        "2024-01-02T04:05:06z",
        "2024-01-02 04:05:06+00:00",
        "2024-01-02T12:05:06+0800",
        "2024-01-02T12:05:06.000000+08:00",
        "2024-01-02 12:05:06 +08:00",
        "2024-01-01T23:05:06-05",
        "20240102T040506Z",
        " 2024-01-02T04:05:06Z ",
        "1704168306",
        "1704168306000",
        "1704168306000000",
        "1704168306000000000",
        "1704168306.0",
    ],
)
def test_forms_with_an_instant_of_their_own(text: str) -> None:
    assert _parse([text]) == [NOON]
    # A time zone for naive times never moves them.
    assert _parse([text], timezone="America/New_York") == [NOON]


@pytest.mark.parametrize(
    "text",
    [
        "2024-01-02T12:05:06",
        "2024-01-02 12:05:06.000",
        "2024/01/02 12:05:06",
        "2024/1/2 12:05:06",
        "20240102 12:05:06",
        "20240102T120506",
        "20240102120506",
    ],
)
def test_naive_forms_need_a_zone(text: str) -> None:
    assert _parse([text], timezone="Asia/Shanghai") == [NOON]
    with pytest.raises(InputError, match=r"t\.csv.*has no time zone; add --timezone"):
        TimeReader(ReadOptions(), "t.csv").parse(pl.Series([text]))


def test_minutes_without_seconds() -> None:
    minute = NOON.replace(second=0)
    assert _parse(["2024-01-02T04:05Z", "2024-01-02 12:05+08:00"]) == [minute, minute]
    assert _parse(["2024-01-02 12:05"], timezone="Asia/Shanghai") == [minute]


def test_forms_may_be_mixed_row_by_row() -> None:
    cells = ["2024-01-02T04:05:06Z", "2024-01-02 12:05:06", "2024-01-02T12:05:06.5+08:00"]
    found = _parse(cells, timezone="Asia/Shanghai")
    assert found == [NOON, NOON, NOON + timedelta(milliseconds=500)]


@given(
    st.datetimes(datetime(1990, 1, 1), datetime(2200, 1, 1)),  # noqa: DTZ001
    st.integers(-14 * 60, 14 * 60),
)
def test_any_instant_with_any_offset(naive: datetime, minutes: int) -> None:
    moment = naive.replace(tzinfo=timezone(timedelta(minutes=minutes)))
    assert _parse([moment.isoformat()]) == [moment]


@given(st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1)))  # noqa: DTZ001
def test_naive_times_are_those_of_the_standard_library(naive: datetime) -> None:
    zone = ZoneInfo("Asia/Kolkata")
    assert _parse([str(naive)], timezone="Asia/Kolkata") == [naive.replace(tzinfo=zone)]


def test_strptime_formats_of_real_files() -> None:
    wanted = datetime(2026, 2, 27, 1, 3, 48, tzinfo=UTC)
    text = ["Thursday, February 26, 2026 20:03:48 EST"]
    named, literal = "%A, %B %d, %Y %H:%M:%S %Z", "%A, %B %d, %Y %H:%M:%S EST"
    assert _parse(text, time_format=named) == [wanted]
    assert _parse(text, time_format=named, timezone="America/New_York") == [wanted]
    assert _parse(text, time_format=literal, timezone="America/New_York") == [wanted]
    assert _parse(["02-12-2024 22:50"], time_format="%d-%m-%Y %H:%M", timezone="Asia/Kolkata") == [
        datetime(2024, 12, 2, 17, 20, tzinfo=UTC)
    ]
    assert _parse([20240102], time_format="%Y%m%d", timezone="UTC") == [
        datetime(2024, 1, 2, tzinfo=UTC)
    ]


def test_formats_with_fractions_offsets_and_halves_of_the_day() -> None:
    assert _parse(
        ["04:05:06.25 2024-01-02"], time_format="%H:%M:%S.%f %Y-%m-%d", timezone="UTC"
    ) == [NOON + timedelta(milliseconds=250)]
    assert _parse(["1/2/2024 12:05:06 PM +0800"], time_format="%m/%d/%Y %I:%M:%S %p %z") == [NOON]


def test_a_zone_name_that_means_two_zones_needs_the_option() -> None:
    text = ["2024-01-02 12:05:06 CST"]
    form = "%Y-%m-%d %H:%M:%S %Z"
    with pytest.raises(InputError, match="add --timezone"):
        TimeReader(ReadOptions(time_format=form), "t").parse(pl.Series(text))
    assert _parse(text, time_format=form, timezone="Asia/Shanghai") == [NOON]


def test_utc_in_the_text_goes_before_the_option() -> None:
    found = _parse(
        ["2024-01-02 04:05:06 UTC"], time_format="%Y-%m-%d %H:%M:%S %Z", timezone="Asia/Shanghai"
    )
    assert found == [NOON]


def test_seconds_from_a_base() -> None:
    base = datetime(2021, 6, 14, tzinfo=UTC)
    assert _parse(["13.5"], epoch_base=base) == [base + timedelta(seconds=13.5)]
    assert _parse([26], epoch_base=base) == [base + timedelta(seconds=26)]
    assert _reasons(["13", "x"], epoch_base=base)[1] == "not a number of seconds since --epoch-base"


def test_typed_times() -> None:
    aware = (
        pl.Series([NOON]).dt.convert_time_zone("Asia/Tokyo").cast(pl.Datetime("ns", "Asia/Tokyo"))
    )
    assert _parse(aware) == [NOON]
    naive = pl.Series([datetime(2024, 1, 2, 12, 5, 6)])  # noqa: DTZ001
    assert _parse(naive, timezone="Asia/Shanghai") == [NOON]
    assert _parse([1704168306.5]) == [NOON + timedelta(milliseconds=500)]
    assert _parse(pl.Series([1704168306000.0])) == [NOON]


@pytest.mark.parametrize("value", [datetime(2024, 1, 2), date(2024, 1, 2)])  # noqa: DTZ001
def test_typed_times_that_say_too_little(value: date) -> None:
    with pytest.raises(InputError, match=r"t\.csv"):
        TimeReader(ReadOptions(), "t.csv").parse(pl.Series([value]))


def test_every_bad_text_has_its_reason() -> None:
    cells = [
        "2024-01-02T04:05:06Z",
        "",
        "1.73E+12",
        "09:31:02",
        "2024-01-02",
        "yesterday",
        "0001-01-02T04:05:06Z",
        "123",
    ]
    assert _reasons(cells) == [
        None,
        "no value",
        "an epoch in scientific notation has lost its digits",
        "a time of day without its date: --map time=DATE+TIME",
        "a date without a time of day",
        "not a time that can be read; say how with --time-format",
        "not in the years 1900 to 2261",
        "not an epoch of 1990 to 2261 in s, ms, us or ns; see --epoch-base",
    ]


def test_a_local_time_that_never_was_is_a_row_error() -> None:
    reasons = _reasons(["2024-03-10 02:30", "2024-03-10 03:30"], timezone="America/New_York")
    assert reasons == ["no such local time in America/New_York: the clock went forward", None]


def test_an_epoch_in_another_unit_than_its_column_is_a_row_error() -> None:
    reasons = _reasons(["1704168306", "1704168307", "1704168306000"])
    assert reasons[:2] == [None, None]
    assert reasons[2] is not None
    assert "the column counts in s" in reasons[2]


def test_the_unit_holds_for_later_batches() -> None:
    reader = TimeReader(ReadOptions(), "t.csv")
    reader.parse(pl.Series(["1704168306"]))
    later = reader.parse(pl.Series(["1704168306000"]))
    assert later.reasons is not None


def test_text_that_does_not_fit_the_format() -> None:
    reasons = _reasons(["02-12-2024", "x"], time_format="%d-%m-%Y", timezone="UTC")
    assert reasons == [None, "does not fit --time-format '%d-%m-%Y'"]


def test_optional_times_may_be_absent() -> None:
    done = TimeReader(ReadOptions(), "t").parse(
        pl.Series(["", None], dtype=pl.String), required=False
    )
    assert done.values.to_list() == [None, None]
    assert done.reasons is None
