"""Instants as a database stores them: with a zone, without one, as counts, or as text."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any, Literal, get_args
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from tradeglyph.domain.errors import InputError
from tradeglyph.domain.fills import MICROSECONDS
from tradeglyph.domain.instants import (
    AFTER_S,
    EPOCH,
    FIRST_COUNT_S,
    MICROSECOND,
    PER_SECOND,
    instant_of_count,
)

Unit = Literal["s", "ms", "us", "ns"]
Form = Literal["aware", "utc", "naive", "epoch", "text", "day"]

UNITS: dict[Unit, int] = dict(zip(get_args(Unit), PER_SECOND, strict=True))
"""Counts per second."""

_LOCAL_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001  a local time is meant
_SECOND, _MINUTE, _DAY = MICROSECONDS, 60 * MICROSECONDS, 86_400 * MICROSECONDS
# 1900-01-01 to 2262-01-01: the span of times; counts from 1990 on. As the readers of files have it.
_FIRST, _AFTER = -2_208_988_800 * _SECOND, AFTER_S * _SECOND
_FIRST_COUNT = FIRST_COUNT_S * _SECOND
_SUMMER = 3600 * _SECOND
"""By how much a zone's offset changes, but for an island or two."""
_FOLD = 3 * 3600 * _SECOND
"""More than any clock was ever put back for summer time."""

