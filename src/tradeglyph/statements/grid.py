"""A table of cells, as it stands in a file."""

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest

import polars as pl

from tradeglyph.domain.errors import InputError
from tradeglyph.statements.limits import MAX_CELLS, MAX_COLUMNS

_AT_A_TIME = 2_000
_MARGIN_CHARS = " \t\r\n\f\v\u00a0\u3000\ufeff\u200b\u200e\u200f\0"


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """Cells of a text file, or of one sheet of a workbook."""

    sheet: str
    """Empty where the file has none."""
    cells: pl.DataFrame
    """Columns `0`, `1`, ... of texts as they stand, never null; every line of the file."""
    line: pl.Series
    """UInt32: the number of each row in the file or sheet, from 1."""
    delimited: bool = False
    """Whether a stray separator can push cells to the right: text, not a workbook."""

    @property
    def width(self) -> int:
        """Number of columns."""
        return self.cells.width

    def texts(self, row: int) -> tuple[str, ...]:
        """Cells of one row, clean."""
        return tuple(map(clean_cell, self.cells.row(row)))


def grid_of(
    rows: Sequence[Sequence[str]],
    lines: Sequence[int] | pl.Series,
    *,
    where: str,
    sheet: str = "",
    delimited: bool = False,
) -> Grid:
    """Rows of any width as a grid. Columns at the right that are empty throughout are left out.

    Raises InputError where the columns are too many for a statement.
    """
    widest = max(map(len, rows), default=0)
    if widest * len(rows) > MAX_CELLS:
        raise InputError(f"{where}: more than {MAX_CELLS:,} cells; split the file")
    columns = _columns(rows, widest)
    while columns and not any(map(str.strip, columns[-1])):
        columns.pop()
    if len(columns) > MAX_COLUMNS:
        at = next(at for at, row in enumerate(rows) if len(row) > MAX_COLUMNS)
        raise InputError(
            f"{where}: line {lines[at]}: {len(columns)} columns; a statement has at most "
            f"{MAX_COLUMNS}. Is this the right file, and are its separators right?"
        )
    named = {str(at): pl.Series(column, dtype=pl.String) for at, column in enumerate(columns)}
    return Grid(
        sheet=sheet,
        cells=pl.DataFrame(named) if columns else pl.DataFrame({"0": [""] * len(rows)}),
        line=pl.Series("line", lines, dtype=pl.UInt32),
        delimited=delimited,
    )


def _columns(rows: Sequence[Sequence[str]], widest: int) -> list[list[str]]:
    """The cells by column; some rows at a time, since `zip` walks through all that it is given."""
    columns: list[list[str]] = [[] for _ in range(widest)]
    for start in range(0, len(rows), _AT_A_TIME):
        some = rows[start : start + _AT_A_TIME]
        parts = zip_longest(*some, fillvalue="")
        nothing = itertools.repeat([""] * len(some))
        for column, part in zip(columns, itertools.chain(parts, nothing), strict=False):
            column.extend(part)
    return columns


def clean_cell(cell: str) -> str:
    """A cell without the white space and the `="..."` or apostrophe that keep a spreadsheet from
    taking a text for a number."""
    bare = cell.strip(_MARGIN_CHARS)
    bare = re.sub(r'^="(.*)"$', r"\1", re.sub(r"^'(\S)", r"\1", bare))
    return bare.strip(_MARGIN_CHARS)


def clean_cells(cells: pl.DataFrame) -> pl.DataFrame:
    """`clean_cell` of all cells."""
    bare = cells.select(pl.all().str.strip_chars(_MARGIN_CHARS))
    wrapped = [name for name in bare.columns if bare[name].str.contains("^(?:=\"|'\\S)").any()]
    text = pl.col(wrapped).str.replace(r"^'(\S)", "$1").str.replace(r'^="(.*)"$', "$1")
    return bare.with_columns(text.str.strip_chars(_MARGIN_CHARS)) if wrapped else bare
