"""Excel workbooks -> grids, one for each sheet."""

import datetime as dt
import itertools
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from tradeglyph.domain.errors import InputError
from tradeglyph.statements.archive import check_archive
from tradeglyph.statements.grid import Grid, grid_of
from tradeglyph.statements.limits import MAX_CELLS, MAX_WORKBOOK_BYTES

_ENCRYPTED = ("EncryptedPackage".encode("utf-16-le"), "EncryptionInfo".encode("utf-16-le"))
"""Names of streams in the OLE file that Excel wraps a protected .xlsx in."""
_EXACT = 2**53
"""Whole numbers below it are kept by their cells to the last digit."""
_SIGNIFICANT = ".15g"
"""Digits that Excel itself shows and keeps of a number."""


def read_workbook(path: Path, *, archive: bool) -> list[Grid]:
    """Sheets in their order, hidden ones too. `archive`: .xlsx, else .xls.

    Cells that are dates become ISO texts, numbers are written without an exponent.
    Raises InputError for a workbook that is protected, damaged, or too large.
    """
    if path.stat().st_size > MAX_WORKBOOK_BYTES:
        raise InputError(f"{path}: more than {MAX_WORKBOOK_BYTES >> 20} MiB; save it as CSV")
    if archive:
        check_archive(path)
    elif _encrypted(path):
        raise _protected(path)
    try:
        with CalamineWorkbook.from_path(path) as book:
            return [_grid(book.get_sheet_by_name(name), path) for name in book.sheet_names]
    except CalamineError as error:
        if "password" in str(error).lower():
            raise _protected(path) from error
        raise InputError(f"{path}: a damaged or cut off workbook: {error}") from error
    except BaseException as error:
        # A panic of the reader's is no Exception; interrupts are passed on.
        if type(error).__name__ != "PanicException":
            raise
        raise InputError(f"{path}: a damaged or cut off workbook") from error


def _encrypted(path: Path) -> bool:
    data = path.read_bytes()
    return any(name in data for name in _ENCRYPTED)


def _protected(path: Path) -> InputError:
    return InputError(f"{path}: protected by a password; save it without one, or as CSV")


def _grid(sheet: CalamineSheet, path: Path) -> Grid:
    where = f"{path}: sheet {sheet.name}"
    if sheet.total_height * sheet.total_width > MAX_CELLS:
        raise InputError(f"{where}: more than {MAX_CELLS:,} cells; save it as CSV")
    rows = sheet.to_python(skip_empty_area=False)
    texts = [_texts(row) for row in rows]
    lines = list(itertools.islice(itertools.count(1), len(rows)))
    return grid_of(texts, lines, where=where, sheet=sheet.name)


def _texts(row: Sequence[Any]) -> list[str]:
    return [cell if type(cell) is str else _text(cell) for cell in row]


def _text(cell: Any) -> str:
    """A typed cell as the text that a person would have typed."""
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, float):
        return _number(cell)
    if isinstance(cell, dt.datetime):
        return str(cell.replace(microsecond=0)) if cell.time() != dt.time() else str(cell.date())
    if isinstance(cell, dt.timedelta):
        return str(dt.timedelta(seconds=round(cell.total_seconds())))
    return str(cell)


def _number(value: float) -> str:
    if value.is_integer():
        # Beyond, the last digits are lost: as a spreadsheet shows it, with no digits made up.
        return str(int(value)) if abs(value) < _EXACT else f"{value:{_SIGNIFICANT}}".upper()
    text = f"{value:{_SIGNIFICANT}}"
    if "e" in text:
        text = f"{float(text):.20f}".rstrip("0").rstrip(".")
    return text
