"""Text with separators -> a grid."""

import csv
import gc
import io
import itertools
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from tradeglyph.domain.errors import InputError
from tradeglyph.statements.encoding import Text
from tradeglyph.statements.grid import Grid, grid_of
from tradeglyph.statements.headings import Headings
from tradeglyph.statements.limits import HEADER_ROWS, MAX_CELL_CHARS

_SEPARATORS = ",\t;|^"
_LONGEST_RECORD = 40
"""Lines of text that one quoted cell may go over, before its quote is taken for a stray one."""


def read_delimited(text: Text, where: str, headings: Headings) -> Grid:
    """The records of a CSV or TSV text; the separator is the one that shows the most headings.

    A quote that is never closed is read as it stands, so that it can't swallow the lines below it.
    """
    body = text.content
    separator = _separator(body, headings)
    try:
        rows, lines = _records(body, separator)
        if _swallowed(rows, lines, body):
            rows, lines = _line_by_line(body, separator)
    except csv.Error as error:
        raise InputError(
            f"{where}: a cell of more than {MAX_CELL_CHARS:,} characters; this is no statement"
        ) from error
    return grid_of(rows, lines, where=where, delimited=True)


def _separator(text: str, headings: Headings) -> str:
    head = list(itertools.islice(io.StringIO(text, newline=""), HEADER_ROWS))

    def shown(separator: str) -> tuple[int, int]:
        rows = [_one(line, separator) for line in head]
        best = max((headings.score(row) for row in rows), default=0)
        return best, sum(len(row) for row in rows)

    return max(_SEPARATORS, key=shown)


def _records(text: str, separator: str) -> tuple[list[list[str]], Sequence[int]]:
    """Records, and the line that each of them starts on."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    with _no_collection():
        rows = list(reader)
    if reader.line_num == len(rows):
        return rows, range(1, len(rows) + 1)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    ends = [0, *(reader.line_num for _ in reader)]
    return rows, [end + 1 for end in ends[:-1]]


@contextmanager
def _no_collection() -> Iterator[None]:
    """Rows of texts refer to nothing that refers to them: while millions of them are made, the
    search for such rings would take as long as reading."""
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()


def _swallowed(rows: Sequence[Sequence[str]], lines: Sequence[int], text: str) -> bool:
    """Whether a stray quote joined lines that are records of their own."""
    if not rows:
        return False
    last = text.count("\n") + (not text.endswith("\n"))
    spans = [after - at for at, after in itertools.pairwise([*lines, last + 1])]
    if max(spans) > _LONGEST_RECORD:
        return True
    if spans[-1] == 1 and rows[-1]:
        return False
    tail = itertools.islice(io.StringIO(text, newline=""), lines[-1] - 1, None)
    return sum(line.count('"') for line in tail) % 2 == 1


def _line_by_line(text: str, separator: str) -> tuple[list[list[str]], Sequence[int]]:
    rows = [_one(line, separator) for line in io.StringIO(text, newline=None)]
    return rows, range(1, len(rows) + 1)


def _one(line: str, separator: str) -> list[str]:
    """Cells of a line that stands alone."""
    quoted: Iterator[list[str]] = csv.reader([line.rstrip("\r\n")], delimiter=separator)
    return next(quoted, [])
