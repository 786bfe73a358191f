"""How cells look: the styles part of a workbook."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from xml.etree.ElementTree import Element

from tradeglyph.results.xlsx.markup import MAIN, attribute, kept, local

_OWN_FORMATS = 164
"""Numbers of number formats below this are Excel's own (ECMA-376, 18.8.30)."""
_WHITE = re.compile(r'<color [^>]*(?:rgb="[0-9A-Fa-f]{2}FFFFFF"|indexed="[19]")[^>]*></color>')
OFFICE_COLOURS = (
    *("FFFFFF", "000000", "E7E6E6", "44546A", "4472C4", "ED7D31"),
    *("A5A5A5", "FFC000", "5B9BD5", "70AD47", "0563C1", "954F72"),
)
"""Of the theme that Excel takes where a workbook has none, as cells number them."""
_PLAIN_FILLS = (
    '<fill><patternFill patternType="none"/></fill>',
    '<fill><patternFill patternType="gray125"/></fill>',
)
_NO_BORDER = "<border><left/><right/><top/><bottom/><diagonal/></border>"


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One style of cells, by positions in the tables of `Styles`."""

    font: int = 0
    fill: int = 0
    border: int = 0
    number: int = 0
    """Id of the number format."""
    inside: str = ""
    """Alignment and protection, as XML."""
    quoted: bool = False
    """Whether the text stays one when somebody edits the cell, whatever it begins with."""


class Styles:
    """Fonts, fills, borders, number formats and looks; equal ones are one."""

    def __init__(self, font: str) -> None:
        self._fonts = {f'<font><sz val="11"/><name val="{attribute(font)}"/></font>': 0}
        self._name = attribute(font)
        self._fills = {fill: number for number, fill in enumerate(_PLAIN_FILLS)}
        self._borders = {_NO_BORDER: 0}
        self._formats: dict[str, int] = {}
        self._looks: dict[Look, int] = {Look(): 0}
        self._dark: dict[int, int] = {}

    def add(self, look: Look) -> int:
        """The number of a look, for cells' `s`."""
        return self._looks.setdefault(look, len(self._looks))

    def font(
        self, *, bold: bool = False, colour: str = "", size: int = 11, line: bool = False
    ) -> int:
        """A font of the workbook's name."""
        parts = [
            "<b/>" if bold else "",
            "<u/>" if line else "",
            f'<sz val="{size}"/>',
            f'<color rgb="FF{colour}"/>' if colour else "",
            f'<name val="{self._name}"/>',
        ]
        return _number(self._fonts, f"<font>{''.join(parts)}</font>")

    def fill(self, colour: str) -> int:
        """A plain colour, six hexadecimal digits."""
        inside = f'<fgColor rgb="FF{colour}"/><bgColor indexed="64"/>'
        return _number(
            self._fills, f'<fill><patternFill patternType="solid">{inside}</patternFill></fill>'
        )

    def border(self, colour: str) -> int:
        """A thin line below."""
        line = f'<bottom style="thin"><color rgb="FF{colour}"/></bottom>'
        return _number(self._borders, f"<border><left/><right/><top/>{line}<diagonal/></border>")

    def format(self, code: str) -> int:
        """A number format of our own or of an original."""
        return self._formats.setdefault(code, _OWN_FORMATS + len(self._formats))

    def on_colour(self, look: Look, colour: str) -> Look:
        """The look, on this colour; white letters become black ones."""
        return replace(look, fill=self.fill(colour), font=self._without_white(look.font))

    def taken_from(
        self, original: Element, colours: Sequence[str] = OFFICE_COLOURS
    ) -> tuple[Look, ...]:
        """The looks of another workbook's styles, which are added to these.

        Args:
            colours: of its theme, which are written out: this workbook has no theme.
        """
        tables = {local(part.tag): part for part in original}

        def numbered(name: str, into: dict[str, int]) -> list[int]:
            texts = (kept(one, ("scheme",)) for one in tables.get(name, ()))
            return [_number(into, _without_theme(text, colours)) for text in texts]

        fonts = numbered("fonts", self._fonts)
        fills = numbered("fills", self._fills)
        borders = numbered("borders", self._borders)
        formats = {
            int(one.get("numFmtId", "0")): self.format(one.get("formatCode", "General"))
            for one in tables.get("numFmts", ())
        }
        looks = []
        for one in tables.get("cellXfs", ()):
            number = int(one.get("numFmtId", "0"))
            looks.append(
                Look(
                    font=_at(fonts, one.get("fontId")),
                    fill=_at(fills, one.get("fillId")),
                    border=_at(borders, one.get("borderId")),
                    number=formats.get(number, number if number < _OWN_FORMATS else 0),
                    inside="".join(kept(child, ("extLst",)) for child in one),
                    quoted=one.get("quotePrefix") in ("1", "true"),
                )
            )
        return tuple(looks) or (Look(),)

    def xml(self) -> str:
        """The part."""
        formats = "".join(
            f'<numFmt numFmtId="{number}" formatCode="{attribute(code)}"/>'
            for code, number in self._formats.items()
        )
        looks = "".join(map(_look, self._looks))
        plain = '<xf numFmtId="0" fontId="0" fillId="0" borderId="0"/>'
        return (
            f'<styleSheet xmlns="{MAIN}">'
            + (_counted("numFmts", self._formats, formats) if formats else "")
            + _counted("fonts", self._fonts, "".join(self._fonts))
            + _counted("fills", self._fills, "".join(self._fills))
            + _counted("borders", self._borders, "".join(self._borders))
            + f'<cellStyleXfs count="1">{plain}</cellStyleXfs>'
            + _counted("cellXfs", self._looks, looks)
            + '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
            "</styleSheet>"
        )

    def _without_white(self, font: int) -> int:
        if font not in self._dark:
            markup = list(self._fonts)[font]
            self._dark[font] = _number(self._fonts, _WHITE.sub("", markup))
        return self._dark[font]


def _without_theme(markup: str, colours: Sequence[str]) -> str:
    def colour(found: re.Match[str]) -> str:
        number = int(found[1])
        return f' rgb="FF{colours[number]}"' if number < len(colours) else ""

    return re.sub(r' theme="([0-9]+)"', colour, markup)


def _number(table: dict[str, int], markup: str) -> int:
    return table.setdefault(markup, len(table))


def _at(numbers: Sequence[int], text: str | None) -> int:
    place = int(text or 0)
    return numbers[place] if 0 <= place < len(numbers) else 0


def _counted(name: str, table: dict[str, int] | dict[Look, int], inside: str) -> str:
    return f'<{name} count="{len(table)}">{inside}</{name}>'


def _look(look: Look) -> str:
    applied = {
        "applyNumberFormat": look.number,
        "applyFont": look.font,
        "applyFill": look.fill,
        "applyBorder": look.border,
        "applyAlignment": "<alignment" in look.inside,
        "quotePrefix": look.quoted,
    }
    flags = "".join(f' {name}="1"' for name, value in applied.items() if value)
    ids = (
        f'numFmtId="{look.number}" fontId="{look.font}" fillId="{look.fill}" '
        f'borderId="{look.border}" xfId="0"'
    )
    return f"<xf {ids}{flags}>{look.inside}</xf>" if look.inside else f"<xf {ids}{flags}/>"
