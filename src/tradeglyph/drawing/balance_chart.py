"""An account's balance over time as a step line, with the lines on it that were found."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tradeglyph.drawing.axis import Axis, round_step
from tradeglyph.drawing.calendar_ticks import calendar_ticks
from tradeglyph.drawing.elements import INK, document, line, path, tag, text, text_width, tip

SEVERITIES = ("high", "medium", "low")
"""Gravest first."""
WIDTH, HEIGHT = 1000, 270
COLUMNS = 800
"""A line of more points than twice this is drawn by what it does in each of so many columns, each
narrower than it is thick: first, least, most and last."""
_LEFT, _RIGHT, _TOP, _BOTTOM = 96, 14, 56, 26
_COLOURS = {"high": "#b3261e", "medium": "#8a5a00", "low": "#0060a8"}
_TAG_ROOM = 19


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One line that was found."""

    time: int
    value: float
    """Where the step line is there."""
    severity: str
    """Of `SEVERITIES`: the gravest of the line's findings."""
    note: str
    """Tooltip: what was found."""
    number: int = 0
    """Beside the mark and in the list below; 0 for none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Steps:
    """What is drawn."""

    time: NDArray[np.int64]
    """Microseconds of the bank's clock, ascending."""
    value: NDArray[np.float64]
    """After each time, in units of the currency."""
    marks: Sequence[Mark] = ()


def balance_chart(
    steps: Steps, *, title: str, severities: Sequence[str], height: int = HEIGHT
) -> str:
    """Returns an `<svg>` element. `severities` are the words for `SEVERITIES`.

    Marks differ in shape as well as in colour: a triangle that points at the line, a diamond, a
    ring. Those with a number have it in a row above, on a thin leader.
    """
    x, y = _axes(steps, height)
    body = [*_grid(x, y), _steps(steps, x, y)]
    body += _leaders(steps.marks, x, y)
    # The gravest on top.
    for severity in reversed(SEVERITIES):
        shapes = [_mark(mark, x, y) for mark in steps.marks if mark.severity == severity]
        if shapes:
            body.append(tag("g", *shapes, **_style(severity)))
    shown = {mark.severity for mark in steps.marks}
    body += _legend([(name, word) for name, word in zip(SEVERITIES, severities, strict=True)
                     if name in shown])  # fmt: skip
    return document(title, WIDTH, height, *body)


def _axes(steps: Steps, height: int) -> tuple[Axis, Axis]:
    first, last = int(steps.time.min()), int(steps.time.max())
    low, high = float(steps.value.min()), float(steps.value.max())
    if 0 < low < 0.6 * high:
        low = 0.0
    if high == low:
        low, high = low - max(abs(low) * 0.05, 1), high + max(abs(high) * 0.05, 1)
    room = (high - low) * 0.05
    low, high = low - (room if low else 0), high + (room if high else 0)
    return (
        Axis(low=first, high=max(last, first + 1), start=_LEFT, end=WIDTH - _RIGHT),
        Axis(low=low, high=high, start=height - _BOTTOM, end=_TOP),
    )


def _grid(x: Axis, y: Axis) -> list[str]:
    parts = []
    step = round_step(y.high - y.low, 5)
    places = 0 if step >= 1 else 2
    for value, at in zip(y.ticks(), y.at(y.ticks()), strict=True):
        parts.append(line(x.start, at, x.end, at, **(_ZERO if abs(value) < step / 9 else {})))
        label = f"{value + 0.0:,.{places}f}"
        parts.append(text(label, x.start - 8, at + 4, text_anchor="end"))
    for time, label in calendar_ticks(int(x.low), int(x.high)):
        at = float(x.at(time))
        parts.append(line(at, y.start, at, y.start + 4))
        half = text_width(label) / 2
        if at + half < WIDTH:
            parts.append(text(label, at, y.start + 18, text_anchor="middle"))
    return parts


