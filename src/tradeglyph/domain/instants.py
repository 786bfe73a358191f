"""Instants: microseconds since 1970-01-01 UTC, and how people and machines write them."""

import math
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from decimal import Decimal
from typing import Literal

from tradeglyph.domain.fills import MICROSECONDS

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)

FIRST_COUNT_S, AFTER_S = 631_152_000, 9_214_646_400
"""1990-01-01 and 2262-01-01 in seconds: in this span no count in one unit is one in another."""
PER_SECOND = (1, 10**3, 10**6, 10**9)
"""Counts of s, ms, us and ns in a second."""

Fraction = Literal["auto", "seconds", "milliseconds"]
Count = int | float | Decimal


def moment_of(instant: int) -> datetime:
    """The instant, exactly, in UTC."""
    return EPOCH + timedelta(microseconds=instant)


def rfc3339(instant: int, zone: tzinfo = UTC, fraction: Fraction = "seconds") -> str:
    """RFC 3339, with `Z` in UTC and else with the offset, cut to seconds or milliseconds; `auto`
    says the microseconds where there are any."""
    moment = moment_of(instant)
    if zone is UTC:
        return moment.isoformat(timespec=fraction).replace("+00:00", "Z")
    return moment.astimezone(zone).isoformat(timespec=fraction)


def exact_rfc3339(instant: int) -> str:
    """RFC 3339 with `Z` to the last microsecond, with a fraction where there is one."""
    return rfc3339(instant, fraction="auto")


def instant_of(text: str) -> int:
    """The instant of an ISO 8601 text with an offset, from 1990 to 2262. Raises ValueError, whose
    message goes on after what the text is the value of."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError("is not a time: write it as 2026-01-02T03:04:05Z") from None
    if moment.tzinfo is None:
        raise ValueError("says no offset: add Z, or one such as +08:00")
    instant = (moment - EPOCH) // MICROSECOND
    if not FIRST_COUNT_S <= instant / MICROSECONDS < AFTER_S:
        raise ValueError("is not between 1990 and 2262")
    return instant


def unit_of(counts: Sequence[Count]) -> int:
    """Counts per second: the unit in which the middle one is an instant of 1990 to 2262; 0 where
    there is none."""
    if not counts:
        return 0
    middle = sorted(counts)[len(counts) // 2]
    return next((per for per in PER_SECOND if is_instant(middle, per)), 0)


def is_instant(count: Count, per: int) -> bool:
    """Whether a count since 1970 is an instant of 1990 to 2262."""
    return FIRST_COUNT_S * per <= count < AFTER_S * per


def instant_of_count(count: Count, per: int) -> int:
    """The instant of a count since 1970 of which `per` are a second: exact, and cut to the
    microsecond; of a float, which is never exact, the nearest. Raises ValueError, OverflowError or
    ArithmeticError for what is not finite."""
    if isinstance(count, int):
        return count * MICROSECONDS // per
    if isinstance(count, float):
        return round(count * (MICROSECONDS / per))
    return math.floor(count * MICROSECONDS / per)
