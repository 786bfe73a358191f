"""The report of an examination of statements: from findings to a page."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import polars as pl

from tradeglyph.app.statement import Examination
from tradeglyph.app.statement_books import Shelf, books, counted, found_lines
from tradeglyph.app.statement_findings import sections, shown_anchors
from tradeglyph.app.statement_overview import overview
from tradeglyph.app.statement_reasons import Reasons
from tradeglyph.app.statement_tables import account_tables
from tradeglyph.domain.recognizers import Lang
from tradeglyph.drawing.statement_records import Book, FileRead, StatementReport
from tradeglyph.recognizers.statements.clock import clocked
from tradeglyph.statements.summary import FileSummary, Reject

PAGES = 20
"""Accounts with a page of their own."""
INDEX = 1_000
"""Accounts in the index."""
REJECTS = 5
"""Rejected lines of a file that are shown."""

FILES, NOTICES = 100, 20
"""Files, and notices of a file, that are shown."""


def statement_report(found: Examination, lang: Lang) -> StatementReport:
    """All that the page shows. The same examination gives the same report."""
    read = found.statements
    shelf, lines_found = Shelf.of(read.lines), found_lines(found.answers)
    reasons = Reasons(found.answers, lang)
    said = list(sections(found, shelf, lines_found, reasons, lang))
    every = books(read, shelf, lines_found)
    timed = np.zeros(read.lines.height, dtype=np.bool_)
    timed[clocked(read.lines).lines["row"].to_numpy()] = True
    anchors = shown_anchors(said)
    paged = [(number, replace(book, page=at)) for at, (number, book) in enumerate(_paged(every))]
    pages = [
        replace(
            overview(read, shelf, number, book, lines_found, timed, reasons, anchors),
            tables=account_tables(read.lines[shelf.rows(number)], lang),
        )
        for number, book in paged
    ]
    index = [book for _, book in paged] + [book for _, book in every[len(paged) :]]
    times = read.lines["time"]
    return StatementReport(
        files=[_file(file, lang) for file in _files(read.files)],
        files_left_out=max(len(read.files) - FILES, 0),
        books=index[:INDEX],
        books_left_out=max(len(index) - INDEX, 0),
        pages=pages,
        sections=said,
        accounts=len(every),
        lines=read.lines.height,
        found=counted(lines_found.group_by("row").agg(pl.col("gravity").min())["gravity"]),
        first=times.min(),  # type: ignore[arg-type]
        last=times.max(),  # type: ignore[arg-type]
    )


def _paged(every: Sequence[tuple[int, Book]]) -> Sequence[tuple[int, Book]]:
    """All where they are few; else those with findings, gravest first."""
    if len(every) <= PAGES:
        return every
    return [(number, book) for number, book in every if book.found.total][:PAGES]


def _files(files: Sequence[FileSummary]) -> Sequence[FileSummary]:
    """In their order; where they are too many, those with something to be said of first."""
    if len(files) <= FILES:
        return files
    return sorted(files, key=lambda file: not (file.rows.rejected or file.notices))[:FILES]


def _file(file: FileSummary, lang: Lang) -> FileRead:
    return FileRead(
        path=file.path,
        form=" ".join(part for part in (file.kind.upper(), file.encoding) if part),
        layout=file.layout,
        holders=file.holders,
        read=file.rows.read,
        rejected=file.rows.rejected,
        rejects=[_reject(one, lang) for one in file.rejects[:REJECTS]],
        notices=[notice.words[lang] for notice in file.notices[:NOTICES]],
        notices_left_out=max(len(file.notices) - NOTICES, 0),
        assumed=[words[lang] for words in file.assumptions],
    )


def _reject(one: Reject, lang: Lang) -> str:
    sheet = f"{one.sheet} " if one.sheet else ""
    if lang == "zh":
        return f"{sheet}第 {one.line} 行，{one.column}：“{one.value}”：{one.reason['zh']}"
    return f"{sheet}line {one.line}, {one.column}: {one.value!r}: {one.reason['en']}"
