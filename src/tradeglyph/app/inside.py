"""How much of what was read lies in the one window that was asked for."""

from dataclasses import dataclass

import polars as pl

from tradeglyph.domain.instants import rfc3339


@dataclass(slots=True, kw_only=True)
class Inside:
    """Counts fills, block by block."""

    window: tuple[int, int] | None
    """Start and end, microseconds UTC, the end exclusive; None where days are cut, which hold
    every fill."""
    fills: int = 0
    inside: int = 0
    first: int | None = None
    last: int | None = None

    def add(self, times: pl.Series) -> None:
        """Take the times of a block's fills, Datetime (us, UTC)."""
        if self.window is None or times.is_empty():
            return
        instants = times.to_physical()
        start, end = self.window
        self.fills += len(instants)
        self.inside += int(instants.is_between(start, end, closed="left").sum())
        ends = [int(instants.to_numpy().min()), int(instants.to_numpy().max())]
        self.first = min(ends if self.first is None else [*ends, self.first])
        self.last = max(ends if self.last is None else [*ends, self.last])

    def lines(self) -> list[str]:
        """A line for stderr where fills lie outside, with the span of them all; else none."""
        if self.window is None or self.first is None or self.last is None:
            return []
        if self.inside == self.fills:
            return []
        start, end = map(rfc3339, self.window)
        return [
            f"{self.inside:,} of {self.fills:,} fills lie in the window from {start} to {end}; "
            f"{self.fills - self.inside:,} outside it are left out "
            f"(all span {rfc3339(self.first)} to {rfc3339(self.last)})"
        ]
