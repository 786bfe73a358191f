"""Trading sessions: when a market is open, by the clock on its wall.

The hours are those that the exchanges publish: New York Stock Exchange and Nasdaq 09:30-16:00;
Shanghai and Shenzhen 09:30-11:30 and 13:00-15:00; a crypto exchange never closes. Segments are
half open: a stamp at the closing instant itself (a closing auction's print) is after the session.

Not covered: holidays (a day without trades has no rows), and sessions over midnight.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import polars as pl

from tradeglyph.domain.errors import InputError
from tradeglyph.domain.fills import DAY_US, MICROSECONDS
from tradeglyph.sources.tables import UTC_TIME

MINUTE_US = 60 * MICROSECONDS
LAST_MINUTE = 24 * 60
OUTSIDE = -1
"""The segment number of what was traded outside every segment."""


@dataclass(frozen=True, slots=True)
class Session:
    """One unbroken segment of trading, in minutes since local midnight."""

    opens: int
    """Inclusive."""
    closes: int
    """Exclusive; 1440 is the end of the day."""

    def __post_init__(self) -> None:
        if not 0 <= self.opens < self.closes <= LAST_MINUTE:
            raise InputError(f"session {self}: must open before it closes, within one day")

    def __str__(self) -> str:
        return f"{_clock(self.opens)}-{_clock(self.closes)}"

    @classmethod
    def parse(cls, text: str) -> "Session":
        """A segment written as `09:30-11:30`; `24:00` is the end of the day."""
        opens, _, closes = text.partition("-")
        return cls(_minute(opens), _minute(closes))


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketHours:
    """The regular hours of a market.

    The methods that take `times` take an expression of dtype Datetime (us, UTC) and give one of
    its length, to be used on any frame, lazy or not. Local clocks follow the time zone's summer
    time.
    """

    name: str
    time_zone: str
    """IANA name."""
    segments: tuple[Session, ...]
    """In order, without overlap."""
    half_days: Mapping[date, int] = field(default_factory=dict, hash=False)
    """Local dates that close early, and the minute since local midnight at which they do."""
    weekdays: tuple[int, ...] = (1, 2, 3, 4, 5)
    """ISO weekdays with trading; 1 is Monday."""

    def __post_init__(self) -> None:
        try:
            ZoneInfo(self.time_zone)
        except (ZoneInfoNotFoundError, ValueError):
            raise InputError(f"market {self.name}: no time zone {self.time_zone!r}") from None
        pairs = zip(self.segments, self.segments[1:], strict=False)
        if not self.segments or any(a.closes > b.opens for a, b in pairs):
            raise InputError(f"market {self.name}: segments must be in order, without overlap")
        object.__setattr__(self, "half_days", MappingProxyType(dict(self.half_days)))

    def closing_early(self, half_days: Mapping[date, int]) -> "MarketHours":
        """These hours, with more half days (date to closing minute since local midnight)."""
        return replace(self, half_days={**self.half_days, **half_days})

    def segment(self, times: pl.Expr) -> pl.Expr:
        """The segment in which a time lies, Int8: 0 is the day's first, -1 is outside."""
        local = _local(times, self.time_zone)
        clock = _since_midnight(local)
        number = pl.lit(OUTSIDE, pl.Int8)
        for index, opens, closes in self._bounds(local):
            number = pl.when((clock >= opens) & (clock < closes)).then(index).otherwise(number)
        return number.cast(pl.Int8)

    def in_session(self, times: pl.Expr) -> pl.Expr:
        """Whether a time lies in a segment, Boolean."""
        return self.segment(times) != OUTSIDE

    def stretch_start(self, times: pl.Expr) -> pl.Expr:
        """The instant at which a time's stretch of the day began, Datetime (us, UTC).

        Local midnight and every opening and closing begin a stretch, so that segments, and what
        lies before, between and after them, each have their own.
        """
        local = _local(times, self.time_zone)
        clock = _since_midnight(local)
        latest = pl.lit(0, pl.Int64)
        for _, opens, closes in self._bounds(local):
            latest = pl.when((clock >= opens) & (opens < closes)).then(opens).otherwise(latest)
            latest = pl.when((clock >= closes) & (opens < closes)).then(closes).otherwise(latest)
        return _instant(local.dt.truncate("1d"), latest, self.time_zone)

    def local_date(self, times: pl.Expr) -> pl.Expr:
        """The calendar day at the market, Date."""
        return _local(times, self.time_zone).dt.date()

    def _bounds(self, local: pl.Expr) -> Iterator[tuple[int, pl.Expr, pl.Expr]]:
        """Number, opening and closing of each segment on the row's day, in microseconds.

        A segment that the day doesn't have closes before it opens.
        """
        trades = local.dt.weekday().is_in(list(self.weekdays))
        last = pl.when(trades).then(self._last_minute(local)).otherwise(-1)
        for index, session in enumerate(self.segments):
            closes = pl.min_horizontal(pl.lit(session.closes, pl.Int64), last)
            yield index, pl.lit(session.opens * MINUTE_US, pl.Int64), closes * MINUTE_US

    def _last_minute(self, local: pl.Expr) -> pl.Expr:
        if not self.half_days:
            return pl.lit(LAST_MINUTE, pl.Int64)
        return local.dt.date().replace_strict(
            list(self.half_days), list(self.half_days.values()), default=LAST_MINUTE,
            return_dtype=pl.Int64,
        )  # fmt: skip


