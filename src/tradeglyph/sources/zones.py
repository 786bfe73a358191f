"""Local times and the zones they belong to."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import polars as pl

from tradeglyph.domain.errors import InputError

GAP = datetime(1, 1, 1, tzinfo=UTC)
"""Stands for a local time that the clock never showed: it went forward."""

# RFC 5322, section 4.3. CST is left out: it is also China's.
ABBREVIATIONS: dict[str, int] = {
    "UTC": 0,
    "GMT": 0,
    "Z": 0,
    "EDT": -4,
    "EST": -5,
    "CDT": -5,
    "MDT": -6,
    "MST": -7,
    "PDT": -7,
    "PST": -8,
}
UNIVERSAL = ("UTC", "GMT", "Z")


@dataclass(frozen=True, slots=True)
class Localised:
    """Instants of local times, `GAP` where the clock never showed the time."""

    values: pl.Series
    ambiguous: int
    """How many local times the clock showed twice; the earlier instant was taken."""


def check_zone(name: str, option: str = "--timezone") -> None:
    """Raises InputError, naming the option, where `name` is no IANA time zone."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise InputError(
            f"{option} {name}: no such time zone; use an IANA name such as Asia/Shanghai"
        ) from error


def localise(naive: pl.Series, zone: str) -> Localised:
    """UTC instants of naive local times in `zone`."""
    local = naive.cast(pl.Datetime("us"))
    values = _instants(local, zone, "earliest")
    later = _instants(local, zone, "latest")
    ambiguous = int((values != later).sum())
    gap = local.is_not_null() & values.is_null()
    return Localised(values.set(gap, GAP) if gap.any() else values, ambiguous)


def from_abbreviations(naive: pl.Series, names: pl.Series) -> pl.Series:
    """UTC instants of naive times beside a zone's abbreviation; null where that is unknown."""
    hours = names.replace_strict(ABBREVIATIONS, default=None, return_dtype=pl.Int64)
    utc = naive.cast(pl.Datetime("us")) - hours * timedelta(hours=1)
    return utc.dt.replace_time_zone("UTC")


def _instants(local: pl.Series, zone: str, ambiguous: Literal["earliest", "latest"]) -> pl.Series:
    aware = local.dt.replace_time_zone(zone, ambiguous=ambiguous, non_existent="null")
    return aware.dt.convert_time_zone("UTC")
