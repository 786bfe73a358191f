"""The fast renderer of layout `chart`: dots stamped into arrays, many pictures at a time.

A dot lies around the middle of a whole pixel (see `chart`), so one small stamp serves for all.
A row of a stamp is a run of bytes in the picture, and numpy moves a run of bytes at the price of
one element: stamping is a gather, a blend and a scatter of runs. The k-th dots of all pictures
of a block are stamped together, so that each dot is blended over what lies below it. After a
block has been read, only its dots are wiped out, not the whole pictures.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from tradeglyph.domain.candles import Candles
from tradeglyph.domain.windows import PlacedWindows
from tradeglyph.picture.chart import ChartDots, chart_dots, plot_box
from tradeglyph.picture.spec import PictureSpec, Rgb

WHITE = 255
EDGE_POINTS = 1.0
"""Width of the line around a dot in points: matplotlib's `patch.linewidth`, in the dot's colour."""
POINTS_PER_INCH = 72
SUBSAMPLES = 32
"""Samples per pixel and axis for the coverage of a stamp: within 1 of 255 levels of Agg."""
PICTURES_PER_BLOCK = 64
"""Keeps what a block's dots touch (about 20 kB a picture) in a 2 MiB cache."""
WINDOWS_PER_LAYOUT = 8192
"""Windows whose geometry is computed at once; bounds the memory."""


def chart_raster(placed: PlacedWindows, candles: Candles, spec: PictureSpec) -> NDArray[np.uint8]:
    """Pictures of all windows, shape (n, height, width, 3), red-green-blue on white."""
    raster = np.empty((len(placed.windows), *spec.shape), np.uint8)
    done = 0
    for block in chart_blocks(placed, candles, spec):
        raster[done : done + len(block)] = block
        done += len(block)
    return raster


def chart_blocks(
    placed: PlacedWindows,
    candles: Candles,
    spec: PictureSpec,
    pictures: int = PICTURES_PER_BLOCK,
) -> Iterator[NDArray[np.uint8]]:
    """The same pictures in order, at most `pictures` at a time, in one buffer that is reused.

    Yields read-only arrays of shape (m, height, width, 3). Each is valid until the next one is
    asked for; copy what must be kept.
    """
    canvas = Canvas(spec, min(pictures, max(len(placed.windows), 1)))
    for first in range(0, len(placed.windows), WINDOWS_PER_LAYOUT):
        last = min(first + WINDOWS_PER_LAYOUT, len(placed.windows))
        dots = chart_dots(placed, candles, spec, first, last)
        for begin in range(0, last - first, pictures):
            yield canvas.paint(dots, begin, min(begin + pictures, last - first))