def parse_half_day(text: str) -> tuple[date, int]:
    """Date and closing minute of `2015-12-24=13:00`. Raises InputError."""
    day, _, clock = text.partition("=")
    try:
        return date.fromisoformat(day.strip()), _minute(clock)
    except (ValueError, InputError):
        raise InputError(f"half day {text!r}: write it as 2015-12-24=13:00") from None


def _minute(text: str) -> int:
    found = re.fullmatch(r"([0-9]{1,2}):([0-5][0-9])", text.strip())
    minute = int(found[1]) * 60 + int(found[2]) if found else LAST_MINUTE + 1
    if minute > LAST_MINUTE:
        raise InputError(f"{text!r} is no time of day; write it as 09:30")
    return minute


def _clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"


def _local(times: pl.Expr, time_zone: str) -> pl.Expr:
    return times.dt.convert_time_zone(time_zone).dt.replace_time_zone(None)


def _since_midnight(local: pl.Expr) -> pl.Expr:
    return local.to_physical() % DAY_US


def _instant(midnight: pl.Expr, clock: pl.Expr, time_zone: str) -> pl.Expr:
    """UTC of a local clock. An hour that happens twice counts from its first time; where the
    clock jumps over it, from an hour later."""
    wall = midnight + clock.cast(pl.Duration("us"))

    def in_zone(local: pl.Expr) -> pl.Expr:
        return local.dt.replace_time_zone(time_zone, ambiguous="earliest", non_existent="null")

    later = in_zone(wall + pl.duration(hours=1))
    return pl.coalesce(in_zone(wall), later).dt.convert_time_zone("UTC").cast(UTC_TIME)


MARKETS: dict[str, MarketHours] = {
    hours.name: hours
    for hours in (
        MarketHours(
            name="us-equity",
            time_zone="America/New_York",
            segments=(Session.parse("09:30-16:00"),),
        ),
        MarketHours(
            name="cn-ashare",
            time_zone="Asia/Shanghai",
            segments=(Session.parse("09:30-11:30"), Session.parse("13:00-15:00")),
        ),
        MarketHours(
            name="crypto",
            time_zone="UTC",
            segments=(Session.parse("00:00-24:00"),),
            weekdays=(1, 2, 3, 4, 5, 6, 7),
        ),
    )
}


ALWAYS_OPEN = "crypto"
_LINKS = {"US/Eastern": "America/New_York", "PRC": "Asia/Shanghai"}
"""Older names of time zones, as the file `backward` of the tz database links them."""


def market_in(time_zone: str | None) -> MarketHours:
    """The market whose clock is in the time zone of that name; where there is none, or no zone is
    given, the one that never closes: it leaves nothing out."""
    zone = _LINKS.get(time_zone or "", time_zone)
    found = (hours for hours in MARKETS.values() if hours.time_zone == zone)
    return next(found, MARKETS[ALWAYS_OPEN])


def market(name: str) -> MarketHours:
    """The hours of a market by its name. Raises InputError where nobody knows it."""
    if name not in MARKETS:
        raise InputError(f"market {name!r} is not known; choose one of {', '.join(MARKETS)}")
    return MARKETS[name]
