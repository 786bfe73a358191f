"""A report on statements as a workbook: findings, how it was read, the statements coloured.

No text of a file becomes a formula: texts are written as texts, and those that begin with = + - @
are marked (`quotePrefix`), so that they stay texts when somebody edits them. The same findings give
the same bytes.
"""

from collections.abc import Sequence
from pathlib import Path

from tradeglyph.results.statement_findings_sheet import Findings, write_findings
from tradeglyph.results.statement_json import Told
from tradeglyph.results.statement_looks import looks, new_styles
from tradeglyph.results.statement_marks import Marks
from tradeglyph.results.statement_sheet_plan import Cells, planned
from tradeglyph.results.statement_sheets import Paint, write_sheets
from tradeglyph.results.statement_summary_sheet import write_summary
from tradeglyph.results.statement_workbook_words import WORDS
from tradeglyph.results.xlsx.book import Book
from tradeglyph.results.xlsx.cells import MAX_ROWS
from tradeglyph.results.xlsx.names import SheetNames


def write_statement_workbook(
    told: Told, sheets: Sequence[Sequence[Cells]], path: Path, *, room: int = MAX_ROWS
) -> None:
    """Writes the workbook to `path`, whose folder also holds what is begun.

    Args:
        sheets: of each of the files, all cells as they were read.
        room: rows of a sheet; what has more goes on in another.
    """
    words = WORDS[told.lang]
    names = SheetNames()
    # The statements' sheets first: they keep their names.
    plans = planned(told.files, sheets, names, room)
    first, second = names.new(words["findings"]), names.new(words["summary"])
    styles = new_styles(told.lang)
    book = Book(path, styles)
    own = looks(styles)
    try:
        found = write_findings(
            book, Findings(told=told, plans=plans, looks=own), names, first, room
        )
        paint = Paint(
            marks=Marks(told.answers, told.lines, told.lang),
            looks=own,
            lang=told.lang,
            lines=told.lines,
        )
        shown = write_sheets(book, told.files, plans, paint)
        write_summary(book, second, told, shown, own)
        statements = [name for plan in plans for name in plan.names]
        book.close([*found, second, *statements])
    except BaseException:
        book.abandon()
        raise