_ZERO = {"kind": "c-range", "stroke": "#24292f", "stroke_width": 0.8}


def _steps(steps: Steps, x: Axis, y: Axis) -> str:
    time, value = _thinned(steps.time, steps.value)
    across, up = x.at(time), y.at(value)
    points = [f"M{across[0]:.1f} {up[0]:.1f}"]
    points += [f"H{a:.1f}V{b:.1f}" for a, b in zip(across[1:], up[1:], strict=True)]
    points.append(f"H{x.end:.1f}")
    style = {"kind": "c-s0", "stroke": "#0060a8", "stroke_width": 1.6, "stroke_linejoin": "round"}
    return path(points, fill="none", **style)


def _thinned(
    time: NDArray[np.int64], value: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    if len(time) <= 2 * COLUMNS:
        return time, value
    column = (time - time[0]) * COLUMNS // max(int(time[-1] - time[0]), 1)
    starts = np.flatnonzero(np.diff(column, prepend=-1))
    ends = np.append(starts[1:], len(time)) - 1
    four = [
        value[starts],
        np.minimum.reduceat(value, starts),
        np.maximum.reduceat(value, starts),
        value[ends],
    ]
    return np.repeat(time[starts], 4), np.stack(four, axis=1).ravel()


# Marks --------------------------------------------------------------------------------------


def _style(severity: str) -> dict[str, object]:
    colour = _COLOURS[severity]
    if severity == "low":
        return {"kind": "c-low", "fill": "none", "stroke": colour, "stroke_width": 1.8}
    return {"kind": f"c-{severity}", "fill": colour, "stroke": "#fff", "stroke_width": 0.8}


def _mark(mark: Mark, x: Axis, y: Axis) -> str:
    return _shape(mark.severity, float(x.at(mark.time)), float(y.at(mark.value)), tip(mark.note))


def _shape(severity: str, x: float, y: float, *children: str) -> str:
    if severity == "high":
        d = f"M{x:.1f} {y:.1f}l-6 -11h12z"
    elif severity == "medium":
        d = f"M{x:.1f} {y - 6:.1f}l5.5 6l-5.5 6l-5.5 -6z"
    else:
        return tag("circle", *children, cx=x, cy=y, r=4.5)
    return tag("path", *children, d=d)


def _leaders(marks: Sequence[Mark], x: Axis, y: Axis) -> list[str]:
    """Numbers in a row, none over another, each joined to its mark."""
    numbered = sorted((mark for mark in marks if mark.number), key=lambda mark: mark.number)
    row = y.end - 16
    parts = []
    for mark, left in zip(numbered, _apart([float(x.at(m.time)) for m in numbered]), strict=True):
        at, up = float(x.at(mark.time)), float(y.at(mark.value))
        d = f"M{left:.1f} {row + 5:.1f}V{row + 8:.1f}L{at:.1f} {up:.1f}"
        parts.append(tag("path", d=d, fill="none", kind="c-leader", stroke=INK, stroke_width=0.7))
        parts.append(
            text(str(mark.number), left, row, text_anchor="middle", kind="c-value", font_size=13)
        )
    return parts


def _apart(places: Sequence[float]) -> list[float]:
    """The places, in their order, moved as far as it needs for `_TAG_ROOM` between any two."""
    found: list[float] = []
    for place in places:
        found.append(max(place, found[-1] + _TAG_ROOM if found else _LEFT))
    limit = float(WIDTH - _RIGHT)
    for at in reversed(range(len(found))):
        found[at] = min(found[at], limit)
        limit = found[at] - _TAG_ROOM
    return found


def _legend(entries: Sequence[tuple[str, str]]) -> list[str]:
    parts, left = [], float(_LEFT)
    for severity, word in entries:
        shape = _shape(severity, left + 7, 17 if severity == "high" else 11)
        parts.append(tag("g", shape, **_style(severity)))
        parts.append(text(word, left + 20, 16))
        left += 44 + text_width(word)
    return parts
