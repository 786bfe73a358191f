"""matplotlib's pictures: the parity of the two renderers, and the picture for people."""

import sys
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

pytest.importorskip("matplotlib", reason="needs the extra `plot`")

from bench.drawing import sequence_figure, workload

from tests.picture.golden import SCENES, golden_picture, scene
from tradeglyph.domain.errors import InputError, MissingExtra
from tradeglyph.domain.fills import BUY, SELL
from tradeglyph.drawing.faithful import faithful, places_picture, render_faithful
from tradeglyph.picture.dots import chart_raster
from tradeglyph.picture.spec import DEFAULT, SEED

RED, GREEN, GREY = (255, 0, 0), (0, 128, 0), (228, 228, 228)


def coloured(picture: NDArray[np.uint8]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Where a picture is rather red, and where rather green."""
    red, green, blue = np.moveaxis(picture.astype(int), -1, 0)
    return red > green + blue, (green > red + 30) & (green > blue + 30)


def test_parity_of_the_two_renderers():
    placed, candles = workload(300, seed=7)
    # Every sixth fill on its candle's low or high, as on a real tape: the edges of the axes.
    fills, at = placed.windows.fills, placed.candle
    price = fills.price.copy()
    price[::6], price[3::6] = candles.low[at[::6]], candles.high[at[3::6]]
    placed = replace(placed, windows=replace(placed.windows, fills=replace(fills, price=price)))
    difference = np.abs(
        chart_raster(placed, candles, SEED).astype(int) - render_faithful(placed, candles, SEED)
    )
    # Measured with matplotlib 3.11: mean 0.0038 of 255, at most 2, no pixel over 32.
    assert difference.mean() <= 0.005
    assert (difference.max(axis=-1) > 32).mean() <= 1e-5


def test_faithful_is_the_seeds_own_call_sequence_less_its_empty_legend():
    placed, candles = workload(8, seed=9)
    for i in range(8):
        pyplot, figure = sequence_figure(placed, candles, i)
        figure.axes[0].get_legend().remove()
        figure.set_facecolor("white")
        figure.canvas.draw()
        seeds = np.asarray(figure.canvas.buffer_rgba())[..., :3].astype(int)
        pyplot.close(figure)
        assert np.abs(seeds - faithful(placed, candles, SEED, i)).max() <= 1


@pytest.mark.parametrize("name", SCENES)
def test_golden_pictures_are_what_matplotlib_draws(name: str):
    golden = golden_picture(name)
    drawn = faithful(*scene(*SCENES[name]), SEED, 0)
    assert np.abs(drawn.astype(int) - golden).max() <= 2


def test_a_fill_without_a_candle_is_left_out():
    placed, candles = scene(SCENES["hacker"][0], [(60_000, BUY, 105.0)], candle=-1)
    assert (faithful(placed, candles, SEED, 0) == 255).all()


def test_layout_places_is_refused():
    with pytest.raises(InputError, match="layout chart, not that of spec default"):
        faithful(*workload(1), DEFAULT, 0)


def test_without_matplotlib_the_way_to_install_it_is_said(monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    with pytest.raises(MissingExtra, match=r"pip install 'tradeglyph\[plot\]'"):
        render_faithful(*workload(1), SEED)


def test_places_shows_one_box_a_traded_candle_and_each_dot_at_its_place():
    placed, candles = scene(SCENES["hacker"][0], [(52_200, BUY, 1.0), (52_500, SELL, 1.0)])
    placed = replace(placed, candle=np.array([0, 1]), place=np.array([0.0, 1.0]))
    picture = places_picture(placed, candles, 0)
    assert picture.shape == (360, 960, 3)
    boxes = (picture[180] == GREY).all(-1)
    assert np.count_nonzero(np.diff(boxes.astype(int)) == 1) == 2
    plot = picture[40:300]  # Without the legend above and the times below.
    red, green = (np.argwhere(mask).mean(0) for mask in coloured(plot))
    grey = np.argwhere((plot == GREY).all(-1))
    assert red[0] == pytest.approx(grey[:, 0].max(), abs=3)
    assert green[0] == pytest.approx(grey[:, 0].min(), abs=3)
    assert red[1] < 480 < green[1]


def test_places_draws_a_larger_share_larger():
    placed, candles = scene(SCENES["hacker"][0], [(52_200, BUY, 1.0), (52_500, SELL, 1.0)])
    placed = replace(placed, share=np.array([0.02, 0.9]))
    red, green = (
        np.count_nonzero(mask[40:]) for mask in coloured(places_picture(placed, candles, 0))
    )
    assert green > 4 * red


def test_places_leaves_out_a_fill_without_a_candle():
    placed, candles = scene(SCENES["hacker"][0], [(52_200, BUY, 1.0)], candle=-1)
    unknown = replace(placed, share=np.array([np.nan]), place=np.array([np.nan]))
    red, green = coloured(places_picture(unknown, candles, 0)[40:])
    assert not red.any()
    assert not green.any()


def test_places_needs_no_chinese_font_and_no_mathematics():
    placed, candles = scene(SCENES["hacker"][0], [(52_200, BUY, 1.0)])
    fills = replace(
        placed.windows.fills,
        account_names=np.array(["账户$1$"], object),
        symbol_names=np.array(["$COIN_"], object),
    )
    renamed = replace(placed, windows=replace(placed.windows, fills=fills))
    # A glyph that the font lacks would be a warning, and warnings are errors here.
    assert (places_picture(renamed, candles, 0) != 255).any()


def test_places_of_many_candles_keeps_its_labels_apart():
    bars, _ = SCENES["hacker"]
    placed, candles = scene(bars, [(second, BUY, 105.0) for second, _, _ in bars])
    placed = replace(placed, candle=np.arange(len(bars)))
    for width in (480, 960):
        below = (places_picture(placed, candles, 0, width=width)[305:320] < 128).all(-1).any(0)
        # 78 columns and some labels of 5 signs, each 26 to 34 pixels wide, with gaps between.
        starts = np.flatnonzero(np.diff(np.flatnonzero(below)) > 6)
        labels = np.split(np.flatnonzero(below), starts + 1)
        assert 5 < len(labels) <= width / 40
        assert all(24 < label[-1] - label[0] < 36 for label in labels)
