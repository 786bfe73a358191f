"""Where dots lie, against values derived by hand from matplotlib's documented rules."""

from dataclasses import replace

import numpy as np
import pytest
from bench.drawing import workload
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.picture.golden import SCENES, Bar, Dot, scene
from tradeglyph.domain.candles import Candles
from tradeglyph.domain.fills import BUY, DAY_US, SELL
from tradeglyph.picture.chart import ChartDots, chart_dots, k_line_range, plot_box
from tradeglyph.picture.spec import SEED

# The plot of spec `seed`: 31.25 to 225 px from the left, 16.5 to 132 px from below, of 250 x 150.
# Agg adds half a pixel, so the lower edge is at y = 150 - 16.5 + 0.5 = 134.
BARS: list[Bar] = [(0, 10.0, 20.0), (43_200, 12.0, 16.0)]


def dots_of(bars: list[Bar], dots: list[Dot], candle: int = 0) -> ChartDots:
    return chart_dots(*scene(bars, dots, candle), SEED)


def test_the_plot_is_matplotlibs_default_rectangle():
    assert plot_box(SEED).clip(150) == (18, 134, 31, 225)


def test_price_axis_begins_at_the_lowest_bar_and_ends_five_percent_above_the_highest():
    found = dots_of(BARS, [(0, BUY, 10.0), (0, BUY, 20.0)])
    # 10 to 20 plus 0.5 above on 115.5 px; no margin below, where a bar stands.
    assert found.y == pytest.approx([134, 134 - 115.5 * 10 / 10.5])
    assert found.row[0] == 134


def test_time_axis_spans_the_bars_width_with_five_percent_on_both_sides():
    found = dots_of(BARS, [(0, BUY, 15.0), (43_200, BUY, 15.0)])
    span = 43_200 + 86.4
    left = (43.2 + 0.05 * span) / (1.1 * span)
    assert found.x == pytest.approx([31.75 + 193.75 * left, 31.75 + 193.75 * (1 - left)])


def test_a_dot_outside_all_bars_widens_the_axes_and_brings_the_margin_back():
    found = dots_of(BARS, [(0, BUY, 5.0), (80_000, SELL, 15.0)])
    assert found.y[0] == pytest.approx(134 - 115.5 * 0.05 / 1.1)
    assert found.x[1] == pytest.approx(31.75 + 193.75 * (80_043.2 / 1.1 / 80_043.2 + 0.05 / 1.1))


def test_a_bar_without_height_at_the_very_top_holds_the_axis_there():
    found = dots_of([*BARS, (50_000, 20.0, 20.0)], [(0, BUY, 20.0)])
    assert found.y == pytest.approx([134 - 115.5])


def test_one_value_stands_in_the_middle():
    bars, dots = SCENES["single"]
    found = dots_of(bars, dots)
    assert (found.x, found.y) == (pytest.approx([128.625]), pytest.approx([76.25]))


def test_a_dot_without_any_bar_in_the_window_stands_in_the_middle():
    placed, candles = scene(BARS, [(600, BUY, 15.0)])
    found = chart_dots(placed, replace(candles, start=candles.start - DAY_US), SEED)
    assert (found.x, found.y) == (pytest.approx([128.625]), pytest.approx([76.25]))


def test_the_end_of_a_window_is_exclusive():
    inside = dots_of([*BARS, (86_399, 15.0, 90.0)], [(0, BUY, 15.0)])
    outside = dots_of([*BARS, (86_400, 15.0, 90.0)], [(0, BUY, 15.0)])
    assert outside.y == pytest.approx(dots_of(BARS, [(0, BUY, 15.0)]).y)
    assert inside.y[0] > outside.y[0]


def test_a_fill_without_a_candle_has_no_dot_and_no_say():
    found = dots_of(BARS, [(0, BUY, 900.0)], candle=-1)
    assert len(found.x) == 0
    assert found.offset.tolist() == [0, 0]


