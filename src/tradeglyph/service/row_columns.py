"""Columns of rows that a request brings."""

import math
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from operator import itemgetter
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tradeglyph.service.bodies import misfits
from tradeglyph.service.problem import Problem

_NAN = float("nan")


class RowColumns:
    """Takes columns out of rows, each once, and says which row is at fault."""

    __slots__ = ("_columns", "_types", "members", "names", "rows", "what")

    def __init__(
        self,
        what: str,
        rows: Sequence[Any],
        columns: dict[str, Sequence[Any]] | None = None,
        members: int = 0,
    ) -> None:
        """
        Args:
            what: the rows are called.
            rows: one dict each, or anything where their columns are at hand.
            columns: all of them, None for a row that has none.
            members: that the rows have together.
        """
        self.what = what
        self.rows = rows
        self._types: dict[str, AbstractSet[type]] = {}
        self._columns: dict[str, Sequence[Any]]
        self.names: AbstractSet[str]
        """Of the columns that any row has."""
        if columns is None:
            self._columns = _of_like_rows(rows)
            self.names = frozenset(self._columns.keys() or set().union(*rows))
            self.members = sum(map(len, rows))
        else:
            self._columns, self.names, self.members = columns, columns.keys(), members

    def column(self, name: str) -> Sequence[Any]:
        """One value a row, None where it has none."""
        found = self._columns.get(name)
        if found is None:
            found = self._columns[name] = [row.get(name) for row in self.rows]
        return found

    def types(self, name: str) -> AbstractSet[type]:
        """Those that the column's values have."""
        found = self._types.get(name)
        if found is None:
            found = self._types[name] = set(map(type, self.column(name)))
        return found

    def fault(self, row: int, column: str, why: str) -> Problem:
        """The answer to a row that can't be."""
        return misfits([{"where": f"{self.what}.{row}.{column}", "what": why}])

    def demand(self, column: str, wrong: ArrayLike, why: str) -> None:
        """Raises Problem for the first row that is wrong."""
        mask = np.asarray(wrong, dtype=bool)
        if mask.any():
            raise self.fault(int(mask.argmax()), column, why)

    def texts(self, name: str, default: str) -> list[str]:
        """A column of texts; an empty one, or none, is the default."""
        if name not in self.names:
            return [default] * len(self.rows)
        found = self.column(name)
        said = {v: default if v is None or v == "" else str(v) for v in set(found)}
        if len(said) == 1:
            return [*said.values()] * len(found)
        return list(map(said.__getitem__, found))

    def numbers(self, name: str) -> NDArray[np.float64]:
        """A column of finite numbers, NaN where there is none."""
        if name not in self.names:
            return np.full(len(self.rows), _NAN)
        found = self.column(name)
        try:
            # None becomes NaN, and text the number it says.
            values = np.array(found, dtype=np.float64)
        except (OverflowError, ValueError):
            values = np.array([_number(value) for value in found])
        finite = np.isfinite(values)
        if not np.logical_and.reduce(finite):
            absent = np.array([value is None or value == "" for value in found], dtype=bool)
            self.demand(name, ~finite & ~absent, "is not a finite number")
        return values

    def positive(self, name: str) -> NDArray[np.float64]:
        """A column of positive numbers."""
        values = self.numbers(name)
        if not np.minimum.reduce(values, initial=math.inf) > 0:
            self.demand(name, ~(values > 0), "is not a number above 0")
        return values


def _of_like_rows(rows: Sequence[Any]) -> dict[str, Sequence[Any]]:
    """The columns of rows that have the same names, as most have; else none."""
    if not rows or set(map(len, rows)) != {len(rows[0])} or len(rows[0]) < 2:
        return {}
    names = tuple(rows[0])
    try:
        return dict(zip(names, zip(*map(itemgetter(*names), rows), strict=True), strict=True))
    except KeyError:
        return {}


def _number(value: Any) -> float:
    try:
        return _NAN if value is None or value == "" else float(value)
    except (OverflowError, ValueError):
        return math.inf
