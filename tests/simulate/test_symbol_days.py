import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rows import DAY, candles_of
from tradeglyph.domain.candles import Candles
from tradeglyph.domain.fills import DAY_US
from tradeglyph.simulate.symbol_days import chosen_days

SECONDS = 86_400


def file_of(days_of_symbol: list[int], candles_a_day: int = 3) -> Candles:
    names = [f"S{number}" for number in range(len(days_of_symbol))]
    rows = [
        (name, DAY + day * SECONDS + 300 * at, 10.0, 11.0)
        for name, days in zip(names, days_of_symbol, strict=True)
        for day in range(days)
        for at in range(candles_a_day)
    ]
    return candles_of(rows, symbols=names)


def test_all_days_where_there_are_no_more() -> None:
    days = chosen_days(np.random.default_rng(0), file_of([2, 3]), 9)
    assert days.symbol.tolist() == [0, 0, 1, 1, 1]
    assert days.names == ("S0", "S1")
    assert days.count.tolist() == [3] * 5
    starts = days.spread(file_of([2, 3]).start, -1)
    assert starts.shape == (5, 3)
    assert ((starts[:, 0] - DAY * 10**6) // DAY_US).tolist() == [0, 1, 0, 1, 2]


def test_days_of_unequal_length_are_filled_up() -> None:
    rows = [("X", DAY, 1.0, 2.0), ("X", DAY + 300, 1.0, 2.0), ("X", DAY + SECONDS, 1.0, 2.0)]
    candles = candles_of(rows, symbols=["W", "X"])
    days = chosen_days(np.random.default_rng(0), candles, 5)
    assert days.names == ("X",)
    assert days.codes.tolist() == [1]
    assert np.isnan(days.spread(candles.high, np.nan)).tolist() == [[False, False], [False, True]]


@given(
    st.lists(st.integers(1, 70), min_size=1, max_size=6), st.integers(1, 120), st.integers(0, 99)
)
@settings(max_examples=60)
def test_as_many_different_days_as_wanted(per_symbol: list[int], wanted: int, seed: int) -> None:
    candles = file_of(per_symbol, 1)
    days = chosen_days(np.random.default_rng(seed), candles, wanted)
    assert len(days) == min(wanted, sum(per_symbol))
    assert (np.diff(days.head) > 0).all()
    assert (np.diff(days.symbol) >= 0).all()
    assert set(days.symbol.tolist()) == set(range(len(days.names)))


def test_days_come_in_runs_some_of_them_long() -> None:
    candles = file_of([300] * 4, 1)
    days = chosen_days(np.random.default_rng(1), candles, 90)
    day = candles.start[days.head] // DAY_US
    joined = (np.diff(day) == 1) & (np.diff(days.symbol) == 0)
    runs = np.diff(np.flatnonzero(np.concatenate([[True], ~joined, [True]])))
    assert runs.max() >= 20
    assert (runs >= 5).mean() > 0.5
    assert len(days.names) == 4


@pytest.mark.parametrize("seed", range(3))
def test_a_seed_decides(seed: int) -> None:
    candles = file_of([50, 50], 1)
    one, again = (chosen_days(np.random.default_rng(seed), candles, 20) for _ in range(2))
    np.testing.assert_array_equal(one.head, again.head)
