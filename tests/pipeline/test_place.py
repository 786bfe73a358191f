import numpy as np
import pytest

from tests.rows import DAY, NAN, FillRow, candles_of, fills_of, placed_of, steady_candles
from tradeglyph.domain.fills import MICROSECONDS
from tradeglyph.domain.windows import PlacedWindows
from tradeglyph.pipeline.cut import cut


def _one(price: float, quantity: float = 1.0, *, volume: float = NAN) -> PlacedWindows:
    """One fill in a candle from 10 to 12."""
    candles = candles_of([("X", DAY, 10.0, 12.0)], volume=volume)
    return placed_of([("ann", "X", DAY + 1, "buy", price, quantity)], candles)


def _buys(*seconds: float, symbol: str = "X") -> list[FillRow]:
    return [("ann", symbol, DAY + s, "buy", 10.0 + i, 1.0) for i, s in enumerate(seconds)]


def test_a_candle_holds_its_first_instant_and_not_its_end() -> None:
    candles = candles_of([("X", DAY + 300, 9.0, 20.0), ("X", DAY + 600, 9.0, 20.0)])
    placed = placed_of(_buys(299, 300, 599.999999, 600, 899, 900), candles)
    assert placed.candle.tolist() == [-1, 0, 0, 1, 1, -1]


def test_a_missing_candle_is_not_its_neighbour() -> None:
    candles = candles_of([("X", DAY, 9.0, 20.0), ("X", DAY + 600, 9.0, 20.0)])
    placed = placed_of(_buys(299, 301, 599, 600), candles)
    assert placed.candle.tolist() == [0, -1, -1, 1]
    assert np.isnan(placed.place).tolist() == [False, True, True, False]


def test_each_symbol_has_candles_of_its_own() -> None:
    candles = candles_of(
        [("A", DAY, 10.0, 12.0), ("C", DAY, 20.0, 30.0)], symbols=("A", "B", "C", "D")
    )
    rows = [("ann", symbol, DAY + 10, "buy", 25.0, 1.0) for symbol in "ABCD"]
    placed = placed_of(rows, candles)
    assert placed.candle.tolist() == [0, -1, 1, -1]
    np.testing.assert_array_equal(placed.place, [1.0, NAN, 0.5, NAN])
    assert placed.clipped.tolist() == [True, False, False, False]


def test_a_last_candle_does_not_reach_into_the_next_symbol() -> None:
    """X ends at noon, Y begins the day before: positions lie side by side."""
    candles = candles_of([("X", DAY, 9.0, 20.0), ("Y", DAY - 86_400, 9.0, 20.0)])
    placed = placed_of(_buys(86_000) + _buys(10, symbol="Y"), candles)
    assert placed.candle.tolist() == [-1, -1]


def test_candles_of_a_minute_and_of_a_second() -> None:
    for interval in (1, 60):
        candles = candles_of(
            [("X", DAY + interval * i, 9.0, 20.0) for i in range(3)], interval=interval
        )
        placed = placed_of(_buys(0, interval, 2 * interval, 3 * interval), candles)
        assert placed.candle.tolist() == [0, 1, 2, -1]


@pytest.mark.parametrize(("price", "place"), [(10.0, 0.0), (10.5, 0.25), (11.0, 0.5), (12.0, 1.0)])
def test_place_inside_the_candle(price: float, place: float) -> None:
    placed = _one(price)
    assert placed.place.tolist() == [place]
    assert not placed.clipped.any()


@pytest.mark.parametrize(("price", "place"), [(9.99, 0.0), (12.01, 1.0)])
def test_a_price_outside_is_clipped_and_said(price: float, place: float) -> None:
    placed = _one(price)
    assert placed.place.tolist() == [place]
    assert placed.clipped.tolist() == [True]


@pytest.mark.parametrize(("price", "clipped"), [(9.0, True), (10.0, False), (11.0, True)])
def test_a_candle_without_height_says_the_middle(price: float, clipped: bool) -> None:
    placed = placed_of([("ann", "X", DAY, "buy", price, 1.0)], candles_of([("X", DAY, 10.0, 10.0)]))
    assert placed.place.tolist() == [0.5]
    assert placed.clipped.tolist() == [clipped]


@pytest.mark.parametrize(
    ("quantity", "volume", "share", "over"),
    [(1.0, 4.0, 0.25, False), (4.0, 4.0, 1.0, False), (5.0, 4.0, 1.0, True)],
)
def test_share_of_the_candles_volume(
    quantity: float, volume: float, share: float, over: bool
) -> None:
    placed = _one(11.0, quantity, volume=volume)
    assert placed.share.tolist() == [share]
    assert placed.over_volume.tolist() == [over]


