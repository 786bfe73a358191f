"""Intervals that know that windows of one world go right or wrong together."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tradeglyph.learning.ranking import resamples, spread

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Draws:
    """Resamples of whole worlds (cluster bootstrap, see `ranking.resamples`)."""

    group: NDArray[np.intp]
    """Shape (n,): code of each window's world, from 0."""
    times: Floats
    """Shape (resamples, worlds): how often each world was drawn; no rows under two worlds."""

    @classmethod
    def of(cls, world: NDArray[np.object_], count: int, seed: int) -> "Draws":
        """`count` resamples of the worlds that `world` names for n windows."""
        names, group = np.unique(world.astype(str), return_inverse=True)
        drawn = list(resamples(np.arange(len(names)), count, seed))
        times = np.array(drawn) if drawn else np.empty((0, len(names)))
        return cls(group=group.astype(np.intp), times=times)

    def weights(self) -> Iterator[Floats]:
        """How often each window was drawn, resample after resample."""
        for row in self.times:
            yield row[self.group]

    def ratios(self, top: Floats, bottom: Floats) -> Floats:
        """sum(top) over sum(bottom) in each resample; NaN where the bottom is empty.

        Sums are taken once per world, so a resample costs no more than there are worlds.
        """
        worlds = self.times.shape[1]
        above = self.times @ np.bincount(self.group, top, minlength=worlds)
        below = self.times @ np.bincount(self.group, bottom, minlength=worlds)
        return np.divide(above, below, out=np.full(len(above), np.nan), where=below > 0)

    def ratio(self, top: Floats, bottom: Floats) -> tuple[float, float]:
        """Ends of the 95 % interval of sum(top) over sum(bottom); NaN where it is not known."""
        return spread(self.ratios(top, bottom).tolist())
