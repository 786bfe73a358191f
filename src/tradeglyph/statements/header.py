"""Heading lines of a grid, found by what they say."""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from tradeglyph.statements.grid import Grid
from tradeglyph.statements.headings import Headings, heading_key
from tradeglyph.statements.limits import HEADER_ROWS


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """The rows under one heading line, up to the next that differs."""

    headings: tuple[str, ...]
    """Empty where the user gives positions instead."""
    start: int
    """The heading line's row."""
    first: int
    """The row below it."""
    end: int
    """The row behind the last."""
    repeated: tuple[int, ...] = ()
    """Rows below that say the same headings again, as pages do."""


@dataclass(frozen=True, slots=True)
class _Found:
    row: int
    height: int
    headings: tuple[str, ...]

    @property
    def key(self) -> tuple[str, ...]:
        return tuple(heading_key(heading) for heading in self.headings)


def sections_of(grid: Grid, headings: Headings) -> list[Section]:
    """Sections in their order; none where no row is a heading line."""
    sections: list[Section] = []
    repeated: list[int] = []
    found = _found(grid, headings)
    current: _Found | None = None
    for one in found:
        if current is not None and one.key == current.key:
            repeated.extend(range(one.row, one.row + one.height))
            continue
        if current is not None:
            sections.append(_section(current, one.row, repeated))
        current, repeated = one, []
    if current is not None:
        sections.append(_section(current, grid.cells.height, repeated))
    return sections


def _section(found: _Found, end: int, repeated: Sequence[int]) -> Section:
    return Section(
        headings=found.headings,
        start=found.row,
        first=found.row + found.height,
        end=end,
        repeated=tuple(repeated),
    )


def _found(grid: Grid, headings: Headings) -> list[_Found]:
    found: list[_Found] = []
    taken = -1
    cells = grid.cells
    for row in _candidates(cells):
        if row <= taken:
            continue
        texts = grid.texts(row)
        below = grid.texts(row + 1) if row + 1 < cells.height else ()
        one = _at(row, texts, below, headings)
        if one is not None:
            found.append(one)
            taken = one.row + one.height - 1
    return found


def _candidates(cells: pl.DataFrame) -> list[int]:
    """The first rows, and below them those with two or more cells and no digit in any: a heading
    line has none, a line of a statement always has."""
    later = cells.slice(HEADER_ROWS)
    if not later.height:
        return list(range(cells.height))
    digits = pl.any_horizontal(pl.all().str.contains(r"\d"))
    filled = pl.sum_horizontal((pl.all().str.len_chars() > 0).cast(pl.UInt16))
    kept = later.select(keep=~digits & (filled > 1))["keep"].arg_true()
    return [*range(HEADER_ROWS), *(int(at) + HEADER_ROWS for at in kept)]


def _at(row: int, texts: Sequence[str], below: Sequence[str], headings: Headings) -> _Found | None:
    alone = headings.score(texts)
    if below and not headings.score(below) and _words_only(below):
        both = _joined(texts, below, headings)
        if headings.score(both) > alone and any(headings.known(text) for text in below):
            return _Found(row, 2, both)
    if alone >= headings.LEAST:
        return _Found(row, 1, _trimmed(texts))
    return None


def _words_only(texts: Sequence[str]) -> bool:
    return any(texts) and not any(char.isdigit() for text in texts for char in text)


def _joined(top: Sequence[str], below: Sequence[str], headings: Headings) -> tuple[str, ...]:
    """Headings of two rows, where one above spans several below: 交易金额 over 收入 and 支出."""
    joined, over = [], ""
    for high, low in zip(top, below, strict=True):
        over = high or over
        if not low:
            joined.append(high)
        elif headings.known(f"{over}({low})"):
            joined.append(f"{over}({low})")
        else:
            joined.append(low if headings.known(low) or not high else f"{high}{low}")
    return _trimmed(joined)


def _trimmed(texts: Sequence[str]) -> tuple[str, ...]:
    """Each on one line, without the empty headings at the right."""
    width = max((at for at, text in enumerate(texts, 1) if text), default=0)
    return tuple(" ".join(text.split()) for text in texts[:width])
