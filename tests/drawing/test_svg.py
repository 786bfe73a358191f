import re
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from tradeglyph.drawing.svg import (
    BUY_COLOUR,
    SELL_COLOUR,
    Rings,
    Series,
    bar_chart,
    candlestick_chart,
    curve_chart,
    reliability_chart,
    ringed_picture,
)

EVIL = '<script>alert("x")</script>&'
FIVE_MINUTES = 300_000_000
NS = "{http://www.w3.org/2000/svg}"


def market(candles: int = 4, **changed: object) -> str:
    """Candles from 100 to 110, rising and falling in turn, with one buy and one sell."""
    n = np.arange(candles)
    columns: dict[str, object] = {
        "candles_time": n * FIVE_MINUTES,
        "open": np.where(n % 2, 108.0, 102.0),
        "high": np.full(candles, 110.0),
        "low": np.full(candles, 100.0),
        "close": np.where(n % 2, 102.0, 108.0),
        "fills_time": np.array([0, FIVE_MINUTES]),
        "fills_price": np.array([100.0, 110.0]),
        "fills_side": np.array([1, -1], dtype=np.int8),
        "fills_quantity": np.array([4.0, 1.0]),
        "title": "COIN",
    }
    return candlestick_chart(**{**columns, **changed})  # type: ignore[arg-type]


def parse(svg: str) -> ET.Element:
    return ET.fromstring(svg)  # noqa: S314 - our own


def fills(svg: str, side: str) -> list[ET.Element]:
    groups = [e for e in parse(svg).iter(f"{NS}g") if e.get("class") == f"c-{side}"]
    return [path for group in groups for path in group]


def points(path: ET.Element) -> list[float]:
    """x and y of the tip, x of the right foot, y of the feet, x of the left foot."""
    return [float(value) for value in re.findall(r"-?[\d.]+", path.get("d", ""))]


def test_charts_are_well_formed_labelled_and_without_outside_references() -> None:
    line = Series(name=EVIL, x=[0.0, 1.0], y=[0.0, 1.0], mark=(0.1, 0.9))
    charts = [
        market(title=EVIL, buy_label=EVIL),
        curve_chart([line], title=EVIL, x_label=EVIL, y_label=EVIL, diagonal=True),
        bar_chart([EVIL], [0.5], title=EVIL, low=[0.4], high=[0.6]),
        reliability_chart([0.1], [0.2], [0.05], [0.4], title=EVIL, x_label=EVIL, y_label=EVIL),
    ]
    for chart in charts:
        root = parse(chart)
        assert root.get("role") == "img"
        assert root.get("aria-label") == EVIL
        assert root.findtext(f"{NS}title") == EVIL
        assert "<script" not in chart
        assert not re.search(r"href|url\(|\bid=", chart)
        assert "nan" not in chart


def test_buys_point_up_from_below_and_sells_down_from_above() -> None:
    svg = market()
    (buy,), (sell,) = fills(svg, "buy"), fills(svg, "sell")
    _, tip, _, feet, _ = points(buy)
    assert feet > tip  # further down the screen
    _, other_tip, _, other_feet, _ = points(sell)
    assert other_feet < other_tip
    assert other_tip < tip  # 110 is above 100
    assert BUY_COLOUR in svg
    assert SELL_COLOUR in svg


def test_area_of_a_triangle_goes_with_quantity() -> None:
    svg = market(fills_side=np.array([1, 1], dtype=np.int8), fills_quantity=np.array([100.0, 25.0]))
    large, small = (points(path) for path in fills(svg, "buy"))
    width = [shape[2] - shape[4] for shape in (large, small)]
    # Half-widths of 3 + 4 and 3 + 4 * sqrt(1 / 4) pixels.
    assert width == pytest.approx([14, 10], abs=0.11)


