"""A sheet of an original, written anew with some of its rows coloured.

Cells keep their values, types and number formats, and harmless formulas (`formulas.harmless`) with
what they showed. Every other formula leaves the value that it showed, and is listed. Rows that were
hidden are shown. Left out: drawings, comments, links, checks of input, conditional formats,
protection, tables, and whatever is not of the spreadsheet's own namespace.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import IO
from xml.parsers import expat

from tradeglyph.results.xlsx.cells import (
    LIVE,
    MAX_COLUMNS,
    MAX_ROWS,
    column_of,
    empty_cell,
    letters,
)
from tradeglyph.results.xlsx.formulas import harmless
from tradeglyph.results.xlsx.markup import (
    MAIN,
    Copy,
    Unreadable,
    attributes,
    kept,
    local,
    raw_text,
    reader,
    tree,
)
from tradeglyph.results.xlsx.original import Original
from tradeglyph.results.xlsx.sheet import column
from tradeglyph.results.xlsx.styles import Look, Styles

_CHUNK = 1 << 18
_OVERLAP = 32
"""Bytes kept from one piece to the next, so that no reference is cut in two."""
_MENTIONED = re.compile(rb'\br(?:ef)?="(?:[A-Z]{1,3}[0-9]{1,7}:)?([A-Z]{1,3})[0-9]{1,7}"')
"""The cell, or the last one of a range, in an attribute."""
_KINDS = ("n", "s", "str", "inlineStr", "b", "e", "d")
_WITH_VALUE = {"v", "f", "is"}
_BEFORE = ("sheetPr", "sheetViews", "sheetFormatPr")
_AFTER = (
    *("autoFilter", "mergeCells", "printOptions", "pageMargins", "pageSetup", "headerFooter"),
    *("rowBreaks", "colBreaks"),
)
"""What is kept of a sheet around its cells, in the order that it must have."""
_INNER = {
    "filterColumn",
    "sortState",
    "extLst",
    "pivotSelection",
    "legacyDrawingHF",
    "drawingHF",
    "rPh",
    "phoneticPr",
}
"""Elements within the others that speak of parts that are left out."""
_ROW = ("ht", "customHeight", "customFormat", "outlineLevel", "thickTop", "thickBot")
_NEAR = 20
"""Columns that a merged range may reach beyond the last value, and still belong to the table: a
title is often merged over a whole row."""
_VIEW = (
    "showGridLines",
    "showRowColHeaders",
    "showZeros",
    "rightToLeft",
    "topLeftCell",
    "zoomScale",
)
_LISTED = 1_000
"""Formulas that are kept in mind; all are counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Painted:
    """What is added to one row."""

    colour: str
    """Empty for a heading line, which stays as it is."""
    cells: tuple[str, ...]
    """Our cells, as `<c .../>` of the columns behind the original's."""


@dataclass(slots=True)
class Formulas:
    """Formulas of one sheet."""

    kept: int = 0
    replaced: int = 0
    listed: list[tuple[str, str, bool]] = field(default_factory=list)
    """Cell, text, and whether it was kept: the first of them."""


def extent(original: Original, part: str, columns: int) -> int:
    """The last column with a value, or of a merged range.

    Args:
        columns: that are known to have values. Where no cell stands behind them, as in nearly every
            sheet, looking for references is enough.
    """
    quick = _mentioned(original, part)
    return quick if 0 < quick <= columns else _measured(original, part)


def _mentioned(original: Original, part: str) -> int:
    """The last column of any reference; 0 where cells have none."""
    columns: set[bytes] = set()
    tail = b""
    with original.part(part) as file:
        while piece := file.read(_CHUNK):
            columns.update(_MENTIONED.findall(tail + piece))
            tail = piece[-_OVERLAP:]
    return max((column_of(one.decode()) for one in columns), default=0)


