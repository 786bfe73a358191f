"""How far the feeds of trades and candles are at the events of a batch."""

from collections.abc import Callable

Newest = Callable[[int], int | None]
"""Time of a source's newest row before an instant, None for none; microseconds UTC. Raises
SourceGone."""


class Feeds:
    """Asks how far its sources are as seldom as may be."""

    def __init__(self, newest: tuple[Newest, ...], *, stale_after_us: int, first: int) -> None:
        """
        Args:
            newest: of each source.
            stale_after_us: a source without a row for so long before an event is stale; 0 for
                never.
            first: time of the earliest event: how far a feed was then does for those shortly
                after it, too.
        """
        self._newest = newest
        self._stale_after = stale_after_us
        self._first = first
        self._known: tuple[dict[int, int | None], ...] = tuple({} for _ in newest)
        """Of each source: the newest row before an instant that was asked about."""

    def are_stale(self, time: int) -> bool:
        """Whether what happened just before `time` may not have arrived. Raises SourceGone."""
        if not self._stale_after:
            return False
        return not all(
            self._is_fresh(newest, known, time)
            for newest, known in zip(self._newest, self._known, strict=True)
        )

    def _is_fresh(self, newest: Newest, known: dict[int, int | None], time: int) -> bool:
        since = time - self._stale_after
        for before in (self._first, time):
            if before not in known:
                known[before] = newest(before)
            if any(found is not None and since <= found < time for found in known.values()):
                return True
        return False
