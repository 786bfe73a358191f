"""Instants as columns store them, there and back."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tradeglyph.domain.errors import InputError
from tradeglyph.sources.live.instants import sniff

BERLIN = ZoneInfo("Europe/Berlin")
SECOND = 1_000_000
# 2024-03-31 01:00 UTC the clock went from 02:00 to 03:00; 2024-10-27 01:00 UTC from 03:00 to 02:00.
SPRING, AUTUMN = 1_711_846_800 * SECOND, 1_729_990_800 * SECOND
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def berlin(micros):
    return (EPOCH + timedelta(microseconds=micros)).astimezone(BERLIN)


def form(value, zone=BERLIN, **more):
    return sniff(value, "t", zone=zone, unit=more.pop("unit", None), **more)


STORED = {
    "aware": berlin,
    "naive": lambda t: berlin(t).replace(tzinfo=None),
    "s": lambda t: Decimal(t) / SECOND,
    "ms": lambda t: Decimal(t) / 1000,
    "us": lambda t: t,
    "ns": lambda t: t * 1000 + 999,
    "text": lambda t: berlin(t).replace(tzinfo=None).isoformat(" "),
    "zulu": lambda t: berlin(t).astimezone(UTC).isoformat().replace("+00:00", "Z"),
    "offset": lambda t: berlin(t).astimezone(ZoneInfo("Asia/Shanghai")).isoformat(),
}
NEAR = st.sampled_from([SPRING, AUTUMN]).flatmap(
    lambda edge: st.integers(-3 * 3600, 3 * 3600).flatmap(
        lambda s: st.sampled_from([edge + s * SECOND, edge + s * SECOND + 500_000])
    )
)


@pytest.mark.parametrize("name", STORED)
@settings(max_examples=80, deadline=None)
@given(instants=st.lists(NEAR, min_size=1, max_size=8), since=NEAR, length=st.integers(0, 7200))
def test_what_lies_in_a_span_is_stored_in_its_bounds(name, instants, since, length):
    stored = [STORED[name](t) for t in instants]
    until = since + length * SECOND
    column = form(stored[0])
    micros, good = column.micros(stored)
    assert good.all()
    low, high = column.bounds(since, until)
    for value, instant in zip(stored, micros.tolist(), strict=True):
        if since <= instant < until:
            assert low <= value < high
    if name not in ("naive", "text"):
        assert micros.tolist() == instants
    else:
        # A local time that the clock showed twice is the earlier instant.
        hour = 3600 * SECOND
        repeated = [t - hour if AUTUMN <= t < AUTUMN + hour else t for t in instants]
        assert micros.tolist() == repeated


def test_bounds_of_typed_columns_take_in_no_other_instants():
    t = AUTUMN - 86_400 * SECOND
    for name in ("aware", "us", "naive"):
        low, high = form(STORED[name](t)).bounds(t, t + 1)
        assert STORED[name](t - 1) < low <= STORED[name](t) < high
        if name != "us":
            assert STORED[name](t + 1) >= high


@pytest.mark.parametrize(
    ("value", "micros"),
    [
        (1_728_034_200, 1_728_034_200 * SECOND),
        (1_728_034_200_123, 1_728_034_200_123_000),
        (1_728_034_200_123_456, 1_728_034_200_123_456),
        (1_728_034_200_123_456_789, 1_728_034_200_123_456),
        (1_728_034_200.25, 1_728_034_200_250_000),
        ("2024-10-04 11:30", 1_728_034_200 * SECOND),
        ("2024-10-04T09:30:00Z", 1_728_034_200 * SECOND),
        (date(2024, 10, 4), 1_727_992_800 * SECOND),
        ("2024-10-04", 1_727_992_800 * SECOND),
    ],
)
def test_the_unit_and_form_show_in_the_value(value, micros):
    column = form(value)
    assert column.micros([value])[0].tolist() == [micros]
    low, high = column.bounds(micros, micros + 1)
    assert low <= value < high


def test_naive_times_of_a_column_that_is_utc():
    column = form(datetime(2024, 10, 4, 9, 30), zone=None, utc=True)  # noqa: DTZ001
    assert column.micros([datetime(2024, 10, 4, 9, 30)])[0].tolist() == [1_728_034_200 * SECOND]  # noqa: DTZ001


@pytest.mark.parametrize("value", [True, b"x", "yesterday", "20241004", 20241004])
def test_what_is_no_time_is_refused(value):
    with pytest.raises(InputError, match=r"^t: .*(no time|no count)"):
        form(value)


@pytest.mark.parametrize("value", [datetime(2024, 10, 4), "2024-10-04 09:30", date(2024, 1, 1)])  # noqa: DTZ001
def test_naive_times_need_a_zone(value):
    with pytest.raises(InputError, match="set timezone"):
        form(value, zone=None)


def test_bad_times_are_told_and_the_others_kept():
    column = form(datetime(2024, 10, 4, 11, 30))  # noqa: DTZ001
    gap = datetime(2024, 3, 31, 2, 30)  # noqa: DTZ001
    good = datetime(2024, 10, 4, 11, 30)  # noqa: DTZ001
    micros, known = column.micros([None, gap, good, "x", datetime(1800, 1, 1)])  # noqa: DTZ001
    assert known.tolist() == [False, False, True, False, False]
    assert micros[2] == 1_728_034_200 * SECOND
    counts = form(1_728_034_200)
    assert counts.micros([None, 0, 1_728_034_200, 1 << 70, float("nan")])[1].tolist() == [
        False, False, True, False, False,
    ]  # fmt: skip
    assert counts.micros([0, 1_728_034_200])[1].tolist() == [False, True]
