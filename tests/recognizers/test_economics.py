"""What a window came to in money, reckoned by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rows import DAY, FillRow, candles_of, placed_of, steady_candles
from tradeglyph.picture.columns import columns_of
from tradeglyph.recognizers.economics import Economics, economics_of, gross_money


def economics(rows: list[FillRow], at: int = 0, low: float = 8, high: float = 12) -> Economics:
    candles = steady_candles(4, low, high)
    placed = placed_of(rows, candles)
    return economics_of(placed, columns_of(placed, candles), at)


def buy(second: float, price: float, quantity: float, account: str = "A") -> FillRow:
    return (account, "X", DAY + second, "buy", price, quantity)


def sell(second: float, price: float, quantity: float, account: str = "A") -> FillRow:
    return (account, "X", DAY + second, "sell", price, quantity)


def test_sums() -> None:
    # Bought 3 + 2 = 5 for 3 * 9 + 2 * 10 = 47; sold 4 for 4 * 11 = 44; one is left over.
    done = economics([buy(0, 9, 3), buy(10, 10, 2), sell(20, 11, 4)])
    assert (done.bought, done.sold, done.paid, done.received) == (5, 4, 47, 44)
    assert done.left_over == 1


def test_a_trip_is_the_smaller_side_at_average_prices() -> None:
    # Average purchase 47 / 5 = 9.4, average sale 11, on the 4 that went both ways: 4 * 1.6.
    trips = economics([buy(0, 9, 3), buy(10, 10, 2), sell(20, 11, 4)]).trips
    assert trips.quantity.tolist() == [4]
    assert trips.gain == pytest.approx([6.4])
    # Places in the candle from 8 to 12: purchases (3 * 0.25 + 2 * 0.5) / 5, the sale 0.75.
    assert trips.buy_place == pytest.approx([0.35])
    assert trips.sell_place == pytest.approx([0.75])
    assert trips.candle.tolist() == [0]


def test_a_loss_is_negative_and_candles_are_apart() -> None:
    # 0-300 s: bought at 11 and sold at 9, a loss of 2 each on 2; 300-600 s: only bought;
    # 900-1200 s: a gain of 3 on 1.
    rows = [buy(0, 11, 2), sell(9, 9, 2), buy(400, 10, 5), buy(900, 8, 1), sell(901, 11, 1)]
    done = economics(rows)
    assert done.trips.candle.tolist() == [0, 3]
    assert done.trips.gain.tolist() == [-4, 3]
    assert done.trip_gain == -1
    assert done.left_over == 5


def test_more_sold_than_bought() -> None:
    assert economics([sell(0, 10, 3), buy(5, 9, 1)]).left_over == -2


def test_one_side_only_has_no_trip() -> None:
    done = economics([buy(0, 10, 1), buy(400, 10, 1)])
    assert len(done.trips.candle) == 0
    assert done.trip_gain == 0
    assert (done.sold, done.received) == (0, 0)


def test_fills_without_a_candle_are_money_but_no_trip() -> None:
    done = economics([buy(50_000, 10, 1), sell(50_010, 11, 1)])  # candles end after 1,200 s
    assert (done.paid, done.received) == (10, 11)
    assert len(done.trips.candle) == 0
    mixed = economics([buy(0, 10, 1), sell(5, 11, 1), sell(50_000, 12, 7)])
    assert mixed.trips.quantity.tolist() == [1]
    assert mixed.received == 11 + 84


def test_each_window_has_its_own() -> None:
    rows = [
        *[buy(0, 9, 1, "A"), sell(9, 10, 1, "A")],
        *[buy(0, 9, 2, "B"), sell(9, 12, 2, "B"), buy(700, 9, 1, "B"), sell(709, 10, 1, "B")],
        *[sell(0, 11, 4, "C")],
    ]
    assert [economics(rows, at).trip_gain for at in range(3)] == [1, 7, 0]
    assert [len(economics(rows, at).trips.gain) for at in range(3)] == [1, 2, 0]
    assert [economics(rows, at).received for at in range(3)] == [10, 34, 44]


def test_trips_name_the_candle_in_the_market() -> None:
    symbols = ("X", "Y")
    candles = candles_of(
        [(s, DAY + 300 * i, 8, 12) for s in symbols for i in range(3)], symbols=symbols
    )
    rows: list[FillRow] = [
        ("A", "Y", DAY + 310, "buy", 9.0, 1.0),
        ("A", "Y", DAY + 320, "sell", 10.0, 1.0),
    ]
    placed = placed_of(rows, candles)
    trips = economics_of(placed, columns_of(placed, candles), 0).trips
    assert trips.candle.tolist() == [4]
    assert candles.start[4] == (DAY + 300) * 1_000_000


def test_gross_money_is_the_larger_of_both_flows() -> None:
    rows = [
        *[buy(0, 9, 1, "A"), sell(9, 10, 2, "A")],
        *[buy(0, 10, 5, "B"), sell(9, 11, 1, "B")],
        *[sell(50_000, 12, 2, "C")],
    ]
    candles = steady_candles(4, 8, 12)
    assert gross_money(placed_of(rows, candles)).tolist() == [20, 50, 24]
    assert gross_money(placed_of([], candles)).tolist() == []


@given(
    st.lists(
        st.tuples(
            st.sampled_from("AB"),
            st.integers(0, 1_199),
            st.sampled_from(["buy", "sell"]),
            st.integers(80, 120),
            st.integers(1, 50),
        ),
        min_size=1,
        max_size=30,
    )
)
def test_what_trips_gain_and_what_is_left_over_is_the_cash(cells: list[tuple]) -> None:  # type: ignore[type-arg]
    """Within one candle: cash = gain of the trip + value of the rest at its own average price."""
    rows: list[FillRow] = [
        (account, "X", DAY + second // 300 * 300, side, price / 10, float(quantity))
        for account, second, side, price, quantity in cells
    ]
    candles = steady_candles(4, 8.0, 12.0)
    placed = placed_of(rows, candles)
    columns = columns_of(placed, candles)
    for at in range(len(placed.windows)):
        done = economics_of(placed, columns, at)
        account = sorted({row[0] for row in rows})[at]
        cash, gain = 0.0, 0.0
        for candle in range(4):
            mine = [r for r in rows if r[0] == account and (r[2] - DAY) // 300 == candle]
            bought = sum(r[5] for r in mine if r[3] == "buy")
            sold = sum(r[5] for r in mine if r[3] == "sell")
            paid = sum(r[4] * r[5] for r in mine if r[3] == "buy")
            received = sum(r[4] * r[5] for r in mine if r[3] == "sell")
            cash += received - paid
            if bought and sold:
                gain += min(bought, sold) * (received / sold - paid / bought)
        assert done.received - done.paid == pytest.approx(cash, abs=1e-9)
        assert done.trip_gain == pytest.approx(gain, abs=1e-9)
        assert (done.trips.quantity > 0).all()
        assert np.isfinite(done.trips.gain).all()
