"""Recall against alerts a day: where lines, ticks and dots of the chart stand."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from tradeglyph.drawing.axis import Axis
from tradeglyph.drawing.elements import text_width
from tradeglyph.drawing.formats import number
from tradeglyph.drawing.svg import DASHES, PALETTE

WIDTH, HEIGHT = 520, 340
LEFT, RIGHT, TOP, BOTTOM = 52, 24, 12, 46
ROW = 18
"""Height of a row of the legend."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One curve; the first of a chart is drawn thick and on top."""

    name: str
    points: Sequence[tuple[float, float]]
    """Alerts a day (ascending) and recall in [0, 1]; no alert has no place on the axis."""
    dots: Sequence[tuple[float, float]] = ()
    """Points to stress; without an alert they stand at the axis' left end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """A tick in pixels with its label."""

    at: float
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """One curve in pixels."""

    name: str
    points: str
    """As a polyline takes them."""
    dots: tuple[tuple[float, float], ...]
    number: int
    """Of its colour and dash."""
    legend: tuple[float, float]
    """Left end and height of its entry in the legend."""

    @property
    def colour(self) -> str:
        """On white."""
        return PALETTE[self.number]

    @property
    def dash(self) -> str:
        """As `stroke-dasharray` takes it."""
        return DASHES[self.number]


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertCurve:
    """A chart that a template can draw."""

    title: str
    x_label: str
    y_label: str
    x: Axis
    y: Axis
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    lines: tuple[Drawn, ...]
    """The first last, so that it is on top."""
    height: float
    width: float = WIDTH


def alert_curve(lines: Sequence[Line], *, title: str, x_label: str, y_label: str) -> AlertCurve:
    """Lay out a chart of at most six lines; alerts a day stand on a logarithmic axis."""
    known = [x for line in lines for x, _ in (*line.points, *line.dots) if x > 0]
    low = min(known, default=0.1)
    x = Axis(low=low, high=max([*known, low * 10]), start=LEFT, end=WIDTH - RIGHT, scale="log")
    y = Axis(low=0, high=1, start=HEIGHT - BOTTOM, end=TOP)
    legend, rows = _legend([line.name for line in lines])
    drawn = [_drawn(line, index, x, y, legend[index]) for index, line in enumerate(lines)]
    return AlertCurve(
        title=title,
        x_label=x_label,
        y_label=y_label,
        x=x,
        y=y,
        x_ticks=tuple(_tick(x, value, number(value)) for value in log_ticks(x.low, x.high)),
        y_ticks=tuple(_tick(y, value, f"{value:.0%}") for value in y.ticks()),
        lines=tuple(reversed(drawn)),
        height=HEIGHT + ROW * rows,
    )


def log_ticks(low: float, high: float) -> list[float]:
    """Powers of ten in [low, high]; their doubles and fives too where those are few."""
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    for steps in ((1,), (1, 2, 5)):
        ticks = [step * 10.0**power for power in powers for step in steps]
        inside = [tick for tick in ticks if low * (1 - 1e-9) <= tick <= high * (1 + 1e-9)]
        if len(inside) > 2:
            break
    return inside


def _tick(axis: Axis, value: float, label: str) -> Tick:
    return Tick(at=round(float(axis.at(value)), 1), label=label)


def _drawn(line: Line, index: int, x: Axis, y: Axis, legend: tuple[float, float]) -> Drawn:
    def pixels(points: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
        return [(round(float(x.at(a)), 1), round(float(y.at(b)), 1)) for a, b in points]

    return Drawn(
        name=line.name,
        points=" ".join(f"{a},{b}" for a, b in pixels([p for p in line.points if p[0] > 0])),
        dots=tuple(pixels(line.dots)),
        number=index % len(PALETTE),
        legend=legend,
    )


def _legend(names: Sequence[str]) -> tuple[list[tuple[float, float]], int]:
    """Where each entry stands, and how many rows they take."""
    places, left, row = [], 0.0, 0
    for name in names:
        wide = 50 + text_width(name)
        if left and left + wide > WIDTH - LEFT:
            left, row = 0.0, row + 1
        places.append((LEFT + left, float(HEIGHT + 8 + ROW * row)))
        left += wide
    return places, row + 1