def test_fills_stand_where_their_time_and_price_are() -> None:
    svg = market(fills_time=np.array([0, 4 * FIVE_MINUTES]), width=640)
    (buy,), (sell,) = fills(svg, "buy"), fills(svg, "sell")
    # Four candles fill the plot from 10 to 640 - 66.
    assert (points(buy)[0], points(sell)[0]) == (10, 574)


def rings_of(svg: str) -> list[ET.Element]:
    return [e for e in parse(svg).iter(f"{NS}circle") if "c-ring" in str(e.get("class"))]


def test_rings_go_around_the_fills_that_matter() -> None:
    rings = Rings(weight=np.array([1.0, 0.25]), notes=["first", EVIL], label="matters")
    svg = market(rings=rings)
    (buy,), (sell,) = fills(svg, "buy"), fills(svg, "sell")
    *around, legend = rings_of(svg)
    for ring, triangle in zip(around, (buy, sell), strict=True):
        x, tip, right, feet, left = points(triangle)
        middle, radius = (tip + feet) / 2, float(ring.get("r", 0))
        assert float(ring.get("cx", 0)) == pytest.approx(x, abs=0.11)
        assert abs(float(ring.get("cy", 0)) - middle) < 3
        assert radius > max(right - x, x - left)
    thick, thin = (float(ring.get("stroke-width", 0)) for ring in around)
    assert thick > thin > 0
    assert [ring.findtext(f"{NS}title") for ring in around] == ["first", EVIL]
    assert legend.findtext(f"{NS}title") == "matters"
    assert "<script" not in svg


def test_what_does_not_matter_has_no_ring() -> None:
    none = Rings(weight=np.zeros(2), notes=["", ""], label="matters")
    assert len(rings_of(market(rings=none))) == 1  # of the legend
    assert rings_of(market()) == []


def test_a_ringed_picture_has_room_at_its_edge() -> None:
    rings = Rings(weight=np.ones(3), notes=["a", "b", "c"], label="")
    x, y = np.array([0.0, 30.0, np.nan]), np.array([0.0, 20.0, np.nan])
    svg = ringed_picture("data:,", x, y, rings, title=EVIL, width=30, height=20)
    root = parse(svg)
    _, _, width, height = (float(v) for v in root.get("viewBox", "").split())
    first, last = rings_of(svg)  # the third is not in the picture
    for ring in (first, last):
        room = float(ring.get("r", 0)) + float(ring.get("stroke-width", 0)) / 2
        assert room <= float(ring.get("cx", 0)) <= width - room
        assert room <= float(ring.get("cy", 0)) <= height - room
    image = next(root.iter(f"{NS}image"))
    assert float(first.get("cx", 0)) == float(image.get("x", 0))
    assert root.get("aria-label") == EVIL


def test_rising_candles_are_hollow_falling_solid_and_unknown_ones_bars() -> None:
    shapes = {e.get("class"): e.get("d", "") for e in parse(market(5)).iter(f"{NS}path")}
    assert shapes["c-rise"].count("Z") == 3
    assert shapes["c-fall"].count("Z") == 2
    unknown = market(5, open=np.full(5, np.nan), close=np.full(5, np.nan))
    shapes = {e.get("class"): e.get("d", "") for e in parse(unknown).iter(f"{NS}path")}
    assert shapes["c-rise"] == shapes["c-fall"] == ""
    assert shapes["c-wick"].count("M") == 5
    assert "nan" not in unknown


@pytest.mark.parametrize("candles", [0, 1])
def test_hardly_any_candles_are_still_a_chart(candles: int) -> None:
    parse(market(candles))
    nothing = {name: np.empty(0) for name in ("fills_price", "fills_quantity")}
    sides = {"fills_side": np.empty(0, dtype=np.int8), "fills_time": np.empty(0, dtype=np.int64)}
    parse(market(candles, **nothing, **sides))