@pytest.mark.parametrize("volume", [NAN, 0.0])
def test_share_without_a_volume_is_not_known(volume: float) -> None:
    placed = _one(11.0, volume=volume)
    assert np.isnan(placed.share).all()
    assert not placed.over_volume.any()


def test_noise_in_the_last_bit_is_not_over_the_volume() -> None:
    """A candle built from the account's own trades may sum them in another order."""
    volume = 0.7 + 0.1 + 0.3
    assert volume < 1.1
    placed = _one(11.0, 1.1, volume=volume)
    assert not placed.over_volume.any()
    assert placed.share.tolist() == [1.0]


def test_alone_in_every_candle_it_traded_in() -> None:
    candles = candles_of(
        [("X", DAY + 300 * i, 9.0, 20.0) for i in range(4)], accounts=[1, 1, 2, -1]
    )

    def alone(*slots: int) -> bool:
        placed = placed_of(_buys(*[300 * slot for slot in slots]), candles)
        return bool(placed.alone[0])

    assert alone(0, 1) is True
    assert alone(0, 2) is False
    assert alone(3) is False  # nobody counted
    assert alone(0, 99) is True  # a fill without a candle says nothing
    assert alone(99) is False  # nor does one alone


def test_alone_is_said_per_window() -> None:
    candles = candles_of([("X", DAY, 9.0, 20.0), ("X", DAY + 300, 9.0, 20.0)], accounts=[1, 2])
    rows = [("ann", "X", DAY + 1, "buy", 10.0, 1.0), ("bob", "X", DAY + 301, "buy", 10.0, 1.0)]
    assert placed_of(rows, candles).alone.tolist() == [True, False]


def test_no_candles_at_all() -> None:
    placed = placed_of(_buys(0, 1), candles_of([]))
    assert placed.candle.tolist() == [-1, -1]
    assert np.isnan(placed.place).all()
    assert np.isnan(placed.share).all()
    assert not placed.clipped.any()
    assert not placed.over_volume.any()
    assert placed.alone.tolist() == [False]


@pytest.mark.parametrize("count", [0, 3])
def test_no_windows(count: int) -> None:
    placed = placed_of([], steady_candles(count, 10.0, 12.0))
    assert len(placed.windows) == 0
    assert len(placed.candle) == len(placed.place) == len(placed.alone) == 0


def test_before_1970() -> None:
    candles = candles_of([("X", -300, 9.0, 20.0), ("Y", -300, 9.0, 20.0)])
    rows = [("ann", "X", -1.0, "buy", 10.0, 1.0), ("ann", "Y", -300.0, "buy", 10.0, 1.0)]
    placed = placed_of(rows, candles)
    assert placed.candle.tolist() == [0, 1]


def test_a_slice_of_placed_windows_is_the_slice_placed() -> None:
    candles = steady_candles(3, 10.0, 12.0, volume=4.0, accounts=[1, 2, 1])
    rows: list[FillRow] = [
        (account, "X", DAY + 300 * slot, "buy", 10.5 + 0.7 * slot, 1.0 + 2 * slot)
        for account, slot in (("ann", 0), ("bob", 0), ("bob", 2), ("cat", 1), ("dan", 9))
    ]
    placed = placed_of(rows, candles)
    for first, last in ((0, 4), (1, 3), (3, 4), (2, 2)):
        part = placed.slice(first, last)
        ann = [row for row in rows if "abcd"[first:last].count(row[0][0])]
        direct = placed_of(ann, candles)
        for name in ("candle", "place", "share", "clipped", "over_volume", "alone"):
            np.testing.assert_array_equal(getattr(part, name), getattr(direct, name), name)
        assert part.windows.fills.price.tolist() == direct.windows.fills.price.tolist()


def test_the_second_of_a_merged_fill_decides() -> None:
    """Cut rounds down to the second, which stays inside a candle of whole seconds."""
    candles = steady_candles(2, 9.0, 20.0)
    fills = fills_of(_buys(299.9, 300.0))
    windows = cut(fills, np.array([DAY, DAY + 86_400]) * MICROSECONDS)
    assert (windows.fills.time % MICROSECONDS == 0).all()
    assert placed_of(_buys(299.9, 300.0), candles).candle.tolist() == [0, 1]
