"""Trading days of simulated markets; times of day are UTC."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tradeglyph.domain.candles import FIVE_MINUTES_US
from tradeglyph.domain.fills import DAY_US, MICROSECONDS

SLOTS = 288
"""Five-minute slots of a day; shorter sessions use the first ones."""
FIRST_DAY_US = 20_454 * DAY_US
"""2026-01-01, the first simulated day. Days carry nothing a picture shows."""

MINUTE_US = 60 * MICROSECONDS


@dataclass(frozen=True, slots=True)
class SessionKind:
    """A trading day's shape."""

    name: str
    candles: int
    open_minute: int
    lunch_after: int = 0
    """Candles before the lunch break; 0 for none."""
    lunch_minutes: int = 0
    has_limits: bool = False
    """Whether a day's prices stay within a share of the price that the day began with."""

    def starts(self) -> NDArray[np.int64]:
        """Candle starts of a day, microseconds after midnight UTC."""
        slot = np.arange(self.candles, dtype=np.int64)
        lunch = np.where((self.lunch_after > 0) & (slot >= self.lunch_after), self.lunch_minutes, 0)
        return np.asarray((self.open_minute + lunch) * MINUTE_US + slot * FIVE_MINUTES_US)


SESSIONS: tuple[SessionKind, ...] = (
    SessionKind("cn-ashare", 48, 90, lunch_after=24, lunch_minutes=90, has_limits=True),
    SessionKind("us-equity", 78, 870),
    SessionKind("crypto", 288, 0),
)


def starts_of(kind: NDArray[np.int64], day: NDArray[np.int64]) -> NDArray[np.int64]:
    """Candle starts of worlds, shape (w, SLOTS), microseconds UTC; -1 past the session.

    Args:
        kind: shape (w,), positions in `SESSIONS`.
        day: shape (w,), days after the first simulated one.
    """
    start = np.full((len(kind), SLOTS), -1, dtype=np.int64)
    midnight = FIRST_DAY_US + day * DAY_US
    for number, session in enumerate(SESSIONS):
        of_kind = np.flatnonzero(kind == number)
        start[of_kind, : session.candles] = midnight[of_kind, None] + session.starts()
    return start
