"""A heat map: at what hour of the day, over the days of a period, how many lines."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tradeglyph.drawing.elements import document, line, path, tag, text, text_width, tip

WIDTH = 1000
COLUMNS = 62
"""A period of more days is shown in weeks, then in months, quarters and years."""
_LEFT, _TOP, _ROW, _WIDEST = 96, 30, 8, 44
_HOURS = 24
_LEVELS = 5
_TIPS = 400
"""Above so many cells they share one path a level and lose their tooltips."""
_SHADES = (0.16, 0.34, 0.54, 0.76, 1.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """What is drawn."""

    counts: NDArray[np.int64]
    """Lines by hour (24 rows) and column; at least one."""
    labels: tuple[str, ...]
    """Of each column: where it starts."""


def hour_map(hours: Hours, *, title: str, unit: str) -> str:
    """Returns an `<svg>` element. `unit` is the word behind the counts of the legend."""
    columns = hours.counts.shape[1]
    wide = min(_WIDEST, (WIDTH - _LEFT - 14) / columns)
    right = _LEFT + wide * columns
    bottom = _TOP + _ROW * _HOURS
    body = [
        tag("rect", x=_LEFT, y=_TOP, width=right - _LEFT, height=bottom - _TOP, fill="#eef1f4",
            kind="c-track"),
        *_rows(right),
        *_cells(hours, wide),
        *_columns(hours.labels, wide, bottom),
        *_legend(_levels(hours), unit),
    ]  # fmt: skip
    return document(title, WIDTH, bottom + 22, *body)


def _rows(right: float) -> list[str]:
    parts = []
    for hour in range(0, _HOURS + 1, 3):
        y = _TOP + _ROW * hour
        parts.append(line(_LEFT, y, right, y))
        parts.append(text(f"{hour:02d}:00", _LEFT - 8, y + 4, text_anchor="end", font_size=11))
    return parts


def _cells(hours: Hours, wide: float) -> list[str]:
    rows, columns = np.nonzero(hours.counts)
    counts = hours.counts[rows, columns]
    edges = _levels(hours)
    parts = []
    for level, (shade, (least, most)) in enumerate(zip(_shades(len(edges)), edges, strict=True)):
        here = (counts >= least) & (counts <= most)
        cells = list(
            zip(rows[here].tolist(), columns[here].tolist(), counts[here].tolist(), strict=True)
        )
        if not cells:
            continue
        style = {"kind": f"c-f0 level-{level}", "fill": "#0060a8", "fill_opacity": f"{shade:.2f}"}
        shapes = [_cell(row, column, wide) for row, column, _ in cells]
        if len(rows) > _TIPS:
            parts.append(path(shapes, **style))
            continue
        notes = [
            f"{hours.labels[column]} {row:02d}:00–{row + 1:02d}:00: {count:,}"
            for row, column, count in cells
        ]
        marks = [tag("path", tip(note), d=d) for note, d in zip(notes, shapes, strict=True)]
        parts.append(tag("g", *marks, **style))
    return parts


def _cell(row: int, column: int, wide: float) -> str:
    gap = 0.5 if wide > 6 else 0.0
    left, top = _LEFT + column * wide + gap, _TOP + row * _ROW + gap
    return f"M{left:.1f} {top:.1f}h{wide - 2 * gap:.1f}v{_ROW - 2 * gap:.1f}H{left:.1f}z"


def _shades(count: int) -> list[float]:
    """So many of the shades, from the lightest to the darkest."""
    if count == 1:
        return [_SHADES[-1]]
    return [_SHADES[round(at * (_LEVELS - 1) / (count - 1))] for at in range(count)]


def levels(least: int, most: int) -> list[tuple[int, int]]:
    """At most five ranges of counts from `least` to `most`, each about as many times the one
    before."""
    ratio = most / least
    ends = sorted({round(least * ratio ** (at / _LEVELS)) for at in range(1, _LEVELS + 1)})
    if most - least < _LEVELS:
        ends = list(range(least, most + 1))
    starts = [least, *(end + 1 for end in ends[:-1])]
    return list(zip(starts, ends, strict=True))


def _levels(hours: Hours) -> list[tuple[int, int]]:
    counts = hours.counts[hours.counts > 0]
    return levels(int(counts.min()), int(counts.max()))


def _columns(labels: tuple[str, ...], wide: float, bottom: float) -> list[str]:
    every = max(1, -(-int(max(map(text_width, labels), default=0) + 14) // max(int(wide), 1)))
    return [
        text(label, _LEFT + at * wide, bottom + 16, font_size=11)
        for at, label in enumerate(labels)
        if at % every == 0 and _LEFT + at * wide + text_width(label) < WIDTH
    ]


def _legend(ranges: list[tuple[int, int]], unit: str) -> list[str]:
    parts, left = [], float(_LEFT)
    for level, (shade, (least, end)) in enumerate(zip(_shades(len(ranges)), ranges, strict=True)):
        label = f"{least:,}" if least == end else f"{least:,}–{end:,}"
        if (least, end) == ranges[-1]:
            label = f"{label} {unit}"
        parts.append(
            tag("rect", x=left, y=6, width=14, height=12, fill="#0060a8",
                kind=f"c-f0 level-{level}", fill_opacity=f"{shade:.2f}")
        )  # fmt: skip
        parts.append(text(label, left + 19, 16, font_size=11))
        left += 40 + text_width(label, 11)
    return parts
