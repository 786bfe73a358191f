"""Cells and rows as XML."""

import datetime as dt
import functools
from collections.abc import Iterable

from tradeglyph.domain.statements import in_units
from tradeglyph.results.xlsx.markup import MAX_CHARS, cut, xml_text

MAX_ROWS, MAX_COLUMNS = 1_048_576, 16_384
LIVE = ("=", "+", "-", "@", "\t", "\r")
"""What a text may begin with that somebody's spreadsheet program would calculate (OWASP, CSV
injection)."""
_EPOCH = dt.datetime(1899, 12, 30)  # noqa: DTZ001  a bank's own clock
_FIRST_DAY = dt.datetime(1900, 3, 1)  # noqa: DTZ001
"""Before it, Excel counts a day that there never was."""
_DIGITS = 15
"""Significant digits that Excel keeps of a number."""


@functools.lru_cache(maxsize=1_024)
def letters(column: int) -> str:
    """1 is A, 27 is AA."""
    text = ""
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def column_of(reference: str) -> int:
    """The column of a reference such as B7, from 1."""
    column = 0
    for char in reference:
        if not "A" <= char <= "Z":
            break
        column = column * 26 + ord(char) - 64
    return column


def text_cell(at: str, style: int, text: str) -> str:
    """A text, which is never a formula."""
    if not text:
        return empty_cell(at, style)
    if len(text) > MAX_CHARS // 2:
        text = cut(text)
    return (
        f'<c r="{at}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{xml_text(text)}'
        "</t></is></c>"
    )


def number_cell(at: str, style: int, number: str) -> str:
    """A number, as digits."""
    return f'<c r="{at}" s="{style}"><v>{number}</v></c>'


def empty_cell(at: str, style: int) -> str:
    """A cell with a look and nothing in it."""
    return f'<c r="{at}" s="{style}"/>'


def serial(moment: dt.datetime) -> str | None:
    """Days since Excel's zero, to the second; None where Excel has no such day."""
    if moment < _FIRST_DAY:
        return None
    days, rest = divmod(moment.replace(microsecond=0) - _EPOCH, dt.timedelta(days=1))
    return f"{days + rest.total_seconds() / 86_400:.10f}".rstrip("0").rstrip(".")


def exact(minor: int) -> str | None:
    """A whole number of minor units as digits; None where Excel would round it."""
    if len(str(abs(minor))) > _DIGITS:
        return None
    return in_units(minor)


def row_xml(number: int, cells: Iterable[str]) -> str:
    """A row of cells."""
    return f'<row r="{number}">{"".join(cells)}</row>'
