from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image

from tests.picture.golden import FOLDER, SCENES, scene
from tests.rows import DAY, NAN, FillRow, candles_of, days, placed_of, steady_candles
from tradeglyph.domain.candles import Candles
from tradeglyph.domain.fills import DAY_US, Fills
from tradeglyph.picture.columns import columns_of
from tradeglyph.picture.fast import draw
from tradeglyph.picture.places import places_raster
from tradeglyph.picture.spec import DEFAULT, SEED
from tradeglyph.pipeline.place import place
from tradeglyph.simulate.population import Population, simulate

BUY, SELL, BUY_SHARE, SELL_SHARE, TICKS, RANGE, TRIP, PAUSE = range(8)
BOTTOM = 31
"""The row of a candle's low."""


def _fill(slot: float, side: str, price: float, quantity: float = 1.0) -> FillRow:
    return ("ann", "X", DAY + 300 * slot, side, price, quantity)


def _raster(rows: list[FillRow], candles: Candles) -> NDArray[np.uint8]:
    (raster,) = draw(placed_of(rows, candles), candles, DEFAULT)
    return raster


def test_a_buy_at_the_low_and_a_sell_at_the_high() -> None:
    candles = candles_of([("X", DAY, 10.0, 42.0)], volume=1000.0)
    raster = _raster([_fill(0, "buy", 10.0, 10.0), _fill(0, "sell", 42.0, 7.5)], candles)
    expected = np.zeros((8, 32), dtype=np.uint8)
    expected[BUY, BOTTOM] = 255
    expected[SELL, 0] = 255
    expected[BUY_SHARE, BOTTOM] = 134  # 1/100: 255 * (0.05 + 0.95 * 2/4) = 133.9
    expected[SELL_SHARE, 0] = 126  # 0.0075: 255 * (0.05 + 0.95 * (4 - 2.125) / 4) = 126.3
    expected[TICKS] = 0  # 32 is the only step in sight: one tick
    expected[RANGE] = 128  # as high as the mean: the middle
    expected[TRIP] = 191  # 0.75 * 255 = 191.25
    np.testing.assert_array_equal(raster[:, :, 0], expected)
    assert not raster[:, :, 1:].any()


@pytest.mark.parametrize(
    ("price", "rows"),
    [
        (10.0, {31: 255}),
        (41.0, {0: 255}),
        (11.0, {30: 255}),
        (10.25, {30: 64, 31: 191}),  # 0.25 of the way up: 63.75 and 191.25
        (25.5, {15: 128, 16: 128}),  # the very middle: 127.5 each
        (5.0, {31: 255}),
        (99.0, {0: 255}),
    ],
)
def test_a_place_is_shared_by_two_rows(price: float, rows: dict[int, int]) -> None:
    """A candle of 31 steps, one for each gap between rows."""
    candles = candles_of([("X", DAY, 10.0, 41.0)])
    column = _raster([_fill(0, "buy", price), _fill(1, "buy", 10.0)], candles)[BUY, :, 0]
    assert {int(row): int(column[row]) for row in np.flatnonzero(column)} == rows


@given(st.floats(0, 1))
@settings(max_examples=200)
def test_a_dot_weighs_the_same_wherever_it_is(share: float) -> None:
    candles = candles_of([("X", DAY, 1.0, 2.0)])
    column = _raster([_fill(0, "buy", 1 + share)], candles)[BUY, :, 0].astype(int)
    assert 254 <= column.sum() <= 256
    centre = (column * np.arange(32)).sum() / column.sum()
    assert centre == pytest.approx(31 * (1 - share), abs=0.01)


@pytest.mark.parametrize(
    ("share", "level"),
    [(1.0, 255), (0.1, 194), (0.01, 134), (1e-4, 13), (1e-9, 13), (5.0, 255), (NAN, 0)],
)
def test_share_on_a_log_scale(share: float, level: int) -> None:
    """255 * (0.05 + 0.95 * k / 4) for k decades above 1/10,000."""
    volume = NAN if np.isnan(share) else 1.0
    candles = candles_of([("X", DAY, 10.0, 12.0)], volume=volume)
    raster = _raster([_fill(0, "sell", 12.0, 1.0 if np.isnan(share) else share)], candles)
    assert raster[SELL_SHARE, 0, 0] == level


@pytest.mark.parametrize(("tick", "level"), [(32.0, 0), (1.0, 128), (1 / 32, 255), (1 / 64, 255)])
def test_height_in_ticks_on_a_log_scale(tick: float, level: int) -> None:
    candles = candles_of([("X", DAY, 10.0, 42.0)], close=10.0 + tick)
    raster = _raster([_fill(0, "buy", 10.0), _fill(0, "sell", 42.0)], candles)
    assert set(raster[TICKS, :, 0].tolist()) == {level}


