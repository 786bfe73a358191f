"""Axes of the charts: from values to pixels, and where the ticks stand."""

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

Scale = Literal["linear", "log", "logit"]

_LOGIT_TICKS = (1e-5, 1e-4, 1e-3, 0.01, 0.1, 0.5, 0.9, 0.99, 0.999, 0.9999, 0.99999)
_MINUTE = 60_000_000
_TIME_STEPS = tuple(m * _MINUTE for m in (1, 5, 10, 15, 30, 60, 120, 180, 240, 360, 720, 1440))


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """One axis: `low` stands at pixel `start`, `high` at pixel `end`."""

    low: float
    high: float
    start: float
    end: float
    scale: Scale = "linear"

    def at(self, values: ArrayLike) -> NDArray[np.float64]:
        """Pixels of values; what lies outside the axis is put on its end."""
        clipped = np.clip(np.asarray(values, dtype=np.float64), self.low, self.high)
        low, high = self._warped(np.array([self.low, self.high]))
        span = high - low
        share = (self._warped(clipped) - low) / span if span else np.full(clipped.shape, 0.5)
        return np.asarray(self.start + share * (self.end - self.start))

    def _warped(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        if self.scale == "log":
            return np.asarray(np.log10(values))
        if self.scale == "logit":
            return np.asarray(np.log(values / (1 - values)))
        return values

    def ticks(self, count: int = 5) -> list[float]:
        """Round values on the axis, about `count` of them on a linear one."""
        if self.scale == "log":
            powers = range(math.ceil(math.log10(self.low) - 1e-9), 1)
            return [10.0**power for power in powers if 10.0**power <= self.high * (1 + 1e-9)]
        if self.scale == "logit":
            return [tick for tick in _LOGIT_TICKS if self.low <= tick <= self.high]
        step = round_step(self.high - self.low, count)
        first = math.ceil(self.low / step - 1e-9)
        last = math.floor(self.high / step + 1e-9)
        return [index * step for index in range(first, last + 1)]


def round_step(span: float, count: int) -> float:
    """The step of 1, 2, 2.5 or 5 times a power of ten that cuts `span` in about `count` parts."""
    if not span > 0:
        return 1.0
    rough = span / max(count, 1)
    power = 10.0 ** math.floor(math.log10(rough))
    return next(power * f for f in (1, 2, 2.5, 5, 10) if power * f >= rough * (1 - 1e-9))


def time_ticks(low: int, high: int, count: int = 7) -> list[int]:
    """Round times in [low, high], in microseconds UTC, at most `count` of them."""
    step = next((s for s in _TIME_STEPS if (high - low) / s <= count), None)
    if step is None:
        step = _TIME_STEPS[-1] * math.ceil((high - low) / (_TIME_STEPS[-1] * count))
    return list(range(-(-low // step) * step, high + 1, step))


def time_label(time: int, *, with_day: bool = False) -> str:
    """`14:35`, or `03-01 14:35` with the day; microseconds UTC."""
    text = str(np.datetime_as_string(np.datetime64(time, "us"), unit="m"))
    return text[5:].replace("T", " ") if with_day else text[11:]
