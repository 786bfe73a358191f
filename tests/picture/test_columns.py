import numpy as np
import pytest

from tests.rows import DAY, NAN, FillRow, candles_of, placed_of, steady_candles
from tradeglyph.picture.columns import Columns, columns_of


def _fill(slot: float, side: str, price: float, quantity: float = 1.0, who: str = "ann") -> FillRow:
    return (who, "X", DAY + 300 * slot, side, price, quantity)


# Candles at slots 0, 1 and 3; heights 2, 1 and 0.5. Slot 2 has none.
UNEVEN = candles_of(
    [("X", DAY, 10.0, 12.0), ("X", DAY + 300, 10.0, 11.0), ("X", DAY + 900, 10.0, 10.5)],
    volume=[8.0, NAN, 2.0],
)


def _columns(rows: list[FillRow], candles=UNEVEN) -> Columns:  # type: ignore[no-untyped-def]
    return columns_of(placed_of(rows, candles), candles)


def test_a_hand_example() -> None:
    columns = _columns(
        [
            _fill(0.1, "buy", 10.5, 1.0),  # place 0.25
            _fill(0.2, "buy", 11.0, 3.0),  # place 0.5
            _fill(0.3, "sell", 12.0, 3.0),
            _fill(2.0, "sell", 11.0, 9.0),  # no candle
            _fill(3.0, "buy", 10.1, 4.0),  # place 0.2; 0.1 from the low is the smallest step
        ]
    )
    assert columns.owner.tolist() == [0, 0]
    assert columns.offset.tolist() == [0, 2]
    assert columns.candle.tolist() == [0, 2]
    assert columns.ordinal.tolist() == [0, 1]
    assert columns.of_fill.tolist() == [0, 0, 0, -1, 1]
    assert columns.bought.tolist() == [4.0, 4.0]
    assert columns.sold.tolist() == [3.0, 0.0]
    assert columns.balance.tolist() == [0.75, 0.0]
    np.testing.assert_allclose(columns.buy_place, [(0.25 * 1 + 0.5 * 3) / 4, 0.2])
    np.testing.assert_allclose(columns.sell_place, [1.0, NAN])
    np.testing.assert_allclose(columns.buy_share, [0.5, 1.0])  # 4 of 2 is capped
    np.testing.assert_allclose(columns.sell_share, [0.375, 0.0])
    np.testing.assert_allclose(columns.ticks, [20, 5])
    mean = (2 + 1 + 0.5) / 3  # slot 1 lies between them
    np.testing.assert_allclose(columns.relative_range, [2 / mean, 0.5 / mean])
    assert columns.pause.tolist() == [0, 3]


def test_share_is_unknown_without_a_volume() -> None:
    columns = _columns([_fill(1, "buy", 10.5), _fill(1, "sell", 10.6)])
    assert np.isnan(columns.buy_share).all()
    assert np.isnan(columns.sell_share).all()


def test_two_windows_share_a_candle_but_no_column() -> None:
    rows = [
        _fill(0, "buy", 10.0),
        _fill(1, "sell", 11.0),
        _fill(1, "buy", 10.0, who="bob"),
        _fill(3, "buy", 10.0, who="bob"),
        _fill(3, "sell", 10.2, who="bob"),
        _fill(0, "sell", 12.0, who="cat"),
    ]
    columns = _columns(rows)
    assert columns.owner.tolist() == [0, 0, 1, 1, 2]
    assert columns.offset.tolist() == [0, 2, 4, 5]
    assert columns.candle.tolist() == [0, 1, 1, 2, 0]
    assert columns.ordinal.tolist() == [0, 1, 0, 1, 0]
    assert columns.pause.tolist() == [0, 1, 0, 2, 0]
    # ann: candles 0 and 1; bob: 1 and 2, a fill 0.2 from the low; cat: candle 0 alone.
    np.testing.assert_allclose(columns.ticks, [2, 1, 5, 2.5, 1])
    np.testing.assert_allclose(columns.relative_range, [4 / 3, 2 / 3, 4 / 3, 2 / 3, 1])


def test_each_window_is_measured_alone() -> None:
    """Together or one by one, in whatever order of symbols: the same columns."""
    rng = np.random.default_rng(5)
    symbols = ("X", "Y", "Z")
    candles = candles_of(
        [
            (symbol, DAY + 300 * slot, 100.0, 100.0 + rng.integers(0, 9) / 4)
            for symbol in symbols
            for slot in range(40)
            if rng.random() < 0.8
        ],
        symbols=symbols,
        volume=50.0,
    )
    rows = [
        (f"a{i % 13}", symbols[int(rng.integers(3))], DAY + float(rng.integers(12_000)),
         ("buy", "sell")[int(rng.integers(2))], 100 + float(rng.integers(9)) / 8, 1.0 + i % 3)
        for i in range(400)
    ]  # fmt: skip
    placed = placed_of(rows, candles)
    whole = columns_of(placed, candles)
    for at in range(len(placed.windows)):
        part = columns_of(placed.slice(at, at + 1), candles)
        mine = slice(whole.offset[at], whole.offset[at + 1])
        for name in ("candle", "bought", "sold", "buy_place", "sell_place", "buy_share",
                     "sell_share", "ticks", "relative_range", "pause"):  # fmt: skip
            np.testing.assert_array_equal(getattr(whole, name)[mine], getattr(part, name), name)


