"""Statements: files in, lines and a summary of each file out."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from tradeglyph.domain.errors import InputError, RowError, RowErrors
from tradeglyph.recognizers.statements.lines import LINES
from tradeglyph.statements.document import Document, open_document
from tradeglyph.statements.grid import Grid
from tradeglyph.statements.headings import shipped_headings
from tradeglyph.statements.limits import EXAMPLES
from tradeglyph.statements.options import ReadOptions
from tradeglyph.statements.profiles import Profile, load_profiles
from tradeglyph.statements.sheet import SheetRead, read_sheet
from tradeglyph.statements.summary import FileSummary, RowCounts
from tradeglyph.statements.texts import no_lines, no_table

_MAX_FILES = 65_535


@dataclass(frozen=True, slots=True, kw_only=True)
class Statements:
    """What was read of some files."""

    lines: pl.DataFrame
    """Schema `LINES`; `file` is a position in `files` and `sheets`."""
    files: tuple[FileSummary, ...]
    sheets: tuple[tuple[Grid, ...], ...]
    """Of each file, all cells as they stand; a line's `sheet` and `line` name its row there."""


def read_statements(paths: Sequence[Path], *, options: ReadOptions | None = None) -> Statements:
    """Reads statements of any bank, in any of the kinds that they are given out in.

    Raises InputError for a file that can't be read or understood (the message says what to pass),
    RowErrors where not one line of a file can be read, and MissingExtra for a PDF without
    pdfplumber. Lines that can't be read among others that can are counted as rejected.
    """
    options = options or ReadOptions()
    if not paths:
        raise InputError("no statement is named")
    if len(paths) > _MAX_FILES:
        raise InputError(f"more than {_MAX_FILES:,} files")
    _refuse_twice(paths)
    profiles = load_profiles(options.profiles)
    read = [_read_file(number, path, options, profiles) for number, path in enumerate(paths)]
    return Statements(
        lines=pl.concat([lines for lines, _, _ in read]),
        files=tuple(summary for _, summary, _ in read),
        sheets=tuple(document.grids for _, _, document in read),
    )


def _refuse_twice(paths: Sequence[Path]) -> None:
    seen = set[Path]()
    for path in paths:
        real = path.resolve()
        if real in seen:
            raise InputError(f"{path}: named twice; its lines would be counted twice")
        seen.add(real)


def _read_file(
    number: int, path: Path, options: ReadOptions, profiles: Sequence[Profile]
) -> tuple[pl.DataFrame, FileSummary, Document]:
    table = shipped_headings()
    for profile in profiles:
        table = table.adding(profile.columns)
    document = open_document(path, table.adding(options.columns), options.encoding)
    sheets = _read_sheets(document, path, options, profiles)
    lines = pl.concat([sheet.lines for sheet in sheets])
    lines = lines.with_columns(file=pl.lit(number, dtype=pl.UInt16)).select(LINES.names())
    lines = lines.cast(dict(LINES))  # type: ignore[arg-type]
    summary = _summary(path, document, sheets, lines)
    if not summary.rows.read and summary.rows.rejected:
        raise _all_rejected(summary)
    return lines, summary, document


def _read_sheets(
    document: Document, path: Path, options: ReadOptions, profiles: Sequence[Profile]
) -> list[SheetRead]:
    """Sheets in their order. What a sheet without lines says (a cover sheet) holds for all."""
    cover: list[str] = []
    read = []
    for grid in document.grids:
        sheet = read_sheet(grid, str(path), cover, options, profiles)
        if not sheet.sections:
            cover.extend(sheet.spoken)
        read.append(sheet)
    if not any(sheet.sections for sheet in read):
        raise _no_table(path, document)
    return read


def _no_table(path: Path, document: Document) -> InputError:
    """Asks for the columns by position, and shows what stands in the file."""
    shown = []
    for grid in document.grids:
        for row in range(min(grid.cells.height, 200)):
            texts = [text for text in grid.texts(row) if text]
            if len(texts) > 2:
                shown.append(f"line {grid.line[row]}: " + " | ".join(texts)[:160])
        if len(shown) > 2:
            break
    rows = "; ".join(shown[:3]) or "nothing but single cells"
    return InputError(
        f"{path}: no heading line with a day and an amount was found. The file begins: {rows}. "
        "Name the headings (--map txDate=HEADING --map txAmount=HEADING), or the positions if "
        "there are none (--map txDate=#1 --map txAmount=#3 ...)"
    )


def _all_rejected(summary: FileSummary) -> RowErrors:
    rows = [
        RowError(
            f"{summary.path}: sheet {one.sheet}" if one.sheet else summary.path,
            one.line,
            one.column or "(whole line)",
            one.value,
            one.reason["en"],
        )
        for one in summary.rejects
    ]
    return RowErrors(rows, summary.rows.rejected, "Not one line of the file could be read.")


def _summary(
    path: Path, document: Document, sheets: Sequence[SheetRead], lines: pl.DataFrame
) -> FileSummary:
    notices = [notice for sheet in sheets for notice in sheet.notices]
    for sheet in sheets:
        if not sheet.sections and sheet.counts.preamble:
            notices.append(no_table(sheet.sheet, sheet.counts.preamble))
    counts = _added([sheet.counts for sheet in sheets])
    if not counts.read and not counts.rejected:
        notices.append(no_lines())
    layouts = dict.fromkeys(name for sheet in sheets for name in sheet.layouts)
    unique = {words["en"]: words for sheet in sheets for words in sheet.assumptions}
    times = lines["time"]
    return FileSummary(
        path=str(path),
        kind=document.kind,
        encoding=document.encoding,
        layout=", ".join(layouts),
        columns=tuple(taken for sheet in sheets for taken in sheet.columns),
        rows=counts,
        rejects=tuple(one for sheet in sheets for one in sheet.rejects)[:EXAMPLES],
        accounts=tuple(lines["account"].unique(maintain_order=True)),
        holders=tuple(dict.fromkeys(name for sheet in sheets for name in sheet.holders)),
        masked_balances=sum(sheet.masked for sheet in sheets),
        newest_first=bool(lines.height > 1 and times[0] > times[-1]),
        assumptions=tuple(unique.values()),
        notices=tuple(notices),
    )


def _added(counts: Sequence[RowCounts]) -> RowCounts:
    return RowCounts(
        read=sum(one.read for one in counts),
        rejected=sum(one.rejected for one in counts),
        header=sum(one.header for one in counts),
        preamble=sum(one.preamble for one in counts),
        notes=sum(one.notes for one in counts),
        blank=sum(one.blank for one in counts),
    )
