"""Tumbling windows."""

import numpy as np
from numpy.typing import NDArray

from tradeglyph.domain.fills import DAY_US

Ints = NDArray[np.int64]

_MONDAY_US = 4 * DAY_US
"""1970-01-05 was a Monday: weeks are those of ISO 8601, days and hours those of UTC."""


def windows(time: Ints, length_us: int) -> Ints:
    """Start of the tumbling window of `length_us` that each instant lies in, microseconds UTC."""
    return (time - _MONDAY_US) // length_us * length_us + _MONDAY_US
