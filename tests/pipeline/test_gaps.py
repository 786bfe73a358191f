"""Fills that no candle places leave a question open; those beside their candle do not."""

import pytest

from tests.rows import DAY, FillRow, candles_of, placed_of
from tradeglyph.domain.findings import Unanswered
from tradeglyph.pipeline.gaps import Gaps

BEGIN = DAY + 3_600
HIGH, LOW = 12.0, 10.0
FLAT = 20.0


def why(*prices: float, symbol: str = "X", missing: int = 0) -> Unanswered | None:
    """Of fills at these prices in a candle of X, from 10 to 12, or of Y, which is flat; the first
    `missing` of them come before there are candles."""
    candles = candles_of([("X", BEGIN, LOW, HIGH), ("Y", BEGIN, FLAT, FLAT)])
    rows: list[FillRow] = [
        ("ann", symbol, BEGIN + number - 900 * (number < missing), "buy", price, 1.0)
        for number, price in enumerate(prices)
    ]
    return Gaps.of(placed_of(rows, candles).windows, candles).why()


@pytest.mark.parametrize("scale", [0.01, 0.5, 2.0, 100.0])
def test_prices_in_another_unit(scale: float) -> None:
    assert why(scale * 10.5, scale * 11, scale * 11.5) is Unanswered.OUTSIDE_CANDLES


@pytest.mark.parametrize("price", [LOW - 2.01, HIGH + 2.01])
def test_far_is_further_than_the_candle_is_high(price: float) -> None:
    assert why(price, price + 1e-3) is Unanswered.OUTSIDE_CANDLES
    nearer = LOW - 1.99 if price < LOW else HIGH + 1.99
    assert why(nearer, nearer + 1e-3) is None


def test_a_flat_candle_forgives_no_more_than_noise() -> None:
    assert why(FLAT * (1 + 1e-7), FLAT * (1 - 1e-7), symbol="Y") is None
    assert why(FLAT + 0.01, FLAT - 0.01, symbol="Y") is Unanswered.OUTSIDE_CANDLES


@pytest.mark.parametrize(
    ("prices", "open_"),
    [
        ((1_100.0,), False),  # one fill is no trip
        ((1_100.0, 1_101.0), True),
        ((1_100.0, 1_101.0, 11.0), True),
        ((1_100.0, 1_101.0, 11.0, 11.1), False),  # the picture has as many that mean something
        ((1_100.0, 11.0, 11.1), False),
    ],
)
def test_it_takes_two_and_most(prices: tuple[float, ...], open_: bool) -> None:
    assert why(*prices) is (Unanswered.OUTSIDE_CANDLES if open_ else None)


def test_most_are_counted_of_those_that_have_a_candle() -> None:
    assert why(11.0, 1_100.0, 1_101.0, missing=1) is Unanswered.OUTSIDE_CANDLES
    assert why(11.0, 11.1, 1_100.0, 1_101.0, missing=2) is Unanswered.NO_CANDLES


def test_inside_is_nothing_open() -> None:
    assert why(LOW, HIGH, 11.0) is None
    assert Gaps.none(3).why() is None
