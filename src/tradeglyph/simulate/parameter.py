"""A number that a scenario draws for each account, and the range it comes from."""

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """Both ends of the range are possible values.

    Raises:
        ValueError: `low` is above `high`.
    """

    name: str
    low: float
    high: float
    unit: str
    """What one of it is: trips, fills, days, seconds, ticks, or a share and of what."""

    def __post_init__(self) -> None:
        if self.low > self.high:
            raise ValueError(f"{self.name}: {self.low} is above {self.high}")

    def whole(self, rng: Generator, n: int) -> Ints:
        """`n` whole numbers, each as likely as the next."""
        return rng.integers(int(self.low), int(self.high) + 1, n)

    def even(self, rng: Generator, n: int) -> Floats:
        """`n` numbers, evenly."""
        return rng.uniform(self.low, self.high, n)

    def scaled(self, rng: Generator, n: int) -> Floats:
        """`n` numbers, evenly on a log scale. `low` must be above 0."""
        return np.asarray(np.exp(rng.uniform(np.log(self.low), np.log(self.high), n)))

    def whole_scaled(self, rng: Generator, n: int) -> Ints:
        """`n` whole numbers, evenly on a log scale: small ones are commoner than large ones."""
        drawn = np.exp(rng.uniform(np.log(self.low), np.log(self.high + 1), n))
        return np.minimum(drawn, self.high).astype(np.int64)