def test_height_over_the_mean_on_a_log_scale() -> None:
    """Heights 1, 1, 0.5, 1.5: mean 1. log2(0.5) is a third, log2(1.5) 0.5975 of the scale."""
    heights = (1.0, 1.0, 0.5, 1.5)
    candles = candles_of([("X", DAY + 300 * i, 10.0, 10.0 + h) for i, h in enumerate(heights)])
    raster = _raster([_fill(i, "buy", 10.0) for i in range(4)], candles)
    assert raster[RANGE, 0, :5].tolist() == [128, 128, 85, 152, 0]


def test_pauses_on_a_log_scale() -> None:
    """log2(1 + pause) / 8: 3 is a quarter, 255 and more the whole."""
    slots = (0, 1, 4, 259, 700)
    candles = candles_of([("X", DAY + 100 * i, 10.0, 12.0) for i in slots], interval=100)
    rows = [("ann", "X", DAY + 100.0 * slot, "buy", 11.0, 1.0) for slot in slots]
    assert _raster(rows, candles)[PAUSE, 0, :6].tolist() == [0, 32, 64, 255, 255, 0]


def test_columns_are_candles_traded_in_not_time() -> None:
    rows = [_fill(0, "buy", 10.0), _fill(7, "sell", 12.0)]
    raster = _raster(rows, steady_candles(8, 10.0, 12.0))
    assert raster[BUY, BOTTOM, :3].tolist() == [255, 0, 0]
    assert raster[SELL, 0, :3].tolist() == [0, 255, 0]


@pytest.mark.parametrize("count", [95, 96, 97, 150, 192, 288])
def test_more_candles_than_columns_share_them(count: int) -> None:
    candles = steady_candles(count, 10.0, 12.0)
    rows = [_fill(i, "sell" if i == count - 1 else "buy", 10.0) for i in range(count)]
    raster = _raster(rows, candles)
    used = min(count, 96)
    filled = (raster[BUY] | raster[SELL]).any(axis=0)
    assert np.flatnonzero(filled).tolist() == list(range(used))
    assert np.flatnonzero(raster[SELL].any(axis=0)).tolist() == [used - 1]


def test_candles_in_one_column_keep_all_dots_and_the_strongest_levels() -> None:
    candles = steady_candles(192, 10.0, 12.0)
    rows = [_fill(i, "buy", 10.0) for i in range(192)] + [_fill(1, "sell", 12.0)]
    raster = _raster(rows, candles)
    assert raster[BUY, BOTTOM, 0] == 255
    assert raster[SELL, 0, 0] == 255
    assert raster[TRIP, 0, :2].tolist() == [255, 0]


def test_windows_do_not_see_each_other() -> None:
    candles = steady_candles(4, 10.0, 12.0, volume=9.0)
    rows = [
        (who, "X", DAY + 300 * slot, side, price, 1.0)
        for who, slot, side, price in (
            ("ann", 0, "buy", 10.0), ("ann", 3, "sell", 12.0), ("bob", 1, "buy", 11.7),
            ("cat", 9, "buy", 11.0), ("dan", 0, "sell", 10.3), ("dan", 1, "sell", 10.4),
        )
    ]  # fmt: skip
    placed = placed_of(rows, candles)
    whole = draw(placed, candles, DEFAULT)
    assert whole.shape == (4, *DEFAULT.shape)
    assert not whole[2].any()  # cat's fill has no candle
    for at in range(4):
        (alone,) = draw(placed.slice(at, at + 1), candles, DEFAULT)
        np.testing.assert_array_equal(alone, whole[at])


@pytest.mark.parametrize("rows", [[], [_fill(9, "buy", 10.0)]], ids=["no window", "no candle"])
@pytest.mark.parametrize("candles", [steady_candles(2, 1.0, 2.0), candles_of([])])
@pytest.mark.parametrize("spec", [DEFAULT, SEED], ids=["default", "seed"])
def test_nothing_to_draw(rows: list[FillRow], candles: Candles, spec) -> None:  # type: ignore[no-untyped-def]
    raster = draw(placed_of(rows, candles), candles, spec)
    assert raster.shape == (len(rows), *spec.shape)
    assert raster.dtype == np.uint8
    assert (raster == (255 if spec.is_rgb else 0)).all()


