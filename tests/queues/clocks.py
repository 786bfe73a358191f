"""Clocks for tests: the machine's, and one that is set by hand."""

from dataclasses import dataclass

from tradeglyph.app.system_clock import SystemClock

WALL = SystemClock()
SECOND = 1_000_000


@dataclass
class HandClock:
    """Says what it is told."""

    time: int = 1_700_000_000 * SECOND

    def now(self) -> int:
        return self.time

    def pass_s(self, seconds: float) -> None:
        self.time += round(seconds * SECOND)
