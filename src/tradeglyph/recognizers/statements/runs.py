"""Runs of equal neighbours in sorted columns: positions in them, without looking anything up."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tradeglyph.recognizers.statements.books import Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Runs:
    """Where each element's run begins, and how long it is."""

    start: Ints
    size: Ints

    @property
    def at(self) -> Ints:
        """The position of each element in its run, from 0."""
        position: Ints = np.arange(len(self.start)) - self.start
        return position

    @property
    def number(self) -> Ints:
        """The number of each element's run, from 0."""
        number: Ints = np.cumsum(self.at == 0) - 1
        return number


def runs(new: NDArray[np.bool_]) -> Runs:
    """The runs that begin where `new` is true; the first element always begins one."""
    if not len(new):
        return Runs(start=np.zeros(0, dtype=np.int64), size=np.zeros(0, dtype=np.int64))
    begins = new.copy()
    begins[0] = True
    starts = np.flatnonzero(begins)
    sizes = np.diff(np.append(starts, len(new)))
    return Runs(start=np.repeat(starts, sizes), size=np.repeat(sizes, sizes))


def changes(*columns: Ints) -> NDArray[np.bool_]:
    """Where any of the columns differs from the element before; false at the first."""
    new = np.zeros(len(columns[0]), dtype=bool)
    for column in columns:
        new[1:] |= column[1:] != column[:-1]
    return new