@pytest.mark.parametrize(
    ("open_", "close", "ticks"),
    [
        (10.25, 11.0, 8),  # 0.25 from low to open
        (10.5, 10.75, 8),  # 0.25 from open to close
        (10.5, 11.75, 8),  # 0.25 from close to high
        (11.75, 10.5, 8),  # falling
        (10.0, 12.0, 1),  # nothing between low and high
        (11.0, 11.0, 2),
        (NAN, 11.75, 8),
        (NAN, NAN, 1),
    ],
)
def test_the_tick_is_the_smallest_step_in_sight(open_: float, close: float, ticks: float) -> None:
    candles = candles_of([("X", DAY, 10.0, 12.0)], open_=open_, close=close)
    columns = _columns([_fill(0, "buy", 10.0), _fill(0, "sell", 12.0)], candles)
    np.testing.assert_allclose(columns.ticks, [ticks])


@pytest.mark.parametrize(("price", "ticks"), [(10.25, 8), (11.5, 4), (10.0, 1), (12.0, 1)])
def test_a_fill_shows_the_tick_too(price: float, ticks: float) -> None:
    candles = candles_of([("X", DAY, 10.0, 12.0)])
    columns = _columns([_fill(0, "buy", price), _fill(0, "sell", 12.0)], candles)
    np.testing.assert_allclose(columns.ticks, [ticks])


def test_float_noise_is_no_tick() -> None:
    candles = candles_of([("X", DAY, 0.3, 0.5)], close=0.1 + 0.2)
    assert 0.1 + 0.2 != 0.3
    columns = _columns([_fill(0, "buy", 0.4), _fill(0, "sell", 0.1 + 0.2)], candles)
    np.testing.assert_allclose(columns.ticks, [2])


def test_candles_without_height() -> None:
    candles = steady_candles(2, 10.0, 10.0)
    columns = _columns([_fill(0, "buy", 10.0), _fill(1, "sell", 10.0)], candles)
    assert columns.ticks.tolist() == [0.0, 0.0]
    assert columns.relative_range.tolist() == [1.0, 1.0]
    assert columns.buy_place[0] == 0.5


def test_a_flat_candle_among_others() -> None:
    candles = candles_of([("X", DAY, 10.0, 10.0), ("X", DAY + 300, 10.0, 12.0)])
    columns = _columns([_fill(0, "buy", 10.0), _fill(1, "sell", 11.0)], candles)
    np.testing.assert_allclose(columns.ticks, [0, 2])
    np.testing.assert_allclose(columns.relative_range, [0, 2])


def test_the_pause_is_counted_in_candles_also_over_lunch() -> None:
    candles = candles_of([("X", DAY + t, 10.0, 12.0) for t in (0, 300, 6000)])
    rows = [_fill(0, "buy", 11.0), _fill(1, "buy", 11.0), _fill(20, "buy", 11.0)]
    assert _columns(rows, candles).pause.tolist() == [0, 1, 19]


@pytest.mark.parametrize("rows", [[], [_fill(9, "buy", 10.0)]], ids=["no window", "no candle"])
@pytest.mark.parametrize("candles", [UNEVEN, candles_of([])], ids=["candles", "none"])
def test_nothing_to_measure(rows: list[FillRow], candles) -> None:  # type: ignore[no-untyped-def]
    columns = _columns(rows, candles)
    assert columns.offset.tolist() == [0] * (len(rows) + 1)
    assert columns.of_fill.tolist() == [-1] * len(rows)
    for name in ("bought", "sold", "buy_place", "sell_share", "ticks", "balance"):
        values = getattr(columns, name)
        assert (len(values), values.dtype) == (0, np.float64), name


def test_a_window_without_a_candle_between_two_that_have_one() -> None:
    rows = [_fill(0, "buy", 10.0), _fill(9, "buy", 10.0, who="bob"),
            _fill(1, "buy", 10.5, who="cat")]  # fmt: skip
    columns = _columns(rows)
    assert columns.offset.tolist() == [0, 1, 1, 2]
    assert columns.owner.tolist() == [0, 2]
    np.testing.assert_allclose(columns.ticks, [1, 2])
