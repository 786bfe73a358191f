import numpy as np

from tests.simulate.markets import hand_market
from tradeglyph.simulate.crossing import extremes_before, first_beyond, slot_and_second
from tradeglyph.simulate.market import PRINTS

MARKET = hand_market({0: {0: 50, 6: 52, 11: 49}, 1: {3: 55}, 3: {2: 40, 9: 60}})
HERE = np.zeros(1, dtype=np.int64)


def first(index: int, lower: int, upper: int, horizon: int = 60) -> tuple[int, bool]:
    at, low, high = (np.array([value]) for value in (index, lower, upper))
    found, reached = first_beyond(MARKET, HERE, at, low, high, horizon)
    return int(found[0]), bool(reached[0])


def test_the_first_print_beyond_a_price() -> None:
    assert first(0, 10, 55) == (PRINTS + 3, True)
    assert first(0, 49, 99) == (11, True)
    assert first(0, 45, 60) == (3 * PRINTS + 2, True)
    assert first(3 * PRINTS + 2, 10, 60) == (3 * PRINTS + 9, True)


def test_a_print_at_the_beginning_itself_does_not_count() -> None:
    assert first(0, 50, 99) == (11, True)


def test_without_one_the_last_print_within_the_horizon() -> None:
    assert first(0, 10, 99) == (3 * PRINTS + 9, False)
    assert first(0, 10, 99, horizon=8) == (6, False)
    assert first(0, 10, 99, horizon=5) == (0, False)
    assert first(3 * PRINTS + 9, 10, 99) == (3 * PRINTS + 9, False)


def test_where_a_print_lies() -> None:
    slot, second = slot_and_second(MARKET, np.array([0, PRINTS + 3]))
    assert slot.tolist() == [0, 1]
    assert second.tolist() == [0, 75]


def test_extremes_before_a_slot() -> None:
    lowest, highest = extremes_before(MARKET, 2)
    none = np.iinfo(np.int64).max
    assert lowest[0, :6].tolist() == [none, 49, 49, 55, 40, 40]
    assert highest[0, :6].tolist() == [-1, 52, 55, 55, 60, 60]
    assert extremes_before(MARKET, 999)[1][0, 287] == 60
