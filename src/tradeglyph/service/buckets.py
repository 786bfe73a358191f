"""Token buckets: so many requests a second on the average, and so many at once."""

import time
from collections.abc import Callable


class Buckets:
    """One bucket for each name that ever asked; names are those of API keys, so few."""

    def __init__(
        self, per_second: float, burst: int, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._rate = per_second
        self._burst = float(burst)
        self._clock = clock
        self._state: dict[str, tuple[float, float]] = {}

    def wait_s(self, name: str) -> float:
        """0 where the request may go ahead, which takes a token; else seconds until it may."""
        now = self._clock()
        tokens, then = self._state.get(name, (self._burst, now))
        tokens = min(self._burst, tokens + (now - then) * self._rate)
        if tokens < 1:
            self._state[name] = (tokens, now)
            return (1 - tokens) / self._rate
        self._state[name] = (tokens - 1, now)
        return 0.0
