"""A workbook, written sheet by sheet into a zip archive."""

import io
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from tradeglyph.results.xlsx.markup import MAIN, attribute
from tradeglyph.results.xlsx.names import quoted
from tradeglyph.results.xlsx.styles import Styles

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_NO_TIME = (1980, 1, 1, 0, 0, 0)
"""The first that a zip archive has: equal reports are equal bytes."""
_LEVEL = 4
_LARGE = 1 << 30
"""Bytes that a part is expected to have, from which its sizes are written with 64 bits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """A range that Excel knows by a name of its own."""

    name: str
    """`_xlnm.Print_Titles`, `_xlnm._FilterDatabase`."""
    sheet: str
    cells: str
    """With $, such as `$1:$1`."""


class Book:
    """Writes a workbook. Sheets are shown in the order of `show`."""

    def __init__(self, path: Path, styles: Styles) -> None:
        self.styles = styles
        self.folder = path.parent
        """For what has to lie somewhere until it is written."""
        self._archive = zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=_LEVEL)
        self._parts: dict[str, int] = {}
        self._ranges: list[Range] = []

    @contextmanager
    def sheet(self, name: str, *, expected: int = 0) -> Iterator[IO[str]]:
        """Where to write a sheet's XML; `expected`: about how many bytes."""
        self._parts[name] = len(self._parts) + 1
        info = self._info(f"xl/worksheets/sheet{self._parts[name]}.xml")
        with (
            self._archive.open(info, "w", force_zip64=expected > _LARGE) as part,
            io.TextIOWrapper(part, encoding="utf-8", newline="") as text,
        ):
            text.write(_HEAD)
            yield text

    def name(self, named: Range) -> None:
        """Gives a range its name."""
        self._ranges.append(named)

    def close(self, show: Sequence[str]) -> None:
        """Writes what holds the sheets together, in the order that they are shown."""
        relations = "".join(
            f'<Relationship Id="rId{number}" Type="{_OFFICE}/worksheet" '
            f'Target="worksheets/sheet{number}.xml"/>'
            for number in self._parts.values()
        )
        styles = (
            f'<Relationship Id="rId{len(self._parts) + 1}" Type="{_OFFICE}/styles" '
            'Target="styles.xml"/>'
        )
        self._write("xl/workbook.xml", self._workbook(show))
        self._write("xl/_rels/workbook.xml.rels", _relationships(relations + styles))
        self._write("xl/styles.xml", self.styles.xml())
        document = (
            f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/>'
        )
        self._write("_rels/.rels", _relationships(document))
        self._write("[Content_Types].xml", self._types())
        self._archive.close()

    def abandon(self) -> None:
        """Lets go of the file, which is no workbook yet."""
        if self._archive.fp is not None:
            self._archive.fp.close()
            self._archive.fp = None

    def _workbook(self, show: Sequence[str]) -> str:
        sheets = "".join(
            f'<sheet name="{attribute(name)}" sheetId="{at}" r:id="rId{self._parts[name]}"/>'
            for at, name in enumerate(show, 1)
        )
        names = "".join(
            f'<definedName name="{one.name}" localSheetId="{show.index(one.sheet)}"{_hidden(one)}>'
            f"{attribute(quoted(one.sheet))}!{one.cells}</definedName>"
            for one in sorted(self._ranges, key=lambda one: (one.name, show.index(one.sheet)))
        )
        defined = f"<definedNames>{names}</definedNames>" if names else ""
        return (
            f'<workbook xmlns="{MAIN}" xmlns:r="{_OFFICE}"><workbookPr/>'
            f"<bookViews><workbookView/></bookViews><sheets>{sheets}</sheets>{defined}</workbook>"
        )

    def _types(self) -> str:
        sheets = "".join(
            f'<Override PartName="/xl/worksheets/sheet{number}.xml" '
            f'ContentType="{_TYPE}.worksheet+xml"/>'
            for number in self._parts.values()
        )
        return (
            f'<Types xmlns="{_PACKAGE}/content-types">'
            '<Default Extension="rels" '
            'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Default Extension="xml" ContentType="application/xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
            f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/>'
            f"{sheets}</Types>"
        )

    def _write(self, name: str, xml: str) -> None:
        self._archive.writestr(self._info(name), _HEAD + xml)

    def _info(self, name: str) -> zipfile.ZipInfo:
        info = zipfile.ZipInfo(name, _NO_TIME)
        info.compress_type = zipfile.ZIP_DEFLATED
        info._compresslevel = _LEVEL  # type: ignore[attr-defined]  # public since 3.13
        info.create_system = 0
        return info


def _hidden(named: Range) -> str:
    return ' hidden="1"' if named.name.endswith("FilterDatabase") else ""


def _relationships(inside: str) -> str:
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{inside}</Relationships>'
