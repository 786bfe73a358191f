"""The statements themselves, in the workbook: every cell as it was, the lines coloured.

A sheet of an .xlsx file is written anew from the file (`xlsx.recolour`). Everything else becomes a
new sheet with the cells as they were read, each as text, so that 18 digits stay 18 digits and a
zero at the start stays.
"""

import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, groupby
from pathlib import Path
from typing import IO, Any
from xml.parsers.expat import ExpatError

import polars as pl

from tradeglyph.domain.recognizers import Lang
from tradeglyph.results.statement_looks import COLOURS, OTHER, Looks
from tradeglyph.results.statement_marks import Mark, Marks
from tradeglyph.results.statement_sheet_plan import SheetPlan
from tradeglyph.results.statement_workbook_words import WORDS
from tradeglyph.results.xlsx.book import Book, Range
from tradeglyph.results.xlsx.cells import MAX_COLUMNS, letters, text_cell
from tradeglyph.results.xlsx.markup import MAX_CHARS, Unreadable
from tradeglyph.results.xlsx.original import Original
from tradeglyph.results.xlsx.recolour import Formulas, Painted, extent, recolour
from tradeglyph.results.xlsx.sheet import Layout, span, worksheet

ADDED = "tradeglyph"
"""The heading of what is added, so that nobody takes it for the bank's."""
WIDTHS = (10.0, 26.0, 80.0)
"""Of severity, recognizers and reasons."""
_LEAST, _MOST = 8, 50
"""Widths of columns, in digits."""
_FEW = 8
"""Rows above the lines, heading included, that may stay in sight."""
_STRANGE = (
    *(ExpatError, Unreadable, zipfile.BadZipFile, zlib.error, EOFError),
    *(KeyError, ValueError, IndexError, RuntimeError),
)
"""What a workbook raises that is written in no usual way. RuntimeError: nested too deep, or locked.
"""
_PER_CELL = 70
"""Bytes of markup round each cell, about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """How a sheet of a file got into the workbook."""

    plan: SheetPlan
    original: bool
    """As it was; else its cells as texts."""
    why: str = ""
    """Why it could not be shown as it was, though it is a sheet of an .xlsx file."""
    formulas: Formulas = field(default_factory=Formulas)
    cut: int = 0
    """Cells longer than Excel's can be."""
    first_cut: int = 0
    """The row of the first of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Paint:
    """What every sheet is painted with."""

    marks: Marks
    looks: Looks
    lang: Lang
    lines: pl.DataFrame
    """Schema `LINES`."""


def write_sheets(
    book: Book, files: Sequence[Mapping[str, Any]], plans: Sequence[SheetPlan], paint: Paint
) -> list[Shown]:
    """All sheets of all files."""
    shown: list[Shown] = []
    for number, own in groupby(plans, key=lambda plan: plan.file):
        file = files[number]
        if file["kind"] == "xlsx":
            shown.extend(_from_workbook(book, Path(file["path"]), file, list(own), paint))
        else:
            shown.extend(_as_texts(book, plan, file, paint) for plan in own)
    return shown


def _from_workbook(
    book: Book, path: Path, file: Mapping[str, Any], plans: Sequence[SheetPlan], paint: Paint
) -> Iterator[Shown]:
    try:
        original = Original(path, book.styles)
    except (*_STRANGE, OSError) as error:
        for plan in plans:
            yield _as_texts(book, plan, file, paint, why=_why(error))
        return
    try:
        for plan in plans:
            yield _as_it_was(book, original, plan, file, paint)
    finally:
        original.close()


def _as_it_was(
    book: Book, original: Original, plan: SheetPlan, file: Mapping[str, Any], paint: Paint
) -> Shown:
    part = original.sheets.get(plan.sheet)
    if part is None:
        return _as_texts(book, plan, file, paint, why="no worksheet")
    # Beside the output: a sheet may be larger than what is meant for temporary files.
    with tempfile.TemporaryFile("w+", encoding="utf-8", newline="", dir=book.folder) as aside:
        try:
            formulas = _recoloured(book, original, part, plan, file, paint, aside)
        except _STRANGE as error:
            return _as_texts(book, plan, file, paint, why=_why(error))
        size = aside.tell()
        aside.seek(0)
        with book.sheet(plan.names[0], expected=size) as out:
            shutil.copyfileobj(aside, out, 1 << 20)
    return Shown(plan=plan, original=True, formulas=formulas)


def _recoloured(
    book: Book,
    original: Original,
    part: str,
    plan: SheetPlan,
    file: Mapping[str, Any],
    paint: Paint,
    out: IO[str],
) -> Formulas:
    width = plan.cells.cells.width
    columns = max(extent(original, part, width), width)
    if columns + len(WIDTHS) > MAX_COLUMNS:
        raise Unreadable(f"{columns:,} columns")
    headings = heading_rows(plan, file, paint.lines)
    return recolour(
        original,
        part,
        out,
        styles=book.styles,
        painted=_painted(plan, paint, headings, columns),
        columns=columns,
        widths=WIDTHS,
    )


def _painted(
    plan: SheetPlan, paint: Paint, headings: Sequence[int], columns: int
) -> Iterator[tuple[int, Painted]]:
    """Heading lines and lines with a mark, by row."""
    heads = ((row, _heading(row, paint, columns)) for row in headings)
    marks = paint.marks.of(plan.file, plan.sheet)
    lines = ((mark.line, _marked(mark, mark.line, paint, columns)) for mark in marks)
    yield from _merged(heads, lines)


def _merged(
    heads: Iterator[tuple[int, Painted]], lines: Iterator[tuple[int, Painted]]
) -> Iterator[tuple[int, Painted]]:
    waiting = next(heads, None)
    for row, painted in lines:
        while waiting is not None and waiting[0] <= row:
            if waiting[0] < row:
                yield waiting
            waiting = next(heads, None)
        yield row, painted
    yield from chain(() if waiting is None else (waiting,), heads)


def _heading(row: int, paint: Paint, columns: int) -> Painted:
    words = WORDS[paint.lang]
    texts = (ADDED, f"{ADDED} {words['recognizers']}", f"{ADDED} {words['reasons']}")
    head = paint.looks.head
    return Painted(colour="", cells=_behind(row, columns, texts, (head, head, head)))


def _marked(mark: Mark, row: int, paint: Paint, columns: int) -> Painted:
    glue = "、" if paint.lang == "zh" else ", "
    texts = (
        WORDS[paint.lang].get(mark.severity, mark.severity),
        glue.join(mark.titles),
        "\n".join(mark.reasons),
    )
    looks = (
        paint.looks.severity.get(mark.severity, paint.looks.severity["other"]),
        *(paint.looks.cell(mark.severity, text) for text in texts[1:]),
    )
    colour = COLOURS.get(mark.severity, OTHER)
    return Painted(colour=colour, cells=_behind(row, columns, texts, looks))


def _behind(row: int, columns: int, texts: Sequence[str], looks: Sequence[int]) -> tuple[str, ...]:
    return tuple(
        text_cell(f"{letters(columns + number)}{row}", look, text)
        for number, (text, look) in enumerate(zip(texts, looks, strict=True), 1)
    )


def heading_rows(plan: SheetPlan, file: Mapping[str, Any], lines: pl.DataFrame) -> list[int]:
    """Rows whose cells are the headings that the reader took; where a heading goes over several
    rows, the one above the first line. None in a sheet without lines."""
    own = lines.filter((pl.col("file") == plan.file) & (pl.col("sheet") == plan.sheet))["line"]
    first = own.min()
    if not isinstance(first, int):
        return []
    taken = {
        one["position"]: one["heading"]
        for one in file["columns"]
        if one["sheet"] == plan.sheet and one["heading"] and one["field"]
    }
    cells = plan.cells.cells
    agree = [
        (cells[str(position - 1)].str.strip_chars() == heading).cast(pl.UInt16)
        for position, heading in taken.items()
        if position <= cells.width
    ]
    if agree:
        total = pl.DataFrame({str(at): one for at, one in enumerate(agree)}).sum_horizontal()
        rows = plan.rows.filter(total >= max(2, (len(agree) + 1) // 2)).to_list()
        if rows:
            return rows
    return [plan.counted(first) - 1] if first > 1 else []


def _as_texts(
    book: Book, plan: SheetPlan, file: Mapping[str, Any], paint: Paint, why: str = ""
) -> Shown:
    """A new sheet, or several, with the cells as they were read."""
    writer = _Texts(plan, paint, heading_rows(plan, file, paint.lines))
    for part, name in enumerate(plan.names):
        writer.write(book, part, name)
    return Shown(plan=plan, original=False, why=why, cut=writer.cut, first_cut=writer.first_cut)


class _Texts:
    """Writes the cells of one sheet of a file, as texts."""

    def __init__(self, plan: SheetPlan, paint: Paint, headings: Sequence[int]) -> None:
        self.cut = self.first_cut = 0
        self._plan, self._paint, self._headings = plan, paint, headings
        self._heads = frozenset(headings)
        self._width = plan.cells.cells.width
        self._names = [letters(number) for number in range(1, self._width + 1)]
        self._widths = _widths(plan.cells.cells)
        marks = paint.marks.of(plan.file, plan.sheet)
        self._marks = ((plan.counted(mark.line), mark) for mark in marks)
        self._next = next(self._marks, None)

    def write(self, book: Book, part: int, name: str) -> None:
        """One of its sheets in the workbook."""
        before = part * self._plan.room
        rows = self._plan.rows
        mine = self._plan.cells.cells.filter(rows.is_between(before + 1, before + self._plan.room))
        at = rows.filter(rows.is_between(before + 1, before + self._plan.room)) - before
        last = int(at[-1]) if at.len() else 1
        columns = self._width + len(WIDTHS)
        layout = Layout(
            widths=(*self._widths, *WIDTHS),
            frozen=self._headings[0] if not part and self._frozen() else 0,
            texts=span(1, last, self._width),
        )
        expected = int(mine.estimated_size()) + mine.height * mine.width * _PER_CELL
        with book.sheet(name, expected=expected) as out, worksheet(out, layout) as foot:
            for row, texts in zip(at, mine.iter_rows(), strict=True):
                out.write(self._row(row, before, texts))
            if not part and len(self._headings) == 1:
                foot.filtered = span(self._headings[0], last, columns)
        if foot.filtered:
            cells = f"$A${self._headings[0]}:${letters(columns)}${last}"
            book.name(Range(name="_xlnm._FilterDatabase", sheet=name, cells=cells))

    def _frozen(self) -> bool:
        return len(self._headings) == 1 and self._headings[0] <= _FEW

    def _row(self, row: int, before: int, texts: tuple[str, ...]) -> str:
        added: Sequence[str] = ()
        severity = ""
        looks, paint = self._paint.looks, self._paint
        if self._next is not None and self._next[0] == row + before:
            mark = self._next[1]
            self._next = next(self._marks, None)
            severity = mark.severity
            added = _marked(mark, row, paint, self._width).cells
        elif row + before in self._heads:
            added = _heading(row, paint, self._width).cells
        pairs = zip(self._names, texts, strict=True)
        cells = [
            text_cell(f"{name}{row}", looks.cell(severity, text), text)
            for name, text in pairs
            if text or severity
        ]
        self._count_cut(row, texts)
        return f'<row r="{row}">{"".join(cells)}{"".join(added)}</row>'

    def _count_cut(self, row: int, texts: Sequence[str]) -> None:
        if max(map(len, texts), default=0) <= MAX_CHARS // 2:
            return
        cut = sum(len(text.encode("utf-16-le", "replace")) > 2 * MAX_CHARS for text in texts)
        self.first_cut = self.first_cut or (row if cut else 0)
        self.cut += cut


def _widths(cells: pl.DataFrame) -> list[float]:
    """What the longest cell of each column needs: a Chinese character, of three bytes, is as wide
    as two digits."""
    chars, size = pl.all().str.len_chars().cast(pl.Int64), pl.all().str.len_bytes().cast(pl.Int64)
    wide = cells.select((chars + (size - chars) // 2).quantile(0.98)).row(0)
    return [float(min(_MOST, max(_LEAST, (width or 0) + 2))) for width in wide]


def _why(error: Exception) -> str:
    first = (str(error) or type(error).__name__).splitlines()[0]
    return f"{first[:80]}"
