"""From a network's logit to a probability, with two numbers and numpy alone."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

LOWEST = float(np.nextafter(0.0, 1.0))
HIGHEST = float(np.nextafter(1.0, 0.0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """Platt scaling: `p = 1 / (1 + exp(-(a * logit + b)))` (Platt 1999).

    Raises ValueError unless `a` is positive and finite, `b` finite and `prior` in (0, 1).
    """

    a: float
    """Slope; positive, so that the order of the logits is kept."""
    b: float
    prior: float
    """Share of fraud at which the probabilities hold."""

    def __post_init__(self) -> None:
        if not (0 < self.a < np.inf and np.isfinite(self.b) and 0 < self.prior < 1):
            raise ValueError(f"not a strictly rising calibration: {self}")

    def apply(self, logits: ArrayLike) -> NDArray[np.float64]:
        """Probabilities of the logits' shape, in float64, strictly inside (0, 1).

        Strictly rising while |a * logit + b| < 30. Float64 can't hold a number between 1 - 1e-16
        and 1, so that beyond 36 the values stand still just below 1.
        """
        z = self.a * np.asarray(logits, dtype=np.float64) + self.b
        # exp of a negative number only: the large side would overflow, and 1 - p would cancel.
        small = np.exp(-np.abs(z))
        p = np.where(z >= 0, 1.0, small) / (1.0 + small)
        return np.minimum(np.maximum(p, LOWEST), HIGHEST)