def test_a_fill_without_any_candle_is_still_a_chart() -> None:
    """Its moment is the whole width of the time axis."""
    no_candle = {name: np.empty(0) for name in ("open", "high", "low", "close")}
    one = {name: np.ones(1) for name in ("fills_price", "fills_quantity")}
    sides = {"fills_side": np.ones(1, dtype=np.int8), "fills_time": np.full(1, 10**15)}
    parse(market(candles_time=np.empty(0, dtype=np.int64), **no_candle, **one, **sides))


def test_a_flat_market_is_still_a_chart() -> None:
    flat = {name: np.full(4, 100.0) for name in ("open", "high", "low", "close")}
    svg = market(4, **flat, fills_price=np.array([100.0, 100.0]))
    assert "inf" not in svg
    parse(svg)


def test_price_labels_tell_their_ticks_apart() -> None:
    svg = market(4, low=np.full(4, 177.0), high=np.full(4, 187.0), open=np.full(4, 180.0),
                 close=np.full(4, 181.0), fills_price=np.array([177.0, 187.0]))  # fmt: skip
    labels = [e.text for e in parse(svg).iter(f"{NS}text") if e.get("font-size") == "11"]
    assert [label for label in labels if label and label[0] == "1"][:4] == [
        "177.5", "180.0", "182.5", "185.0",
    ]  # fmt: skip


def test_thousands_of_fills_share_two_paths() -> None:
    n = 5000
    many = {
        "fills_time": np.arange(n) * 200_000,
        "fills_price": np.full(n, 105.0),
        "fills_side": np.where(np.arange(n) % 2, 1, -1).astype(np.int8),
        "fills_quantity": np.ones(n),
    }
    assert fills(market(4, **many), "buy") == []
    assert market(4, **many).count("<path") < 10


def polyline(svg: str, kind: str) -> list[tuple[float, float]]:
    line = next(e for e in parse(svg).iter(f"{NS}polyline") if e.get("class") == kind)
    return [tuple(map(float, pair.split(","))) for pair in line.get("points", "").split()]  # type: ignore[misc]


def test_steps_hold_a_precision_to_its_left() -> None:
    pr = Series(name="m", x=[0.5, 1.0], y=[1.0, 0.25])
    line = polyline(curve_chart([pr], title="", x_label="", y_label="", step=True), "c-s0")
    (_, high), (at, _), (down, low), (_, last) = line
    assert at == down
    assert high < low == last


def test_a_straight_piece_bends_on_a_logarithmic_axis() -> None:
    roc = Series(name="m", x=[0.0, 1.0], y=[0.0, 1.0])
    chart = curve_chart([roc], title="", x_label="", y_label="", x_scale="log", x_low=1e-4)
    line = polyline(chart, "c-s0")
    left, right = line[0][0], line[-1][0]
    middle = min(line, key=lambda point: abs(point[0] - (left + right) / 2))
    bottom, top = line[0][1], line[-1][1]
    # Half way along four decades is a rate of 1 %, so a recall of 1 %.
    assert (bottom - middle[1]) / (bottom - top) == pytest.approx(0.01, abs=0.01)


def test_series_differ_in_dash_as_well_as_in_colour() -> None:
    series = [Series(name=str(n), x=[0, 1], y=[0, 1]) for n in range(5)]
    chart = parse(curve_chart(series, title="", x_label="", y_label=""))
    lines = list(chart.iter(f"{NS}polyline"))
    assert len({e.get("stroke-dasharray") for e in lines}) == 5
    assert len({e.get("stroke") for e in lines}) == 5


def test_bars_are_as_long_as_their_share() -> None:
    chart = parse(bar_chart(["a", "b", "c"], [1.0, 0.25, None], title=""))
    bars = {kind: [float(e.get("width", 0)) for e in chart.iter(f"{NS}rect")
                   if e.get("class") == kind] for kind in ("c-track", "c-f0")}  # fmt: skip
    whole = bars["c-track"][0]
    assert bars["c-f0"] == pytest.approx([whole, whole / 4], abs=0.11)
