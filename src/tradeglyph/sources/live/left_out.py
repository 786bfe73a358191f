"""Bad rows of a user's table: they stop nothing, and they are counted."""

from collections import Counter
from threading import Lock

import numpy as np
from numpy.typing import NDArray


class LeftOut:
    """How many rows were left out of answers, by the column that is bad. Safe among threads.

    A row that answers two questions counts twice.
    """

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._lock = Lock()

    def good(self, height: int, **columns: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """The rows of which every column is good; counts the others under their first bad one."""
        good = np.ones(height, dtype=np.bool_)
        for name, column in columns.items():
            self.add(name, int((good & ~column).sum()))
            good &= column
        return good

    def add(self, reason: str, rows: int) -> None:
        """Count `rows` more."""
        if rows:
            with self._lock:
                self._counts[reason] += rows

    def counts(self) -> dict[str, int]:
        """By reason: a column's name, or `repeat`."""
        with self._lock:
            return dict(self._counts)
