"""Lengths of candles, as people write them: 30s, 5m, 1h, 1d."""

import re

from tradeglyph.domain.errors import InputError
from tradeglyph.domain.fills import DAY_US, MICROSECONDS

UNITS: dict[str, int] = {
    "s": MICROSECONDS,
    "m": 60 * MICROSECONDS,
    "h": 3_600 * MICROSECONDS,
    "d": DAY_US,
}


def parse_interval(text: str, option: str = "--interval", *, most: int = DAY_US) -> int:
    """Microseconds of an interval such as `30s`, `5m`, `5min`, `1h` or `1d`.

    Raises InputError, naming the option, where the text says no interval, or one over `most`
    microseconds; a day, since candles serve windows of a day.
    """
    found = re.fullmatch(r"([0-9]{1,5})\s*(s|m|min|h|d)", text.strip().lower())
    length = int(found[1]) * UNITS[found[2][0]] if found else 0
    if not 0 < length <= most:
        limit = "a day" if most == DAY_US else interval_text(most)
        raise InputError(f"{option} {text!r}: write it as 30s, 5m, 1h or 1d (at most {limit})")
    return length


def interval_text(length: int) -> str:
    """The shortest spelling of `length` microseconds in one unit, such as `90m`."""
    for unit in ("d", "h", "m", "s"):
        if length % UNITS[unit] == 0:
            return f"{length // UNITS[unit]}{unit}"
    return f"{length} us"
