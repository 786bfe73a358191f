import pytest

from tests.recognizers.wash.tapes import tape
from tradeglyph.domain.fills import BUY
from tradeglyph.recognizers.wash.settings import WashSettings
from tradeglyph.recognizers.wash.spread import half_spreads


def half_spread(prints: list[tuple[float, float]]) -> float:
    rows = [(second, "a", BUY, price, 1.0) for second, price in prints]
    return float(half_spreads(tape(alone=rows).fills, WashSettings())[0])


def test_half_of_the_bounce_between_bid_and_ask() -> None:
    assert half_spread([(0, 100), (1, 101), (2, 100), (3, 101)]) == pytest.approx(0.5 / 100)


def test_equal_prices_and_neighbours_far_apart_do_not_count() -> None:
    prints = [(0, 100.0), (1, 100.0), (2, 100.0), (3, 101.0), (4, 101.0), (400, 150.0)]
    assert half_spread(prints) == pytest.approx(0.5 / 100)


def test_one_outlier_does_not_move_it() -> None:
    prints = [(0.0, 100.0), (1.0, 101.0), (2.0, 100.0), (3.0, 900.0), (4.0, 100.0), (5.0, 101.0),
              (6.0, 100.0)]  # fmt: skip
    assert half_spread(prints) == pytest.approx(0.5 / 100)


def test_unknown_is_nothing() -> None:
    assert half_spread([(0, 100), (1, 100)]) == 0
