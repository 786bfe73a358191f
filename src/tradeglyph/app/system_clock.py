"""The machine's own clock."""

import time


class SystemClock:
    """The time of day, as the machine knows it."""

    def now(self) -> int:
        """Microseconds since 1970-01-01 UTC."""
        return time.time_ns() // 1_000
