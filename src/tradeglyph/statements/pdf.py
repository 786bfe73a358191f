"""PDFs with text -> a grid.

Ruled tables are taken cell by cell. Where a page has none, its words are put under the headings
that stand above them.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from tradeglyph.domain.errors import InputError, MissingExtra
from tradeglyph.statements.grid import Grid, grid_of
from tradeglyph.statements.headings import Headings
from tradeglyph.statements.limits import MAX_PAGES, MAX_WORKBOOK_BYTES

_GAP = 6.0
"""Points between two words that belong to different cells of a table without rules."""
_LINE = 3.0
"""Points that words of one line may stand apart in height."""


def read_pdf(path: Path, headings: Headings) -> Grid:
    """All pages as one grid; its lines are numbered through.

    Raises MissingExtra without pdfplumber, and InputError for a protected, damaged or scanned PDF.
    """
    try:
        import pdfplumber
    except ImportError as error:
        raise MissingExtra("pdfplumber", "statements") from error
    if path.stat().st_size > MAX_WORKBOOK_BYTES:
        raise InputError(f"{path}: more than {MAX_WORKBOOK_BYTES >> 20} MiB; split it")
    try:
        with pdfplumber.open(path) as pdf:
            rows = _rows(pdf.pages, path, headings)
    except InputError:
        raise
    except Exception as error:
        # pdfplumber passes on whatever pdfminer's many parsers raise.
        if "password" in (type(error).__name__ + repr(error)).lower():
            raise InputError(f"{path}: protected by a password; save it without one") from error
        raise InputError(f"{path}: a damaged or cut off PDF: {error or type(error)}") from error
    return grid_of(rows, list(range(1, len(rows) + 1)), where=str(path))


def _rows(pages: Sequence[Any], path: Path, headings: Headings) -> list[list[str]]:
    if len(pages) > MAX_PAGES:
        raise InputError(f"{path}: more than {MAX_PAGES:,} pages; split it")
    rows: list[list[str]] = []
    chars = 0
    columns: list[tuple[float, float]] = []
    for page in pages:
        chars += len(page.chars)
        tables = page.find_tables()
        beside = page
        for table in tables:
            beside = beside.outside_bbox(_within(table.bbox, page.bbox))
        lines = list(_lines(beside))
        if not tables:
            columns, laid = _laid_out(lines, columns, headings)
            rows.extend(laid)
        else:
            rows.extend([[" ".join(word["text"] for word in line)] for line in lines])
            for table in tables:
                rows.extend([_cell(cell) for cell in row] for row in table.extract())
        page.close()
    if not chars:
        raise InputError(
            f"{path}: a scanned PDF: pictures without text. Ask the bank for Excel or CSV, or run "
            "text recognition over it first"
        )
    return rows


def _cell(cell: str | None) -> str:
    """A cell without the breaks of its lines: between Chinese characters and inside numbers a break
    is no space."""
    parts = (cell or "").split("\n")
    text = parts[0]
    for part in parts[1:]:
        glue = " " if text[-1:].isascii() and text[-1:].isalpha() and part[:1].isalpha() else ""
        text += glue + part
    return text


def _within(box: Sequence[float], page: Sequence[float]) -> tuple[float, float, float, float]:
    left, top, right, bottom = box
    return max(left, page[0]), max(top, page[1]), min(right, page[2]), min(bottom, page[3])


def _lines(page: Any) -> Iterator[list[dict[str, Any]]]:
    """Words of a page, by line from the top, each line from the left."""
    words = page.extract_words(x_tolerance=2, keep_blank_chars=False)
    line: list[dict[str, Any]] = []
    for word in sorted(words, key=lambda word: word["top"]):
        if line and word["top"] - line[0]["top"] > _LINE:
            yield sorted(line, key=lambda word: float(word["x0"]))
            line = []
        line.append(word)
    if line:
        yield sorted(line, key=lambda word: float(word["x0"]))


def _laid_out(
    lines: Sequence[list[dict[str, Any]]],
    columns: list[tuple[float, float]],
    headings: Headings,
) -> tuple[list[tuple[float, float]], list[list[str]]]:
    """Lines as rows under the columns of the last heading line, which may stand on a page before."""
    rows = []
    for line in lines:
        groups = _groups(line)
        texts = [text for text, _, _ in groups]
        if headings.score(texts) >= headings.LEAST:
            columns = [(left, right) for _, left, right in groups]
            rows.append(texts)
        elif len(groups) < 2 or not columns:
            rows.append([" ".join(texts)])
        else:
            rows.append(_placed(groups, columns))
    return columns, rows


def _groups(line: Sequence[dict[str, Any]]) -> list[tuple[str, float, float]]:
    """Neighbouring words joined: text, left and right."""
    groups: list[tuple[str, float, float]] = []
    for word in line:
        left, right = float(word["x0"]), float(word["x1"])
        if groups and left - groups[-1][2] < _GAP:
            text, start, _ = groups.pop()
            groups.append((f"{text} {word['text']}", start, right))
        else:
            groups.append((word["text"], left, right))
    return groups


def _placed(
    groups: Sequence[tuple[str, float, float]], columns: Sequence[tuple[float, float]]
) -> list[str]:
    """Each text under the heading that it overlaps most, or that is nearest."""
    row = [""] * len(columns)
    for text, left, right in groups:

        def apart(at: int, left: float = left, right: float = right) -> float:
            start, end = columns[at]
            return max(left, start) - min(right, end)

        best = min(range(len(columns)), key=apart)
        row[best] = f"{row[best]} {text}".strip()
    return row
