"""The fast renderer against matplotlib's golden pictures and a plain painter."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from bench.drawing import workload
from numpy.typing import NDArray

from tests.picture.golden import FOLDER, SCENES, golden_picture, scene
from tradeglyph.domain.fills import BUY, SELL
from tradeglyph.picture.chart import ChartDots, chart_dots
from tradeglyph.picture.dots import brush, chart_blocks, chart_raster, coverage
from tradeglyph.picture.spec import SEED, PictureSpec

WIDE = replace(SEED, axes=(0.0, 0.0, 1.0, 1.0), margin=0.0, dot_area=300.0)
"""The plot is the whole picture and has no margin: dots reach over all four edges."""
BAR = [(40_000, 100.0, 120.0)]


def plain(dots: ChartDots, spec: PictureSpec, clip: tuple[int, int, int, int]) -> NDArray[np.uint8]:
    """Dot for dot and in floats: what the block renderer has to give."""
    picture = np.full((spec.height, spec.width, 3), 255.0)
    cover = coverage(spec.dot_area, spec.dpi)[..., None]
    reach = len(cover) // 2
    for row, column, sell in zip(dots.row, dots.column, dots.sell, strict=True):
        colour = spec.sell_colour if sell else spec.buy_colour
        frame = reach + 1  # On the far edge of a plot without margin the middle is outside.
        big = np.pad(picture, ((frame, frame), (frame, frame), (0, 0)))
        at = np.s_[row + 1 : row + 2 * reach + 2, column + 1 : column + 2 * reach + 2]
        big[at] = big[at] * (1 - cover) + np.array(colour) * cover
        picture = big[frame:-frame, frame:-frame]
    top, bottom, left, right = clip
    seen = np.zeros(picture.shape, bool)
    seen[top : bottom + 1, left : right + 1] = True
    return np.where(seen, picture, 255).round().astype(np.uint8)


def distance(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> int:
    return int(np.abs(one.astype(int) - other).max())


@pytest.mark.parametrize("name", SCENES)
def test_golden_pictures(name: str):
    golden = golden_picture(name)
    # Agg blends face and line one after the other, and cuts off at each step.
    assert distance(chart_raster(*scene(*SCENES[name]), SEED)[0], golden) <= 3


@pytest.mark.parametrize("name", SCENES)
def test_golden_pictures_are_small(name: str):
    assert (FOLDER / f"{name}.png").stat().st_size < 5000


def test_blocks_are_the_plain_painters_pictures():
    placed, candles = workload(25)
    raster = chart_raster(placed, candles, SEED)
    for i in range(25):
        dots = chart_dots(placed, candles, SEED, i, i + 1)
        assert distance(raster[i], plain(dots, SEED, (18, 134, 31, 225))) <= 2


def test_dots_over_the_edge_of_the_picture_are_cut_and_wrap_nowhere():
    placed, candles = workload(25)
    raster = chart_raster(placed, candles, WIDE)
    for i in range(25):
        dots = chart_dots(placed, candles, WIDE, i, i + 1)
        assert distance(raster[i], plain(dots, WIDE, (0, 149, 0, 249))) <= 2


@pytest.mark.parametrize("spec", [SEED, WIDE])
@pytest.mark.parametrize("pictures", [1, 3, 16, 1000])
def test_the_size_of_a_block_changes_nothing(pictures: int, spec: PictureSpec):
    placed, candles = workload(40)
    blocks: Iterator[NDArray[np.uint8]] = chart_blocks(placed, candles, spec, pictures)
    joined = np.concatenate([block.copy() for block in blocks])
    np.testing.assert_array_equal(joined, chart_raster(placed, candles, spec))


def test_a_block_cannot_be_written_to():
    block = next(chart_blocks(*workload(3), SEED))
    with pytest.raises(ValueError, match="read-only"):
        block[0] = 0


def test_a_sell_covers_a_buy_whatever_came_first():
    picture = chart_raster(*scene(BAR, [(40_000, SELL, 110.0), (40_000, BUY, 110.0)]), SEED)[0]
    dots = chart_dots(*scene(BAR, [(40_000, SELL, 110.0)]), SEED)
    assert tuple(picture[dots.row[0], dots.column[0]]) == SEED.sell_colour


def test_a_hundred_equal_dots_have_a_hard_edge():
    many = chart_raster(*scene(BAR, [(40_000, BUY, 110.0)] * 100), SEED)[0]
    one = chart_raster(*scene(BAR, [(40_000, BUY, 110.0)]), SEED)[0]
    touched = (one != 255).any(-1)
    assert ((many != 255).any(-1) == touched).all()
    # What is covered by a tenth shines through a hundred times to 0.9 ** 100 < 1 / 255.
    assert (many[one[..., 1] < 229] == SEED.buy_colour).all()


def test_nothing_is_drawn_below_the_plot():
    picture = chart_raster(*scene(*SCENES["cut"]), SEED)[0]
    rows = np.flatnonzero((picture != 255).any((1, 2)))
    # A whole dot is 15 rows high; the last bit decides whether its middle is row 133 or 134.
    assert rows[0] in (126, 127)
    assert rows[-1] == 134


def test_a_window_without_fills_is_white_after_a_full_one():
    full, candles = scene(*SCENES["hacker"])
    empty, _ = scene(*SCENES["no_fill"])
    assert (chart_raster(empty, candles, SEED) == 255).all()
    assert (chart_raster(full, candles, SEED) != 255).any()


def test_no_windows():
    placed, candles = workload(4)
    none = replace(placed, windows=placed.windows.slice(0, 0))
    assert chart_raster(none, candles, SEED).shape == (0, 150, 250, 3)


def test_a_dot_covers_the_area_of_its_circle():
    # s = 80 square points is a circle of pi / 4 * 80; the line adds half a point to its radius.
    radius = (np.sqrt(80) / 2 + 0.5) * 100 / 72
    assert coverage(80.0, 100).sum() == pytest.approx(np.pi * radius**2, rel=0.01)


def test_a_dot_is_symmetric_and_fits_its_stamp():
    cover = coverage(80.0, 100)
    assert cover.shape == (15, 15)
    np.testing.assert_allclose(cover, cover[::-1])
    np.testing.assert_allclose(cover, cover.T, atol=1e-12)
    assert cover[7, 7] == 1
    assert cover[0, 0] == 0


def test_a_brush_on_white_is_its_colour_and_its_coverage():
    made = brush(80.0, 100, ((255, 0, 0), (0, 128, 0)))
    green = made.on_white[1].reshape(15, 15, 3)
    exact = 255 - coverage(80.0, 100)[..., None] * (255 - np.array([0, 128, 0]))
    # Half a level for the rounded coverage, less than one for the remainder that is cut off.
    assert np.abs(green - exact).max() < 1.5