class Canvas:
    """A stack of white pictures that is painted, read and wiped again and again."""

    def __init__(self, spec: PictureSpec, pictures: int) -> None:
        self._brush = brush(spec.dot_area, spec.dpi, (spec.buy_colour, spec.sell_colour))
        size = self._brush.size
        top, bottom, left, right = self._clip = plot_box(spec).clip(spec.height)
        frame = min(top, spec.height - 1 - bottom, left, spec.width - 1 - right)
        # A dot at the edge of the plot must not reach over the edge of the array.
        self._pad = max(0, size // 2 - frame)
        self._shape = (spec.height + 2 * self._pad, spec.width + 2 * self._pad, 3)
        self._pixels = np.full((pictures, *self._shape), WHITE, np.uint8)
        self._run = np.dtype((np.void, size * 3))
        # One element for every byte at which a run can begin; they overlap.
        self._runs: NDArray[np.void] = np.ndarray(
            (self._pixels.size - self._run.itemsize + 1,), self._run, self._pixels, strides=(1,)
        )
        self._white = np.full(self._run.itemsize, WHITE, np.uint8).view(self._run)
        self._rows = (np.arange(size) - size // 2) * (self._shape[1] * 3) - size // 2 * 3
        self._painted = np.empty((0, size), np.int64)

    def paint(self, dots: ChartDots, first: int, last: int) -> NDArray[np.uint8]:
        """Pictures `first` to `last - 1` of `dots`, read-only, valid until the next call."""
        self._runs[self._painted] = self._white
        begin, end = dots.offset[first], dots.offset[last]
        offset = dots.offset[first : last + 1] - begin
        picture = np.repeat(np.arange(last - first), np.diff(offset))
        layer = np.arange(end - begin) - offset[picture]
        order = np.argsort(layer, kind="stable")
        at = order + begin
        row, column = dots.row[at], dots.column[at]
        self._painted = self._runs_of(picture[order], row, column)
        self._stamp(dots.sell[at].astype(np.intp), np.cumsum(np.bincount(layer)))
        self._clip_rows(row)
        self._clip_columns(column, last - first)
        return self._picture_view(last - first)

    def _runs_of(
        self, picture: NDArray[np.int64], row: NDArray[np.int64], column: NDArray[np.int64]
    ) -> NDArray[np.int64]:
        """Where the runs of each dot begin, shape (dots, size)."""
        height, width, _ = self._shape
        middle = ((picture * height + row + self._pad) * width + column + self._pad) * 3
        return np.asarray(middle[:, None] + self._rows)

    def _stamp(self, colour: NDArray[np.intp], cuts: NDArray[np.intp]) -> None:
        """Blend dots over what is there, layer by layer; the layers end at `cuts`."""
        if not len(cuts):
            return
        self._put(0, cuts[0], self._brush.on_white[colour[: cuts[0]]])
        for begin, end in pairwise(cuts):
            below = self._runs[self._painted[begin:end]].view(np.uint8)
            below = below.reshape(end - begin, *self._brush.keep.shape)
            self._put(
                begin, end, _over(below, self._brush.keep, self._brush.add[colour[begin:end]])
            )

    def _put(self, begin: int, end: int, stamps: NDArray[np.uint8]) -> None:
        self._runs[self._painted[begin:end]] = stamps.view(self._run)[..., 0]

    def _clip_rows(self, row: NDArray[np.int64]) -> None:
        """Wipe out the rows of dots that lie above or below the plot."""
        reach = self._brush.size // 2
        top, bottom, _, _ = self._clip
        near = np.flatnonzero((row < top + reach) | (row > bottom - reach))
        rows = row[near][:, None] + np.arange(-reach, reach + 1)
        self._runs[self._painted[near][(rows < top) | (rows > bottom)]] = self._white

    def _clip_columns(self, column: NDArray[np.int64], pictures: int) -> None:
        """The same to the left and right, where the margin leaves too little room for a dot."""
        reach = self._brush.size // 2
        _, _, left, right = self._clip
        if (column < left + reach).any():
            begin = left + self._pad
            self._pixels[:pictures, :, begin - reach : begin] = WHITE
        if (column > right - reach).any():
            begin = right + self._pad + 1
            self._pixels[:pictures, :, begin : begin + reach] = WHITE

    def _picture_view(self, pictures: int) -> NDArray[np.uint8]:
        pad = self._pad
        height, width, _ = self._shape
        view = self._pixels[:pictures, pad : height - pad, pad : width - pad]
        view.flags.writeable = False
        return view


@dataclass(frozen=True, slots=True, kw_only=True)
class Brush:
    """A dot as numbers: a square stamp of `size` rows, each row `size` x 3 colour values."""

    size: int
    """Odd, so that a pixel is the middle."""
    keep: NDArray[np.uint16]
    """What remains of the picture below, 0 to 255; shape (size, size * 3)."""
    add: NDArray[np.uint16]
    """Coverage times colour, and 1 for the division; shape (2, size, size * 3), buy and sell."""
    on_white: NDArray[np.uint8]
    """The finished stamp over white; shape (2, size, size * 3)."""


@lru_cache(maxsize=8)
def brush(area: float, dpi: int, colours: tuple[Rgb, Rgb]) -> Brush:
    """The brush for dots of `area` square points (matplotlib's `s`) at `dpi` dots per inch."""
    cover = np.round(coverage(area, dpi) * 255).astype(np.uint16)
    size = len(cover)
    keep = np.repeat(255 - cover, 3, axis=1)
    tint = np.tile(np.array(colours, np.uint16), (1, size))[:, None, :]
    add = np.repeat(cover, 3, axis=1) * tint + np.uint16(1)
    white = np.full((2, size, size * 3), WHITE, np.uint8)
    return Brush(size=size, keep=keep, add=add, on_white=_over(white, keep, add))


def coverage(area: float, dpi: int) -> NDArray[np.float64]:
    """Share of each pixel that a dot in the middle of the middle pixel covers, shape (size, size).

    Two layers, as matplotlib draws them: the face, and the line around it. Agg draws the circle
    as the 24 corners that it finds on eight Bezier curves, so this does too.
    """
    pixel = dpi / POINTS_PER_INCH
    radius, half_line = np.sqrt(area) / 2 * pixel, EDGE_POINTS / 2 * pixel
    reach = int(np.ceil(radius + half_line - 0.5))
    size = 2 * reach + 1
    at = (np.arange(size * SUBSAMPLES) + 0.5) / SUBSAMPLES - size / 2
    outside = _distance(_corners() * radius, at)
    face, line = _share(outside <= 0), _share(np.abs(outside) <= half_line)
    return np.asarray(1 - (1 - face) * (1 - line), np.float64)


def _corners() -> NDArray[np.float64]:
    """Corners of Agg's circle of radius 1: three for each eighth, against the clock.

    Agg halves a cubic Bezier curve until its control points are near its chord, once for a dot
    of this size, and keeps the middle of each half's control points.
    """
    handle = 4 / 3 * np.tan(np.pi / 16)
    start = np.array([1.0, 0.0])
    end = np.array([np.cos(np.pi / 4), np.sin(np.pi / 4)])
    one, two = start + handle * np.array([0.0, 1.0]), end + handle * np.array([end[1], -end[0]])
    middle = (one + two) / 2
    left, right = (start + one) / 2, (two + end) / 2
    eighth = np.stack([start, (left + (left + middle) / 2) / 2, (right + (right + middle) / 2) / 2])
    turns = np.arange(8) * np.pi / 4
    cos, sin = np.cos(turns), np.sin(turns)
    turn = np.stack([np.stack([cos, -sin], -1), np.stack([sin, cos], -1)], -2)
    return np.asarray(np.einsum("kij,cj->kci", turn, eighth), np.float64).reshape(-1, 2)


def _distance(corners: NDArray[np.float64], at: NDArray[np.float64]) -> NDArray[np.float64]:
    """How far the points of the grid `at` x `at` lie outside the convex polygon (negative: in)."""
    along = np.roll(corners, -1, axis=0) - corners
    normal = np.stack([along[:, 1], -along[:, 0]], axis=1)
    normal /= np.hypot(normal[:, 0], normal[:, 1])[:, None]
    result = np.full((len(at), len(at)), -np.inf)
    for (x, y), level in zip(normal, (normal * corners).sum(axis=1), strict=True):
        np.maximum(result, x * at[None, :] + y * at[:, None] - level, out=result)
    return result


def _share(inside: NDArray[np.bool_]) -> NDArray[np.float64]:
    size = len(inside) // SUBSAMPLES
    blocks = inside.reshape(size, SUBSAMPLES, size, SUBSAMPLES)
    return np.asarray(blocks.mean(axis=(1, 3)), np.float64)


def _over(
    below: NDArray[np.uint8], keep: NDArray[np.uint16], add: NDArray[np.uint16]
) -> NDArray[np.uint8]:
    """(below * keep + coverage * colour) / 255 without the remainder, as Agg blends, in 16 bits.

    v / 255 is (v + v / 256 + 1) / 256 for all v up to 255 * 255; `add` holds the 1.
    """
    value = below.astype(np.uint16)
    value *= keep
    value += add
    value += value >> 8
    value >>= 8
    return value.astype(np.uint8)
