import numpy as np

from tests.simulate.markets import hand_market
from tradeglyph.domain.fills import BUY, SELL
from tradeglyph.simulate.positions import Entries, positions

# One print a candle: 50, 55, 40, 60 and one at 30 twelve candles later.
MARKET = hand_market({0: {0: 50}, 1: {0: 55}, 2: {0: 40}, 3: {0: 60}, 15: {0: 30}})


def exit_of(
    direction: int, stop: float, target: float, slot: int = 0, horizon: int = 48
) -> tuple[int, int] | None:
    """Slot and ticks of the exit; None where no position was opened."""
    at = np.array([slot])
    entries = Entries(
        owner=np.array([0]), world=np.array([0]), slot=at, second=np.array([0]),
        ticks=MARKET.high[0, at], direction=np.array([direction]), lots=np.array([7]),
    )  # fmt: skip
    drafted = positions(
        np.random.default_rng(0), MARKET, np.array([True]), entries,
        stop=np.array([stop]), target=np.array([target]), horizon=horizon,
    )  # fmt: skip
    if not len(drafted):
        return None
    assert drafted.side.tolist() == [direction, -direction]
    assert drafted.lots.tolist() == [7, 7]
    assert drafted.slot[0] == slot
    return int(drafted.slot[1]), int(drafted.ticks[1])


def test_a_target_is_a_limit_order_of_its_own_price() -> None:
    """53 lies outside the next candle, whose only print is 55: nobody sold lower in it."""
    assert exit_of(BUY, 100, 3) == (1, 55)
    assert exit_of(BUY, 100, 5) == (1, 55)
    assert exit_of(SELL, 100, 10) == (2, 40)


def test_a_stop_gets_the_print_that_it_meets() -> None:
    assert exit_of(BUY, 5, 100) == (2, 40)
    assert exit_of(SELL, 4, 100) == (1, 55)


def test_what_comes_first_decides() -> None:
    assert exit_of(BUY, 10, 5) == (1, 55)
    assert exit_of(SELL, 5, 10) == (1, 55)


def test_when_the_time_is_up_it_is_closed() -> None:
    assert exit_of(BUY, np.inf, np.inf) == (3, 60)
    assert exit_of(BUY, np.inf, np.inf, horizon=200) == (15, 30)


def test_without_a_later_print_it_is_not_opened() -> None:
    assert exit_of(BUY, 1, 1, slot=15) is None
