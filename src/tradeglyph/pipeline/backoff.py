"""How long a message rests before it is tried again."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Backoff:
    """Twice as long after each attempt, up to a cap; shortened at random by up to a half, so that
    what failed together does not come back together.

    With the defaults the ten deliveries of a message spread over 4 to 9 minutes.
    """

    random: Callable[[], float]
    """Numbers in [0, 1), such as `random.Random(seed).random`."""
    first_s: float = 1.0
    """Seconds after the first attempt."""
    cap_s: float = 300.0
    """Never more seconds than these."""

    def seconds(self, attempts: int) -> float:
        """Seconds to wait after so many deliveries, 1 or more."""
        # No sum of a size is needed beyond the cap, and 2.0 ** 1024 is too large for a float.
        doublings = min(max(attempts, 1) - 1, 60)
        return float(min(self.cap_s, self.first_s * 2.0**doublings) * (1.0 - self.random() / 2))
