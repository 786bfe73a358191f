"""A workbook that is to be shown as it is: its sheets, its shared texts, its looks."""

import posixpath
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import IO
from xml.etree.ElementTree import Element

from tradeglyph.results.xlsx.cells import LIVE
from tradeglyph.results.xlsx.markup import Copy, Unreadable, local, reader, tree
from tradeglyph.results.xlsx.styles import OFFICE_COLOURS, Look, Styles

_RELATIONS = (
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "http://purl.oclc.org/ooxml/officeDocument/relationships",
)
_CHUNK = 1 << 18
_COLOUR = re.compile("[0-9A-Fa-f]{6}")
_SPOKEN = ("rPh", "phoneticPr", "extLst")
"""How a text is pronounced, which is no part of it."""


class Original:
    """An .xlsx file's worksheets. Nothing else of it is looked at: no macro, no drawing, no link.

    Raises Unreadable, or what zipfile and expat raise, for a file that is no usual workbook.
    """

    def __init__(self, path: Path, styles: Styles) -> None:
        self._archive = zipfile.ZipFile(path)
        self._names = {name.casefold(): name for name in self._archive.namelist()}
        book = tree(self._read("xl/workbook.xml"))
        for part in book:
            if local(part.tag) == "workbookPr" and part.get("date1904") in ("1", "true"):
                raise Unreadable("days counted from 1904")
        targets = self._targets()
        self.sheets: Mapping[str, str] = _sheets(book, targets["worksheet"])
        """Names and their parts."""
        self.strings, self.live = self._strings(targets["sharedStrings"])
        """Shared texts as XML, and the numbers of those that look like formulas."""
        self.looks: tuple[Look, ...] = (Look(),)
        colours: tuple[str, ...] = OFFICE_COLOURS
        for target in targets["theme"].values():
            colours = _theme_colours(tree(self._read(target)))
        for target in targets["styles"].values():
            self.looks = styles.taken_from(tree(self._read(target)), colours)

    def part(self, name: str) -> IO[bytes]:
        """A part, to be read."""
        try:
            return self._archive.open(self._names[name.casefold()])
        except KeyError as error:
            raise Unreadable(f"no part {name}") from error

    def close(self) -> None:
        """Lets go of the file."""
        self._archive.close()

    def _read(self, name: str) -> bytes:
        with self.part(name) as part:
            return part.read()

    def _targets(self) -> dict[str, dict[str, str]]:
        """Parts by their kind and id."""
        kinds = ("worksheet", "sharedStrings", "styles", "theme")
        found: dict[str, dict[str, str]] = {kind: {} for kind in kinds}
        for one in tree(self._read("xl/_rels/workbook.xml.rels")):
            space, _, kind = one.get("Type", "").rpartition("/")
            if space in _RELATIONS and kind in found and one.get("TargetMode") != "External":
                target = posixpath.normpath(posixpath.join("/xl", one.get("Target", "")))
                found[kind][one.get("Id", "")] = target.lstrip("/")
        return found

    def _strings(self, targets: Mapping[str, str]) -> tuple[list[str], frozenset[int]]:
        strings: list[str] = []
        live: set[int] = set()
        for target in targets.values():
            with self.part(target) as part:
                _read_strings(part, strings, live)
        return strings, frozenset(live)


def _theme_colours(theme: Element) -> tuple[str, ...]:
    """The twelve colours of a theme, as cells number them: light ones before dark ones."""
    for part in theme.iter():
        if part.tag.endswith(" clrScheme"):
            named = [one[0].get("lastClr", one[0].get("val", "")) for one in part]
            if len(named) == len(OFFICE_COLOURS) and all(map(_COLOUR.fullmatch, named)):
                dark, light, dark2, light2, *rest = named
                return (light, dark, light2, dark2, *rest)
    return OFFICE_COLOURS


def _sheets(book: Element, parts: Mapping[str, str]) -> dict[str, str]:
    sheets: dict[str, str] = {}
    for group in book:
        if local(group.tag) == "sheets":
            for one in group:
                ids = (one.get(f"{space} id", "") for space in _RELATIONS)
                part = next((parts[found] for found in ids if found in parts), None)
                if part is not None:
                    sheets[one.get("name", "")] = part
    return sheets


def _read_strings(part: IO[bytes], strings: list[str], live: set[int]) -> None:
    copy = Copy(_SPOKEN)
    said: list[str] = []
    depth = 0

    def start(name: str, given: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > 2:
            copy.start(name, given)

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1
        if depth > 1:
            copy.end(name)
        elif depth == 1:
            if "".join(said).startswith(LIVE):
                live.add(len(strings))
            said.clear()
            strings.append(copy.take())

    def text(data: str) -> None:
        if depth > 2:
            copy.text(data)
            said.append(data)

    parser = reader(start, end, text)
    while piece := part.read(_CHUNK):
        parser.Parse(piece, False)
    parser.Parse(b"", True)
