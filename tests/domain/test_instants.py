"""How instants are written and read."""

from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from tradeglyph.domain.instants import (
    exact_rfc3339,
    instant_of,
    instant_of_count,
    rfc3339,
    unit_of,
)

INSTANT = int(datetime(2026, 1, 2, 23, 59, 59, tzinfo=UTC).timestamp()) * 1_000_000


@pytest.mark.parametrize(
    ("zone", "wanted"),
    [
        (UTC, "2026-01-02T23:59:59Z"),
        (ZoneInfo("Asia/Shanghai"), "2026-01-03T07:59:59+08:00"),
        (ZoneInfo("America/New_York"), "2026-01-02T18:59:59-05:00"),
    ],
)
def test_an_instant_in_a_zone(zone: ZoneInfo, wanted: str) -> None:
    assert rfc3339(INSTANT, zone) == wanted


def test_fractions_are_cut_and_not_rounded_into_the_next_day() -> None:
    assert rfc3339(INSTANT + 999_999) == "2026-01-02T23:59:59Z"


def test_before_1970() -> None:
    assert rfc3339(-1_000_000) == "1969-12-31T23:59:59Z"


def test_as_much_of_a_fraction_as_is_asked_for() -> None:
    late = INSTANT + 120_000
    assert exact_rfc3339(INSTANT) == "2026-01-02T23:59:59Z"
    assert exact_rfc3339(late + 1) == "2026-01-02T23:59:59.120001Z"
    assert rfc3339(late + 999, fraction="milliseconds") == "2026-01-02T23:59:59.120Z"


def test_texts_with_an_offset() -> None:
    assert instant_of("2026-01-03T07:59:59.000001+08:00") == INSTANT + 1
    assert instant_of("2026-01-02T23:59:59Z") == INSTANT


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("soon", "is not a time"),
        ("2026-01-02T23:59:59", "says no offset"),
        ("1066-10-14T09:00:00Z", "is not between 1990 and 2262"),
        ("2262-01-01T00:00:00Z", "is not between 1990 and 2262"),
    ],
)
def test_texts_that_are_no_instant(text: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        instant_of(text)


SECONDS = INSTANT // 1_000_000


@pytest.mark.parametrize("per", [1, 10**3, 10**6, 10**9])
def test_counts_show_their_unit(per: int) -> None:
    assert unit_of([0, SECONDS * per, SECONDS * per + 1]) == per
    assert instant_of_count(SECONDS * per, per) == INSTANT


def test_counts_that_are_none() -> None:
    assert unit_of([]) == unit_of([0]) == unit_of([20260102]) == 0


@pytest.mark.parametrize(
    ("count", "per", "after"),
    [
        # Exact ones are cut, as nanoseconds are; a float is nearly what it says.
        (SECONDS * 10**9 + 1999, 10**9, 1),
        (SECONDS + Decimal("0.0000019"), 1, 1),
        (SECONDS + 0.25, 1, 250_000),
        (1_767_398_399.000003, 1, 3),
    ],
)
def test_fractions_of_counts(count: int | float | Decimal, per: int, after: int) -> None:
    assert instant_of_count(count, per) == INSTANT + after
