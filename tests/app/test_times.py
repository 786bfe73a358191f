from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from tradeglyph.app.times import rfc3339

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
