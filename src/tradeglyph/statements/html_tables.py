"""Tables of an HTML page, or of an XML spreadsheet of 2003, -> a grid.

Bank portals write such files under the name .xls, for Excel to open. One row of the grid is one
table row or one text beside the tables (account number, period), on the line that it starts on;
where a page has several rows in one line, rows are counted instead.
"""

import itertools
from html.parser import HTMLParser

from tradeglyph.domain.errors import InputError
from tradeglyph.statements.grid import Grid, grid_of
from tradeglyph.statements.limits import MAX_COLUMNS

_TABLES = {"table", "ss:table"}
_ROWS = {"tr", "row"}
_CELLS = {"td", "th", "cell", "ss:cell"}
_BREAKS = {"br", "p", "div", "h1", "h2", "h3", "h4", "caption", "li"}
_SILENT = {"style", "script", "title", "head"}


def read_html(text: str, where: str) -> Grid:
    """All rows of all tables, in the order of the page.

    Raises InputError where the page has no table.
    """
    parser = _Rows()
    parser.feed(text)
    parser.close()
    if not parser.tables:
        raise InputError(f"{where}: an HTML page without a table; is this a page to log in on?")
    return grid_of(parser.rows, _lines(parser.lines), where=where)


def _lines(lines: list[int]) -> list[int]:
    """The lines of the page, or numbers of the rows where several stand in one line: an address is
    of one row."""
    ascending = all(one < other for one, other in itertools.pairwise(lines))
    return lines if ascending else list(range(1, len(lines) + 1))


class _Rows(HTMLParser):
    """Collects rows. A table inside a cell gives rows of its own, before its outer row's."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.rows: list[list[str]] = []
        self.lines: list[int] = []
        self.tables = 0
        self._depth = 0
        self._depths: list[int] = []
        self._open: list[tuple[int, list[str]]] = []
        self._cell: list[list[str]] = []
        self._loose: list[str] = []
        self._repeat: list[int] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self._silent += 1
        if tag in _BREAKS:
            self._text(" ")
            if not self._open:
                self._flush()
        if tag in _TABLES:
            self.tables += 1
            self._depth += 1
        if tag in _ROWS:
            self._flush()
            if self._depths[-1:] == [self._depth]:
                self._close_row()
            self._depths.append(self._depth)
            self._open.append((self.getpos()[0], []))
        elif tag in _CELLS and self._open:
            self._close_cell()
            self._start_cell(dict(attrs))

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self._silent = max(0, self._silent - 1)
        if tag in _CELLS:
            self._close_cell()
        elif tag in _ROWS and self._open:
            self._close_row()
        elif tag in _TABLES:
            while self._depths[-1:] == [self._depth]:
                self._close_row()
            self._depth -= 1
        elif tag in _BREAKS and not self._open:
            self._flush()

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self._text(data)

    def close(self) -> None:
        super().close()
        while self._open:
            self._close_row()
        self._flush()

    def _close_row(self) -> None:
        self._close_cell()
        self._depths.pop()
        line, cells = self._open.pop()
        self.rows.append(cells)
        self.lines.append(line)

    def _start_cell(self, attrs: dict[str, str | None]) -> None:
        _, cells = self._open[-1]
        index = attrs.get("ss:index")
        if index and index.isdecimal():
            missing = min(int(index), MAX_COLUMNS) - 1 - len(cells)
            cells.extend([""] * max(0, missing))
        span = attrs.get("colspan") or ""
        merged = attrs.get("ss:mergeacross") or ""
        wide = int(span) - 1 if span.isdecimal() else int(merged) if merged.isdecimal() else 0
        self._repeat.append(max(0, min(wide, MAX_COLUMNS)))
        self._cell.append([])

    def _close_cell(self) -> None:
        # An inner row may end while its outer cell is open: each open row has at most one.
        if not self._cell or len(self._cell) < len(self._open):
            return
        text = " ".join("".join(self._cell.pop()).split())
        self._open[-1][1].extend([text, *[""] * self._repeat.pop()])

    def _text(self, data: str) -> None:
        if self._cell:
            self._cell[-1].append(data)
        elif not self._open:
            self._loose.append(data)

    def _flush(self) -> None:
        """Text beside the tables, as a row of one cell."""
        text = " ".join("".join(self._loose).split())
        self._loose.clear()
        if text and not self._open:
            self.rows.append([text])
            self.lines.append(self.getpos()[0])