def test_buys_come_before_sells():
    found = dots_of(BARS, [(0, SELL, 11.0), (9, BUY, 12.0), (20, SELL, 13.0), (30, BUY, 14.0)])
    assert found.sell.tolist() == [False, False, True, True]
    assert (np.diff(found.x)[[0, 2]] > 0).all()


def test_other_symbols_candles_do_not_count():
    placed, candles = scene(BARS, [(0, BUY, 15.0)])
    both = Candles(
        symbol=np.array([0, 0, 1, 1], np.int32),
        start=np.tile(candles.start, 2),
        high=np.concatenate([candles.high, candles.high * 9]),
        low=np.concatenate([candles.low, candles.low / 9]),
        open=np.tile(candles.open, 2),
        close=np.tile(candles.close, 2),
        volume=np.tile(candles.volume, 2),
        accounts=np.tile(candles.accounts, 2),
        interval=candles.interval,
        symbol_names=np.array(["COIN", "OTHER"], object),
    )
    alone, among = chart_dots(placed, candles, SEED), chart_dots(placed, both, SEED)
    assert (alone.x.tolist(), alone.y.tolist()) == (among.x.tolist(), among.y.tolist())


def test_no_candles_and_no_fills_at_all():
    placed, candles = scene(BARS, [])
    empty = {
        name: getattr(candles, name)[:0]
        for name in ("symbol", "start", "high", "low", "open", "close", "volume", "accounts")
    }
    assert len(chart_dots(placed, replace(candles, **empty), SEED).x) == 0


def test_ranges_are_those_of_a_plain_comparison():
    placed, candles = workload(40)
    windows = placed.windows
    begin, end = k_line_range(placed, candles, 5, 40)
    for i in range(5, 40):
        plain = np.flatnonzero(
            (candles.symbol == windows.symbol[i])
            & (candles.start >= windows.start[i])
            & (candles.start < windows.end[i])
        )
        assert (begin[i - 5], end[i - 5]) == (plain[0], plain[-1] + 1)


def test_a_part_of_the_windows_lies_where_it_lies_among_all():
    placed, candles = workload(30)
    whole, part = chart_dots(placed, candles, SEED), chart_dots(placed, candles, SEED, 11, 23)
    rows = slice(whole.offset[11], whole.offset[23])
    assert whole.x[rows].tolist() == part.x.tolist()
    assert whole.y[rows].tolist() == part.y.tolist()
    assert (whole.offset[11:24] - whole.offset[11]).tolist() == part.offset.tolist()


@settings(max_examples=40)
@given(exponent=st.integers(-20, 20), days=st.integers(-3000, 3000))
def test_price_level_and_day_carry_nothing(exponent: int, days: int):
    placed, candles = workload(5)
    windows, shift = placed.windows, days * DAY_US
    factor = 2.0**exponent  # A power of two, so that not even the last bit changes.
    fills = replace(
        windows.fills, time=windows.fills.time + shift, price=windows.fills.price * factor
    )
    moved = replace(windows, fills=fills, start=windows.start + shift, end=windows.end + shift)
    scaled = replace(
        candles, start=candles.start + shift, low=candles.low * factor, high=candles.high * factor
    )
    before = chart_dots(placed, candles, SEED)
    after = chart_dots(replace(placed, windows=moved), scaled, SEED)
    assert before.x.tolist() == after.x.tolist()
    assert before.y.tolist() == after.y.tolist()


@settings(max_examples=60)
@given(
    st.lists(
        st.tuples(st.integers(0, 86_399), st.sampled_from([BUY, SELL]), st.floats(0.01, 1e6)),
        max_size=20,
    )
)
def test_every_dot_lies_in_the_plot(dots: list[Dot]):
    found = dots_of(BARS, dots)
    top, bottom, left, right = plot_box(SEED).clip(SEED.height)
    assert ((found.row >= top) & (found.row <= bottom)).all()
    assert ((found.column >= left) & (found.column <= right)).all()
    assert len(found.x) == len(dots)
