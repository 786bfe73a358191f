"""Where the lines of each file stand in the workbook."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any, Protocol

import polars as pl

from tradeglyph.results.xlsx.cells import MAX_ROWS
from tradeglyph.results.xlsx.names import SheetNames

_SPARSE = 2
"""Where the lines of a file number more than this times its rows (a page of HTML, with a cell in
each line), its rows stand without gaps."""


class Cells(Protocol):
    """Cells of a text file, or of one sheet of a workbook, as they were read."""

    @property
    def sheet(self) -> str:
        """Empty where the file has none."""

    @property
    def cells(self) -> pl.DataFrame:
        """Texts, never null."""

    @property
    def line(self) -> pl.Series:
        """The number of each row in the file or sheet, ascending."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetPlan:
    """One sheet of a file, and the sheets of the workbook that show it."""

    file: int
    sheet: str
    """Its name in the file."""
    cells: Cells
    names: tuple[str, ...]
    """In the workbook; several where its rows are more than a sheet has."""
    rows: pl.Series
    """The row of each of the cells' rows, from 1, counted through all sheets."""
    room: int = MAX_ROWS
    _line: Any = field(default=(), repr=False)

    def place(self, line: int) -> tuple[str, int]:
        """Sheet and row that show a line of the file."""
        part, rest = divmod(self.counted(line) - 1, self.room)
        return self.names[part], rest + 1

    def counted(self, line: int) -> int:
        """The row that shows a line, counted through all sheets."""
        if self.rows is self.cells.line:
            return line
        return int(self.rows[max(0, bisect_right(self._line, line) - 1)])


def planned(
    files: Sequence[Mapping[str, Any]],
    sheets: Sequence[Sequence[Cells]],
    names: SheetNames,
    room: int = MAX_ROWS,
) -> list[SheetPlan]:
    """All sheets of all files. A single workbook's keep their names.

    Args:
        files: the readers' summaries.
        room: rows of a sheet.
    """
    plans = []
    for number, (file, own) in enumerate(zip(files, sheets, strict=True)):
        stem = PurePath(file["path"]).stem
        for cells in own:
            if len(files) == 1:
                wanted = cells.sheet or stem
            else:
                wanted = f"{stem} {cells.sheet}" if len(own) > 1 else stem
            plans.append(_plan(number, cells, wanted, names, room))
    return plans


def _plan(file: int, cells: Cells, wanted: str, names: SheetNames, room: int) -> SheetPlan:
    line = cells.line
    count = line.len()
    last = int(line[-1]) if count else 0
    rows = line if last <= _SPARSE * count else pl.int_range(1, count + 1, eager=True)
    parts = max(1, -(-(int(rows[-1]) if count else 1) // room))
    return SheetPlan(
        file=file,
        sheet=cells.sheet,
        cells=cells,
        names=tuple(names.new(wanted) for _ in range(parts)),
        rows=rows,
        room=room,
        _line=line.to_numpy(),
    )
