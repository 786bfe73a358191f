"""A trained model, seen from the core."""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray


class Scorer(Protocol):
    """Reads pictures. Higher means more suspicious."""

    @property
    def name(self) -> str:
        """What the `model` column of a score says: name and first digits of the weights' hash."""

    @property
    def spec_hash(self) -> str:
        """Hash of the only picture spec it can read."""

    @property
    def threshold(self) -> float:
        """Probability above which a window is flagged."""

    def probability(self, raster: NDArray[np.uint8]) -> NDArray[np.float64]:
        """Calibrated probabilities in (0, 1), shape (n,), for rasters of shape (n, ...)."""
