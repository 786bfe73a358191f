"""Lengths of candles, as people write them: 30s, 5m, 1h, 1d."""

import re

import numpy as np
from numpy.typing import NDArray

from tradeglyph.domain.candles import FIVE_MINUTES_US
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


def interval_of(symbol: NDArray[np.int32], start: NDArray[np.int64]) -> int:
    """The commonest distance in microseconds between neighbouring starts of one symbol; five
    minutes where there are no neighbours."""
    step = np.diff(start)[np.diff(symbol) == 0]
    if not len(step):
        return FIVE_MINUTES_US
    values, counts = np.unique(step, return_counts=True)
    return int(values[np.argmax(counts)])