def _measured(original: Original, part: str) -> int:
    columns = at = 0
    merged: list[int] = []

    def start(name: str, given: dict[str, str]) -> None:
        nonlocal columns, at
        own = local(name)
        if own == "c":
            at = column_of(given["r"]) if "r" in given else at + 1
        elif own == "row":
            at = 0
        elif own in _WITH_VALUE:
            columns = max(columns, at)
        elif own == "mergeCell":
            merged.append(column_of(given.get("ref", "").rpartition(":")[2]))

    _parse(original, part, reader(start, _nothing, _nothing))
    return max([columns, *(one for one in merged if one <= columns + _NEAR)])


def recolour(
    original: Original,
    part: str,
    out: IO[str],
    *,
    styles: Styles,
    painted: Iterator[tuple[int, Painted]],
    columns: int,
    widths: tuple[float, ...],
) -> Formulas:
    """Writes a sheet with its painted rows (in their order, by number).

    Args:
        columns: of the original; ours come behind.
        widths: of ours.

    Raises Unreadable where the sheet is written in a way that is not known here.
    """
    sheet = _Sheet(original, out, styles, painted, columns, widths)
    _parse(original, part, reader(sheet.start, sheet.end, sheet.text))
    sheet.finish()
    return sheet.formulas


class _Sheet:
    """Writes while it is read."""

    def __init__(
        self,
        original: Original,
        out: IO[str],
        styles: Styles,
        painted: Iterator[tuple[int, Painted]],
        columns: int,
        widths: tuple[float, ...],
    ) -> None:
        self.formulas = Formulas()
        self._original, self._out, self._styles = original, out, styles
        self._painted, self._columns, self._widths = painted, columns, widths
        self._names = [letters(number) for number in range(columns + len(widths) + 1)]
        self._next = next(painted, None)
        self._around: dict[str, str] = {}
        self._copy: Copy | None = None
        self._depth = 0
        self._in_data = self._begun = False
        self._looks: dict[tuple[int, str, bool], int] = {}
        self._shared: dict[str, bool] = {}
        self._row, self._column, self._cells = 0, 0, list[str]()
        self._now: Painted | None = None
        self._given: Mapping[str, str] = {}
        self._formula: tuple[Mapping[str, str], str] | None = None
        self._value: str | None = None
        self._inline: list[str] = []
        self._said: list[str] | None = None
        self._given_text: Mapping[str, str] = {}
        self._starts_live = False

    def start(self, name: str, given: dict[str, str]) -> None:
        """An element begins."""
        self._depth += 1
        depth = self._depth
        if self._copy is not None:
            self._copy.start(name, given)
        elif depth == 2:
            self._part(local(name), name, given)
        elif not self._in_data:
            pass
        elif depth == 3 and local(name) == "row":
            self._start_row(given)
        elif depth == 4 and local(name) == "c":
            self._given, self._formula, self._value = given, None, None
            self._inline.clear()
            self._starts_live = False
        elif depth == 5:
            self._said = []
            if local(name) == "f":
                self._formula = (given, "")
        elif depth == 6 and local(name) == "t":
            self._said, self._given_text = [], given
        elif depth == 6:
            self._copy = Copy(_INNER)
            self._copy.start(name, given)

    def end(self, name: str) -> None:
        """An element ends."""
        self._depth -= 1
        depth = self._depth
        if self._copy is not None:
            self._copy.end(name)
            if depth == 5 and self._in_data:
                self._inline.append(self._copy.take())
                self._copy = None
            elif depth == 1:
                self._around[local(name)], self._copy = self._copy.take(), None
        elif not self._in_data:
            pass
        elif depth == 5 and local(name) == "t":
            text = "".join(self._said or ())
            self._starts_live |= not self._inline and text.startswith(LIVE)
            given = attributes(self._given_text) if self._given_text else ""
            self._inline.append(f"<t{given}>{raw_text(text)}</t>")
        elif depth == 4:
            self._end_part(local(name))
        elif depth == 3:
            self._end_cell()
        elif depth == 2:
            self._end_row()
        elif depth == 1:
            self._write_missing(MAX_ROWS + 1)
            self._in_data = False

    def text(self, data: str) -> None:
        """A text between them."""
        if self._copy is not None:
            self._copy.text(data)
            self._starts_live |= not self._inline and data.startswith(LIVE)
        elif self._said is not None:
            self._said.append(data)

    def _end_part(self, own: str) -> None:
        """The value or the formula of a cell ends."""
        if own == "v":
            self._value = "".join(self._said or ())
        elif own == "f" and self._formula is not None:
            self._formula = (self._formula[0], "".join(self._said or ()))
        self._said = None

    def finish(self) -> None:
        """The foot, after all rows."""
        self._out.write("</sheetData>")
        for name in _AFTER:
            # &G is a picture, which is left out.
            self._out.write(self._around.get(name, "").replace("&amp;G", ""))
        self._out.write("</worksheet>")

    def _part(self, own: str, name: str, given: dict[str, str]) -> None:
        """A part of the sheet, next to its rows."""
        if own == "sheetData":
            if self._begun:
                raise Unreadable("two tables of cells in one sheet")
            self._in_data = self._begun = True
            self._head()
        elif own == "cols" or own in _BEFORE or own in _AFTER:
            self._copy = Copy(_INNER)
            self._copy.start(name, given if own != "sheetPr" else {})

    def _head(self) -> None:
        self._out.write(f'<worksheet xmlns="{MAIN}">')
        self._out.write(self._around.get("sheetPr", ""))
        self._out.write(_view(self._around.get("sheetViews", "")))
        self._out.write(self._around.get("sheetFormatPr", ""))
        self._out.write(f"<cols>{self._all_columns()}</cols><sheetData>")

    def _all_columns(self) -> str:
        """The original's columns as they are, and ours, which nothing hides."""
        found = list[str]()

        def start(name: str, given: dict[str, str]) -> None:
            if name == "col":
                first, last = int(given["min"]), int(given["max"])
                for low, high in ((first, min(last, self._columns)), (max(first, behind), last)):
                    if low <= high <= MAX_COLUMNS:
                        style = str(self._look(int(given.get("style", "0")), "", False))
                        own = given | {"min": str(low), "max": str(high), "style": style}
                        found.append(f"<col{attributes(own)}/>")

        behind = self._columns + len(self._widths) + 1
        parser = expat.ParserCreate()
        parser.StartElementHandler = start
        parser.Parse(self._around.get("cols", "<cols/>"), True)
        first = self._columns + 1
        ours = [column(first + at, width) for at, width in enumerate(self._widths)]
        inner = [one for one in found if int(one.split('min="')[1].split('"')[0]) < first]
        return "".join([*inner, *ours, *found[len(inner) :]])

    def _start_row(self, given: dict[str, str]) -> None:
        row = int(given.get("r", self._row + 1))
        if row <= self._row:
            raise Unreadable(f"row {row} stands below row {self._row}")
        self._row, self._column, self._now = row, 0, None
        self._write_missing(row)
        if self._next is not None and self._next[0] == row:
            self._now, self._next = self._next[1], next(self._painted, None)
        own = {"r": str(row)} | {key: given[key] for key in _ROW if key in given}
        if "s" in given:
            own["s"] = str(self._look(int(given["s"]), "", False))
        self._cells = [f"<row{attributes(own)}>"]

    def _write_missing(self, before: int) -> None:
        """Our headings in rows that the original leaves out, as it may with empty ones."""
        while self._next is not None and self._next[0] < before:
            row, painted = self._next
            if painted.colour:
                raise Unreadable(f"no row {row} to colour")
            self._out.write(f'<row r="{row}">{"".join(painted.cells)}</row>')
            self._next = next(self._painted, None)

    def _end_row(self) -> None:
        if self._now is not None:
            self._fill(self._columns + 1)
            self._cells.extend(self._now.cells)
        self._cells.append("</row>")
        self._out.write("".join(self._cells))

    def _fill(self, before: int) -> None:
        """Colours the cells that the original has not."""
        if self._now is None or not self._now.colour:
            return
        look = self._look(0, self._now.colour, False)
        for missing in range(self._column + 1, before):
            self._cells.append(empty_cell(f"{self._names[missing]}{self._row}", look))

    def _end_cell(self) -> None:
        given = self._given
        at = self._column + 1
        place = f"{self._names[at]}{self._row}"
        if given.get("r", place) != place:
            at = column_of(given["r"])
            if at < self._column + 1:
                raise Unreadable(f"cell {given['r']} stands behind column {self._column}")
        if at > self._columns:
            if self._value or self._formula or self._inline:
                raise Unreadable(f"cell {given.get('r')} stands behind all others")
            return
        if at > self._column + 1:
            self._fill(at)
            place = f"{self._names[at]}{self._row}"
        self._column = at
        markup, live = self._content(given.get("t", "n"), place)
        colour = self._now.colour if self._now is not None else ""
        look = self._look(int(given.get("s", "0")), colour, live)
        self._cells.append(f'<c r="{place}" s="{look}"{markup}')

    def _content(self, kind: str, at: str) -> tuple[str, bool]:
        """What follows a cell's look, and whether its text looks like a formula."""
        value = self._value
        formula = self._kept_formula(at) if self._formula is not None else ""
        if kind == "s" and value is not None:
            number = int(value)
            if not 0 <= number < len(self._original.strings):
                raise Unreadable(f"cell {at}: no text {number}")
            return _inline(self._original.strings[number]), number in self._original.live
        if kind == "inlineStr":
            return _inline("".join(self._inline)), self._starts_live
        if kind == "str" and not formula:
            text = value or ""
            markup = f'<t xml:space="preserve">{raw_text(text)}</t>' if text else ""
            return _inline(markup), text.startswith(LIVE)
        if kind not in _KINDS:
            raise Unreadable(f"cell {at} of kind {kind}")
        shown = "" if value is None or value == "" else f"<v>{raw_text(value)}</v>"
        if not formula and not shown:
            return "/>", False
        typed = "" if kind == "n" else f' t="{kind}"'
        return f"{typed}>{formula}{shown}</c>", False

    def _kept_formula(self, at: str) -> str:
        """The formula as XML, or nothing where only its value stays."""
        if self._formula is None:
            return ""
        given, text = self._formula
        kind, group = given.get("t", "normal"), given.get("si", "")
        if kind == "shared" and not text:
            good = self._shared.get(group, False)
        else:
            good = kind in ("normal", "shared") and harmless(text, self._columns)
        if kind == "shared" and text:
            self._shared[group] = good
        if text and len(self.formulas.listed) < _LISTED:
            self.formulas.listed.append((at, text, good))
        self.formulas.kept += good
        self.formulas.replaced += not good
        own = {key: given[key] for key in ("t", "ref", "si") if key in given and kind == "shared"}
        return f"<f{attributes(own)}>{raw_text(text)}</f>" if good else ""

    def _look(self, number: int, colour: str, live: bool) -> int:
        """Our number of an original's look, on a colour, or as one for a text that looks like a
        formula."""
        key = (number, colour, live)
        if key not in self._looks:
            looks = self._original.looks
            look = looks[number] if 0 <= number < len(looks) else looks[0]
            self._looks[key] = self._styles.add(_varied(self._styles, look, colour, live))
        return self._looks[key]


def _view(markup: str) -> str:
    """The first view of a sheet, which is not the one that is shown first."""
    if not markup:
        return ""
    for one in tree(f'<x xmlns="{MAIN}">{markup}</x>'.encode())[0]:
        if local(one.tag) == "sheetView":
            given = {key: one.attrib[key] for key in _VIEW if key in one.attrib}
            inside = "".join(map(kept, one))
            given["workbookViewId"] = "0"
            return f"<sheetViews><sheetView{attributes(given)}>{inside}</sheetView></sheetViews>"
    return ""


def _varied(styles: Styles, look: Look, colour: str, live: bool) -> Look:
    coloured = styles.on_colour(look, colour) if colour else look
    return replace(coloured, quoted=True) if live else coloured


def _inline(inside: str) -> str:
    return f' t="inlineStr"><is>{inside}</is></c>' if inside else "/>"


def _parse(original: Original, name: str, parser: expat.XMLParserType) -> None:
    with original.part(name) as part:
        while piece := part.read(_CHUNK):
            parser.Parse(piece, False)
        parser.Parse(b"", True)


def _nothing(*_: object) -> None:
    """Ignores what goes by."""
