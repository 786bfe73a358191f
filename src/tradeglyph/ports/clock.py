"""The time, from outside: nothing in the core reads a clock of its own."""

from typing import Protocol


class Clock(Protocol):
    """A clock that never runs backwards by more than the machine's own does."""

    def now(self) -> int:
        """Microseconds since 1970-01-01 UTC."""