def test_columns_at_hand_are_used() -> None:
    candles = steady_candles(3, 10.0, 12.0)
    placed = placed_of([_fill(0, "buy", 10.0), _fill(2, "sell", 12.0)], candles)
    columns = columns_of(placed, candles)
    np.testing.assert_array_equal(
        places_raster(placed, candles, DEFAULT, columns), places_raster(placed, candles, DEFAULT)
    )
    other = replace(columns, pause=columns.pause * 10)
    assert (draw(placed, candles, DEFAULT, other) != draw(placed, candles, DEFAULT)).any()


# What carries no behaviour (docs/evaluation.md, artefact tests), on accounts of every scenario.


@pytest.fixture(scope="module")
def population() -> Population:
    return simulate(400, 11)


def _draw(fills: Fills, candles: Candles) -> NDArray[np.uint8]:
    return draw(place(days(fills), candles), candles, DEFAULT)


def _scaled(candles: Candles, factor: float) -> Candles:
    names = ("open", "high", "low", "close")
    return replace(candles, **{name: getattr(candles, name) * factor for name in names})


@pytest.mark.parametrize("factor", [1e-3, 0.0371, 0.5, 7.3, 1e3])
def test_the_price_scale_does_not_show(population: Population, factor: float) -> None:
    """Within one of 255 levels: a product is rounded in its last bit, and so may a level be."""
    fills, candles = population.fills, population.candles
    before = _draw(fills, candles).astype(int)
    after = _draw(replace(fills, price=fills.price * factor), _scaled(candles, factor))
    assert np.abs(after - before).max() <= 1
    assert (after != before).mean() < 1e-3
    if factor == 0.5:  # exact in binary
        np.testing.assert_array_equal(after, before)


def test_the_symbols_name_does_not_show(population: Population) -> None:
    fills, candles = population.fills, population.candles
    count = len(candles.symbol_names)
    names = np.array([f"Z{count - i}" for i in range(count)], dtype=object)[::-1]
    order = np.lexsort((candles.start, count - 1 - candles.symbol))
    renamed = {
        name: getattr(candles, name)[order]
        for name in ("start", "high", "low", "open", "close", "volume", "accounts")
    }
    other = _draw(
        replace(fills, symbol=(count - 1 - fills.symbol).astype(np.int32), symbol_names=names),
        replace(candles, symbol=(count - 1 - candles.symbol)[order], symbol_names=names, **renamed),
    )
    np.testing.assert_array_equal(other, _draw(fills, candles))


@pytest.mark.parametrize("shift", [-3650, 1, 59])
def test_the_day_does_not_show(population: Population, shift: int) -> None:
    fills, candles = population.fills, population.candles
    moved = _draw(
        replace(fills, time=fills.time + shift * DAY_US),
        replace(candles, start=candles.start + shift * DAY_US),
    )
    np.testing.assert_array_equal(moved, _draw(fills, candles))


@pytest.mark.parametrize("removed", [True, False])
def test_candles_outside_the_accounts_span_do_not_show(
    population: Population, removed: bool
) -> None:
    candles = population.candles
    placed = place(days(population.fills), candles)
    rng = np.random.default_rng(1)
    for at in rng.choice(len(placed.windows), 60, replace=False):
        one = placed.slice(at, at + 1)
        position = np.arange(len(candles))
        span = (position >= one.candle.min()) & (position <= one.candle.max())
        other = _pick(candles, span) if removed else _wild(candles, ~span, rng)
        np.testing.assert_array_equal(
            draw(place(one.windows, other), other, DEFAULT), draw(one, candles, DEFAULT)
        )


def _pick(candles: Candles, kept: NDArray[np.bool_]) -> Candles:
    names = ("symbol", "start", "high", "low", "open", "close", "volume", "accounts")
    return replace(candles, **{name: getattr(candles, name)[kept] for name in names})


def _wild(candles: Candles, where: NDArray[np.bool_], rng: np.random.Generator) -> Candles:
    """Other prices and volumes in the candles `where`."""
    factor = np.where(where, rng.uniform(0.2, 5, len(candles)), 1.0)
    taller = np.where(where, candles.high * factor * 1.3, candles.high)
    lower = {name: getattr(candles, name) * factor for name in ("open", "low", "close", "volume")}
    return replace(candles, high=taller, **lower)


@pytest.mark.parametrize("name", SCENES)
def test_golden_planes(name: str) -> None:
    """The geometry stands still; who changes it on purpose raises `GEOMETRY_VERSION`."""
    with Image.open(FOLDER / f"{name}.places.png") as picture:
        golden = np.asarray(picture).reshape(DEFAULT.shape)
    assert np.array_equal(places_raster(*scene(*SCENES[name]), DEFAULT)[0], golden)