Values = Sequence[Any]
Micros = tuple[NDArray[np.int64], NDArray[np.bool_]]
"""Microseconds UTC, and whether each is good; those that aren't are 0."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Instants:
    """How one column stores its times. Made by `sniff`."""

    form: Form
    zone: ZoneInfo | None = None
    """Of naive times and texts."""
    unit: Unit = "us"
    offset: timedelta | None = None
    """Of texts that carry one."""
    shift: int = 0
    """Microseconds by which the offset of other texts may be more or less: summer time."""
    separator: str = " "
    """Between day and time of texts; empty where they are days only."""

    def bounds(self, since: int, until: int) -> tuple[Any, Any]:
        """Stored values `low` and `high`: every instant in [since, until), microseconds UTC, is
        stored as a value in [low, high). Others may be, too."""
        since, until = _in_time(since), _in_time(until)
        if self.form in ("aware", "utc"):
            low, high = (EPOCH + timedelta(microseconds=t) for t in (since, until))
            return (low, high) if self.form == "aware" else (_bare(low), _bare(high))
        if self.form == "epoch":
            per = UNITS[self.unit]
            # Counts may have fractions; one more at the end does no harm.
            return since * per // _SECOND, -(-until * per // _SECOND) + (per <= _SECOND)
        low_us, high_us = self._local(since), self._local(until)
        back = self._local(until - _FOLD) + _FOLD - high_us
        # After the clock was put back, earlier instants have later local times.
        high_us += max(back, 0)
        if self.form == "naive":
            return _local(low_us), _local(high_us)
        return self._text_bounds(low_us - self.shift, high_us + self.shift)

    def behind(self, instant: int) -> list[Any]:
        """Stored values, the highest first, for the newest row before an instant: under the first
        are all that are, under the last no others, and between them it gets closer."""
        low, high = self.bounds(instant, instant)
        if not self.shift:
            return [high, low]
        local = self._local(_in_time(instant))
        clocks = (local + self.shift, local, local - self.shift)
        return [bound for at in clocks for bound in reversed(self._text_bounds(at, at))]

    def every(self) -> tuple[Any, Any]:
        """Stored values `low` and `high`: what is not in [low, high) is no time."""
        return self.bounds(_FIRST_COUNT if self.form == "epoch" else _FIRST, _AFTER)

    def micros(self, values: Values) -> Micros:
        """Instants of stored values. Not good: null, another kind of value, one out of span, a
        local time that the clock never showed. One that it showed twice is the earlier instant."""
        if self.form == "epoch":
            return self._counts(values)
        micros = np.zeros(len(values), dtype=np.int64)
        good = np.zeros(len(values), dtype=np.bool_)
        for at, value in enumerate(values):
            instant = self._one(value)
            if instant is not None and _FIRST <= instant < _AFTER:
                micros[at], good[at] = instant, True
        return micros, good

    def _one(self, value: object) -> int | None:
        moment = _moment(value)
        if moment is None:
            return None
        if moment.tzinfo is not None:
            return (moment - EPOCH) // MICROSECOND
        local = (moment - _LOCAL_EPOCH) // MICROSECOND
        if self.form == "utc":
            return local
        if self.zone is None:
            return None
        offset = _offset(self.zone, local // _MINUTE)
        return None if offset is None else local - offset

    def _counts(self, values: Values) -> Micros:
        per = UNITS[self.unit]
        if set(map(type, values)) <= {int}:
            try:
                counts = np.array(values, dtype=np.int64)
            except OverflowError:
                pass
            else:
                good = (counts >= _FIRST_COUNT // _SECOND * per) & (
                    counts < _AFTER // _SECOND * per
                )
                counts = np.where(good, counts, 0)
                return (
                    counts // (per // _SECOND) if per > _SECOND else counts * (_SECOND // per)
                ), good
        found = [_count(value, per) for value in values]
        good = np.array([f is not None and _FIRST_COUNT <= f < _AFTER for f in found], np.bool_)
        micros = [f if g and f is not None else 0 for f, g in zip(found, good, strict=True)]
        return np.array(micros, dtype=np.int64), good

    def _local(self, instant: int) -> int:
        """Microseconds on the clock of the column."""
        if self.offset is not None:
            return instant + self.offset // MICROSECOND
        moment = (EPOCH + timedelta(microseconds=instant)).astimezone(self.zone)
        return (_bare(moment) - _LOCAL_EPOCH) // MICROSECOND

    def _text_bounds(self, low: int, high: int) -> tuple[Any, Any]:
        """Texts that sort before and after all spellings, with or without seconds or fraction."""
        if self.form == "day" or not self.separator:
            first, last = _local(low).date(), _local(high).date() + timedelta(days=1)
            return (first, last) if self.form == "day" else (str(first), str(last))
        spelling = f"%Y-%m-%d{self.separator}%H:%M:%S"
        return (
            _local(low - _MINUTE).strftime(spelling),
            _local(high + 2 * _SECOND).strftime(spelling),
        )


def sniff(
    value: object,
    where: str,
    *,
    zone: ZoneInfo | None,
    unit: Unit | None,
    utc: bool = False,
) -> Instants:
    """How the column stores its times, as one value shows.

    Args:
        value: one that is not null, as the driver gives it.
        where: the column, for the messages.
        zone: that of naive times.
        unit: of counts; None takes the one in which the value is an instant of 1990 to 2262.
        utc: naive values are UTC.

    Raises InputError where the value is no time, or naive and no zone is given.
    """
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        return Instants(form="epoch", unit=unit or _unit_of(value, where))
    moment = _moment(value)
    if moment is None:
        raise InputError(
            f"{where}: {type(value).__name__} is no time that can be read; times are timestamps,"
            " counts since 1970, or ISO 8601 texts such as 2024-10-04 09:30:00"
        )
    if isinstance(value, datetime) and (utc or moment.tzinfo is not None):
        return Instants(form="utc" if moment.tzinfo is None else "aware")
    if moment.tzinfo is None and zone is None:
        raise InputError(
            f'{where}: its times have no zone; set timezone, for instance "Asia/Shanghai" or "UTC"'
        )
    if isinstance(value, str):
        text = value.strip()
        offset = moment.utcoffset()
        # Z is UTC, and has no summer.
        shift = 0 if offset is None or text[-1] in "Zz" else _SUMMER
        return Instants(form="text", zone=zone, offset=offset, shift=shift, separator=text[10:11])
    return Instants(form="naive" if isinstance(value, datetime) else "day", zone=zone)


def _moment(value: object) -> datetime | None:
    """What the value says; texts in ISO 8601 with hyphens."""
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day)  # noqa: DTZ001  local
    if not isinstance(value, str) or value.strip()[4:5] != "-":
        return None
    try:
        return datetime.fromisoformat(value.strip())
    except ValueError:
        return None


def _in_time(instant: int) -> int:
    return min(max(instant, _FIRST), _AFTER)


def _bare(moment: datetime) -> datetime:
    return moment.replace(tzinfo=None)


def _local(micros: int) -> datetime:
    return _LOCAL_EPOCH + timedelta(microseconds=micros)


@lru_cache(maxsize=1 << 16)
def _offset(zone: ZoneInfo, minute: int) -> int | None:
    """Microseconds by which the clock is ahead of UTC at this local minute, the first time that it
    shows it; None where it never does."""
    local = _local(minute * _MINUTE).replace(tzinfo=zone, fold=0)
    if _bare(local.astimezone(UTC).astimezone(zone)) != _bare(local):
        return None
    offset = local.utcoffset()
    return None if offset is None else offset // MICROSECOND


def _count(value: object, per: int) -> int | None:
    if not isinstance(value, int | float | Decimal) or isinstance(value, bool):
        return None
    try:
        return instant_of_count(value, per)
    except (ValueError, OverflowError, ArithmeticError):
        return None


def _unit_of(value: float | Decimal, where: str) -> Unit:
    for unit, per in UNITS.items():
        found = _count(value, per)
        if found is not None and _FIRST_COUNT <= found < _AFTER:
            return unit
    raise InputError(f"{where}: {value} is no count since 1970 in s, ms, us or ns; set time_unit")
