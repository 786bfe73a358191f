"""At which thresholds a window is an alert, and the threshold that keeps a budget of them.

An alert is a verdict of `review` or `hold`. Most windows are one at every threshold under their own
probability; one that only its account's day shows (`pipeline.account.DaySpans`) is one in a span of
thresholds besides, which ends where the day's surest window is up for review by itself; and what
the ledger shows is one at all of them.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tradeglyph.domain.columns import taken

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]

NO_ALERT = 1.0
"""No probability is above it: what is still an alert there is the ledger's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertSpans:
    """n windows."""

    below: Floats
    """An alert for itself at every threshold under this; NaN where at none."""
    day_from: Floats
    """For its account's day at thresholds from this one on, which is not under `below`, ..."""
    day_below: Floats
    """... to this one, exclusive; both NaN where at none."""
    always: Mask
    """Whatever the threshold, because the other sides of its trades say so ..."""
    held: Mask
    """... and those of them that are held."""

    @classmethod
    def of(cls, below: Floats) -> "AlertSpans":
        """Windows that nothing but their own probability makes an alert."""
        nowhere, never = np.full(len(below), np.nan), np.zeros(len(below), dtype=bool)
        return cls(below=below, day_from=nowhere, day_below=nowhere, always=never, held=never)

    def __len__(self) -> int:
        return len(self.below)

    def take(self, index: Mask | Ints) -> "AlertSpans":
        """The windows at `index`."""
        return taken(self, index)

    @property
    def nowhere(self) -> Mask:
        """Which are an alert at no threshold."""
        return np.asarray(~self.always & np.isnan(self.below) & np.isnan(self.day_below))

    def at(self, threshold: float | Floats) -> Mask:
        """Which are alerts: shape (n,), or (k, n) for k thresholds as a column."""
        return np.asarray((self.below > threshold) | self.by_day(threshold) | self.always)

    def by_day(self, threshold: float | Floats) -> Mask:
        """Which are alerts for their account's day only, as far as the model goes."""
        return np.asarray((self.day_from <= threshold) & (threshold < self.day_below))

    def turns(self) -> Floats:
        """The thresholds at which anything turns, ascending, 0 among them. From one of them up to
        the next the alerts are the same."""
        turns = np.concatenate([[0.0], self.below, self.day_from, self.day_below])
        return np.unique(turns[~np.isnan(turns)])

    def counts(self, thresholds: Floats) -> Ints:
        """Number of alerts at each threshold."""
        model = ~self.always
        ours, since, until = (
            np.sort(values[model & ~np.isnan(values)])
            for values in (self.below, self.day_from, self.day_below)
        )

        def over(values: Floats) -> Ints:
            return len(values) - np.searchsorted(values, thresholds, side="right")

        return np.asarray(over(ours) + over(until) - over(since) + int(self.always.sum()))


def threshold_for(alerts: AlertSpans, days: int, alerts_per_day: float) -> float:
    """The lowest threshold from which on, upwards, at most `alerts_per_day` windows a day alert.

    It lies between two turns, at the shortest decimal there, so that the last bits of a probability
    decide nothing. Windows of equal probability alert together or not at all. 0 where the budget
    covers every window that can be an alert, `NO_ALERT` where the ledger alone raises more than
    the budget allows.
    """
    allowed = math.floor(days * alerts_per_day * (1 + 1e-12))
    turns = alerts.turns()
    over = np.flatnonzero(alerts.counts(turns) > allowed)
    if not len(over):
        return 0.0
    following = int(over[-1]) + 1
    if following == len(turns):
        return NO_ALERT
    low = float(turns[following])
    return (
        _shortest_between(low, float(turns[following + 1])) if following + 1 < len(turns) else low
    )


def _shortest_between(low: float, high: float) -> float:
    """The decimal of fewest digits in [low, high), near the middle."""
    middle = low + (high - low) / 2
    for digits in range(1, 17):
        short = float(f"{middle:.{digits}g}")
        if low <= short < high:
            return short
    return low
